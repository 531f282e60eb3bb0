"""What a stream does next, when this and that has happened: told to a cursor, without a connection."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest
from langgraph_runs_api.models import Run

from langgraph_runs import (
    APIConnectionError,
    APIStatusError,
    CustomPart,
    ErrorPart,
    NotFoundError,
    RetryPolicy,
    RunFailedError,
    StreamInterruptedError,
    wire,
)
from langgraph_runs.answers import Answer
from langgraph_runs.cursor import Cursor, Step
from langgraph_runs.sse import ServerSentEvent, SSEDecoder

LOST = APIConnectionError("reset", method="GET", url="http://host/")
FIRST = ServerSentEvent("custom", b"1", "1795489870000-0")


def opened(options: dict[str, Any] | None = None, *, thread_id: str | None = "t", **more: Any) -> Cursor:
    """The cursor of a stream whose first connection is open."""
    arguments = {
        "raise_error": True,
        "on_reconnect": None,
        "policy": RetryPolicy(attempts=3),
        "random": Random(1),
    }
    cursor = Cursor(wire.stream(options or {}, thread_id, "agent"), **{**arguments, **more})
    path = "/threads/t/runs/r" if thread_id else "/runs/r"
    cursor.opened(Answer("POST", "http://host/", 200, {"content-location": path}).located(), 0.0)
    return cursor


def reopened(cursor: Cursor, now: float = 0.0) -> None:
    """Its next connection is open."""
    cursor.opened(Answer("GET", "http://host/", 200, {}), now)


def test_a_stream_that_was_cut_before_its_first_event_is_had_from_the_start() -> None:
    """The headers have said which run it is."""
    cursor = opened()
    cursor.failed(LOST)
    assert (Step.OPEN, "-1") == (cursor.step, cursor.opening().headers["last-event-id"])
    assert "/threads/t/runs/r/stream" == cursor.opening().path


def test_every_connection_repeats_what_the_first_one_said() -> None:
    """Headers and parameters of the caller's, the modes of a join, what is to happen when the connection breaks."""
    said = {"headers": {"x-a": "1"}, "params": {"p": 1}}
    cursor = opened({**said, "on_disconnect": "cancel"})
    cursor.take(FIRST)
    cursor.failed(LOST)
    call = cursor.opening()
    assert ("1", 1, True) == (call.headers["x-a"], call.params["p"], call.params["cancel_on_disconnect"])
    following = wire.join_stream(
        said, "t", "r", last_event_id="1-0", stream_mode=["values", "custom"], cancel_on_disconnect=True
    )
    again = wire.rejoin(following, {**following.position, "after": "2-0"})  # type: ignore[typeddict-item]
    assert {**following.call.headers, "last-event-id": "2-0"} == again.headers
    assert (following.call.path, following.call.params) == (again.path, again.params)
    assert '["values","custom","metadata","error"]' == again.params["stream_mode"]


def test_attempts_are_counted_anew_when_something_new_has_come() -> None:
    """And are at an end otherwise; each waits longer, with jitter."""
    told: list[Any] = []
    cursor = opened(on_reconnect=lambda *what: told.append(what))
    for number in range(3):
        cursor.failed(LOST)
        reopened(cursor)
        if number:
            assert cursor.take(ServerSentEvent("custom", b"1", f"179548987000{number - 1}-0")) is None
        assert cursor.take(ServerSentEvent("custom", b"1", f"179548987000{number}-0")) is not None
    for _ in range(3):
        cursor.failed(LOST)
    with pytest.raises(StreamInterruptedError, match="reset") as interrupted:
        cursor.failed(LOST)
    assert [1, 1, 1, 1, 2, 3] == [attempt for attempt, _, _ in told]
    assert all(LOST is cause for _, _, cause in told)
    assert all(0.05 <= delay / 2 ** (attempt - 1) <= 0.1 for attempt, delay, _ in told)
    assert LOST is interrupted.value.__cause__
    assert cursor.position == interrupted.value.position


@pytest.mark.parametrize("status", ["pending", "running"])
def test_an_end_is_asked_about_and_a_run_that_goes_on_is_joined_again(status: str) -> None:
    """A server that shuts down ends its streams as if the runs had ended."""
    cursor = opened()
    cursor.take(FIRST)
    cursor.ended(amid=False)
    assert (Step.ASK, "/threads/t/runs/r") == (cursor.step, cursor.asking().path)
    cursor.answered(Run("r", "t", "a", status))
    assert (Step.OPEN, "-1") == (cursor.step, cursor.opening().headers["last-event-id"])
    assert cursor.delay > 0.005


@pytest.mark.parametrize("status", ["success", "interrupted", "quite-new"])
def test_a_run_that_has_ended_is_looked_at_once_more(status: str) -> None:
    """Whether a proxy has kept something back: what was there before comes again, and nothing new."""
    cursor = opened()
    cursor.take(FIRST)
    cursor.ended(amid=False)
    cursor.answered(Run("r", "t", "a", status))
    reopened(cursor)
    assert cursor.take(FIRST) is None
    cursor.ended(amid=False)
    assert Step.OVER == cursor.step


@pytest.mark.parametrize("status", ["error", "timeout"])
@pytest.mark.parametrize("raise_error", [True, False])
def test_a_failure_that_the_stream_has_not_told_is_asked_for(status: str, raise_error: bool) -> None:
    """The development server keeps no error event; the outcome of the run says what it was."""
    cursor = opened(raise_error=raise_error)
    cursor.take(FIRST)
    cursor.failed(LOST)
    reopened(cursor)
    cursor.take(FIRST)
    cursor.ended(amid=False)
    cursor.answered(Run("r", "t", "a", status))
    reopened(cursor)
    cursor.take(FIRST)
    cursor.ended(amid=False)
    assert (Step.EXPLAIN, "/threads/t/runs/r/join") == (cursor.step, cursor.explaining().path)
    told = {"error": "ValueError", "message": "boom"}
    if raise_error:
        with pytest.raises(RunFailedError, match="ValueError: boom") as failed:
            cursor.explained({"__error__": told})
        assert ("r", "t") == (failed.value.run_id, failed.value.thread_id)
    else:
        assert ErrorPart("error", told) == cursor.explained({"__error__": told})
    assert Step.OVER == cursor.step


def test_an_error_that_was_handed_out_is_not_asked_for() -> None:
    """It is told once."""
    cursor = opened(raise_error=False)
    assert isinstance(cursor.take(ServerSentEvent("error", b'{"error": "E", "message": "m"}')), ErrorPart)
    cursor.ended(amid=False)
    assert Step.OVER == cursor.step


def test_a_run_that_is_gone_ends_the_stream_by_an_error() -> None:
    """Rolled back, deleted, or lost with the server, while the stream was cut."""
    cursor = opened()
    cursor.take(FIRST)
    cursor.failed(LOST)
    reopened(cursor)
    cursor.ended(amid=False)
    gone = NotFoundError("404: Run not found", method="GET", url="", status=404)
    with pytest.raises(StreamInterruptedError, match="does not know the run any more") as interrupted:
        cursor.failed(gone)
    assert gone is interrupted.value.__cause__
    cursor = opened()
    cursor.failed(LOST)
    reopened(cursor)
    told = b'{"error":"HTTPException","message":"404: Run not found"}'
    with pytest.raises(StreamInterruptedError, match="does not know the run any more"):
        cursor.take(ServerSentEvent("error", told))


def test_a_run_that_is_gone_when_its_stream_has_ended_has_ended() -> None:
    """As a stateless one is, with its thread; what the server has kept of it is looked at all the same."""
    told = b'{"error":"HTTPException","message":"404: Run not found"}'
    for last in (FIRST, ServerSentEvent("error", told)):
        cursor = opened()
        cursor.take(FIRST)
        cursor.ended(amid=False)
        cursor.failed(NotFoundError("404: Run not found", method="GET", url="", status=404))
        assert Step.OPEN == cursor.step
        reopened(cursor)
        assert cursor.take(last) is None
        cursor.ended(amid=False)
        assert Step.OVER == cursor.step


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_a_refusal_that_may_pass_is_waited_out(status: int) -> None:
    """As by a proxy whose server starts anew."""
    cursor = opened()
    cursor.failed(LOST)
    cursor.failed(APIStatusError("busy", method="GET", url="", status=status))
    assert Step.OPEN == cursor.step


@pytest.mark.parametrize(
    ("options", "thread_id", "events", "words"),
    [
        ({}, None, [], "a stateless run has no stream to go on with"),
        ({"stream_resumable": False}, "t", [], "a run that is not resumable"),
        ({}, "t", [ServerSentEvent("custom", b"1")], "a run that is not resumable"),
        ({"stream_mode": ["values", "messages"]}, "t", [FIRST], "keep events of the mode 'messages'"),
        (
            {},
            "t",
            [FIRST, ServerSentEvent("messages/partial", b"[]", "1795489870001-0")],
            "the mode 'messages'",
        ),
    ],
)
def test_what_cannot_be_gone_on_with_says_why(
    options: dict[str, Any], thread_id: str | None, events: list[ServerSentEvent], words: str
) -> None:
    """And has no position."""
    cursor = opened(options, thread_id=thread_id)
    for event in events:
        assert cursor.take(event) is not None
    with pytest.raises(StreamInterruptedError, match=words) as interrupted:
        cursor.failed(LOST)
    assert interrupted.value.position is None


def test_messages_of_a_server_that_keeps_them_are_gone_on_with() -> None:
    """LangGraph.js counts its events, and keeps all of them."""
    cursor = opened({"stream_mode": "messages"})
    cursor.take(ServerSentEvent("messages/partial", b"[]", "1"))
    cursor.failed(LOST)
    assert (Step.OPEN, "-1") == (cursor.step, cursor.opening().headers["last-event-id"])


def test_a_second_metadata_is_handed_out() -> None:
    """The server began the run anew."""
    cursor = opened()
    for number, attempt in enumerate((1, 2)):
        data = b'{"run_id": "r", "attempt": %d}' % attempt
        part = cursor.take(ServerSentEvent("metadata", data, f"179548987000{number}-0"))
        assert part is not None
        assert attempt == part.data["attempt"]


def test_patience_is_three_heartbeats_and_never_less_than_fifteen_seconds() -> None:
    """Without heartbeats there is no end to it, be the run silent for a minute."""
    cursor, decoder = opened(), SSEDecoder()
    list(decoder.feed(b"data: 1\n\n"))
    cursor.heard(decoder, 60.0)
    assert cursor.patience is None
    list(decoder.feed(b": heartbeat\n\n"))
    cursor.heard(decoder, 65.0)
    assert 195.0 == cursor.patience
    quick, decoder = opened(), SSEDecoder()
    list(decoder.feed(b": heartbeat\n\n"))
    quick.heard(decoder, 1.0)
    assert 15.0 == quick.patience


def test_what_a_stream_goes_on_with_waits_for_no_other_call() -> None:
    """It had its place among those under way when it began."""
    cursor = opened()
    cursor.failed(LOST)
    assert [True, True, True] == [
        call.urgent for call in (cursor.opening(), cursor.asking(), cursor.explaining())
    ]


@pytest.mark.parametrize("cancels", [False, True])
def test_a_join_that_would_stop_the_run_is_not_dropped_for_a_doubt(cancels: bool) -> None:
    """Two events of one millisecond that are alike: the second may be the first, sent again."""
    following = wire.join_stream(
        {}, "t", "r", last_event_id="-1", stream_mode=None, cancel_on_disconnect=cancels
    )
    cursor = Cursor(
        following, raise_error=True, on_reconnect=None, policy=RetryPolicy(attempts=3), random=Random(1)
    )
    reopened(cursor)
    parts = [cursor.take(FIRST), cursor.take(FIRST)]
    assert ([False, not cancels], not cancels) == ([part is None for part in parts], cursor.in_doubt)


def test_a_part_without_an_id_is_handed_out_as_it_comes() -> None:
    """On a stream that nobody asked to keep."""
    cursor = opened(thread_id=None)
    assert [CustomPart("custom", 1)] * 2 == [cursor.take(ServerSentEvent("custom", b"1")) for _ in range(2)]


@pytest.mark.parametrize("bad", [{"attempts": -1}, {"first_delay": float("nan")}, {"longest_delay": "1"}])
def test_a_policy_that_makes_no_sense_is_refused(bad: dict[str, Any]) -> None:
    """When it is made."""
    with pytest.raises(ValueError, match=next(iter(bad))):
        RetryPolicy(**bad)
