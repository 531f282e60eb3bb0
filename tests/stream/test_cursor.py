"""What a stream does next after each event, end and failure: the decisions of a cursor, without a connection."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest
from langgraph_runs_api.models import Run, Thread
from run.flow_steps import first, followed

from langgraph_runs import (
    APIConnectionError,
    APIStatusError,
    CustomPart,
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
from langgraph_runs.request.stream_request import StreamRequest
from langgraph_runs.response.answer import Answer
from langgraph_runs.retry import Backoff
from langgraph_runs.run.cancel_on_exit import HeldRun
from langgraph_runs.stream.cursor import Cursor
from langgraph_runs.stream.sse import ServerSentEvent, SSEDecoder
from langgraph_runs.stream.steps import Step

LOST = APIConnectionError("reset", method="GET", url="http://host/")
FIRST = ServerSentEvent("custom", b"1", "1795489870000-0")


BACKOFF = Backoff(RetryPolicy(attempts=3), random=Random(1))


def begun(request: StreamRequest, backoff: Backoff = BACKOFF, **more: Any) -> Cursor:
    """A cursor whose first request has not been answered."""
    held = HeldRun(request.call, None, backoff)
    return Cursor(request, **{"raise_error": True, "on_reconnect": None, "held": held, **more})


def opened(options: dict[str, Any] | None = None, *, thread_id: str | None = "t", **more: Any) -> Cursor:
    """The cursor of a stream whose first connection is open."""
    cursor = begun(endpoints.stream(options or {}, thread_id, "agent"), **more)
    path = "/threads/t/runs/r" if thread_id else "/runs/r"
    cursor.opened(Answer("POST", "http://host/").with_head(200, {"content-location": path}), 0.0)
    return cursor


def reopened(cursor: Cursor, now: float = 0.0) -> None:
    """The same, with its next connection open."""
    cursor.opened(Answer("GET", "http://host/", 200, {}), now)


def test_a_stream_cut_before_its_first_event_is_joined_from_the_start() -> None:
    """The headers had the run's id."""
    cursor = opened()
    cursor.failed(LOST)
    assert (Step.OPEN, "-1") == (cursor.step, first(cursor.flow()).headers["last-event-id"])
    assert "/threads/t/runs/r/stream" == first(cursor.flow()).path


def test_a_run_is_not_started_again_if_a_signal_comes_between_the_response_and_the_cursor() -> None:
    """The cursor cannot know of that response. A join has no run to start, and is sent again."""
    cursor = begun(endpoints.stream({}, "t", "agent"))
    assert first(cursor.flow()).starts_a_run
    with pytest.raises(RuntimeError, match="may have started"):
        first(cursor.flow())
    request = endpoints.join_stream(
        {}, "t", "r", last_event_id=None, stream_mode=None, cancel_on_disconnect=False
    )
    cursor = begun(request)
    assert first(cursor.flow()).path == first(cursor.flow()).path


def test_every_connection_repeats_the_options_of_the_first() -> None:
    """Headers and parameters of the caller, the modes of a join, on_disconnect."""
    said = {"headers": {"x-a": "1"}, "params": {"p": 1}}
    cursor = opened({**said, "on_disconnect": "cancel"})
    cursor.delivery.take(FIRST)
    cursor.failed(LOST)
    call = first(cursor.flow())
    assert ("1", 1, True) == (call.headers["x-a"], call.params["p"], call.params["cancel_on_disconnect"])
    following = endpoints.join_stream(
        said, "t", "r", last_event_id="1-0", stream_mode=["values", "custom"], cancel_on_disconnect=True
    )
    again = endpoints.rejoin(following, {**following.position, "after": "2-0"})  # type: ignore[typeddict-item]
    assert {**following.call.headers, "last-event-id": "2-0"} == again.headers
    assert (following.call.path, following.call.params) == (again.path, again.params)
    assert '["values","custom","metadata","error"]' == again.params["stream_mode"]


def test_attempts_are_counted_again_after_a_new_event() -> None:
    """Otherwise they end; each waits longer, with jitter."""
    reported: list[Any] = []
    cursor = opened(on_reconnect=lambda *what: reported.append(what))
    for number in range(3):
        cursor.failed(LOST)
        reopened(cursor)
        if number:
            assert (
                cursor.delivery.take(ServerSentEvent("custom", b"1", f"179548987000{number - 1}-0")) is None
            )
        assert cursor.delivery.take(ServerSentEvent("custom", b"1", f"179548987000{number}-0")) is not None
    for _ in range(3):
        cursor.failed(LOST)
    with pytest.raises(StreamInterruptedError, match="reset") as interrupted:
        cursor.failed(LOST)
    assert [1, 1, 1, 1, 2, 3] == [attempt for attempt, _, _ in reported]
    assert all(LOST is cause for _, _, cause in reported)
    assert all(0.05 <= delay / 2 ** (attempt - 1) <= 0.1 for attempt, delay, _ in reported)
    assert LOST is interrupted.value.__cause__
    assert cursor.resumption.position == interrupted.value.position


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


GONE = NotFoundError("404: Run not found", method="GET", url="", status=404)
NOT_FOUND = ServerSentEvent("error", b'{"error":"HTTPException","message":"404: Run not found"}')


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


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_a_transient_refusal_is_retried(status: int) -> None:
    """A proxy sends one while its server restarts."""
    cursor = opened()
    cursor.failed(LOST)
    cursor.failed(APIStatusError("busy", method="GET", url="", status=status))
    assert Step.OPEN == cursor.step


@pytest.mark.parametrize(
    ("options", "thread_id", "events", "words"),
    [
        ({}, None, [], "the stream of a stateless run cannot be resumed"),
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
def test_a_stream_that_cannot_be_resumed_raises_the_reason(
    options: dict[str, Any], thread_id: str | None, events: list[ServerSentEvent], words: str
) -> None:
    """It has no position."""
    cursor = opened(options, thread_id=thread_id)
    for event in events:
        assert cursor.delivery.take(event) is not None
    with pytest.raises(StreamInterruptedError, match=words) as interrupted:
        cursor.failed(LOST)
    assert interrupted.value.position is None


def test_messages_are_resumed_if_the_server_keeps_them() -> None:
    """LangGraph.js counts its events, and keeps all of them."""
    cursor = opened({"stream_mode": "messages"})
    cursor.delivery.take(ServerSentEvent("messages/partial", b"[]", "1"))
    cursor.failed(LOST)
    assert (Step.OPEN, "-1") == (cursor.step, first(cursor.flow()).headers["last-event-id"])


def test_a_second_metadata_event_is_yielded() -> None:
    """The server has started the run again."""
    cursor = opened()
    for number, attempt in enumerate((1, 2)):
        data = b'{"run_id": "r", "attempt": %d}' % attempt
        part = cursor.delivery.take(ServerSentEvent("metadata", data, f"179548987000{number}-0"))
        assert part is not None
        assert attempt == part.data["attempt"]


def test_the_idle_timeout_is_three_heartbeats_and_at_least_fifteen_seconds() -> None:
    """Without heartbeats there is none, even if the run is silent for a minute."""
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


@pytest.mark.parametrize("cancels", [False, True])
def test_an_ambiguous_event_does_not_drop_a_connection_whose_loss_would_cancel_the_run(cancels: bool) -> None:
    """Two events of one millisecond are alike: the second may be the first, sent again."""
    following = endpoints.join_stream(
        {}, "t", "r", last_event_id="-1", stream_mode=None, cancel_on_disconnect=cancels
    )
    cursor = begun(following)
    reopened(cursor)
    parts = [cursor.delivery.take(FIRST), cursor.delivery.take(FIRST)]
    assert ([False, not cancels], not cancels) == (
        [part is None for part in parts],
        cursor.resumption.is_ambiguous,
    )


def test_a_part_without_an_id_is_yielded_as_it_arrives() -> None:
    """On a stream that is not resumable."""
    cursor = opened(thread_id=None)
    assert [CustomPart("custom", 1)] * 2 == [
        cursor.delivery.take(ServerSentEvent("custom", b"1")) for _ in range(2)
    ]


def test_the_server_can_lengthen_the_wait() -> None:
    """`retry:` of a stream, in milliseconds, and Retry-After of a refusal, in seconds, up to the policy's limit."""
    cursor, decoder = opened(), SSEDecoder()
    list(decoder.feed(b"retry: 1500\n"))
    cursor.heard(decoder, 0.0)
    cursor.failed(LOST)
    assert 1.5 == cursor.delay
    list(decoder.feed(b"retry: 900000\n"))
    cursor.heard(decoder, 0.0)
    cursor.failed(LOST)
    assert 5.0 == cursor.delay
    cursor.failed(APIStatusError("busy", method="GET", url="", status=503, retry_after=9000.0))
    assert 60.0 == cursor.delay


def test_a_stream_whose_first_answer_was_lost_joins_the_run_that_it_has_started() -> None:
    """From its first event on."""
    following = endpoints.stream({}, "t", "agent")
    cursor = begun(following)
    nonce = following.call.nonce
    run = Run.from_dict(
        {"run_id": "r7", "kwargs": {"config": {"configurable": {"langgraph_request_id": nonce}}}}
    )
    lost = APIConnectionError("reset", method="POST", url="", run_may_exist=True)
    found, sent = followed(cursor.flow(), [lost, [], [run]])
    assert (run, ["POST /threads/t/runs/stream", "GET /threads/t/runs", "pause", "GET /threads/t/runs"]) == (
        found,
        sent,
    )
    cursor.run_found(found)
    again = first(cursor.flow())
    assert ("/threads/t/runs/r7/stream", "-1") == (again.path, again.headers["last-event-id"])


@pytest.mark.parametrize("bad", [{"attempts": -1}, {"first_delay": float("nan")}, {"longest_delay": "1"}])
def test_an_invalid_policy_is_refused(bad: dict[str, Any]) -> None:
    """When it is created."""
    with pytest.raises(ValueError, match=next(iter(bad))):
        RetryPolicy(**bad)


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


def test_an_event_without_an_id_is_new_on_every_connection() -> None:
    """It inherits its id from the one before, which says nothing about it."""
    cursor = opened(raise_error=False)
    decoder = SSEDecoder()
    chunk = b"event: custom\ndata: 1\nid: 1795489870000-0\n\n"
    assert [1] == [part.data for event in decoder.feed(chunk) if (part := cursor.delivery.take(event))]
    cursor.failed(LOST)
    reopened(cursor)
    decoder = SSEDecoder()
    rest = b'event: error\ndata: {"error": "E", "message": "m"}\n\n'
    parts = [part for event in decoder.feed(chunk + rest) if (part := cursor.delivery.take(event))]
    assert [{"error": "E", "message": "m"}] == [part.data for part in parts]


def test_a_stream_that_is_sent_twice_on_one_connection_is_yielded_once() -> None:
    """Aegra sends it twice to a late join, and to the caller that started a very short run."""
    cursor = opened()
    sent = [
        ServerSentEvent("custom", b"%d" % number, f"r_event_{number}") for number in (1, 2, 3, 1, 2, 3, 4)
    ]
    assert [1, 2, 3, 4] == [part.data for event in sent if (part := cursor.delivery.take(event))]


@pytest.mark.parametrize("modes", [None, ["custom"]])
def test_a_jump_of_counted_ids_is_a_gap(modes: Any) -> None:
    """If each id was the one before plus one, a larger step means a lost event, unless the stream is limited to some
    modes."""
    following = endpoints.join_stream(
        {}, "t", "r", last_event_id="-1", stream_mode=modes, cancel_on_disconnect=False
    )
    cursor = begun(following)
    reopened(cursor)
    for number in (1, 2, 3):
        assert cursor.delivery.take(ServerSentEvent("custom", b"1", f"r_event_{number}"))
    cursor.failed(LOST)
    reopened(cursor)
    assert cursor.delivery.take(ServerSentEvent("custom", b"1", "r_event_3")) is None
    later = ServerSentEvent("custom", b"1", "r_event_5")
    if modes:
        assert cursor.delivery.take(later)
    else:
        with pytest.raises(StreamGapError):
            cursor.delivery.take(later)


def test_messages_that_appear_only_after_a_cut_raise_that_some_are_lost() -> None:
    """Those before it were on the connection that was cut, and the server does not keep them."""
    cursor = begun(
        endpoints.join_stream({}, "t", "r", last_event_id="-1", stream_mode=None, cancel_on_disconnect=False)
    )
    reopened(cursor)
    cursor.delivery.take(FIRST)
    cursor.failed(LOST)
    reopened(cursor)
    with pytest.raises(StreamInterruptedError, match="the mode 'messages'"):
        cursor.delivery.take(ServerSentEvent("messages/partial", b"[]", "1795489870001-0"))


@pytest.mark.parametrize("event_id", ["ü", "1" * 5000, "1" * 5000 + "-0"])
def test_an_invalid_event_id_is_an_error_of_this_package(event_id: str) -> None:
    """One that no header can carry, or with more digits than a number may have."""
    cursor = opened()
    assert cursor.delivery.take(ServerSentEvent("custom", b"1", event_id))
    assert cursor.delivery.take(ServerSentEvent("custom", b"1", event_id + "2"))
    try:
        cursor.failed(LOST)
    except StreamInterruptedError:
        assert not event_id.isascii()


@pytest.mark.parametrize("run_id", [b'""', b'".."', b"7", b'"\\ud800"'])
def test_an_invalid_run_id_is_ignored(run_id: bytes) -> None:
    """It would change the path of a request."""
    reported: list[Any] = []
    cursor = begun(endpoints.stream({"on_run_created": lambda *ids: reported.append(ids)}, "t", "agent"))
    cursor.opened(Answer("POST", "http://host/", 200, {}), 0.0)
    assert cursor.delivery.take(ServerSentEvent("metadata", b'{"run_id": %s}' % run_id))
    assert (None, []) == (cursor.held.run_id, reported)


def test_the_thread_of_a_failed_resumable_stateless_stream_is_kept() -> None:
    """Its position refers to it."""
    cursor = opened({"stream_resumable": True}, thread_id=None)
    cursor.delivery.take(FIRST)
    cursor.ended(mid_event=False)
    cursor.status_received(Run("r", "t", "a", "success"))
    with pytest.raises(StreamInterruptedError):
        cursor.failed(APIStatusError("no", method="GET", url="", status=500))
    assert cursor.cleaning() is None
