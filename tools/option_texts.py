"""Writes the type and the text of every option where `help()` can show them at run time.

The source of both is the TypedDicts of wrapper/langgraph_runs/request/options.py, and those of the generated layer that
it inherits from, whose texts come from openapi.yaml. Python drops the strings that describe the keys of a TypedDict, so they are
copied into a table. `make generate` calls this.
"""

import ast
from pathlib import Path
from textwrap import fill

import unasync

SOURCE = Path("wrapper/langgraph_runs/request/options.py")
TARGET = Path("wrapper/langgraph_runs/request/option_texts.py")
GENERATED = "api/*/__init__.py"

_TEXT = '''# Derived from the TypedDicts of options by `make generate`; edit openapi.yaml or options.py.
"""The type of every option, and its entry in a docstring, by name."""

TEXTS: dict[str, tuple[str, str]] = {{
{entries}}}
'''


class OptionTextsError(Exception):
    """Explains why the table cannot be written."""


def derive(package: Path, root: Path) -> dict[Path, str]:
    """The text of the table, by its path.

    Args:
        package: The folder of the generated layer, which may be new.
        root: The repository.

    Raises:
        OptionTextsError: An option has no text, or another one in another TypedDict.
    """
    found: dict[str, tuple[str, str]] = {}
    own = [node for node in _classes(root / SOURCE) if node.name.endswith("Options")]
    inherited = {base.id for node in own for base in node.bases if isinstance(base, ast.Name)}
    generated = [node for path in sorted(package.glob(GENERATED), reverse=True) for node in _classes(path)]
    for node in [*(node for node in generated if node.name in inherited), *own]:
        _collect(node, found)
    entries = "".join(
        f"    {name!r}: ({kind!r}, {_line(name, kind, text)!r}),\n" for name, (kind, text) in found.items()
    )
    return unasync.formatted({root / TARGET: _TEXT.format(entries=entries)}, root)


def _classes(path: Path) -> list[ast.ClassDef]:
    return [node for node in ast.parse(path.read_text("utf-8")).body if isinstance(node, ast.ClassDef)]


def _line(name: str, kind: str, text: str) -> str:
    """The entry of a docstring. It is wrapped here, which would take too long at every import."""
    return fill(f"{name} ({kind}): {text}", 112, initial_indent=" " * 4, subsequent_indent=" " * 8)


def _collect(node: ast.ClassDef, found: dict[str, tuple[str, str]]) -> None:
    for field, after in zip(node.body, [*node.body[1:], None], strict=True):
        if not isinstance(field, ast.AnnAssign) or not isinstance(field.target, ast.Name):
            continue
        name = field.target.id
        if not isinstance(after, ast.Expr) or not isinstance(after.value, ast.Constant):
            raise OptionTextsError(f"{node.name}: the option {name!r} has no description")
        entry = ast.unparse(field.annotation), " ".join(str(after.value.value).split())
        if found.setdefault(name, entry) != entry:
            raise OptionTextsError(f"{node.name}: the option {name!r} has another description elsewhere")
