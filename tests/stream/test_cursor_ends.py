"""What a stream does when its connection or its run has ended: the decisions of a cursor, without a connection."""

from __future__ import annotations

from random import Random

import pytest
from langgraph_runs_api.models import Run, Thread
from run.flow_steps import first, followed
from stream.cursors import FIRST, GONE, LOST, NOT_FOUND, begun, opened, reopened

from langgraph_runs import (
    APIStatusError,
    ErrorPart,
    NotFoundError,
    RetryPolicy,
    RunCancelledError,
    RunError,
    RunFailedError,
    RunTimeoutError,
    StreamGapError,
    StreamInterruptedError,
)
from langgraph_runs.request import endpoints
from langgraph_runs.retry import Backoff
from langgraph_runs.stream.sse import ServerSentEvent
from langgraph_runs.stream.steps import Step


@pytest.mark.parametrize("status", ["pending", "running"])
def test_a_run_that_is_still_active_at_the_end_of_its_stream_is_joined_again(status: str) -> None:
    """A server that shuts down ends its streams as if the runs had ended."""
    cursor = opened()
    cursor.delivery.take(FIRST)
    cursor.ended(mid_event=False)
    assert (Step.ASK, "/threads/t/runs/r") == (cursor.step, first(cursor.flow()).path)
    cursor.status_received(Run("r", "t", "a", status))
    assert (Step.OPEN, "-1") == (cursor.step, first(cursor.flow()).headers["last-event-id"])
    assert cursor.delay > 0.005


@pytest.mark.parametrize("status", ["success", "quite-new"])
def test_a_run_that_has_ended_is_joined_once_more(status: str) -> None:
    """A proxy may have held something back: what was there before is replayed, and nothing new."""
    cursor = opened()
    cursor.delivery.take(FIRST)
    cursor.ended(mid_event=False)
    cursor.status_received(Run("r", "t", "a", status))
    reopened(cursor)
    assert cursor.delivery.take(FIRST) is None
    cursor.ended(mid_event=False)
    assert Step.OVER == cursor.step


BOOM = RunFailedError("ValueError", "boom")


@pytest.mark.parametrize("why", [BOOM, RunCancelledError("cancelled"), RunTimeoutError("too long")])
@pytest.mark.parametrize("raise_error", [True, False])
def test_a_failure_that_the_stream_has_not_reported_is_requested(why: RunError, raise_error: bool) -> None:
    """The development server keeps no error events, and sends none for a cancelled run; the outcome of the run has the
    failure."""
    cursor = opened(raise_error=raise_error)
    cursor.delivery.take(FIRST)
    cursor.failed(LOST)
    reopened(cursor)
    cursor.delivery.take(FIRST)
    cursor.ended(mid_event=False)
    cursor.status_received(Run("r", "t", "a", why.status))
    reopened(cursor)
    cursor.delivery.take(FIRST)
    cursor.ended(mid_event=False)
    assert (Step.EXPLAIN, "/threads/t/history") == (cursor.step, first(cursor.flow()).path)
    if raise_error:
        with pytest.raises(type(why), match=str(why)) as failed:
            cursor.explained(why)
        assert ("r", "t") == (failed.value.run_id, failed.value.thread_id)
    else:
        reported = ErrorPart("error", {"error": "ValueError", "message": "boom"}) if why is BOOM else None
        assert reported == cursor.explained(why)
    assert (Step.OVER, True) == (cursor.step, cursor.held.has_ended)


def test_a_failure_without_a_reason_is_raised() -> None:
    """The server may have no history."""
    cursor = opened()
    cursor.delivery.take(FIRST)
    cursor.ended(mid_event=False)
    cursor.status_received(Run("r", "t", "a", "error"))
    reopened(cursor)
    cursor.delivery.take(FIRST)
    cursor.ended(mid_event=False)
    assert Step.EXPLAIN == cursor.step
    with pytest.raises(RunFailedError, match="does not say why"):
        cursor.failed(APIStatusError("no", method="POST", url="", status=403))


def test_an_error_that_was_yielded_is_not_requested() -> None:
    """It is reported once."""
    cursor = opened(raise_error=False)
    assert isinstance(
        cursor.delivery.take(ServerSentEvent("error", b'{"error": "E", "message": "m"}')), ErrorPart
    )
    cursor.ended(mid_event=False)
    assert Step.OVER == cursor.step


def test_a_run_that_is_gone_ends_the_stream_with_an_error() -> None:
    """Rolled back, deleted, or lost with the server, whether or not the stream was cut."""
    cursor = opened()
    cursor.delivery.take(FIRST)
    cursor.ended(mid_event=False)
    with pytest.raises(NotFoundError):
        followed(cursor.flow(), [GONE])
    with pytest.raises(NotFoundError, match="Run not found") as gone:
        cursor.failed(GONE)
    assert ("r", "t") == (gone.value.run_id, gone.value.thread_id)
    cursor = opened()
    cursor.failed(LOST)
    reopened(cursor)
    with pytest.raises(NotFoundError, match="Run not found"):
        cursor.delivery.take(NOT_FOUND)


def test_a_joined_run_that_is_gone_with_its_thread_after_its_stream_has_ended() -> None:
    """As a stateless run is; what the server has kept is replayed. Not if the thread still exists, or if the stream was
    cut."""
    joining = endpoints.join_stream(
        {}, "t", "r", last_event_id="-1", stream_mode=None, cancel_on_disconnect=False
    )
    for last in (FIRST, NOT_FOUND):
        cursor = begun(joining)
        reopened(cursor)
        cursor.delivery.take(FIRST)
        cursor.ended(mid_event=False)
        with pytest.raises(NotFoundError):
            followed(cursor.flow(), [GONE, Thread("t", "idle")])
        run, sent = followed(cursor.flow(), [GONE, GONE])
        assert (None, ["GET /threads/t/runs/r", "GET /threads/t"]) == (run, sent)
        cursor.status_received(run)
        assert Step.OPEN == cursor.step
        reopened(cursor)
        assert cursor.delivery.take(last) is None
        cursor.ended(mid_event=False)
        assert Step.OVER == cursor.step


def test_a_run_that_ended_without_an_event_is_joined_from_the_start() -> None:
    """A server that was restarted and has lost its events must not look like a run without any."""
    cursor = opened()
    cursor.ended(mid_event=False)
    cursor.status_received(Run("r", "t", "a", "running"))
    reopened(cursor)
    cursor.ended(mid_event=False)
    cursor.status_received(Run("r", "t", "a", "success"))
    for _ in range(2):
        assert (Step.OPEN, "-1") == (cursor.step, first(cursor.flow()).headers["last-event-id"])
        reopened(cursor)
        cursor.ended(mid_event=False)
    reopened(cursor)
    with pytest.raises(StreamGapError, match="no longer has its events"):
        cursor.ended(mid_event=False)


def test_connections_that_all_end_in_the_middle_of_an_event_are_given_up() -> None:
    """A server may forget the last blank line: then its last event is incomplete."""
    cursor = opened()
    cursor.delivery.take(FIRST)
    cursor.ended(mid_event=True)
    cursor.status_received(Run("r", "t", "a", "success"))
    for _ in range(3):
        reopened(cursor)
        cursor.ended(mid_event=True)
        assert Step.OPEN == cursor.step
    reopened(cursor)
    with pytest.raises(StreamInterruptedError, match="each connection ends mid-event"):
        cursor.ended(mid_event=True)


def test_without_attempts_a_clean_end_is_the_end() -> None:
    """The run has ended, and the second connection has brought the rest."""
    cursor = opened(backoff=Backoff(RetryPolicy(attempts=0), random=Random(1)))
    cursor.delivery.take(FIRST)
    cursor.ended(mid_event=False)
    cursor.status_received(Run("r", "t", "a", "success"))
    reopened(cursor)
    assert cursor.delivery.take(FIRST) is None
    assert cursor.delivery.take(ServerSentEvent("custom", b"2", "1795489870001-0"))
    cursor.ended(mid_event=False)
    assert Step.OVER == cursor.step


def test_the_thread_of_a_failed_resumable_stateless_stream_is_kept() -> None:
    """Its position refers to it."""
    cursor = opened({"stream_resumable": True}, thread_id=None)
    cursor.delivery.take(FIRST)
    cursor.ended(mid_event=False)
    cursor.status_received(Run("r", "t", "a", "success"))
    with pytest.raises(StreamInterruptedError):
        cursor.failed(APIStatusError("no", method="GET", url="", status=500))
    assert not cursor.is_over
