"""A joined stream that asks for some modes yields these, whatever the server sends, and needs no other event."""

from __future__ import annotations

from typing import Any

import pytest
from langgraph_runs_api.models import Run
from stream.cursors import LOST, begun, reopened

from langgraph_runs import MetadataPart, RunFailedError, StreamGapError
from langgraph_runs.request import endpoints
from langgraph_runs.stream.cursor import Cursor
from langgraph_runs.stream.delivery import is_asked
from langgraph_runs.stream.sse import ServerSentEvent
from langgraph_runs.stream.steps import Step


def narrowed(*modes: Any, last_event_id: str | None = "-1") -> Cursor:
    """A join that asks for these modes, whose first connection is open."""
    cursor = begun(
        endpoints.join_stream(
            {}, "t", "r", last_event_id=last_event_id, stream_mode=list(modes), cancel_on_disconnect=False
        )
    )
    reopened(cursor)
    return cursor


def taken(cursor: Cursor, *events: ServerSentEvent) -> list[str]:
    """The names of the parts."""
    return [part.event for event in events if (part := cursor.delivery.take(event))]


@pytest.mark.parametrize(
    ("modes", "expected"),
    [
        (["values"], {"values", "values|a:1"}),
        (["messages-tuple"], {"messages", "messages|a:1|b:2"}),
        (["messages"], {"messages/partial", "messages/complete|a:1", "messages/metadata"}),
        (
            ["messages", "custom"],
            {"messages/partial", "messages/complete|a:1", "messages/metadata", "custom"},
        ),
        (["tasks"], {"tasks"}),
    ],
)
@pytest.mark.parametrize("form", ["179548987000{}-0", "{}", "r_event_{}"])
def test_only_what_was_asked_for_is_yielded(modes: list[str], expected: set[str], form: str) -> None:
    """LangGraph.js and Aegra send every mode of the run; messages-tuple is the event `messages`. What is about the run
    itself is always yielded."""
    about = ["metadata", "feedback"]
    names = [
        "metadata", "values", "values|a:1", "updates", "custom", "messages", "messages|a:1|b:2", "messages/partial",
        "messages/complete|a:1", "messages/metadata", "tasks", "debug", "brand-new", "feedback",
    ]  # fmt: skip
    sent = [ServerSentEvent(name, b"{}", form.format(number)) for number, name in enumerate(names)]
    assert sorted([*expected, *about]) == sorted(taken(narrowed(*modes), *sent))
    assert expected | set(about) == {name for name in names if is_asked(name, modes)}


def test_the_position_moves_with_events_that_are_not_yielded() -> None:
    """They are not requested again, and count as progress."""
    cursor = narrowed("custom")
    events = [ServerSentEvent("custom", b"1", "r_event_1")]
    events += [ServerSentEvent("values", b"nope", f"r_event_{number}") for number in (2, 3, 4)]
    assert ["custom"] == taken(cursor, *events)
    position = cursor.resumption.position
    assert position is not None
    assert ("r_event_3", "r_event_4") == (position["after"], position["last_event_id"])
    assert "r_event_1" == cursor.delivery.last_event_id
    assert cursor.delivery.has_news


@pytest.mark.parametrize("end", ["clean", "lost"])
def test_a_failure_is_raised_without_an_error_event(end: str) -> None:
    """The production server need not send `metadata` and `error` to a narrowed join."""
    cursor = narrowed("custom")
    event = ServerSentEvent("custom", b"1", "1795489870000-0")
    assert ["custom"] == taken(cursor, event)
    if end == "lost":
        cursor.failed(LOST)
        reopened(cursor)
        assert [] == taken(cursor, event)
    cursor.ended(mid_event=False)
    cursor.received(Run("r", "t", "a", "error"))
    reopened(cursor)
    assert [] == taken(cursor, event)
    cursor.ended(mid_event=False)
    assert Step.EXPLAIN == cursor.step
    with pytest.raises(RunFailedError, match="boom"):
        cursor.received(RunFailedError("ValueError", "boom"))


def test_a_restart_is_noticed_without_a_metadata_event() -> None:
    """The server has lost what it had sent: events are missing. With `metadata`, the caller sees the new attempt."""
    cursor = narrowed("custom")
    assert ["custom"] == taken(cursor, ServerSentEvent("custom", b"1", "1795489870000-0"))
    cursor.failed(LOST)
    reopened(cursor)
    with pytest.raises(StreamGapError):
        taken(cursor, ServerSentEvent("custom", b"1", "1795489879000-0"))
    cursor = narrowed("custom")
    again = ServerSentEvent("metadata", b'{"run_id":"r","attempt":2}', "1795489879000-0")
    assert isinstance(cursor.delivery.take(again), MetadataPart)
