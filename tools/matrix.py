"""Runs the live tests against several servers, with each Python that is present: `make test-matrix`.

Writes the table of docs/compatibility.md. The servers, and which tests a cell of the table runs, are in matrix.toml;
LangGraph.js and Aegra come from tests/other_servers. Everything is installed once, into .cache/matrix. The results are
kept there, too: with `--server` or `--python`, the other cells of the table stay as they are, and with `--failed` the
tests that have passed.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from fnmatch import fnmatch
from pathlib import Path
from shutil import which
from tempfile import TemporaryDirectory
from typing import Any
from xml.etree import ElementTree

import other_servers
from dev_server import PYTHON_VARIABLE

ROOT = Path(__file__).resolve().parents[1]
CACHE = ROOT / ".cache/matrix"
RESULTS = CACHE / "results.json"
PAGE = ROOT / "docs/compatibility.md"
BEGIN, END = "<!-- written by make test-matrix -->", "<!-- end of what make test-matrix writes -->"
MINORS = (11, 12, 13, 14)
OTHERS = {"langgraphjs": "LangGraph.js", "aegra": "Aegra"}
PROCESSES = 4
_WHICH = (
    "import os, platform, sys; print(platform.python_version(), os.path.realpath(sys.executable), sep='\\n')"
)


@dataclass
class Result:
    """What one run of the tests has shown, by the id of each test.

    Attributes:
        suite: Which tests have run: a key of `[suites]` in matrix.toml.
        title: The server, with its version.
        date: The day, as YYYY-MM-DD.
    """

    passed: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    suite: str = ""
    title: str = ""
    date: str = ""


Results = dict[str, dict[str, Result]]
"""By the name of a server, and then by the version of Python."""


def pythons() -> dict[str, Path]:
    """The Python interpreters that are present, by version: themselves, not a shim or the one of an environment."""
    found: dict[str, Path] = {}
    installed = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    for minor in MINORS:
        name = f"python3.{minor}"
        candidates: list[str | Path | None] = [
            which(name),
            *sorted(installed.glob(f"3.{minor}.*/bin/{name}"), reverse=True),
        ]
        for candidate in candidates:
            if candidate and (printed := _printed(candidate, _WHICH)):
                version, path = printed.splitlines()
                found[version] = Path(path)
                break
    return found


def environment(name: str, python: Path, requirements: Sequence[str]) -> Path:
    """The interpreter of a virtual environment with these requirements, which is made if it does not exist."""
    folder = CACHE / name
    stamp, wanted = folder / "requirements.json", json.dumps([str(python), *requirements])
    interpreter = folder / "bin/python"
    if not stamp.exists() or stamp.read_text() != wanted:
        print(f"installing {name} ...", flush=True)
        subprocess.run([python, "-m", "venv", "--clear", folder], check=True)
        subprocess.run([interpreter, "-m", "pip", "install", "-qq", *requirements], check=True, cwd=ROOT)
        stamp.write_text(wanted)
    return interpreter


def tested(python: Path, arguments: Sequence[str], variables: Mapping[str, str]) -> Result:
    """Runs pytest, and returns what it has shown.

    Raises:
        RuntimeError: It ran no test.
    """
    with TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        command = [str(python), "-m", "pytest", "-q", *arguments, f"--junitxml={report}"]
        subprocess.run(command, cwd=ROOT, env={**os.environ, **variables}, check=False)
        cases: dict[str, bool] = {}
        for case in ElementTree.parse(report).iter("testcase") if report.exists() else []:
            shown = {child.tag for child in case}
            name = f"{case.get('classname')}::{case.get('name')}"
            if "skipped" not in shown:  # a test that fails in its teardown, too, is in the report twice
                cases[name] = cases.get(name, True) and not shown & {"failure", "error"}
    result = Result(
        [one for one, good in cases.items() if good], [one for one, good in cases.items() if not good]
    )
    if not cases:
        raise RuntimeError(f"no test has run: {' '.join(command)}")
    return result


def merged(before: Result, again: Result) -> Result:
    """What a cell has shown, after the tests that failed have run again. One that has not is still a failure."""
    passed = [test for test in before.failed if test in again.passed]
    failed = [test for test in before.failed if test not in passed]
    return Result([*before.passed, *passed], failed, before.suite, again.title, again.date)


def version_of(python: Path, package: str) -> str:
    """The version of an installed package."""
    return _printed(python, f"from importlib.metadata import version; print(version({package!r}))")


def judged(results: Results, lacks: Sequence[dict[str, Any]]) -> list[str]:
    """What is wrong: a failure that nothing explains, and an explanation that no failure needs."""
    wrong = []
    for server, by_python in results.items():
        known = [entry["tests"] for entry in lacks if server in entry["servers"]]
        failed = {(python, test) for python, result in by_python.items() for test in result.failed}
        for python, test in sorted(failed):
            if not any(fnmatch(test, pattern) for pattern in known):
                wrong.append(f"{server}, Python {python}: {test} failed")
        wrong += [
            f"{server}: {pattern!r} of matrix.toml explains no failure any more"
            for pattern in known
            if not any(fnmatch(test, pattern) for _, test in failed)
        ]
    return wrong


def table(results: Results, lacks: Sequence[dict[str, Any]]) -> str:
    """The results as a Markdown table, with a sentence for everything that a server lacks."""
    columns = sorted({python for by_python in results.values() for python in by_python}, key=_by_number)
    lines = ["| Server | " + " | ".join(f"Python {one}" for one in columns) + " | Date |"]
    lines.append("| --- |" + " --- |" * (len(columns) + 1))
    for by_python in results.values():
        cells = [_cell(by_python.get(one)) for one in columns]
        lines.append(f"| {_title(by_python)} | {' | '.join(cells)} | {_dates(by_python)} |")
    why = [
        f"- {_title(results[server])}: {one['why']}"
        for one in lacks
        for server in one["servers"]
        if server in results
    ]
    return "\n".join([*lines, "", *why] if why else lines)


def written(page: str, text: str) -> str:
    """The page with this text between its two marks."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{text}\n\n{END}{after}"


def suites(server: str, versions: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Which tests each cell of a server's row runs, by the version of Python.

    What depends on the version of Python hardly depends on the server. So the whole live suite runs against each
    server with the first Python, and against the pinned server with each Python.
    """
    for version in versions:
        if server in OTHERS:
            if version == versions[0]:
                yield version, "other"
        else:
            yield version, "whole" if server == "pinned" or version == versions[0] else "methods"


def chosen(suite: Mapping[str, Any], before: Result | None) -> list[str]:
    """What to run, as arguments of pytest: the tests of a suite, or those of them that failed before."""
    if before:
        split = [test.partition("::") for test in before.failed]  # tests.live.test_a::test_b
        return [f"{module.replace('.', '/')}.py::{name}" for module, _, name in split]
    files = [str(path.relative_to(ROOT)) for pattern in suite["files"] for path in sorted(ROOT.glob(pattern))]
    return [*files, *suite["select"]]


def kept() -> Results:
    """The results of earlier runs."""
    if not RESULTS.exists():
        return {}
    found: dict[str, dict[str, dict[str, Any]]] = json.loads(RESULTS.read_text())
    return {
        server: {version: Result(**one) for version, one in by_python.items()}
        for server, by_python in found.items()
    }


def keep(server: str, version: str, result: Result) -> None:
    """Keeps the result of one cell of the table for later runs."""
    results = kept()
    results.setdefault(server, {})[version] = result
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    RESULTS.write_text(json.dumps(results, default=asdict))


def main() -> None:
    """Runs the tests, and writes the table. Exits with 1 if a test fails, unless matrix.toml explains it."""
    given = tomllib.loads((ROOT / "tools/matrix.toml").read_text())
    known = [*given["servers"], *OTHERS]
    parser = argparse.ArgumentParser(
        description="Test against several servers, with several versions of Python."
    )
    parser.add_argument("--server", nargs="*", default=known, choices=known, help="only these servers")
    parser.add_argument("--python", nargs="*", help="only these versions of Python, such as 3.12")
    parser.add_argument("--failed", action="store_true", help="only the tests that failed the last time")
    parser.add_argument("--processes", type=int, default=PROCESSES, help="of pytest (default: %(default)s)")
    arguments = parser.parse_args()
    present = pythons()
    if arguments.server == known and not arguments.python and not arguments.failed:
        RESULTS.unlink(missing_ok=True)
    for server in arguments.server:
        for version, suite in suites(server, list(present)):
            if arguments.python and not any(version.startswith(f"{one}.") for one in arguments.python):
                continue
            before = kept().get(server, {}).get(version) if arguments.failed else None
            if arguments.failed and (before is None or not before.failed):
                continue
            print(f"{server}, Python {version}: {suite} ...", flush=True)
            tests = chosen(given["suites"][suite], before)
            requirements = given["servers"].get(server, [])
            result = _run(server, version, present[version], requirements, tests, arguments.processes)
            result.suite = suite
            keep(server, version, merged(before, result) if before else result)
    found = kept()
    results = {server: found[server] for server in known if server in found}
    lacks = given.get("lacks", [])
    print(text := table(results, lacks))
    if all(dict(suites(server, list(present))).keys() == results.get(server, {}).keys() for server in known):
        PAGE.write_text(written(PAGE.read_text(), text))
    if wrong := judged(results, [one for one in lacks if set(one["servers"]) & set(results)]):
        sys.exit("\n".join(wrong))


def _run(
    server: str,
    version: str,
    python: Path,
    requirements: Sequence[str],
    tests: Sequence[str],
    processes: int,
) -> Result:
    """Runs the tests of one cell of the table."""
    client = Path(sys.executable)
    if version != platform.python_version():  # `make install` has already made the one of this Python
        wanted = ["--constraint", "constraints.txt", "--editable", ".[dev]"]
        client = environment(f"client-{version}", python, wanted)
    variables, title, more = {}, "", []
    if server in OTHERS:
        title = f"{OTHERS[server]} {other_servers.version(server)}"
        variables, more = {"OTHER_SERVERS": "real"}, ["-k", f"{server}-real"]
        processes = 1  # each would start a server of its own
    else:
        serving = (
            environment(f"server-{server}", Path(sys.executable), requirements) if requirements else client
        )
        variables = {PYTHON_VARIABLE: str(serving)}
        title = f"langgraph-api {version_of(serving, 'langgraph-api')}, langgraph {version_of(serving, 'langgraph')}"
        title += f" ({server})"
    parallel = ["--numprocesses", str(processes), "--dist", "worksteal"]
    result = tested(client, [*tests, *more, *parallel], variables)
    result.title, result.date = title, str(datetime.now(UTC).date())
    return result


def _title(by_python: Mapping[str, Result]) -> str:
    return next(iter(by_python.values())).title


def _dates(by_python: Mapping[str, Result]) -> str:
    return ", ".join(sorted({result.date for result in by_python.values()}))


def _cell(result: Result | None) -> str:
    """How many tests have passed."""
    if result is None:
        return "not run"
    total = len(result.passed) + len(result.failed)
    return f"all {total}" if not result.failed else f"{len(result.passed)} of {total}"


def _by_number(version: str) -> list[int]:
    return [int(part) for part in version.split(".")]


def _printed(python: str | Path, program: str) -> str:
    """What a Python program prints; "" if the interpreter does not work."""
    try:
        done = subprocess.run([python, "-c", program], capture_output=True, text=True, check=False)
    except OSError:
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


if __name__ == "__main__":
    main()
