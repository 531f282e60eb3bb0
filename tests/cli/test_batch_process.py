"""`batch` in a process of its own, in pipes: lines that come late, Ctrl-C, a closed output."""

from __future__ import annotations

import json
import signal
from pathlib import Path
from typing import Any

import pytest
from cli.batches import numbers, printed, process, written
from cli.commands import SECONDS
from wait_until import wait_until

from langgraph_runs.testing import Hold, RunsServer


@pytest.fixture
def server() -> RunsServer:
    """A server whose runs return their input; those with `"hold": true` when they are released."""

    def steps(body: Any) -> list[Any]:
        return [*([Hold()] if body["input"].get("hold") else []), ("values", body["input"])]

    server = RunsServer()
    server.run(steps, times=None)
    return server


def held(count: int) -> list[Any]:
    """Payloads, the runs of all but the first one of which do not end by themselves."""
    first, *others = numbers(count)
    return [first, *({**one, "input": {**one["input"], "hold": True}} for one in others)]


def active(server: RunsServer) -> int:
    """How many runs have not ended."""
    return sum(run["status"] in ("pending", "running") for run in server.runs)


def test_lines_on_stdin_run_as_they_come(server: RunsServer, url: str) -> None:
    """An outcome is printed while stdin is still open, and no bar where stderr is no terminal."""
    with process(url, "-") as started:
        assert started.stdin is not None
        assert started.stdout is not None
        for number, payload in enumerate(numbers(3), 1):
            started.stdin.write(json.dumps(payload) + "\n")
            started.stdin.flush()
            assert number == json.loads(started.stdout.readline())["line"]
        out, notes = started.communicate(timeout=SECONDS)
    assert (0, "", "3 lines done, 0 failed.\n") == (started.returncode, out, notes)
    assert 3 == len(server.runs)


def test_ctrl_c_leaves_the_runs_and_says_how_to_continue(
    server: RunsServer, url: str, tmp_path: Path
) -> None:
    """No other run is begun. The command that it prints joins the runs, and starts only the others."""
    file = written(tmp_path / "lines", held(8))
    with process(url, str(file), "--limit", "3") as started:
        wait_until(lambda: active(server) == 3, SECONDS)
        started.send_signal(signal.SIGINT)
        first = printed(0, *started.communicate(timeout=SECONDS))
    assert 130 == started.returncode
    assert {1: {"n": 0}} == first.values
    assert "1 line done, 0 failed; 3 runs continue.\n" in first.notes
    assert (4, 3) == (len(server.runs), active(server))
    (words,) = [line for line in first.notes.splitlines() if line.startswith("To continue: langgraph-runs ")]
    with process(url, *words.split()[4:]) as started:
        wait_until(lambda: bool(server.release()) or (active(server) == 0 and len(server.runs) == 8), SECONDS)
        second = printed(started.wait(SECONDS), *started.communicate(timeout=SECONDS))
    assert (0, 8, 8) == (second.status, len(second.values), len(server.runs))


def test_ctrl_c_cancels_the_runs_if_asked_to(server: RunsServer, url: str, tmp_path: Path) -> None:
    """`rollback` deletes them, so that the next start runs their lines again."""
    file = written(tmp_path / "lines", held(4))
    options = (url, str(file), "--limit", "3", "--cancel-on-exit", "rollback")
    with process(*options) as started:
        wait_until(lambda: active(server) == 3, SECONDS)
        started.send_signal(signal.SIGINT)
        first = printed(0, *started.communicate(timeout=SECONDS))
    assert "1 line done, 0 failed; the server was asked to cancel 3 runs.\n" in first.notes
    assert 0 == active(server)
    with process(*options) as started:
        wait_until(lambda: bool(server.release()) or (active(server) == 0 and len(server.runs) == 7), SECONDS)
        second = printed(started.wait(SECONDS), *started.communicate(timeout=SECONDS))
    assert (0, 4) == (second.status, len(second.values))


def test_ctrl_c_ends_a_batch_that_waits_for_stdin(url: str) -> None:
    """At once, although a thread reads it."""
    with process(url, "-") as started:
        assert started.stdin is not None
        assert started.stdout is not None
        started.stdin.write(json.dumps(numbers(1)[0]) + "\n")
        started.stdin.flush()
        assert 1 == json.loads(started.stdout.readline())["line"]
        started.send_signal(signal.SIGINT)
        assert 130 == started.wait(SECONDS)
        assert started.stderr is not None
        said = started.stderr.read()
    assert "1 line done, 0 failed; 0 runs continue.\n" in said
    assert "To continue (with the same lines on stdin): langgraph-runs batch - --limit 50\n" in said
    assert "Traceback" not in said


def test_a_reader_that_closes_the_output_ends_the_batch(server: RunsServer, url: str, tmp_path: Path) -> None:
    """As `head` does. The status is that of a closed pipe, and nothing is printed about it."""
    file = written(tmp_path / "lines", numbers(300))
    with process(url, str(file), "--limit", "2") as started:
        assert started.stdout is not None
        assert started.stderr is not None
        started.stdout.readline()
        started.stdout.close()
        assert 141 == started.wait(SECONDS)
        assert "Traceback" not in started.stderr.read()
    assert 300 > len(server.runs)
