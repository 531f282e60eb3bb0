"""make test-matrix: what counts as a failure, and the table that it writes. (The runs take one to two hours.)"""

import os
import platform
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import matrix
import pytest
from matrix import BEGIN, END, OTHERS, Result, chosen, judged, keep, kept, merged, suites, table, written

LACKS = [{"servers": ["0.14"], "tests": "*cancel*", "why": "It has no cancel."}]
PINNED: dict[str, Any] = {"title": "langgraph-api 0.16 (pinned)", "date": "2026-11-28"}
OLD: dict[str, Any] = {"title": "langgraph-api 0.14", "date": "2026-11-29"}
RESULTS = {
    "pinned": {
        "3.9.1": Result(passed=["a", "cancel[1]"], **PINNED),
        "3.11.7": Result(passed=["a"], failed=["b"], **PINNED),
    },
    "0.14": {"3.11.7": Result(passed=["a"], failed=["cancel[1]"], **OLD)},
}


def test_a_failure_that_nothing_explains_is_named_with_its_server() -> None:
    assert judged(RESULTS, LACKS) == ["pinned, Python 3.11.7: b failed"]


def test_an_explanation_without_a_failure_is_an_error() -> None:
    passed = {"0.14": {"3.11.7": Result(passed=["cancel[1]"])}}

    assert judged(passed, LACKS) == ["0.14: '*cancel*' of matrix.toml explains no failure any more"]


def test_the_table_has_a_column_for_each_python_and_says_what_a_server_lacks() -> None:
    assert table(RESULTS, LACKS).splitlines() == [
        "| Server | Python 3.9.1 | Python 3.11.7 | Date |",
        "| --- | --- | --- | --- |",
        "| langgraph-api 0.16 (pinned) | all 2 | 1 of 2 | 2026-11-28 |",
        "| langgraph-api 0.14 | not run | 1 of 2 | 2026-11-29 |",
        "",
        "- langgraph-api 0.14: It has no cancel.",
    ]


def test_every_server_and_every_python_run_the_whole_live_suite_once() -> None:
    """The pinned server with each Python, the others with the first one; with the rest, they run the clients' tests."""
    versions = ["3.11.7", "3.12.1"]

    assert dict(suites("pinned", versions)) == {"3.11.7": "whole", "3.12.1": "whole"}
    assert dict(suites("0.14", versions)) == {"3.11.7": "whole", "3.12.1": "methods"}
    assert dict(suites("aegra", versions)) == {"3.11.7": "other"}


def test_the_files_of_each_suite_exist() -> None:
    given = tomllib.loads((matrix.ROOT / "tools/matrix.toml").read_text())

    assert given["suites"].keys() == {"whole", "methods", "other"}
    for suite in given["suites"].values():
        assert all(list(matrix.ROOT.glob(pattern)) for pattern in suite["files"])


def test_each_test_of_another_server_belongs_to_the_cell_of_this_server() -> None:
    """By its id: a name that lacks the server would be in no cell."""
    command = [sys.executable, "-m", "pytest", "tests/other_servers", "--collect-only", "-q", "-k", "real"]
    variables = {**os.environ, "OTHER_SERVERS": "real"}
    done = subprocess.run(command, cwd=matrix.ROOT, env=variables, capture_output=True, text=True, check=True)
    ids = [line for line in done.stdout.splitlines() if "::" in line]

    assert len(ids) > 150
    assert not [one for one in ids if [f"{kind}-real" in one for kind in OTHERS].count(True) != 1]


def test_results_are_kept_for_the_next_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """So that one cell can be run again."""
    monkeypatch.setattr(matrix, "RESULTS", tmp_path / "cache/results.json")

    assert kept() == {}
    for server, by_python in RESULTS.items():
        for python, result in by_python.items():
            keep(server, python, result)
    assert kept() == RESULTS


def test_the_tests_that_failed_can_be_run_again() -> None:
    """Those that pass then have passed, and those that fail, or have not run, have failed."""
    suite = {"files": ["tests/project/test_matr*.py"], "select": ["-m", "live"]}
    before = Result(passed=["a.b::c"], failed=["a.b::d[x::y]", "a.b::e", "a.b::f"], suite="whole", **OLD)
    again = Result(passed=["a.b::d[x::y]"], failed=["a.b::e"], **PINNED)

    assert chosen(suite, None) == ["tests/project/test_matrix.py", "-m", "live"]
    assert chosen(suite, before) == ["a/b.py::d[x::y]", "a/b.py::e", "a/b.py::f"]
    expected = Result(["a.b::c", "a.b::d[x::y]"], ["a.b::e", "a.b::f"], suite="whole", **PINNED)
    assert merged(before, again) == expected


def test_a_test_that_fails_in_its_teardown_has_failed_and_a_skipped_one_does_not_count(
    tmp_path: Path,
) -> None:
    program = """
import pytest

@pytest.fixture
def broken():
    yield
    raise ValueError

def test_a(broken): pass
def test_b(): pass
def test_c(): pytest.skip()
"""
    (tmp_path / "test_it.py").write_text(program)
    options = ["-p", "no:cacheprovider", "--rootdir", str(tmp_path), "-c", "/dev/null", str(tmp_path)]

    result = matrix.tested(Path(sys.executable), options, {})
    assert ["test_it::test_a"] == result.failed
    assert ["test_it::test_b"] == result.passed


def test_only_the_text_between_the_marks_is_written() -> None:
    page = f"before\n{BEGIN}\nold\n{END}\nafter\n"

    assert written(page, "new") == f"before\n{BEGIN}\n\nnew\n\n{END}\nafter\n"
    assert matrix.PAGE.read_text().count(BEGIN) == matrix.PAGE.read_text().count(END) == 1


def test_a_run_without_a_test_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="no test has run"):
        matrix.tested(Path("/bin/false"), [str(tmp_path)], {})


def test_an_interpreter_is_found_as_itself_not_as_the_one_of_an_environment() -> None:
    """Whatever the path is: otherwise, another path would install everything again."""
    found = matrix.pythons()

    assert platform.python_version() in found
    assert all(path == path.resolve() for path in found.values())
