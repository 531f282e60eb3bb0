"""The docs are right: every block of Python runs against the real server, page by page; both examples run."""

from __future__ import annotations

import ast
import asyncio
import inspect
import os
import re
import subprocess
import sys
import textwrap
from pathlib import Path
from types import CodeType
from typing import Any

import httpx
import pytest
from dev_server import DevServer

from langgraph_runs import errors

ROOT = Path(__file__).parents[2]
PAGES = [
    "README.md",
    "CONTRIBUTING.md",
    *sorted(str(page.relative_to(ROOT)) for page in (ROOT / "docs").glob("*.md")),
]
BLOCK = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)


def blocks(page: str) -> list[str]:
    """The blocks of Python of a page."""
    return BLOCK.findall((ROOT / page).read_text())


@pytest.mark.parametrize("page", [page for page in PAGES if blocks(page)])
def test_every_block_of_a_page_runs(page: str, live_server: DevServer) -> None:
    """Unchanged, except for the URL of the server."""
    for number, block in enumerate(blocks(page)):
        source = block.replace("http://localhost:2024", live_server.url)
        code = compile(source, f"{page}[{number}]", "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
        asyncio.run(execute(code))


def test_every_block_of_every_page_type_checks(tmp_path: Path) -> None:
    """As strictly as the package itself."""
    for page in PAGES:
        for number, block in enumerate(blocks(page)):
            name = f"{Path(page).stem}_{number}.py".lower()
            if re.search(r"^async |^    await |^await ", block, re.MULTILINE):
                block = "async def main() -> None:\n" + textwrap.indent(block, "    ")
            (tmp_path / name).write_text(block)
    mypy = [sys.executable, "-m", "mypy", "--strict", "--cache-dir", os.devnull, "--scripts-are-modules", "."]
    done = subprocess.run(mypy, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


async def execute(code: CodeType) -> None:
    """Runs a block, which may have `await` and `async for` at its top level."""
    result: Any = eval(code, {"__name__": "docs"})
    if inspect.isawaitable(result):
        await result


@pytest.mark.parametrize("example", sorted((ROOT / "examples").glob("*.py")), ids=lambda path: path.name)
def test_every_example_runs(example: Path, live_server: DevServer) -> None:
    """As a script; the environment has the URL of the server. It prints something."""
    done = subprocess.run(
        [sys.executable, "-W", "error", example],
        env={**os.environ, "LANGGRAPH_API_URL": live_server.url, "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    assert (0, "") == (done.returncode, done.stderr)
    assert 4 < len(done.stdout.splitlines())


@pytest.mark.live
def test_the_demo_runs_the_examples_on_a_server_of_its_own() -> None:
    """And stops that server."""
    demo = [sys.executable, ROOT / "tools/demo.py"]
    done = subprocess.run(demo, capture_output=True, encoding="utf-8", timeout=180, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith("\nThe server is stopped.\n")
    assert all(f"$ python examples/{path.name}" in done.stdout for path in (ROOT / "examples").glob("*.py"))
    url = re.findall(r"http://[\d.:]+\d", done.stdout)[0]
    with pytest.raises(httpx.ConnectError):
        httpx.get(url)


def test_the_tree_of_errors_in_the_docs_is_that_of_the_code() -> None:
    """The docstring of errors.py and docs/errors.md show the same tree."""
    tree = str(errors.__doc__).split("\n\n")[1]
    assert inspect.cleandoc(tree) in inspect.cleandoc(
        (ROOT / "docs/errors.md").read_text().replace("\n    ", "\n")
    )


@pytest.mark.parametrize("page", PAGES)
def test_every_link_to_a_file_works(page: str) -> None:
    """Relative to its page."""
    for target in re.findall(r"\]\(([^)#:]+)\)", (ROOT / page).read_text()):
        assert (ROOT / page).parent.joinpath(target).exists(), target


def test_the_readme_has_the_two_commands() -> None:
    """The two that a newcomer needs."""
    commands = re.findall(r"^make (\w+)", (ROOT / "README.md").read_text(), re.MULTILINE)
    assert ["demo", "test"] == commands
    makefile = (ROOT / "Makefile").read_text()
    assert all(f"\n{command}: $(INSTALLED)" in makefile for command in commands)
