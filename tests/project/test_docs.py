"""The docs are right: every program runs against the real server and prints what the page shows; all examples run."""

from __future__ import annotations

import asyncio
import inspect
import os
import re
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path
from unittest import mock

import httpx
import pytest
from dev_server import DevServer, dev_server
from project.docs_blocks import PAGES, ROOT, Block, blocks, is_shown, programs, run

from langgraph_runs import errors

# Celery has no types, and Streamlit is not installed: test_frameworks.py has a stand-in.
UNTYPED = """
[[tool.mypy.overrides]]
module = ["celery.*", "streamlit.*"]
ignore_missing_imports = true
"""
DECORATED_BY_THEM = "# mypy: disallow-untyped-decorators=False\n"
NEEDS_ITS_OWN_SERVER = "docs/quickstart.md"
NEEDS_STREAMLIT = "import streamlit"  # run by test_frameworks.py


def runs_here(page: str) -> bool:
    """Whether a page has programs that run against the server with the graphs of tests/live/app."""
    return page != NEEDS_ITS_OWN_SERVER and bool(programs(page))


@pytest.mark.parametrize("page", [page for page in PAGES if runs_here(page)])
def test_every_program_of_a_page_runs_and_prints_what_the_page_shows(
    page: str, live_server: DevServer
) -> None:
    """Unchanged, except for the URL of the server. After it, the environment is as before."""
    for block, output in programs(page):
        if NEEDS_STREAMLIT in block.text:
            continue
        with mock.patch.dict(os.environ):
            _, printed = asyncio.run(run(block, live_server.url))
        assert output is None or is_shown(output.text, printed), f"{page}:{block.line} printed:\n{printed}"


def test_the_quickstart_works_with_its_own_graph(tmp_path: Path) -> None:
    """The server runs in a folder with the files of the page, and nothing else."""
    for block in blocks(NEEDS_ITS_OWN_SERVER):
        if block.title:
            (tmp_path / block.title).write_text(block.text, "utf-8")
    assert {"graph.py", "langgraph.json"} == {path.name for path in tmp_path.iterdir()}
    with dev_server(tmp_path) as server:
        for block, output in programs(NEEDS_ITS_OWN_SERVER):
            _, printed = asyncio.run(run(block, server.url))
            assert output is not None
            assert is_shown(output.text, printed), f"line {block.line} printed:\n{printed}"


def test_every_block_of_python_type_checks(tmp_path: Path, mypy: Callable[..., str]) -> None:
    """As strictly as the package itself."""
    for page in PAGES:
        for number, block in enumerate(block for block in blocks(page) if block.language == "python"):
            name = f"{Path(page).stem}_{number}.py".lower().replace("-", "_")
            text = block.text
            if re.search(r"^async (for|with)|^    await |^.*\bawait .*", ungrouped(text), re.MULTILINE):
                text = "async def main() -> None:\n" + textwrap.indent(text, "    ")
            if re.search(r"^(from|import) (celery|streamlit)\b", text, re.MULTILINE):
                text = DECORATED_BY_THEM + text
            (tmp_path / name).write_text(text)
    assert mypy(".", cwd=tmp_path, more=UNTYPED).startswith("Success: no issues found")


def ungrouped(text: str) -> str:
    """A program without its functions, in which `await` needs no function around it."""
    return re.sub(r"^(async )?def .*?(?=^\S|\Z)", "", text, flags=re.MULTILINE | re.DOTALL)


COMMANDS = [
    r"make( [A-Z_]+=\S+)*( (?P<targets>[a-z -]+))?",
    r"git (clone|add|tag|push) .*",
    r"LANGGRAPH_RUNS_LOG=debug python my_program\.py",
    r"cd (langgraph-runs|tests/live/app)",
    # Those of docs/command-line.md are run by tests/cli/test_docs.py.
    r"(\w+=\$\(|\w+=\w+ |echo .* \| )?langgraph-runs .*",
    r"pip install \"langgraph-runs\[cli\]\"",
    r"echo '.*' > input\.json",
    r"printf '.*' [A-Za-z ]+ > lines\.jsonl",
    r"thread=\$\(python3 -c .*\)",
    r"(venv|\.venv)/bin/python (-m pytest )?(?P<file>(tools|benchmarks|tests)/\S+).*",
    r"python3 -m venv venv",
    r"venv/bin/pip install \.(/langgraph-runs)? \"langgraph-cli\[inmem\]\"",
    r"(\.\./)+venv/bin/langgraph dev --no-browser",
]


def test_every_command_exists() -> None:
    """The targets of make, and the files; the others are those of well-known tools."""
    targets = set(re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text(), re.MULTILINE))
    commands = [
        line.split("   ")[0].split("  #")[0].strip()
        for page in PAGES
        for block in blocks(page)
        if block.language == "sh"
        for line in block.text.replace("\\\n", "").splitlines()
    ]
    assert commands
    for command in commands:
        found = next(filter(None, (re.fullmatch(one, command) for one in COMMANDS)), None)
        assert found, command
        named = found.groupdict()
        assert set((named.get("targets") or "").split()) <= targets, command
        assert (ROOT / (named.get("file") or "")).exists(), command


def test_every_block_is_of_a_kind_that_is_checked() -> None:
    """Programs and their output here; diffs by test_regenerating.py, diagrams by `make test-browser` and
    test_architecture.py, messages by test_contract_page.py and the next test."""
    kinds = {"python", "output", "json", "sh", "diff", "mermaid", "toml", "text"}
    for page in PAGES:
        before = Block(page, 0, "", "", "")
        for block in blocks(page):
            where = f"{page}:{block.line}"
            assert block.language in kinds, where
            assert block.language != "output" or before.language == "python", where
            assert block.language != "json" or block.title, where
            assert block.language != "diff" or page == "docs/regenerating.md", where
            assert block.language != "toml" or page == "docs/contract.md", where
            assert block.language != "text" or page in ("docs/contract.md", "docs/logging.md"), where
            before = block
        fences = re.findall(r"^ *```", (ROOT / page).read_text("utf-8"), re.MULTILINE)
        assert len(fences) == 2 * len(blocks(page)), f"{page} has a block that is not found"


LOGGED = """
from uuid import uuid4
from langgraph_runs import RunsClient
with RunsClient({url!r}, api_key=None) as runs:
    runs.wait(str(uuid4()), "agent", input={{}}, if_not_exists="create")
"""


def test_the_line_of_the_log_is_one_that_is_printed(live_server: DevServer) -> None:
    """But for its ids and its numbers. The command is in the environment of a program."""
    command, text = [block.text.strip() for block in blocks("docs/logging.md") if block.language != "python"]
    variable, value = command.split(" ")[0].split("=")
    done = subprocess.run(
        [sys.executable, "-c", LOGGED.format(url=live_server.url)],
        env={**os.environ, variable: value},
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    assert shape(text) in map(shape, done.stderr.splitlines()), done.stderr


def shape(line: str) -> str:
    """A line of the log without its ids and its numbers."""
    line = re.sub(r"(?<=/threads/)[^/]+|'[^']*'|http://[^/]+", "…", line)
    return re.sub(r"\d[\d.,:-]*", "#", line)


ARGUMENTS = {"fan_out_dask.py": ["20"]}


@pytest.mark.parametrize("example", sorted((ROOT / "examples").glob("*.py")), ids=lambda path: path.name)
def test_every_example_runs(example: Path, live_server: DevServer) -> None:
    """As a script; the environment has the URL of the server. It prints something."""
    done = subprocess.run(
        [sys.executable, "-W", "error", example, *ARGUMENTS.get(example.name, [])],
        env={**os.environ, "LANGGRAPH_API_URL": live_server.url, "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )
    assert (0, "") == (done.returncode, done.stderr)
    assert 4 < len(done.stdout.splitlines())


@pytest.mark.live
def test_the_demo_runs_the_examples_on_a_server_of_its_own() -> None:
    """And stops that server."""
    demo = [sys.executable, ROOT / "tools/demo.py"]
    done = subprocess.run(demo, capture_output=True, encoding="utf-8", timeout=600, check=False)
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
