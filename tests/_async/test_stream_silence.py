"""Streams whose connections fall silent are resumed, unless their server sends no heartbeats."""

from __future__ import annotations

from typing import Any

import pytest
from servers.scripted_server import (
    HANG,
    PAUSE,
    PAUSE_SECONDS,
    answer,
    events,
    scripted_server,
)

import langgraph_runs.stream.heartbeat
from langgraph_runs import (
    APIConnectionError,
    APITimeoutError,
    AsyncRunsClient,
    RetryPolicy,
)

ONCE = RetryPolicy(attempts=0)
FIRST = (
    b'event: metadata\ndata: {"run_id": "r", "attempt": 1}\nid: 1\n\nevent: custom\ndata: {"i": 0}\nid: 2\n\n'
)
ENDED = answer(body=b'{"run_id": "r", "status": "success"}')


async def test_a_connection_whose_heartbeats_stop_is_replaced(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The stream resumes."""
    monkeypatch.setattr(langgraph_runs.stream.heartbeat, "_LEAST_PATIENCE", 0.3)
    monkeypatch.setattr(langgraph_runs.stream.heartbeat, "_GREETING", 0.0)
    reported: list[Any] = []
    second = b'event: custom\ndata: {"i": 0}\nid: 2\n\n'
    third = b'event: custom\ndata: {"i": 1}\nid: 3\n\n'
    silent = events(FIRST + b": heartbeat\n\n", Content_Location="/threads/t/runs/r") + HANG
    with scripted_server(silent, events(second + third), ENDED, events(third)) as server:
        async with AsyncRunsClient(server.url, api_key=None) as runs:
            stream = runs.stream("t", "agent", on_reconnect=lambda *what: reported.append(what))
            assert [None, 0, 1] == [
                part.data.get("i") async for part in stream if isinstance(part.data, dict)
            ]
            assert server.closed.acquire(timeout=10)
    assert [["1"], [], ["2"]] == [request.header("last-event-id") for request in server.requests[1:]]
    ((attempt, _, cause),) = reported
    assert 1 == attempt
    assert isinstance(cause, APITimeoutError)
    assert "silent for 0.3 s" in str(cause)


async def test_a_reconnect_without_an_answer_is_given_up() -> None:
    """A server whose process is frozen accepts connections; a working one sends the headers of a stream at once."""
    first = events(FIRST, Content_Location="/threads/t/runs/r")
    running = answer(body=b'{"run_id": "r", "status": "running"}')
    rest = events(b'event: custom\ndata: {"i": 0}\nid: 2\n\nevent: custom\ndata: {"i": 1}\nid: 3\n\n')
    last = events(b'event: custom\ndata: {"i": 1}\nid: 3\n\n')
    with scripted_server(first, running, HANG, rest, ENDED, last) as server:
        async with AsyncRunsClient(server.url, api_key=None, timeout=0.3) as runs:
            reported: list[Any] = []
            stream = runs.stream("t", "agent", on_reconnect=lambda *what: reported.append(type(what[2])))
            assert ["1", "2", "3"] == [part.id async for part in stream]
    assert [type(None), APITimeoutError] == reported


async def test_an_exception_of_on_reconnect_is_raised_unchanged() -> None:
    """Even if it is an error of this package. It is called once for each new connection."""
    reported: list[Any] = []

    def reconnecting(*what: Any) -> None:
        reported.append(what)
        raise APIConnectionError("mine", method="GET", url="")

    running = answer(body=b'{"run_id": "r", "status": "running"}')
    with scripted_server(events(FIRST, Content_Location="/threads/t/runs/r"), running) as server:
        async with AsyncRunsClient(server.url, api_key=None) as runs:
            with pytest.raises(APIConnectionError, match="^mine$"):
                assert [part async for part in runs.stream("t", "agent", on_reconnect=reconnecting)]
    assert 1 == len(reported)


async def test_a_run_may_be_silent_for_longer_than_the_timeout() -> None:
    """Whether it is streamed, awaited or joined; a call that is answered at once may not."""
    slow = events(FIRST + PAUSE + FIRST.replace(b"id: 2", b"id: 4").replace(b"id: 1", b"id: 3"))
    half = answer(body=b"{" + PAUSE + b"}").replace(str(len(PAUSE) + 2).encode(), b"2", 1)
    running = answer(body=b'{"run_id": "r", "status": "running"}')
    with scripted_server(slow, half, running, half, ENDED, answer(body=b"[]"), half) as server:
        async with AsyncRunsClient(server.url, api_key=None, timeout=PAUSE_SECONDS / 4, retry=ONCE) as runs:
            assert 4 == len([part async for part in runs.stream(None, "agent")])
            assert {} == await runs.wait("t", "agent")
            assert {} == await runs.join("t", "r")
            with pytest.raises(APITimeoutError):
                await runs.get("t", "r")
