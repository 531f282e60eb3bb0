"""Streams of servers that are not Python's, byte for byte as they send them, and what is missing in them."""

from __future__ import annotations

import pytest
from _async.stream_ends import read
from servers.scripted_server import HANG, PAUSE, answer, events, scripted_server

from langgraph_runs import (
    AsyncRunsClient,
    NotFoundError,
    RetryPolicy,
    RunCancelledError,
    StreamGapError,
    StreamInterruptedError,
    WaitTimeoutError,
)
from langgraph_runs.stream import heartbeat

NAMED = {"Content_Location": "/threads/t/runs/r"}
BEAT = b": heartbeat\r\n\r\n"
RUNNING = answer(body=b'{"run_id": "r", "status": "running"}')
ENDED = answer(body=b'{"run_id": "r", "status": "success"}')
ONCE = RetryPolicy(attempts=1, first_delay=0)


def aegra(*names: str, status: bytes = b"success", data: bytes = b"{}") -> bytes:
    """A stream of Aegra, with its end."""
    sent = [(name.encode(), data) for name in names] + [(b"end", b'{"status":"%s"}' % status)]
    return b"".join(
        b"event: %s\ndata: %s\nid: r_event_%d\n\n" % (name, what, number)
        for number, (name, what) in enumerate(sent, 1)
    )


def javascript(*numbers: int) -> bytes:
    """A stream of LangGraph.js, with these ids."""
    return b"".join(
        b'event: custom\ndata: {\ndata:   "i": %d\ndata: }\nid: %d\n\n' % (number, number)
        for number in numbers
    )


async def test_the_end_of_aegra_is_confirmed_by_one_request() -> None:
    """It is no part."""
    with scripted_server(events(aegra("metadata", "values", "custom"), **NAMED), ENDED) as server:
        async with AsyncRunsClient(server.url, api_key=None) as runs:
            parts = [part.event async for part in runs.stream("t", "agent")]
    assert ["metadata", "values", "custom"] == parts
    assert ["POST /threads/t/runs/stream", "GET /threads/t/runs/r"] == [
        f"{request.method} {request.target}" for request in server.requests
    ]


async def test_a_stateless_stream_of_aegra_says_that_it_was_cancelled() -> None:
    """There is nothing to ask for."""
    body = aegra("metadata", "values", status=b"interrupted")
    with scripted_server(events(body, **NAMED)) as server:
        async with AsyncRunsClient(server.url, api_key=None) as runs:
            parts, _ = await read(runs.stream(None, "agent"), RunCancelledError)
    assert (2, 1) == (len(parts), len(server.requests))


async def test_a_stateless_stream_of_aegra_ends_at_a_question() -> None:
    """The status is that of a cancelled run."""
    body = aegra("metadata", "values", status=b"interrupted", data=b'{"__interrupt__":[{"value":"sure?"}]}')
    with scripted_server(events(body, **NAMED)) as server:
        async with AsyncRunsClient(server.url, api_key=None) as runs:
            assert 2 == len([part async for part in runs.stream(None, "agent")])
    assert 1 == len(server.requests)


async def test_two_readers_of_a_javascript_run_share_its_events_and_both_get_an_error() -> None:
    """One event goes to one of them."""
    with scripted_server(
        events(javascript(0, 1, 2, 4), **NAMED), RUNNING, events(javascript(3, 5))
    ) as server:
        async with AsyncRunsClient(server.url, api_key=None) as runs:
            for stream in (runs.stream("t", "agent"), runs.join_stream("t", "r")):
                with pytest.raises(StreamGapError, match="another reader"):
                    assert not [part async for part in stream if part.id in ("4", "5")]


async def test_a_run_that_has_not_begun_is_joined_from_its_beginning() -> None:
    """JavaScript's server keeps its events only then."""
    pending = answer(body=b'{"run_id": "r", "status": "pending", "kwargs": {"resumable": true}}')
    cut = events(javascript(0, 1)).replace(b"Connection:", b"Content-Length: 999\r\nConnection:", 1)
    rest = events(javascript(0, 1, 2))
    with scripted_server(pending, cut, rest, ENDED, rest) as server:
        async with AsyncRunsClient(server.url, api_key=None) as runs:
            assert ["0", "1", "2"] == [part.id async for part in runs.join_stream("t", "r")]
    assert [[], ["-1"], ["0"], [], ["1"]] == [request.header("last-event-id") for request in server.requests]


async def test_an_unknown_run_is_not_found_before_it_is_joined() -> None:
    """JavaScript's server would answer the join."""
    with scripted_server(answer(404, b"Run not found", kind="text/plain")) as server:
        async with AsyncRunsClient(server.url, api_key=None) as runs:
            with pytest.raises(NotFoundError):
                await anext(runs.join_stream("t", "r"))
    assert 1 == len(server.requests)


async def test_a_run_that_is_never_named_is_an_interruption_after_all_of_its_parts() -> None:
    """Neither the headers nor an event name it, and no run has the id of the request."""
    body = events(b"event: values\ndata: {}\n\nevent: custom\ndata: 1\n\n")
    with scripted_server(body, answer(body=b"[]")) as server:
        async with AsyncRunsClient(server.url, api_key=None, retry=ONCE) as runs:
            parts, error = await read(runs.stream("t", "agent"), StreamInterruptedError)
    assert ["values", "custom"] == [part.event for part in parts]
    assert "has not named the run" in str(error)
    assert not [request.target for request in server.requests if "None" in request.target]


@pytest.fixture
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Heartbeats come twice a second, and nothing else for a second and a half is too long."""
    monkeypatch.setattr(heartbeat, "_GREETING", 0.2)
    monkeypatch.setattr(heartbeat, "_LEAST_PATIENCE", 1.5)
    monkeypatch.setattr(heartbeat, "_LAST_CHANCE", 0.4)


BEATING = events((BEAT + PAUSE) * 20) + HANG


@pytest.mark.usefixtures("_impatient")
@pytest.mark.parametrize("given", ["r_event_7", "-1"])
async def test_only_heartbeats_after_the_end_of_a_run_are_a_gap(given: str) -> None:
    """Aegra sends them forever to a reader whose events it no longer has."""
    with scripted_server(BEATING, RUNNING, ENDED) as server:
        async with AsyncRunsClient(server.url, api_key=None) as runs:
            with pytest.raises(StreamGapError, match="no longer has its events") as gap:
                await anext(runs.join_stream("t", "r", last_event_id=given))
    assert gap.value.position is not None
    assert ("r", "t", given) == (gap.value.run_id, gap.value.thread_id, gap.value.position["after"])
    assert 3 == len(server.requests)


@pytest.mark.usefixtures("_impatient")
async def test_the_request_for_the_run_keeps_the_deadline() -> None:
    """As every request of a stream does."""
    with scripted_server(BEATING, HANG) as server:
        async with AsyncRunsClient(server.url, api_key=None) as runs:
            with pytest.raises(WaitTimeoutError):
                await anext(runs.join_stream("t", "r", last_event_id="-1", timeout=2.5))
    assert 2 == len(server.requests)
