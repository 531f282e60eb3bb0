"""A field that is added to openapi.yaml reaches every method, typed, by `make generate` alone."""

from __future__ import annotations

import filecmp
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from servers.scripted_server import scripted_server

pytestmark = pytest.mark.exhaustive

ROOT = Path(__file__).parents[2]
NEEDED = [
    "generated",
    "templates",
    "tools",
    "wrapper",
    "generator-config.yaml",
    "openapi.yaml",
    "pyproject.toml",
]

FIELD = """\
        new_field:
          type: string
          description: What nobody knew of before.
"""

SYNC = """
from langgraph_runs import RunsClient
with RunsClient({url!r}, api_key=None) as runs:
    runs.wait(None, "agent", new_field={value})
"""

ASYNC = """
import asyncio
from langgraph_runs import AsyncRunsClient
async def main() -> None:
    async with AsyncRunsClient({url!r}, api_key=None) as runs:
        await runs.wait(None, "agent", new_field={value})
asyncio.run(main())
"""


@pytest.fixture(scope="module")
def changed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project with the field in openapi.yaml, after `make generate`."""
    copy = tmp_path_factory.mktemp("changed")
    for name in NEEDED:
        source = ROOT / name
        ignore = shutil.ignore_patterns("__pycache__")
        shutil.copytree(source, copy / name, ignore=ignore) if source.is_dir() else shutil.copy(source, copy)
    for variant in ("_async", "_sync"):
        shutil.copytree(ROOT / "tests" / variant, copy / "tests" / variant)
    spec = copy / "openapi.yaml"
    before, base, after = spec.read_text().partition("    RunCreateBase:\n")
    after = after.replace("      properties:\n", f"      properties:\n{FIELD}", 1)
    spec.write_text(before + base + after)
    subprocess.run([sys.executable, copy / "tools/generate.py", "--root", copy], check=True)
    return copy


def python(root: Path, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Runs Python with the packages of a copy instead of the installed ones."""
    path = os.pathsep.join(str(root / folder) for folder in ("generated", "wrapper"))
    environment = {**os.environ, "PYTHONPATH": path, "MYPYPATH": path}
    return subprocess.run(
        [sys.executable, *arguments],
        env=environment,
        cwd=root,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def type_checked(root: Path, folder: Path, value: str) -> str:
    """The output of mypy for both clients."""
    for name, script in (("sync.py", SYNC), ("async.py", ASYNC)):
        (folder / name).write_text(script.format(url="http://localhost:2024", value=value))
    files = [folder / "sync.py", folder / "async.py"]
    return python(
        root, "-m", "mypy", "--strict", "--config-file=", f"--cache-dir={folder}/cache", *files
    ).stdout


def test_only_generated_files_change(changed: Path) -> None:
    """Neither the wrapper nor the tests."""
    wrapper = ROOT / "wrapper/langgraph_runs"
    for folder in [
        wrapper,
        *(one for one in wrapper.rglob("*") if one.is_dir() and one.name != "__pycache__"),
    ]:
        copy = changed / folder.relative_to(ROOT)
        compared = filecmp.dircmp(folder, copy, ignore=["__pycache__", "option_texts.py"])
        assert ([], [], []) == (compared.diff_files, compared.left_only, compared.right_only)
    differing = filecmp.dircmp(
        ROOT / "generated/langgraph_runs_api/models", changed / "generated/langgraph_runs_api/models"
    ).diff_files
    assert "__init__.py" in differing


def test_the_new_field_type_checks_in_both_clients(changed: Path, tmp_path: Path) -> None:
    """As a string only; before the change it is an unknown keyword."""
    assert "Success: no issues found in 2 source files" in type_checked(changed, tmp_path, '"x"')
    assert 2 == type_checked(changed, tmp_path, "7").count('No overload variant of "wait"')
    assert 2 == type_checked(ROOT, tmp_path, '"x"').count('Unexpected keyword argument "new_field"')


def test_help_shows_the_new_field_with_its_type_and_its_text(changed: Path) -> None:
    script = "import langgraph_runs; help(langgraph_runs.AsyncRunsClient.wait)"
    shown = python(changed, "-c", script).stdout
    assert "new_field: 'str | None' = UNSET" in shown
    assert "new_field (str | None): " in shown
    assert "new_field" not in python(ROOT, "-c", script).stdout


@pytest.mark.parametrize("script", [SYNC, ASYNC], ids=["sync", "async"])
def test_the_new_field_is_sent(changed: Path, script: str) -> None:
    """Under its name, with its value; before the change it is refused."""
    with scripted_server() as server:
        source = script.format(url=server.url, value='"x"')
        done = python(changed, "-W", "error", "-c", source)
        assert (0, "") == (done.returncode, done.stderr)
        assert {"assistant_id": "agent", "new_field": "x"} == server.request.json
        refused = python(ROOT, "-c", source)
        assert "unknown option 'new_field'" in refused.stderr
        assert 1 == len(server.requests)
