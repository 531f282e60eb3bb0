"""What a stream does next after each event, end and failure: the decisions of a cursor, without a connection."""

from __future__ import annotations

from typing import Any

import pytest
from langgraph_runs_api.models import Run
from run.flow_steps import first, followed
from stream.cursors import FIRST, LOST, begun, opened, reopened

from langgraph_runs import (
    APIConnectionError,
    APIStatusError,
    RetryPolicy,
    StreamInterruptedError,
)
from langgraph_runs.request import endpoints
from langgraph_runs.stream.sse import ServerSentEvent, SSEDecoder
from langgraph_runs.stream.steps import Step


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
    cursor.delivery.take(ServerSentEvent("messages/partial", b"[]", "0"))
    cursor.failed(LOST)
    assert (Step.OPEN, "-1") == (cursor.step, first(cursor.flow()).headers["last-event-id"])


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
