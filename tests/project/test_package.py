"""The package as it is shipped: its public names, and a wheel and an sdist that work by themselves."""

from __future__ import annotations

import inspect
import os
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path
from types import ModuleType

import pytest
from dev_server import DevServer
from packaging.metadata import Metadata

import langgraph_runs

ROOT = Path(__file__).parents[2]
VERSION = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]

QUICKSTART = """
import asyncio
from langgraph_runs import AsyncRunsClient, RunsClient
from langgraph_runs_api.api.threads import create_thread

with RunsClient() as runs:
    print(runs.wait(None, "agent", input={"text": "hi"})["text"])

async def main():
    async with AsyncRunsClient() as runs:
        thread = await create_thread.asyncio(client=runs.api, body={})
        print([part.event async for part in runs.stream(thread.thread_id, "agent", input={"text": "hi"})][-1])

asyncio.run(main())
"""


def test_all_is_exactly_the_public_names() -> None:
    """Everything else is a module of ours, private, or part of the lazy imports."""
    names = {
        name
        for name in dir(langgraph_runs)
        if not name.startswith("_") and not isinstance(getattr(langgraph_runs, name), ModuleType)
    }
    assert names - {"TYPE_CHECKING", "Any", "import_module"} == set(langgraph_runs.__all__)
    assert sorted(langgraph_runs.__all__) == sorted(set(langgraph_runs.__all__))


# What a client imports when it is made: half of all that the package can import.
IN_A_CLIENT = [
    "httptools",
    "langgraph_runs.concurrency",
    "langgraph_runs.methods",
    "langgraph_runs.request.call",
    "langgraph_runs.request.endpoints",
    "langgraph_runs.request.validation",
    "langgraph_runs.response.answer",
    "langgraph_runs.run.retrying",
    "langgraph_runs.stream.cursor",
    "langgraph_runs_api.api.runs.wait_run",
    "langgraph_runs_api.models.run",
]


@pytest.mark.parametrize(
    ("statement", "absent"),
    [
        ("import langgraph_runs", ["httpx", "asyncio", "ssl", "langgraph_runs_api", "dateutil.parser"]),
        (
            "from langgraph_runs import RunsClient",
            ["asyncio", "anyio", "httpcore", "langgraph_runs._async.client", "langgraph_runs.cli", "typer"],
        ),
        ("from langgraph_runs import AsyncRunsClient", ["httpcore", "langgraph_runs._sync.client"]),
        ("from langgraph_runs import RunsClient", IN_A_CLIENT),
        ("from langgraph_runs import AsyncRunsClient", ["asyncio", *IN_A_CLIENT]),
        (
            "from langgraph_runs_api.models import RunCreateStatefulDict",
            ["httpx", "attrs", "langgraph_runs_api.api.crons", "langgraph_runs_api.api.threads"],
        ),
        (
            "from langgraph_runs_api.api.runs import wait_run",
            ["langgraph_runs_api.models.run_stream_stateless"],
        ),
    ],
)
def test_an_import_loads_only_what_it_needs(statement: str, absent: list[str]) -> None:
    """An application that rarely makes a call does not start slower for it."""
    code = f"{statement}; import sys; print(*(name for name in {absent} if name in sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True)
    assert "\n" == done.stdout


def test_an_unknown_name_is_an_attribute_error() -> None:
    """Known names are loaded once."""
    with pytest.raises(AttributeError, match="'langgraph_runs' has no attribute 'Client'"):
        langgraph_runs.Client  # type: ignore[attr-defined]  # noqa: B018
    assert langgraph_runs.RunsClient is vars(langgraph_runs)["RunsClient"]


@pytest.mark.parametrize(
    "kind",
    [
        one
        for one in (getattr(langgraph_runs, name) for name in langgraph_runs.__all__)
        if inspect.isclass(one) and one is not langgraph_runs.Run
    ],
)
def test_everything_public_is_documented(kind: type) -> None:
    """Classes, and their public methods."""
    assert inspect.getdoc(kind)
    for name, member in vars(kind).items():
        if not name.startswith("_") and (callable(member) or isinstance(member, property)):
            assert inspect.getdoc(member), name


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the wheel and the sdist."""
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", folder, ROOT]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    assert 0 == done.returncode, done.stderr
    return folder


def test_the_wheel_has_both_packages_and_the_sdist_all_sources(built: Path) -> None:
    """The wheel has nothing else; both packages have their py.typed."""
    (wheel,) = built.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    assert {"langgraph_runs/py.typed", "langgraph_runs_api/py.typed"} <= set(names)
    tops = {name.split("/")[0] for name in names}
    assert {"langgraph_runs", "langgraph_runs_api", f"langgraph_runs-{VERSION}.dist-info"} == tops
    (sdist,) = built.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        inside = {name.partition("/")[2] for name in archive.getnames()}
    assert {
        "openapi.yaml",
        "templates/README.md",
        "tools/generate.py",
        "tests/project/test_package.py",
        "LICENSE",
        "CONTRIBUTING.md",
        ".ci/run",
        ".editorconfig",
        ".github/workflows/release.yml",
        ".pre-commit-config.yaml",
        "RELEASING.md",
        "SECURITY.md",
    } <= inside


def test_both_packages_have_type_hints_in_the_tree() -> None:
    """For an editable install, too."""
    for package in ("generated/langgraph_runs_api", "wrapper/langgraph_runs"):
        assert (ROOT / package / "py.typed").is_file()


def test_the_metadata_has_the_links_the_license_and_every_python(built: Path) -> None:
    """A link into the repository leads to a file; the oldest Python is the one that is required."""
    (wheel,) = built.glob("*.whl")
    text = zipfile.ZipFile(wheel).read(f"langgraph_runs-{VERSION}.dist-info/METADATA")
    metadata = Metadata.from_email(text, validate=True)
    repository = "https://github.com/langgraph-runs/langgraph-runs"
    assert {
        "Documentation": f"{repository}/tree/main/docs",
        "Source": repository,
        "Changelog": f"{repository}/blob/main/CHANGELOG.md",
        "Issues": f"{repository}/issues",
    } == metadata.project_urls
    assert (ROOT / "docs").is_dir()
    assert (ROOT / "CHANGELOG.md").is_file()
    assert ("MIT", ["LICENSE"]) == (metadata.license_expression, metadata.license_files)
    pythons = [one.rpartition(" ")[2] for one in metadata.classifiers or [] if ":: 3." in one]
    assert ["3.11", "3.12", "3.13", "3.14"] == pythons
    assert ">=3.11" == str(metadata.requires_python)
    assert ("text/markdown", (ROOT / "README.md").read_text()) == (
        metadata.description_content_type,
        metadata.description,
    )


def test_the_wheel_alone_runs_the_quickstart(built: Path, tmp_path: Path, live_server: DevServer) -> None:
    """In an empty environment with its dependencies."""
    subprocess.run([sys.executable, "-m", "venv", tmp_path / "venv"], check=True)
    python = tmp_path / "venv/bin/python"
    (wheel,) = built.glob("*.whl")
    install = [python, "-m", "pip", "install", "--quiet", "--constraint", ROOT / "constraints.txt", wheel]
    done = subprocess.run(install, capture_output=True, encoding="utf-8", check=False)
    assert 0 == done.returncode, done.stderr
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        [python, "-W", "error", "-c", QUICKSTART],
        env={**environment, "LANGGRAPH_API_URL": live_server.url},
        cwd=tmp_path,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert (0, "", ["Hello, hi", "values"]) == (done.returncode, done.stderr, done.stdout.splitlines())
