"""What a command says and does when something goes wrong with the server: on the scripted one, on a real port."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable
from pathlib import Path

import pytest
from cli.commands import Done

from langgraph_runs.testing import Fail, Hold, Interrupt, RunsServer, Step

Command = Callable[..., Done]
TICKS: list[Step] = [("custom", {"i": i}) for i in range(4)]
ALL: list[Step] = [*TICKS, ("values", {"n": 4})]


def numbers(done: Done) -> list[int]:
    """The numbers of the events that were printed."""
    return [one["data"]["i"] for one in done.values if one["event"] == "custom"]


def test_reconnects_are_shown_and_no_event_is_lost_or_doubled(cli: Command, server: RunsServer) -> None:
    """On stderr for people, and not at all with --json."""
    for arguments in ([], ["--json"]):
        server.run(*ALL)
        server.drop(events=3)
        server.drop(events=2, on="GET */stream")
        done = cli("stream", "agent", "--thread", server.thread(), *arguments)
        assert 0 == done.status
        if arguments:
            assert list(range(4)) == numbers(done)
            assert "" == done.err
        else:
            assert [f'{{"i": {i}}}' for i in range(4)] == done.out.splitlines()[:4]
            assert 2 == done.err.count("The connection was lost")
            assert "reconnecting in 0.1 s (attempt 1)" in done.err


def test_retries_of_a_call_are_shown(cli: Command, server: RunsServer) -> None:
    server.run(*ALL)
    server.refuse(429)
    done = cli("wait", "agent")
    assert (0, {"n": 4}) == (done.status, done.value)
    assert "429" in done.err
    assert "attempt 1 in 0.1 s" in done.err


@pytest.mark.parametrize("command", ["stream", "wait"])
def test_the_exit_status_says_how_the_run_has_ended(cli: Command, server: RunsServer, command: str) -> None:
    """The error is on stderr: in a sentence, or as one JSON object."""
    server.run(Fail("ValueError", "boom"), times=2)
    done = cli(command, "agent")
    assert (1, "Error: the run failed: ValueError: boom") == (done.status, done.err.splitlines()[-1])
    done = cli(command, "agent", "--json")
    assert (1, 1) == (done.status, len(done.err.splitlines()))
    assert "RunFailedError" == done.error["error"]
    assert server.runs[-1]["run_id"] == done.error["run_id"]


def test_the_exit_status_tells_refusals_apart(cli: Command, server: RunsServer) -> None:
    """Each class of error has its own, and the message says what the server has refused."""
    thread_id = server.thread()
    for refused, status, error in (
        (401, 8, "AuthenticationError"),
        (403, 8, "PermissionDeniedError"),
        (404, 7, "NotFoundError"),
        (409, 9, "ThreadBusyError"),
        (422, 11, "UnprocessableEntityError"),
        (500, 11, "InternalServerError"),
    ):
        server.refuse(refused)
        done = cli("list", thread_id, "--json")
        assert (status, error) == (done.status, done.error["error"])
        assert str(refused) in done.error["message"]
    assert 7 == cli("get", thread_id, "00000000-0000-0000-0000-000000000000").status


def test_a_server_that_cannot_be_reached_has_a_status_of_its_own(cli: Command) -> None:
    """For every command; the message has the URL."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
    for arguments in (["wait", "agent"], ["info"]):
        done = cli(*arguments, "--url", url, "--timeout", "0.5", "--json")
        assert done.status in (6, 10)
    done = cli("info", "--url", url)
    assert 10 == done.status
    assert f"Error: GET {url}/ok: no response" in done.err


def test_after_a_timeout_the_command_that_resumes_is_printed(cli: Command, server: RunsServer) -> None:
    """It works: the events that were not printed come, each once."""
    server.run(*TICKS[:2], Hold(), *TICKS[2:], ("values", {"n": 4}))
    thread_id = server.thread()
    done = cli("stream", "agent", "--thread", thread_id, "--event-timeout", "0.3", "--json")
    assert (6, "EventTimeoutError") == (done.status, done.error["error"])
    assert [0, 1] == numbers(done)
    server.release()
    words = done.error["resume"].partition(" join-stream --from '")[2].rpartition("' --json")[0]
    rest = cli("join-stream", "--from", words, "--json")
    assert (0, [2, 3]) == (rest.status, numbers(rest))


def test_the_position_is_saved_part_by_part(cli: Command, server: RunsServer, tmp_path: Path) -> None:
    """After an error, the file continues exactly there, again and again; nothing is left beside it."""
    path = tmp_path / "position.json"
    server.run(*TICKS[:2], Hold(), *TICKS[2:], ("values", {"n": 4}))
    saving = ["--save-position", str(path), "--event-timeout", "0.3", "--json"]
    done = cli("stream", "agent", "--thread", server.thread(), *saving)
    assert (6, [0, 1]) == (done.status, numbers(done))
    assert f"join-stream --from @{path} --save-position {path}" in done.error["resume"]
    done = cli("join-stream", "--from", f"@{path}", *saving)
    assert (6, []) == (done.status, done.values)
    server.release()
    done = cli("join-stream", "--from", str(path), *saving)
    assert (0, [2, 3]) == (done.status, numbers(done))
    assert [] == cli("join-stream", "--from", str(path), "--json").values
    assert [path] == list(tmp_path.iterdir())
    assert {"thread_id", "run_id", "after"} < json.loads(path.read_text()).keys()


def test_a_question_of_the_graph_is_printed_with_the_command_that_answers(
    cli: Command, server: RunsServer
) -> None:
    """One question, then two: each has an answer of its own."""
    server.run(("values", {}), Interrupt("Book it?"))
    thread_id = server.thread()
    done = cli("wait", "agent", "--thread", thread_id)
    assert (3, "Book it?") == (done.status, done.value["__interrupt__"][0]["value"])
    assert 'The graph asks: "Book it?"\n' in done.err
    answer = (
        f'To answer: langgraph-runs wait agent --thread {thread_id} --command \'{{"resume": "ANSWER"}}\'\n'
    )
    assert answer in done.err
    server.run(lambda body: [("values", {"booked": body["command"]["resume"]})])
    done = cli("wait", "agent", "--thread", thread_id, "--command", '{"resume": "yes"}')
    assert (0, {"booked": "yes"}) == (done.status, done.value)
    server.run(("values", {}), Interrupt("Here?"), Interrupt("Now?"))
    done = cli("stream", "agent", "--thread", thread_id)
    ids = [one["id"] for one in json.loads(done.out[done.out.index("{") :])["__interrupt__"]]
    assert f'{{"resume": {{"{ids[0]}": "ANSWER", "{ids[1]}": "ANSWER"}}}}' in done.err


def test_a_question_of_a_run_that_exists_is_answered_by_its_assistant(
    cli: Command, server: RunsServer
) -> None:
    server.run(("values", {}), Interrupt("Go on?"))
    thread_id = server.thread()
    run_id = cli("create", "agent", "--thread", thread_id, "--json").value["run_id"]
    done = cli("join", thread_id, run_id)
    assert 3 == done.status
    assert f"langgraph-runs wait {server.runs[0]['assistant_id']} --thread {thread_id}" in done.err


def test_the_printed_command_repeats_no_secret(cli: Command, server: RunsServer, url: str) -> None:
    """Neither the value of a header nor the password of a URL; their places are marked."""
    server.run(("values", {}), Hold())
    place = url.removeprefix("http://")
    done = cli(
        *("wait", "agent", "--thread", server.thread(), "--timeout", "0.3"),
        *("--url", f"http://me:secret@{place}", "--header", "X-Api-Key: secret"),
    )
    assert 6 == done.status
    assert "--url URL --header 'X-Api-Key: VALUE'\n" in done.err
    assert "secret" not in done.out + done.err


def test_a_stream_that_cannot_be_continued_is_read_as_well(
    cli: Command, server: RunsServer, tmp_path: Path
) -> None:
    """Tokens are shown once, although the server sends all that has come of a message each time."""
    path = tmp_path / "position.json"
    texts = ("Hel", "Hello", "Hello you")
    steps: list[Step] = [("messages/partial", [{"type": "ai", "id": "m", "content": text}]) for text in texts]
    server.run(*steps, ("values", {"done": True}))
    modes = ["--stream-mode", "messages", "--stream-mode", "values", "--no-stream-resumable"]
    done = cli("stream", "agent", "--thread", server.thread(), *modes, "--save-position", str(path))
    assert (0, "Hello you") == (done.status, done.out.splitlines()[0])
    assert 1 == done.err.count(f"Nothing is saved in {path}: this stream cannot be continued.")
    assert not path.exists()
