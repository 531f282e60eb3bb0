"""The package uses no private name of its dependencies."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

WRAPPER = Path(__file__).parents[2] / "wrapper" / "langgraph_runs"
FILES = sorted(WRAPPER.rglob("*.py"))

# Fields of the generated client, which is part of this project; one of them gets a client that refuses.
OF_THE_GENERATED_LAYER = {"_client", "_async_client"}

OWN = ("self", "cls")


def is_private(name: str) -> bool:
    """Whether it starts with one underscore, or with two and does not end with two."""
    return name.startswith("_") and not name.endswith("__") and name.strip("_") != ""


def defined(tree: ast.AST) -> set[str]:
    """The private names that a file defines itself: functions, classes, and attributes of `self`."""
    found = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in OWN:
            found.add(node.attr)
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            found.add(node.target.id)
    return found


def of_others(path: Path) -> list[str]:
    """The private names in a file that other packages define, used as an attribute or in a string."""
    tree = ast.parse(path.read_text("utf-8"))
    own, found, strings = defined(tree), list[str](), list[tuple[int, str]]()
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and is_private(node.attr) and node.attr not in own:
            found.append(f"{path.name}:{node.lineno}: .{node.attr}")
        elif isinstance(node, ast.ImportFrom | ast.Import):
            names = [part for alias in node.names for part in alias.name.split(".")]
            names += (getattr(node, "module", None) or "").split(".")
            if getattr(node, "module", None) and str(node.module).startswith("langgraph_runs"):  # type: ignore[union-attr]
                continue
            found += [f"{path.name}:{node.lineno}: import {name}" for name in names if is_private(name)]
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.isidentifier():
            strings.append((node.lineno, node.value))
    allowed = own | OF_THE_GENERATED_LAYER
    found += [
        f"{path.name}:{line}: {name!r}" for line, name in strings if is_private(name) and name not in allowed
    ]
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(WRAPPER).as_posix())
def test_no_private_name_of_a_dependency_is_used(path: Path) -> None:
    """As an attribute, in an import, or in a string for getattr, setattr or vars."""
    assert [] == of_others(path)


@pytest.mark.parametrize(
    "text",
    [
        "import httpx\nhttpx.Client()._transport",
        "import httpx\ngetattr(httpx.Client(), '_transport')",
        "import httpx\nvars(httpx.Client())['_mounts']",
        "from httpx._utils import get_environment_proxies",
        "import httpx._config",
    ],
)
def test_a_private_name_would_be_found(text: str, tmp_path: Path) -> None:
    """In each of these ways."""
    path = tmp_path / "module.py"
    path.write_text(text)
    assert 1 == len(of_others(path))
