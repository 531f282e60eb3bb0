"""A failure that the server reports in part: the stream asks once for the rest before it reports it to the caller."""

from __future__ import annotations

from typing import Any

import pytest
from langgraph_runs_api.models import Run
from run.flow_steps import first
from stream.cursors import FIRST, GONE, opened

from langgraph_runs import APIStatusError, ErrorPart, RunFailedError
from langgraph_runs.stream.cursor import Cursor
from langgraph_runs.stream.sse import ServerSentEvent, SSEDecoder
from langgraph_runs.stream.steps import Step

FAILURE = ServerSentEvent("error", b'{"error":"OSError","message":"OSError: execution failed"}', "r_event_2")
END = ServerSentEvent("end", b'{"status":"error"}', "r_event_3")


def failing(**more: Any) -> Cursor:
    """A stream whose run has failed, as Aegra reports it; it needs its connection no longer."""
    cursor = opened(**more)
    cursor.delivery.take(ServerSentEvent("custom", b"1", "r_event_1"))
    assert cursor.delivery.take(FAILURE) is None
    assert cursor.delivery.take(END) is None
    assert cursor.delivery.take(FIRST) is None
    assert not cursor.heard(SSEDecoder(), 0.0)
    assert Step.EXPLAIN == cursor.step
    return cursor


@pytest.mark.parametrize("raise_error", [True, False])
def test_the_class_and_the_message_are_asked_for(raise_error: bool) -> None:
    """The part has them, too, in place of the event."""
    cursor = failing(raise_error=raise_error)
    assert "/threads/t/runs/r" == first(cursor.flow()).path
    why = RunFailedError("OSError", "disk")
    if raise_error:
        with pytest.raises(RunFailedError, match="disk"):
            cursor.received(why)
    else:
        expected = ErrorPart("error", {"error": "OSError", "message": "disk"}, "r_event_2")
        assert expected == cursor.received(why)
        assert "r_event_2" == cursor.delivery.last_event_id
    assert Step.OVER == cursor.step


@pytest.mark.parametrize("answer", [GONE, APIStatusError("no", method="GET", url="", status=500)])
def test_what_was_reported_is_raised_if_nobody_knows_more(answer: Exception) -> None:
    """Of the request, only its failure is known."""
    flow = failing().flow()
    next(flow)
    with pytest.raises(StopIteration) as ended:
        flow.throw(answer)
    assert ("OSError", "OSError: execution failed") == (ended.value.value.error, ended.value.value.reason)


def test_a_stateless_run_cannot_be_asked_for() -> None:
    """What was reported is raised, without a request."""
    cursor = failing(thread_id=None)
    with pytest.raises(StopIteration) as ended:
        next(cursor.flow())
    assert "OSError" == ended.value.value.error


def test_a_failure_that_is_explained_is_raised_at_once() -> None:
    """As most are."""
    with pytest.raises(RunFailedError, match="boom"):
        opened().delivery.take(ServerSentEvent("error", b'{"error":"ValueError","message":"boom"}'))


def test_the_run_may_not_have_noticed_its_failure() -> None:
    """Its status lags: what was reported is raised."""
    flow = failing().flow()
    next(flow)
    with pytest.raises(StopIteration) as ended:
        flow.send(Run("r", "t", "a", "running"))
        flow.send([])  # the history
    assert "OSError" == ended.value.value.error
