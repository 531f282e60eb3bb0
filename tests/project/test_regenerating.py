"""docs/regenerating.md: each step is performed on a copy of the project, and does what the page says."""

from __future__ import annotations

import filecmp
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from servers.scripted_server import answer, scripted_server

pytestmark = pytest.mark.exhaustive

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/regenerating.md").read_text()
NEEDED = [
    "docs",
    "generated",
    "templates",
    "tests",
    "tools",
    "wrapper",
    "generator-config.yaml",
    "openapi.yaml",
    "pyproject.toml",
]
API = Path("generated/langgraph_runs_api")

# A call of both clients with an option, and of an operation of the generated layer.
SYNC = """
from langgraph_runs import RunsClient
with RunsClient({url!r}, api_key=None) as runs:
    runs.create("t", "agent", {option})
"""
ASYNC = """
import asyncio
from langgraph_runs import AsyncRunsClient
async def main() -> None:
    async with AsyncRunsClient({url!r}, api_key=None) as runs:
        await runs.create("t", "agent", {option})
asyncio.run(main())
"""
OPERATION = """
import asyncio
from langgraph_runs_api import Client
from langgraph_runs_api.api.threads import get_thread_storage
from langgraph_runs_api.models import ThreadStorage
async def main() -> None:
    async with Client({url!r}) as client:
        found = await get_thread_storage.asyncio("t", client=client)
        assert isinstance(found, ThreadStorage)
        response = await get_thread_storage.asyncio_detailed("t", client=client)
        assert response.parsed == found
with Client({url!r}) as client:
    found = get_thread_storage.sync("t", client=client)
    assert isinstance(found, ThreadStorage)
    size: int = found.total_bytes
    assert size == 7
    assert get_thread_storage.sync_detailed("t", client=client).parsed == found
asyncio.run(main())
"""


def steps() -> dict[str, list[str]]:
    """The edits of each step, by its heading."""
    parts = re.split(r"^## (.*)\n", PAGE, flags=re.MULTILINE)
    return {
        heading: re.findall(r"^```diff\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
        for heading, text in zip(parts[1::2], parts[2::2], strict=True)
    }


Perform = Callable[[str], Path]


@pytest.fixture(scope="module")
def perform(tmp_path_factory: pytest.TempPathFactory) -> Perform:
    """A function that performs a step on a new copy of the project, and runs what `make generate` runs."""
    performed: dict[str, Path] = {}

    def perform_step(heading: str) -> Path:
        if heading not in performed:
            copy = performed[heading] = tmp_path_factory.mktemp("step")
            for name in NEEDED:
                source, ignore = ROOT / name, shutil.ignore_patterns("__pycache__", ".langgraph_api")
                if source.is_dir():
                    shutil.copytree(source, copy / name, ignore=ignore)
                else:
                    shutil.copy(source, copy)
            spec = copy / "openapi.yaml"
            for edit in steps()[heading]:
                spec.write_text(edited(spec.read_text(), edit))
            subprocess.run([sys.executable, copy / "tools/generate.py", "--root", copy], check=True)
        return performed[heading]

    return perform_step


def edited(text: str, edit: str) -> str:
    """The text after an edit in the form of a diff, whose place must be clear."""
    lines = edit.splitlines(keepends=True)
    old = "".join(line[1:] or "\n" for line in lines if line[0] != "+")
    new = "".join(line[1:] or "\n" for line in lines if line[0] != "-")
    assert 1 == text.count(old), old
    return text.replace(old, new)


def python(root: Path, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Runs Python with the packages of a copy instead of the installed ones."""
    path = os.pathsep.join(str(root / folder) for folder in ("generated", "wrapper"))
    environment = {**os.environ, "PYTHONPATH": path}
    command = [sys.executable, *arguments]
    return subprocess.run(
        command, env=environment, cwd=root, capture_output=True, encoding="utf-8", check=False
    )


TypeChecked = Callable[..., str]


@pytest.fixture
def type_checked(tmp_path: Path, mypy: Callable[..., str]) -> TypeChecked:
    """A function that returns the output of mypy for some scripts, with the packages of a copy."""

    def checked(root: Path, *scripts: str) -> str:
        files = [tmp_path / f"script_{number}.py" for number in range(len(scripts))]
        for file, script in zip(files, scripts, strict=True):
            file.write_text(script)
        return mypy(*files, cwd=root, packages=root)

    return checked


def calls(option: str, url: str = "http://localhost:2024") -> list[str]:
    """Both clients, with an option."""
    return [script.format(url=url, option=option) for script in (SYNC, ASYNC)]


def changed_files(copy: Path) -> set[str]:
    """The files of the project that differ in the copy, are missing there or are new, without openapi.yaml."""
    found = set()
    for folder in ("generated", "wrapper", "tests", "tools", "templates", "docs"):
        inside = {path.relative_to(top) for top in (ROOT, copy) for path in (top / folder).rglob("*")}
        for path in inside:
            if {"__pycache__", ".langgraph_api"} & set(path.parts) or (ROOT / path).is_dir():
                continue
            both = (ROOT / path).exists() and (copy / path).exists()
            if not both or not filecmp.cmp(ROOT / path, copy / path, shallow=False):
                found.add(str(path))
    return found


def listing(copy: Path) -> str:
    """What the test that lists all of openapi.yaml says."""
    options = ["-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", copy]
    return python(copy, *options, "tests/project/test_openapi.py").stdout


def sent(root: Path, option: str) -> list[object]:
    """The bodies that both clients send with an option, or the ends of their errors."""
    with scripted_server(answer(200, b'{"run_id": "r"}')) as server:
        found: list[object] = []
        for script in calls(option, server.url):
            done = python(root, "-W", "error", "-c", script)
            found.append(server.request.json if done.returncode == 0 else done.stderr.splitlines()[-1])
        return found


def test_the_page_has_these_five_steps() -> None:
    """Each with its edits; here, each has its test."""
    kinds = "field added,operation added,value of an enumeration added,field renamed,operation removed"
    found = [re.sub(r"^An? | is\b", "", heading) for heading in steps()]
    assert kinds.split(",") == found
    assert all(steps().values())


def test_a_field_is_added(perform: Perform, type_checked: TypeChecked) -> None:
    """It reaches both clients, typed, shown and sent; by hand, nothing changes."""
    copy = perform("A field is added")
    wrapper = {path for path in changed_files(copy) if not path.startswith("generated/")}
    assert {"wrapper/langgraph_runs/request/option_texts.py"} == wrapper
    assert "no issues found in 2 source files" in type_checked(copy, *calls("priority=7"))
    assert 2 == type_checked(copy, *calls("priority='x'")).count("No overload variant of")
    assert 2 == type_checked(ROOT, *calls("priority=7")).count("error: No overload variant of")
    script = "import langgraph_runs; help(langgraph_runs.AsyncRunsClient.wait)"
    shown = python(copy, "-c", script).stdout
    assert "priority: 'int | None' = UNSET" in shown
    assert "priority (int | None): Which of the waiting runs" in shown
    assert [{"assistant_id": "agent", "priority": 7}] * 2 == sent(copy, "priority=7")
    assert all("unknown option 'priority'" in str(one) for one in sent(ROOT, "priority=7"))
    assert "'priority'" in listing(copy)


def test_an_operation_is_added(perform: Perform, type_checked: TypeChecked) -> None:
    """A module with its functions and a model, nothing else."""
    copy = perform("An operation is added")
    new = {f"{API}/api/threads/get_thread_storage.py", f"{API}/models/thread_storage.py"}
    assert new | {f"{API}/models/__init__.py"} == changed_files(copy)
    with scripted_server(answer(200, b'{"total_bytes": 7}')) as server:
        script = OPERATION.format(url=server.url)
        assert "no issues found in 1 source file" in type_checked(copy, script)
        done = python(copy, "-W", "error", "-c", script)
        assert (0, "") == (done.returncode, done.stderr)
        assert ["GET /threads/t/storage"] * 4 == [f"{one.method} {one.target}" for one in server.requests]
    said = listing(copy)
    assert "GET /threads/{thread_id}/storage" in said
    assert "test_every_operation_is_called_in_a_live_test" in said


def test_a_value_of_an_enumeration_is_added(perform: Perform, type_checked: TypeChecked) -> None:
    """It is accepted, by type checkers and at run time."""
    copy = perform("A value of an enumeration is added")
    option = "multitask_strategy='replace'"
    assert f"{API}/models/multitask_strategy.py" in changed_files(copy)
    assert "no issues found in 2 source files" in type_checked(copy, *calls(option))
    assert [{"assistant_id": "agent", "multitask_strategy": "replace"}] * 2 == sent(copy, option)
    assert all("ValueError" in str(one) and "'enqueue'" in str(one) for one in sent(ROOT, option))


def test_a_field_is_renamed(perform: Perform, type_checked: TypeChecked) -> None:
    """The old name is refused, by type checkers and at run time."""
    copy = perform("A field is renamed")
    assert "no issues found in 2 source files" in type_checked(copy, *calls("feedback=['a']"))
    said = type_checked(copy, *calls("feedback_keys=['a']"))
    assert 2 == said.count('error: Unexpected keyword argument "feedback_keys"')
    assert [{"assistant_id": "agent", "feedback": ["a"]}] * 2 == sent(copy, "feedback=['a']")
    assert all("unknown option 'feedback_keys'" in str(one) for one in sent(copy, "feedback_keys=['a']"))
    assert "'feedback_keys'" in listing(copy)


def test_an_operation_is_removed(perform: Perform) -> None:
    """Its module is gone, nothing else."""
    copy = perform("An operation is removed")
    assert {f"{API}/api/threads/copy_thread.py"} == changed_files(copy)
    assert "POST /threads/{thread_id}/copy" in listing(copy)
