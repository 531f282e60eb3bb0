"""`batch` on the real server, with a process that is killed."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

from cli.batches import batch, process, written
from dev_server import DevServer

from langgraph_runs import RunsClient

LINES = 16


def test_a_killed_batch_continues_and_starts_no_run_twice(live_server: DevServer, tmp_path: Path) -> None:
    """Each line has one run on the server, equal lines and failed ones too, and the second start prints them all."""
    name = str(uuid4())
    given = {"assistant_id": "slow", "input": {"seconds": 0.3, "n": 2}}
    numbered = [{**given, "input": {**given["input"], "n": number + 2}} for number in range(LINES - 5)]
    failing = {"assistant_id": "failing", "input": {}}
    file = written(tmp_path / "lines", [*numbered, given, given, failing, failing, {"assistant_id": "none"}])
    with process(live_server.url, str(file), "--limit", "4", "--name", name) as first:
        assert first.stdout is not None
        for _ in range(5):
            first.stdout.readline()
        first.kill()
    found = batch(live_server.url, file, "--name", name)
    assert 1 == found.status
    assert {*range(1, LINES - 2)} == set(found.values)
    assert all(values["done"] for values in found.values.values())
    boom = ("RunFailedError", "the run failed: ValueError: boom")
    assert {LINES - 2: boom, LINES - 1: boom} == {line: found.errors[line] for line in (LINES - 2, LINES - 1)}
    assert "NotFoundError" in found.errors[LINES] or "UnprocessableEntityError" in found.errors[LINES]
    runs_of_lines = {line: (thread_id, run_id) for line, thread_id, run_id in found.runs if line != LINES}
    assert LINES - 1 == len(set(runs_of_lines.values()))
    with RunsClient(live_server.url, api_key=None) as runs:
        for thread_id, run_id in runs_of_lines.values():
            assert [run_id] == [run.run_id for run in runs.list(thread_id)]
    again = batch(live_server.url, file, "--name", name)
    assert (found.runs, found.values, found.errors) == (again.runs, again.values, again.errors)
