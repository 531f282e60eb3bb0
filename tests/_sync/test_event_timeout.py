# Derived from _async/test_event_timeout.py by `make generate`; edit that one.
"""`event_timeout=` ends a stream whose caller waits for an event for too long."""

from __future__ import annotations

import pickle
from time import sleep
from typing import Any

import pytest
from servers.scripted_server import HANG, PAUSE, PAUSE_SECONDS, answer, events, scripted_server

from langgraph_runs import (
    EventTimeoutError,
    LangGraphRunsError,
    RetryPolicy,
    RunsClient,
    StreamError,
    WaitTimeoutError,
)

NAMED = {"Content_Location": "/threads/t/runs/r"}
FIRST = (
    b'event: metadata\ndata: {"run_id": "r", "attempt": 1}\nid: 1\n\nevent: custom\ndata: {"i": 0}\nid: 2\n\n'
)
THIRD = b'event: custom\ndata: {"i": 1}\nid: 3\n\n'
BEATS = (PAUSE + b": heartbeat\n\n") * 8
PATIENT = RetryPolicy(attempts=10_000, first_delay=0.05, longest_delay=0.05)


@pytest.fixture(params=["engine", "httpx"], autouse=True)
def transport(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Whichever transport reads."""
    if request.param == "httpx":
        monkeypatch.setenv("LANGGRAPH_RUNS_ENGINE", "httpx")
    return str(request.param)


def read(stream: Any) -> tuple[list[Any], LangGraphRunsError]:
    """The ids of the parts, and the error that follows them."""
    ids: list[Any] = []
    with pytest.raises(LangGraphRunsError) as ended:
        for part in stream:
            ids.append(part.id)
    return ids, ended.value


def test_heartbeats_do_not_count() -> None:
    """The error has all that is needed to resume."""
    with scripted_server(events(FIRST + BEATS + THIRD, **NAMED)) as server:
        with RunsClient(server.url, api_key=None) as runs:
            ids, error = read(runs.stream("t", "agent", event_timeout=PAUSE_SECONDS * 2.5))
    assert ["1", "2"] == ids
    assert isinstance(error, EventTimeoutError)
    assert isinstance(error, StreamError)
    assert isinstance(error, TimeoutError)
    assert "the stream has brought no event for 1.25 s" == str(error)
    assert ("r", "t", "2") == (error.run_id, error.thread_id, error.last_event_id)
    assert error.position is not None
    assert ("1", "2", 1) == (
        error.position["after"],
        error.position["last_event_id"],
        error.position["count"],
    )
    again = pickle.loads(pickle.dumps(error))
    assert (str(error), error.position) == (str(again), again.position)


@pytest.mark.parametrize("answered", [HANG, events(b"", **NAMED) + HANG], ids=["no answer", "no event"])
@pytest.mark.parametrize("is_entered", [False, True])
def test_the_first_event_is_waited_for_as_long(answered: bytes, is_entered: bool) -> None:
    """Also by a `with` block, which opens the stream."""
    with scripted_server(answered) as server:
        with RunsClient(server.url, api_key=None) as runs:
            stream = runs.join_stream("t", "r", last_event_id="-1", event_timeout=0.4)
            with pytest.raises(EventTimeoutError) as late:
                if is_entered:
                    with stream:
                        next(stream)
                else:
                    next(stream)
            with pytest.raises(StopIteration):
                next(stream)
    assert ("r", "t") == (late.value.run_id, late.value.thread_id)


def test_the_time_between_reads_does_not_count() -> None:
    """The caller may take as long as it likes over a part."""
    with scripted_server(events(FIRST + PAUSE * 4 + THIRD, **NAMED)) as server:
        with RunsClient(server.url, api_key=None) as runs:
            stream = runs.stream(None, "agent", event_timeout=PAUSE_SECONDS * 3.4)
            assert ["1", "2"] == [(next(stream)).id, (next(stream)).id]
            sleep(PAUSE_SECONDS * 3.5)
            assert "3" == (next(stream)).id
            stream.close()


def test_reconnects_and_their_pauses_count() -> None:
    """However many attempts are left."""
    with scripted_server(events(FIRST, **NAMED), answer(503)) as server:
        with RunsClient(server.url, api_key=None, retry=PATIENT) as runs:
            ids, error = read(runs.stream("t", "agent", event_timeout=0.5))
    assert ["1", "2"] == ids
    assert isinstance(error, EventTimeoutError)
    assert 2 < len(server.requests)


@pytest.mark.parametrize("first", ["timeout", "event_timeout"])
def test_the_deadline_of_the_stream_counts_beside_it(first: str) -> None:
    """Whichever ends first."""
    limits: Any = {"timeout": 60.0, "event_timeout": 60.0, first: 0.5}
    with scripted_server(events(FIRST, **NAMED) + HANG) as server:
        with RunsClient(server.url, api_key=None) as runs:
            ids, error = read(runs.stream("t", "agent", **limits))
    assert ["1", "2"] == ids
    assert (WaitTimeoutError if first == "timeout" else EventTimeoutError) is type(error)


@pytest.mark.parametrize("value", [0, -1, float("nan"), "1", True])
def test_what_is_no_number_of_seconds_is_refused(value: Any) -> None:
    """Before anything is sent."""
    with scripted_server() as server:
        with RunsClient(server.url, api_key=None) as runs:
            for call in (runs.stream, runs.join_stream):
                with pytest.raises((TypeError, ValueError), match="event_timeout"):
                    call("t", "agent", event_timeout=value)
    assert [] == server.requests


class MineError(Exception):
    """An error of the caller."""


def raise_mine(*_: object) -> None:
    """A callback."""
    raise MineError


def test_an_error_is_raised_even_if_the_time_passes_while_the_run_is_cancelled() -> None:
    """The loop does not end as if the run had succeeded."""
    with scripted_server(events(FIRST, **NAMED), HANG) as server:
        with RunsClient(server.url, api_key=None, cancel_on_exit="interrupt") as runs:
            stream = runs.stream("t", "agent", event_timeout=1, on_run_created=raise_mine)
            with pytest.raises(MineError):
                for _ in stream:
                    pass
            with pytest.raises(MineError):
                stream.result()
    assert "/threads/t/runs/r/cancel" == server.requests[1].target.partition("?")[0]
