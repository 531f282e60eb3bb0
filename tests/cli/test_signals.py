"""Ctrl-C and SIGTERM, with the real server: the run is cancelled or continues, and the command says which."""

from __future__ import annotations

import json
import shlex
import signal
import subprocess
from pathlib import Path
from uuid import uuid4

import pytest
from cli.commands import Done, ended, in_pipe, lines_until, started
from dev_server import DevServer
from wait_until import wait_until

from langgraph_runs import RunsClient
from langgraph_runs.testing import Hold, RunsServer

SLOW = ["slow", "--input", '{"seconds": 3, "n": 30}', "--if-not-exists", "create"]
LONG = ["slow", "--input", '{"seconds": 60, "n": 60}', "--if-not-exists", "create"]


def ticks(lines: list[str]) -> list[int]:
    """The numbers of the events in lines of JSON."""
    parts = [json.loads(line) for line in lines]
    return [part["data"]["tick"] for part in parts if part["event"] == "custom"]


def resumed(url: str, command: str) -> Done:
    """What the printed command does, as a shell runs it."""
    program, *arguments = shlex.split(command)
    assert "langgraph-runs" == program
    return in_pipe(url, *arguments)


def test_ctrl_c_leaves_the_run_and_the_printed_command_resumes_it(live_server: DevServer) -> None:
    """No event is lost, and none is printed twice."""
    thread_id = str(uuid4())
    with started(live_server.url, "stream", *SLOW, "--thread", thread_id, "--json") as process:
        before = lines_until(process, '"tick":4')
        process.send_signal(signal.SIGINT)
        done = ended(process)
    assert 130 == done.status
    error = done.error
    assert ("Interrupted", "continues", thread_id) == (error["error"], error["run"], error["thread_id"])
    rest = resumed(live_server.url, error["resume"])
    assert 0 == rest.status
    assert list(range(30)) == ticks([*before, *done.out.splitlines(), *rest.out.splitlines()])


def test_the_saved_position_resumes_after_a_signal(live_server: DevServer, tmp_path: Path) -> None:
    """After SIGTERM, and after SIGKILL while no event comes, which leaves no time to do anything."""
    path, lines = tmp_path / "position.json", list[str]()
    command = ["stream", *SLOW, "--thread", str(uuid4()), "--stream-mode", "custom"]
    for number, text in ((signal.SIGTERM, '"tick":3'), (signal.SIGTERM, '"tick":9')):
        with started(live_server.url, *command, "--json", "--save-position", str(path)) as process:
            lines += lines_until(process, text)
            process.send_signal(number)
            done = ended(process)
            lines += done.out.splitlines()
        assert 128 + number == done.status
        command = ["join-stream", "--from", f"@{path}"]
    lines += in_pipe(live_server.url, *command, "--json").out.splitlines()
    assert list(range(30)) == ticks(lines)


def test_a_killed_command_continues_from_its_file(tmp_path: Path) -> None:
    """What was printed before is not printed again."""
    server, path = RunsServer(), tmp_path / "position.json"
    server.run(
        ("custom", {"tick": 0}), ("custom", {"tick": 1}), Hold(), ("custom", {"tick": 2}), ("values", {})
    )
    saving = ["--save-position", str(path), "--json"]
    with server.listening() as url:
        with started(url, "stream", "agent", "--thread", server.thread(), *saving) as process:
            lines = lines_until(process, '"tick":1')
            ids = [json.loads(line)["id"] for line in lines]
            last = {"last_event_id": ids[-1], "count": ids.count(ids[-1])}  # several events may have one id
            wait_until(lambda: last.items() <= json.loads(path.read_text()).items())
            process.kill()
            assert -signal.SIGKILL == ended(process).status
        server.release()
        done = in_pipe(url, "join-stream", "--from", str(path), "--json")
    assert [0, 1, 2] == ticks([*lines, *done.out.splitlines()])


@pytest.mark.parametrize("command", ["stream", "wait"])
def test_with_cancel_on_exit_the_run_is_cancelled(live_server: DevServer, command: str) -> None:
    """And the command says so, when the server has confirmed it."""
    thread_id = str(uuid4())
    arguments = [command, *LONG, "--thread", thread_id, "--cancel-on-exit", "interrupt"]
    with started(live_server.url, *arguments) as process:
        name = started_run(process)
        process.send_signal(signal.SIGINT)
        done = ended(process)
    assert (130, f"Interrupted. {name} was cancelled.\n") == (done.status, done.err)
    with RunsClient(live_server.url, api_key=None) as runs:
        assert ["interrupted"] == [run.status for run in runs.list(thread_id)]


def test_ctrl_c_while_waiting_prints_the_command_that_joins(live_server: DevServer) -> None:
    """It returns the values of the same run."""
    thread_id = str(uuid4())
    with started(live_server.url, "wait", *SLOW, "--thread", thread_id) as process:
        name = started_run(process)
        process.send_signal(signal.SIGINT)
        done = ended(process)
    said, resume = done.err.splitlines()
    assert (130, f"Interrupted. {name} continues.") == (done.status, said)
    assert f"To resume: langgraph-runs join {thread_id} {name.split()[1]}" == resume
    assert resumed(live_server.url, resume.partition(": ")[2]).value["done"]


def test_ctrl_c_while_joining_prints_the_same_command() -> None:
    server = RunsServer()
    server.run(("values", {}), Hold())
    thread_id = server.thread()
    run_id = server.client().create(thread_id, "agent").run_id
    with server.listening() as url, started(url, "join", thread_id, run_id) as process:
        wait_until(lambda: any(one.path.endswith("/join") for one in server.requests))
        process.send_signal(signal.SIGINT)
        done = ended(process)
    resume = f"To resume: langgraph-runs join {thread_id} {run_id}"
    assert [f"Interrupted. Run {run_id} on thread {thread_id} continues.", resume] == done.err.splitlines()


def test_ctrl_c_in_a_command_that_holds_no_run_says_only_that() -> None:
    server = RunsServer()
    server.delay(60)
    thread_id = server.thread()
    with server.listening() as url, started(url, "list", thread_id) as process:
        wait_until(lambda: bool(server.requests))
        process.send_signal(signal.SIGINT)
        assert Done(130, "", "Interrupted.\n") == ended(process)


def test_a_second_ctrl_c_ends_the_command_at_once() -> None:
    """Even if the server does not answer the request that cancels the run."""
    server = RunsServer()
    server.run(("custom", {"tick": 0}), Hold())
    server.delay(60, on="POST */cancel*")
    with server.listening() as url:
        arguments = [
            "stream",
            "agent",
            "--thread",
            server.thread(),
            "--cancel-on-exit",
            "interrupt",
            "--json",
        ]
        with started(url, *arguments) as process:
            lines_until(process, '"tick"')
            process.send_signal(signal.SIGINT)
            wait_until(lambda: any(one.path.endswith("/cancel") for one in server.requests))
            process.send_signal(signal.SIGINT)
            assert -signal.SIGINT == ended(process).status  # 130 in a shell


def started_run(process: subprocess.Popen[str]) -> str:
    """The run and its thread, as soon as the command says that it has started."""
    assert process.stderr is not None
    line = process.stderr.readline()
    name, _, rest = line.partition(" has started.")
    assert "\n" == rest, line
    return name
