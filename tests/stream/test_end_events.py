"""`event: end`, with which Aegra ends every stream: it is no part, and says how the run has ended."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest
from langgraph_runs_api.models import Run
from run.flow_steps import followed
from stream.cursors import LOST, begun, opened, reopened

from langgraph_runs import (
    CustomPart,
    ErrorPart,
    RetryPolicy,
    RunCancelledError,
    RunFailedError,
    StreamGapError,
    StreamInterruptedError,
    ValuesPart,
)
from langgraph_runs.request import endpoints
from langgraph_runs.retry import Backoff
from langgraph_runs.stream.cursor import Cursor
from langgraph_runs.stream.sse import ServerSentEvent
from langgraph_runs.stream.steps import Step

RETRY_NOTHING = Backoff(RetryPolicy(attempts=0), random=Random(1))
QUESTION = b'{"__interrupt__":[{"value":"sure?","id":"1"}]}'


def numbered(number: int) -> ServerSentEvent:
    """The event of this number, as Aegra counts them."""
    return ServerSentEvent("custom", b"1", f"r_event_{number}")


def end(status: str, number: int | None = None) -> ServerSentEvent:
    """The last event, with its number, or without an id, as a late listener gets it."""
    event_id = f"r_event_{number}" if number else ""
    return ServerSentEvent("end", b'{"status":"%s"}' % status.encode(), event_id)


def asked(cursor: Cursor, status: str) -> None:
    """The connection has ended, and the server reports the status of the run."""
    cursor.ended(mid_event=False)
    assert Step.ASK == cursor.step
    cursor.received(Run("r", "t", "a", status))


def test_it_is_not_a_part_and_ends_the_stream_with_one_request() -> None:
    """Nothing can come after it, so the stream is not resumed to make sure. It is not the last part, either."""
    cursor = opened()
    assert [CustomPart] * 2 == [type(cursor.delivery.take(numbered(number))) for number in (1, 2)]
    assert cursor.delivery.take(end("success", 3)) is None
    assert (True, "r_event_2") == (cursor.held.has_ended, cursor.delivery.last_event_id)
    asked(cursor, "success")
    assert Step.OVER == cursor.step


@pytest.mark.parametrize("status", ["success", "running"])
def test_the_run_has_the_last_word_unless_it_lags(status: str) -> None:
    """Older Aegra says "success" at the end of every stream."""
    cursor = opened()
    cursor.delivery.take(numbered(1))
    cursor.delivery.take(end(status if status == "success" else "error", 2))
    asked(cursor, "interrupted" if status == "success" else status)
    assert Step.EXPLAIN == cursor.step
    expected = RunCancelledError if status == "success" else RunFailedError
    if status == "running":
        why, sent = followed(cursor.flow(), [])
        assert (RunFailedError, []) == (type(why), sent)
    else:
        why = RunCancelledError("cancelled")
    with pytest.raises(expected):
        cursor.explained(why)


def test_a_cut_after_it_loses_nothing() -> None:
    """The connection was reset instead of closed."""
    for thread_id in ("t", None):
        cursor = opened(thread_id=thread_id)
        cursor.delivery.take(numbered(1))
        cursor.delivery.take(end("success", 2))
        assert cursor.failed(LOST) is None
        if thread_id:
            assert Step.ASK == cursor.step
            cursor.received(Run("r", "t", "a", "success"))
        assert Step.OVER == cursor.step


def test_one_that_comes_again_ends_a_resumed_stream() -> None:
    """Its id may be the position."""
    for moved in (False, True):
        cursor = opened()
        cursor.delivery.take(numbered(1))
        cursor.delivery.take(numbered(2))
        if moved:
            cursor.delivery.take(ServerSentEvent("end", b"null", "r_event_3"))  # which does not say how
        cursor.failed(LOST)
        reopened(cursor)
        assert cursor.delivery.take(numbered(2)) is None
        assert cursor.delivery.take(end("success", 3)) is None
        asked(cursor, "success")
        assert Step.OVER == cursor.step


def test_one_whose_number_leaves_a_gap_raises() -> None:
    """The event before it is missing."""
    cursor = opened()
    cursor.delivery.take(numbered(1))
    cursor.delivery.take(numbered(2))
    cursor.failed(LOST)
    reopened(cursor)
    cursor.delivery.take(numbered(2))
    with pytest.raises(StreamGapError, match="right after r_event_2"):
        cursor.delivery.take(end("success", 4))


@pytest.mark.parametrize("status", ["success", "error", "interrupted"])
def test_one_without_an_id_does_not_make_a_cut_stream_complete(status: str) -> None:
    """Aegra sends it to late listeners, and nothing else: the events are gone. The stream is not endless either."""
    cursor = opened()
    cursor.delivery.take(numbered(1))
    cursor.failed(LOST)
    reopened(cursor)
    assert cursor.delivery.take(end(status)) is None
    asked(cursor, status)
    for _ in range(2):
        assert Step.OPEN == cursor.step
        reopened(cursor)
        assert cursor.delivery.take(end(status)) is None
        cursor.ended(mid_event=False)
    reopened(cursor)
    with pytest.raises(StreamGapError, match="no longer has its events") as gap:
        cursor.ended(mid_event=False)
    assert "r_event_1" == gap.value.position["last_event_id"]  # type: ignore[index]


def test_a_late_join_without_a_position_ends() -> None:
    """It asked for the events from now on, and there are none."""
    cursor = begun(
        endpoints.join_stream({}, "t", "r", last_event_id=None, stream_mode=None, cancel_on_disconnect=False)
    )
    reopened(cursor)
    assert cursor.delivery.take(end("success")) is None
    asked(cursor, "success")
    assert Step.OVER == cursor.step


def test_a_run_on_a_thread_that_waits_for_an_answer_was_not_cancelled() -> None:
    """Its status is the same: its state decides."""
    for why in (None, RunCancelledError("cancelled")):
        cursor = opened()
        cursor.delivery.take(ServerSentEvent("values", QUESTION, "r_event_1"))
        cursor.delivery.take(end("interrupted", 2))
        asked(cursor, "interrupted")
        assert Step.EXPLAIN == cursor.step
        if why is None:
            assert cursor.explained(None) is None
            assert Step.OVER == cursor.step
        else:
            with pytest.raises(RunCancelledError):
                cursor.explained(why)


def stateless(status: str, *events: ServerSentEvent, **more: Any) -> Any:
    """What a stateless stream does at its end, which nobody can be asked about."""
    cursor = opened(thread_id=None, **more)
    for event in events:
        assert cursor.delivery.take(event) is not None
    assert cursor.delivery.take(end(status, len(events) + 1)) is None
    cursor.ended(mid_event=False)
    if cursor.step is Step.OVER:
        return None
    why, sent = followed(cursor.flow(), [])
    assert (Step.EXPLAIN, []) == (cursor.step, sent)
    part = cursor.received(why)
    assert Step.OVER == cursor.step
    return part


def test_a_stateless_stream_raises_what_it_says() -> None:
    """Without a request."""
    assert stateless("success", numbered(1)) is None
    with pytest.raises(RunCancelledError):
        stateless("interrupted", numbered(1))
    with pytest.raises(RunFailedError, match="does not say why"):
        stateless("error", numbered(1))
    assert isinstance(stateless("error", numbered(1), raise_error=False), ErrorPart)
    assert stateless("interrupted", numbered(1), raise_error=False) is None


@pytest.mark.parametrize("event", ["values", "updates", "values|child:1"])
def test_a_stateless_run_that_waits_for_an_answer_was_not_cancelled(event: str) -> None:
    """An event has said so."""
    assert stateless("interrupted", ServerSentEvent(event, QUESTION, "r_event_1")) is None


@pytest.mark.parametrize("data", [b"null", b"nope", b"{}", b'{"status":7}', b'{"status":"running"}'])
def test_one_that_does_not_say_how_is_only_an_end(data: bytes) -> None:
    """The server is asked, as without it."""
    cursor = opened()
    cursor.delivery.take(numbered(1))
    assert cursor.delivery.take(ServerSentEvent("end", data, "r_event_2")) is None
    assert not cursor.held.has_ended
    asked(cursor, "success")
    assert Step.OVER == cursor.step


def test_a_complete_failure_before_it_is_reported_once() -> None:
    """Neither the server nor `end` is needed."""
    cursor = opened(raise_error=False)
    failure = ServerSentEvent("error", b'{"error":"E","message":"m"}', "r_event_1")
    assert isinstance(cursor.delivery.take(failure), ErrorPart)
    assert cursor.delivery.take(end("error", 2)) is None
    cursor.ended(mid_event=False)
    assert Step.OVER == cursor.step


def test_a_run_that_the_server_has_not_named_ends_with_it() -> None:
    """There is nothing to ask for; any other end is unknown."""
    for status in ("success", None):
        request = endpoints.stream({}, "t", "agent")
        cursor = begun(request, backoff=RETRY_NOTHING)
        cursor.resumption.begin()
        assert isinstance(cursor.delivery.take(ServerSentEvent("values", b"{}", "")), ValuesPart)
        if status:
            assert cursor.delivery.take(end(status)) is None
        cursor.ended(mid_event=False)
        if status:
            assert Step.OVER == cursor.step
        else:
            with pytest.raises(StreamInterruptedError, match="has not named the run") as unknown:
                followed(cursor.flow(), [[]])
            assert (None, "t", None) == (
                unknown.value.run_id,
                unknown.value.thread_id,
                unknown.value.position,
            )
