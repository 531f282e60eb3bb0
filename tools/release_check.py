"""Checks the wheel and the sdist of a release: `make release-check`.

release_files.py says what they must hold. Then each of them is installed with its extras into clean environments: with
the lowest version of every dependency that pyproject.toml allows, on the oldest Python that is present, and with the
newest versions on the newest Python. The fast tests of the package run there, in a copy of the sources without the
packages, so that they import what is installed.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from shutil import rmtree
from tempfile import TemporaryDirectory
from typing import Any

from matrix import pythons
from release_files import problems_of_files, unpacked

ROOT = Path(__file__).resolve().parents[1]
RESOLUTIONS = {"lowest": "lowest-direct", "newest": "highest"}
"""As uv calls them."""
TEST_EXTRA = "tests"
NOT_FOR_USERS = {"dev", "docs", TEST_EXTRA}
PACKAGES = ("generated", "wrapper")
# What is left out needs a server, a browser or a terminal, or tests the repository, its tools and its examples.
LEFT_OUT = ("browser", "chat", "contract", "live", "project", "terminal")
FAST = ["-m", "not live and not exhaustive", *(f"--ignore=tests/{one}" for one in LEFT_OUT)]
_WHERE = (
    "import langgraph_runs as one, langgraph_runs_api as two; print(one.__file__, two.__file__, sep='\\n')"
)


@dataclass(frozen=True)
class Case:
    """One environment: this file, with the lowest or the newest dependencies, on this Python."""

    file: Path
    versions: str
    python: Path
    name: str


def extras(project: Mapping[str, Any]) -> list[str]:
    """The extras that users install."""
    return sorted(set(project.get("optional-dependencies", {})) - NOT_FOR_USERS)


def cases(files: Sequence[Path], present: Mapping[str, Path], chosen: Sequence[str]) -> list[Case]:
    """Each file with the lowest versions on the oldest Python, and with the newest on the newest."""
    on = {"lowest": next(iter(present)), "newest": list(present)[-1]}
    return [
        Case(
            file, versions, present[on[versions]], f"{file.name}, {versions} versions, Python {on[versions]}"
        )
        for versions in chosen
        for file in files
    ]


def pins(case: Case, root: Path, *sources: str, given: str = "") -> list[str]:
    """The lowest or the newest version of each requirement that the sources name, as `name==version`.

    Each on its own: if two of them do not work together, their bounds are wrong, and the installation says so.

    Args:
        case: Which versions, and for which Python.
        root: The folder that the sources are in.
        sources: As `uv pip compile` takes them; "-" is what is `given`.
        given: Requirements, one on each line.
    """
    command = ["pip", "compile", "--quiet", "--no-deps", "--no-header", "--no-annotate"]
    command += ["--resolution", RESOLUTIONS[case.versions], "--python", str(case.python), *sources]
    return _uv(*command, folder=root, given=given).splitlines()


def installed(case: Case, root: Path, folder: Path) -> Path:
    """The interpreter of a new environment in which the file, its extras and what the tests need are installed."""
    pyproject = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))
    project, python, of_users = (
        pyproject["project"],
        folder / "environment/bin/python",
        extras(pyproject["project"]),
    )
    direct = pins(case, root, *(f"--extra={one}" for one in of_users), "pyproject.toml")
    print(*direct, flush=True)
    (folder / "pins.txt").write_text("\n".join(direct))
    building = pins(case, root, "-", given="\n".join(pyproject["build-system"]["requires"]))
    (folder / "build-pins.txt").write_text("\n".join(building))
    _uv("venv", "--quiet", "--python", str(case.python), "environment", folder=folder)
    wanted = f"{project['name']}[{','.join([*of_users, TEST_EXTRA])}] @ {case.file.as_uri()}"
    command = ["pip", "install", "--quiet", "--python", str(python), "--constraint", "pins.txt"]
    _uv(*command, "--build-constraint", "build-pins.txt", wanted, folder=folder)
    return python


def is_seen_alone(python: Path, folder: Path) -> bool:
    """Whether both packages are imported from the environment of this interpreter."""
    done = subprocess.run(
        [python, "-c", _WHERE], cwd=folder, env=_environment(), capture_output=True, text=True, check=True
    )
    return all(Path(line).is_relative_to(python.parents[1]) for line in done.stdout.splitlines())


def tested(case: Case, root: Path, sdist: Path, processes: int) -> list[str]:
    """Installs one file, and runs the fast tests. Returns what is wrong."""
    with TemporaryDirectory() as temporary:
        folder = Path(temporary)
        print(f"{case.name}: installing ...", flush=True)
        try:
            python = installed(case, root, folder)
        except subprocess.CalledProcessError as error:
            return [f"{case.name}: cannot be installed: {error.stderr.strip()}"]
        sources = unpacked(sdist, folder)
        for package in PACKAGES:
            rmtree(sources / package)
        if not is_seen_alone(python, sources):
            return [f"{case.name}: the packages are not imported from where they are installed"]
        begin = time.monotonic()
        command = [
            str(python),
            "-m",
            "pytest",
            "-q",
            "--numprocesses",
            str(processes),
            "--dist",
            "worksteal",
            *FAST,
        ]
        done = subprocess.run(command, cwd=sources, env=_environment(), check=False)
        print(f"{case.name}: {time.monotonic() - begin:.0f} s", flush=True)
        return [f"{case.name}: the tests fail"] if done.returncode else []


def main(arguments: list[str] | None = None) -> int:
    """Prints every problem. Returns 1 if there is any."""
    parser = argparse.ArgumentParser(description="Check the wheel and the sdist of a release.")
    parser.add_argument("files", type=Path, nargs=2, help="the wheel and the sdist")
    parser.add_argument("--only", choices=RESOLUTIONS, help="test with these versions only")
    parser.add_argument("--processes", type=int, default=4, help="of pytest (default: %(default)s)")
    options = parser.parse_args(arguments)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    files = [file.resolve() for file in options.files]
    found = problems_of_files(files, project, ROOT)
    if not found:
        (sdist,) = [file for file in files if file.suffix != ".whl"]
        for case in cases(files, pythons(), [options.only] if options.only else list(RESOLUTIONS)):
            found += tested(case, ROOT, sdist, options.processes)
    for problem in found:
        print(f"release-check: {problem}", file=sys.stderr)
    return 1 if found else 0


def _environment() -> dict[str, str]:
    """The environment variables of the tests: without those that let Python find other code."""
    return {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "PYTHONHOME")}


def _uv(*arguments: str, folder: Path, given: str = "") -> str:
    """What uv prints.

    Raises:
        CalledProcessError: It fails; `stderr` says why.
    """
    command = [sys.executable, "-m", "uv", "--no-python-downloads", *arguments]
    done = subprocess.run(command, cwd=folder, input=given, capture_output=True, text=True, check=True)
    return done.stdout


if __name__ == "__main__":
    sys.exit(main())
