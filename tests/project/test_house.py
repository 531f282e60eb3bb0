"""The rules of the house: how long a file may be, where a module belongs, and which words are no longer used."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from functools import cache
from pathlib import Path

import pytest
from code_size import functions

ROOT = Path(__file__).resolve().parents[2]
WRAPPER = ROOT / "wrapper/langgraph_runs"

MOST_LINES_OF_A_FILE = 250
MOST_LINES_OF_A_BODY = 40
# A class of one documented method per endpoint, and one documented class per error, are not split.
MAY_BE_LONGER = {"_async/client.py", "_sync/client.py", "errors.py"}

SCANNED = [
    "wrapper",
    "tests",
    "docs",
    "benchmarks",
    "tools",
    "examples",
    "templates",
    "README.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "Makefile",
    "mkdocs.yml",
    "pyproject.toml",
    "openapi.yaml",
]
RETIRED_WORDS = Path(__file__).with_name("retired_words.toml")
# This test and its list; what others have written; caches, and what a server keeps.
NOT_SCANNED = re.compile(r"/(test_house\.py|retired_words\.toml)$|/mermaid\.|__pycache__/|/\.")


@cache
def wrapper_sources() -> dict[str, str]:
    """The text of every file of the wrapper, by its path in the package."""
    found = sorted(WRAPPER.rglob("*.py"))
    assert found
    return {path.relative_to(WRAPPER).as_posix(): path.read_text("utf-8") for path in found}


def test_no_file_of_the_wrapper_is_longer_than_250_lines() -> None:
    """But for the clients and the errors, which are one list each."""
    lines = {name: len(text.splitlines()) for name, text in wrapper_sources().items()}
    assert lines.keys() >= MAY_BE_LONGER
    too_long = [(name, count) for name, count in lines.items() if count > MOST_LINES_OF_A_FILE]
    too_long = [(name, count) for name, count in too_long if name not in MAY_BE_LONGER]
    assert not too_long, f"more than {MOST_LINES_OF_A_FILE} lines: {too_long}"


def test_no_function_of_the_wrapper_has_a_body_of_more_than_40_lines() -> None:
    """Its docstring does not count."""
    bodies = [
        (f"{name}: {function}", length)
        for name, text in wrapper_sources().items()
        for length, function in functions(text)
    ]
    assert bodies
    too_long = [(function, length) for function, length in bodies if length > MOST_LINES_OF_A_BODY]
    assert not too_long, f"more than {MOST_LINES_OF_A_BODY} lines: {too_long}"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The wrapper and the contracts in pyproject.toml, to be changed; returns the folder that holds the package."""
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    shutil.copytree(WRAPPER, tmp_path / "langgraph_runs", ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


def lint_imports(folder: Path) -> tuple[int, str]:
    """The exit code of import-linter on the package in this folder, and what it printed of broken contracts."""
    done = subprocess.run(
        [Path(sys.executable).with_name("lint-imports")],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(folder), str(ROOT / "generated")])},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    printed = re.sub(r"\s+", " ", done.stdout + done.stderr)
    return done.returncode, printed.rpartition("Broken contracts")[2]


def module(folder: Path, file: str) -> str:
    """The dotted name of the only module with this file name, not counting the variants and the engine."""
    names = [path.relative_to(folder) for path in (folder / "langgraph_runs").rglob(file)]
    (name,) = [name for name in names if not {"_async", "_sync", "engine"} & set(name.parts)]
    return ".".join(name.with_suffix("").parts)


def test_the_imports_of_the_wrapper_keep_every_contract(copy: Path) -> None:
    """The copy that the next tests break is whole before."""
    code, printed = lint_imports(copy)
    assert (0, True) == (code, " 0 broken." in printed), printed


def test_a_module_that_is_in_no_layer_is_refused(copy: Path) -> None:
    """By its name, even if nothing imports it."""
    (copy / "langgraph_runs/misplaced.py").touch()
    code, printed = lint_imports(copy)
    assert (1, True) == (code, "- langgraph_runs.misplaced" in printed), printed


@pytest.mark.parametrize(
    ("importer", "imported"),
    [
        ("arguments.py", "cursor.py"),  # upward: from request/ to stream/
        ("errors.py", "arguments.py"),  # upward: from the ground floor
        ("cursor.py", "socket"),  # what decides does no I/O
        ("cursor.py", "langgraph_runs_api.api.runs.wait_run"),  # a second door to the generated endpoints
        ("errors.py", "script.py"),  # nothing but tests imports the test kit
        ("arguments.py", "httpx"),  # only the transports and the engine import it
    ],
)
def test_an_import_that_does_not_belong_there_is_refused(copy: Path, importer: str, imported: str) -> None:
    """By the names of both modules."""
    source = module(copy, importer)
    target = module(copy, imported) if imported.endswith(".py") else imported
    with (copy / f"{source.replace('.', '/')}.py").open("a", encoding="utf-8") as file:
        file.write(f"\nimport {target}\n")
    code, printed = lint_imports(copy)
    assert (1, True) == (code, f"{source} -> {target} (l." in printed), printed


def compiled(kind: str, word: str) -> re.Pattern[str]:
    """What to search for, by the table of retired_words.toml that has the word."""
    if kind == "prose":
        return re.compile(word.replace(" ", r"[\s#]+"), re.IGNORECASE)
    if kind == "modules":
        return re.compile(rf"\blanggraph_runs([./]| import (\w+, )*){word}\b|\b{word}\.py\b")
    return re.compile(word)


RETIRED = {
    word: (compiled(kind, word), better)
    for kind, words in tomllib.loads(RETIRED_WORDS.read_text("utf-8")).items()
    for word, better in words.items()
}


@cache
def scanned() -> dict[str, str]:
    """The text of every file that is searched, after its path."""
    assert all((ROOT / name).exists() for name in SCANNED)
    paths = [path for name in SCANNED for path in (ROOT / name, *sorted((ROOT / name).rglob("*")))]
    names = [path.relative_to(ROOT).as_posix() for path in paths if path.is_file()]
    names = [name for name in names if not NOT_SCANNED.search(name)]
    return {name: f"{name}\n{(ROOT / name).read_text('utf-8')}" for name in names}


def found(word: str, texts: dict[str, str]) -> list[str]:
    """Where a retired word is: file, line, and what stands there. Line 0 is the file's own name."""
    pattern, _ = RETIRED[word]
    return [
        f"{name}:{text.count(chr(10), 0, match.start())}: {' '.join(match[0].split())}"
        for name, text in texts.items()
        for match in pattern.finditer(text)
    ]


@pytest.mark.parametrize("word", RETIRED)
def test_a_retired_word_does_not_come_back(word: str) -> None:
    """The message says where it is, and what to write instead."""
    places = found(word, scanned())
    assert not places, "\n".join([f"write {RETIRED[word][1]!r} instead:", *places])


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The stream can be gone on\n    # with from another process.", ["gone on # with"]),
        ("What a run has\ncome to.", ["What a run has come to"]),
        ('raise ValueError(f"{name} is none of {choices}")', ["is none of"]),
        ("Whoever closes it, in either colour", ["colour", "Whoever"]),
        ("turns = Turns(100)", ["Turns("]),
        ("from langgraph_runs import errors, wire", ["langgraph_runs import errors, wire"]),
        ("see wrapper/langgraph_runs/pulse.py", ["langgraph_runs/pulse"]),
        ("monkeypatch.setattr('langgraph_runs.stops.POLL', 0)", ["langgraph_runs.stops"]),
    ],
)
def test_a_retired_word_is_found(text: str, words: list[str]) -> None:
    """Across a line break, in a comment, in a message, as a name and as a module."""
    places = [place for word in RETIRED for place in found(word, {"sample": f"sample\n{text}"})]
    assert [f"sample:1: {word}" for word in words] == places


@pytest.mark.parametrize(
    "text",
    [
        "assert Colour.RED.value == config['colour']",
        "What the server sends comes to the reader.",
        "An event that is none of these is an `UnknownPart`.",
        "Turns a line into an event. Together with the last one, it is yielded at once.",
        "the latest silent test wires a schedule of plain pages",
        "from langgraph_runs.request.endpoints import wait",
    ],
)
def test_ordinary_english_is_no_retired_word(text: str) -> None:
    """Nor is a name that only resembles one."""
    assert [] == [place for word in RETIRED for place in found(word, {"sample": f"sample\n{text}"})]
