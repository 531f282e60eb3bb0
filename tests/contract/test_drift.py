"""openapi.yaml differs from what the pinned server documents only where drift.toml says why."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import drift
import pytest
from dev_server import DevServer
from drift_compare import Explanation, explain

Change = Callable[[Any], object]


@pytest.fixture
def drift_of(
    unrecorded_server: DevServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, str]]:
    """Changes a copy of openapi.yaml, and returns the exit status of `make drift` and what it prints."""

    def run(change: Change = lambda _: None, explanations: Path = drift.EXPLANATIONS) -> tuple[int, str]:
        spec = drift.read(drift.SPEC)
        change(spec)
        (tmp_path / "openapi.json").write_text(json.dumps(spec), "utf-8")
        options = ["--spec", str(tmp_path / "openapi.json"), "--explanations", str(explanations)]
        return drift.main([unrecorded_server.url, *options]), capsys.readouterr().out

    return run


def test_every_difference_to_the_pinned_server_is_explained(
    drift_of: Callable[..., tuple[int, str]],
) -> None:
    """And every explanation is needed."""
    status, printed = drift_of()
    assert status == 0, printed
    assert "0 new differences" in printed


def parameter(spec: Any, path: str, method: str, name: str) -> Any:
    """The schema of a parameter of an operation."""
    (found,) = [one for one in spec["paths"][path][method]["parameters"] if one.get("name") == name]
    return found["schema"]


def remove(spec: Any, field: str) -> None:
    """Removes a field from the schema that has it."""
    whole = spec["components"]["schemas"].values()
    (properties,) = [
        part["properties"]
        for schema in whole
        for part in (schema, *schema.get("allOf", ()))
        if field in part.get("properties", ())
    ]
    del properties[field]


def rename(values: list[str], old: str, new: str) -> None:
    """Replaces a value of an enumeration."""
    values[values.index(old)] = new


@pytest.mark.parametrize(
    ("change", "lines"),
    [
        pytest.param(
            lambda spec: remove(spec, "webhook"),
            ["POST /runs/wait body.webhook: only in the server's document"],
            id="field removed",
        ),
        pytest.param(
            lambda spec: remove(spec, "langsmith_tracer"),
            ["LEFT OVER: 'POST *runs* body*.langsmith_tracer: only in openapi.yaml'"],
            id="undocumented field removed",
        ),
        pytest.param(
            lambda spec: rename(
                spec["components"]["schemas"]["MultitaskStrategy"]["enum"], "enqueue", "queue"
            ),
            [
                'POST /threads/{thread_id}/runs body.multitask_strategy: value "queue" only in openapi.yaml',
                'POST /threads/{thread_id}/runs body.multitask_strategy: value "enqueue" only in the server\'s',
            ],
            id="enum value renamed",
        ),
        pytest.param(
            lambda spec: rename(spec["components"]["schemas"]["RunStatus"]["enum"], "timeout", "timed_out"),
            ['GET /threads/{thread_id}/runs query status: value "timeout" only in the server\'s document'],
            id="enum value of a parameter renamed",
        ),
        pytest.param(
            lambda spec: spec["paths"]["/runs/cancel"]["post"]["responses"].update(
                {"205": spec["paths"]["/runs/cancel"]["post"]["responses"].pop("204")}
            ),
            [
                "POST /runs/cancel 205: only in openapi.yaml",
                "POST /runs/cancel 204: only in the server's document",
            ],
            id="status changed",
        ),
        pytest.param(
            lambda spec: parameter(spec, "/threads/{thread_id}/runs", "get", "limit").update(type="string"),
            [
                "GET /threads/{thread_id}/runs query limit: type string in openapi.yaml, integer in the server's"
            ],
            id="type of a parameter changed",
        ),
        pytest.param(
            lambda spec: spec["components"]["schemas"]["Send"]["required"].remove("input"),
            [
                "POST /runs/batch body[].command.goto.input: optional in openapi.yaml, required in the server's"
            ],
            id="required field made optional",
        ),
        pytest.param(
            lambda spec: spec["paths"].update({"/run": spec["paths"].pop("/runs")}),
            ["POST /run: only in openapi.yaml"],
            id="operation renamed",
        ),
    ],
)
def test_a_change_of_openapi_yaml_is_named(
    drift_of: Callable[..., tuple[int, str]], change: Change, lines: list[str]
) -> None:
    """In a line of its own, and the exit status is 1."""
    status, printed = drift_of(change)
    assert status == 1
    for line in lines:
        assert any(line in one for one in printed.splitlines()), printed


def test_an_explanation_that_is_left_over_is_named(
    drift_of: Callable[..., tuple[int, str]], tmp_path: Path
) -> None:
    """As it stands in the file, and the exit status is 1."""
    line = "POST /runs body.priority: only in the server's document"
    more = f'\n[[explanation]]\nwhy = "It was announced."\nlines = ["{line}"]\n'
    (tmp_path / "drift.toml").write_text(drift.EXPLANATIONS.read_text("utf-8") + more, "utf-8")
    status, printed = drift_of(explanations=tmp_path / "drift.toml")
    assert status == 1
    assert "0 new differences" in printed
    assert f'LEFT OVER: "{line}" in drift.toml matches no difference' in printed


@pytest.mark.parametrize(
    "text", ['why = "So."', 'lines = ["x"]', 'why = ""\nlines = ["x"]', 'why = "So."\nlines = []']
)
def test_an_explanation_has_lines_and_a_reason(tmp_path: Path, text: str) -> None:
    """A file in which one is missing is refused."""
    (tmp_path / "drift.toml").write_text(f"[[explanation]]\n{text}\n", "utf-8")
    with pytest.raises(ValueError, match="needs `why` and `lines`"):
        drift.explanations(tmp_path / "drift.toml")


def test_a_reader_may_leave_before_the_last_line(unrecorded_server: DevServer) -> None:
    """As `head` does: nothing is printed about it, and the exit status is the same."""
    reader, writer = os.pipe()
    os.close(reader)
    command = [sys.executable, "tools/drift.py", unrecorded_server.url, "--all"]
    with os.fdopen(writer, "wb") as output:
        done = subprocess.run(command, cwd=drift.ROOT, stdout=output, stderr=subprocess.PIPE, check=False)
    assert (0, b"") == (done.returncode, done.stderr)


def test_explained_lines_are_printed_with_their_reason_on_request() -> None:
    """The others always."""
    report = explain(["GET /a 200: x", "GET /b 200: x"], [Explanation(("* /a *: x",), "So.")])
    assert ["NEW: GET /b 200: x"] == [line for line in drift.described(report) if line.startswith("NEW")]
    assert ["Explained: So.", "    GET /a 200: x"] == list(drift.described(report, everything=True))[:2]
