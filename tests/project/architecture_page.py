"""The parts of docs/architecture.md that the code determines: its picture, its tables of files, and its journeys."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs/architecture.md"
WRAPPER = ROOT / "wrapper/langgraph_runs"
TODO = "TODO"

_PICTURE = re.compile(r"(?<=^```mermaid\n)flowchart TD\n(.*?)(?=^```)", re.MULTILINE | re.DOTALL)
_NODE = re.compile(r'    (\w+)\["([\w, ]+)(?:<br>[\w ,:]+)?"\]')
_ARROWS = re.compile(r"    (\w+) (-->|-\.->) (\w+(?: & \w+)*)")
_ROW = re.compile(r"^\| (`[^|]+`) \| (\S[^|]*) \|$", re.MULTILINE)
_STEP = re.compile(r"(\d+)\. `([^`]+)`(.*)", re.DOTALL)


class Picture(NamedTuple):
    """The picture of the rooms.

    Attributes:
        rooms: The rooms from top to bottom: the name of each in the picture, and the modules and folders in it.
        solid: The arrows by which a room is reached, each as a pair of names.
        dotted: The other arrows.
    """

    rooms: dict[str, list[str]]
    solid: set[tuple[str, str]]
    dotted: set[tuple[str, str]]


def picture(text: str) -> Picture:
    """The picture on the page.

    Raises:
        ValueError: A line of it is not one of the few forms that are sure to be rendered.
    """
    found = Picture({}, set(), set())
    for line in _found(_PICTURE, text)[1].splitlines():
        if node := _NODE.fullmatch(line):
            found.rooms[node[1]] = node[2].split(", ")
        elif arrows := _ARROWS.fullmatch(line):
            kind = found.solid if arrows[2] == "-->" else found.dotted
            kind.update((arrows[1], target) for target in arrows[3].split(" & "))
        else:
            raise ValueError(f'the picture has a line that is neither id["label"] nor an arrow: {line!r}')
    return found


def imports(rooms: dict[str, list[str]]) -> set[tuple[str, str]]:
    """Which room imports which, with imports in functions and for type checkers only.

    Raises:
        LookupError: A module is in none of these rooms.
    """
    room_of = {module: room for room, modules in rooms.items() for module in modules}
    found = set[tuple[str, str]]()
    for path in sorted(WRAPPER.rglob("*.py")):
        name = path.relative_to(WRAPPER).parts[0].removesuffix(".py")
        if name not in room_of:
            raise LookupError(f'{name} is in no room of the picture in {PAGE.name}: add a line id["{name}"]')
        importer = room_of[name]
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom):
                names = [f"{node.module}.{alias.name}" for alias in node.names]
            for package, module, *_ in (f"{name}.__init__".split(".") for name in names):
                if package == "langgraph_runs":
                    found.add((importer, room_of[module]))
                elif package in room_of:
                    found.add((importer, room_of[package]))
    return {(importer, imported) for importer, imported in found if importer != imported}


def shortest(arrows: set[tuple[str, str]]) -> set[tuple[str, str]]:
    """The arrows that no way through another room replaces."""

    def reached(room: str) -> set[str]:
        below = {target for source, target in arrows if source == room}
        return below.union(*map(reached, below))

    return {
        (source, target)
        for source, target in arrows
        if not any(target in reached(other) for first, other in arrows if first == source)
    }


def rows(text: str) -> dict[str, str]:
    """What the tables of the page say: a file, folder or several of them, and what it is for."""
    return {match[1]: match[2] for match in _ROW.finditer(text)}


def steps(text: str, title: str) -> list[tuple[int, str, str]]:
    """The steps of a journey: number, function, text."""
    matches = (_STEP.fullmatch(block) for block in _blocks(_section(text, title)[0]))
    return [(int(match[1]), match[2], match[3].strip()) for match in matches if match]


def updated(text: str, journeys: dict[str, list[str]]) -> str:
    """The page with these steps in its journeys, and with the arrows of the real imports."""
    for title, names in journeys.items():
        start, end = _section(text, title).span()
        text = text[:start] + _with_steps(text[start:end], names) + text[end:]
    drawn = picture(text)
    real = imports(drawn.rooms)
    solid = shortest(real)
    lines = [line for line in _found(_PICTURE, text)[1].splitlines() if _NODE.fullmatch(line)]
    for arrow, pairs in (("-->", solid), ("-.->", real - solid)):
        for room in drawn.rooms:
            targets = [target for target in drawn.rooms if (room, target) in pairs]
            if targets:
                lines.append(f"    {room} {arrow} {' & '.join(targets)}")
    return _PICTURE.sub(lambda _: "\n".join(["flowchart TD", *lines, ""]), text)


def _section(text: str, title: str) -> re.Match[str]:
    """What stands under a heading, up to the next one of the same level or above."""
    pattern = rf"(?<=^### {re.escape(title)}\n).*?(?=^##|\Z)"
    return _found(re.compile(pattern, re.MULTILINE | re.DOTALL), text)


def _found(pattern: re.Pattern[str], text: str) -> re.Match[str]:
    if (match := pattern.search(text)) is None:
        raise ValueError(f"{PAGE} has nothing that matches {pattern.pattern!r}")
    return match


def _blocks(section: str) -> list[str]:
    """Its steps, each with the lines that continue it, and its paragraphs."""
    return [block.strip() for block in re.split(r"\n\n+|\n(?=\d+\. )", section) if block.strip()]


def _with_steps(section: str, names: list[str]) -> str:
    """The section with these steps. A paragraph stays before the step that it precedes, if that is still there."""
    texts: dict[str, str] = {}
    paragraphs: dict[str, list[str]] = {}
    waiting: list[str] = []
    for block in _blocks(section):
        if not (step := _STEP.fullmatch(block)):
            waiting.append(block)
        elif step[2] in names:
            texts[step[2]], paragraphs[step[2]] = step[3], waiting
            waiting = []
    lines = list[str]()
    for number, name in enumerate(names, 1):
        for paragraph in paragraphs.get(name, []):
            lines += ["", paragraph, ""]
        lines.append(f"{number}. `{name}`{texts.get(name, f' {TODO}')}")
    for paragraph in waiting:
        lines += ["", paragraph]
    return "\n" + re.sub(r"\n{3,}", "\n\n", "\n".join(lines).strip()) + "\n\n"
