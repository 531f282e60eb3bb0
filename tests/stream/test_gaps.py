"""Ids that count events, as those of LangGraph.js and Aegra do, show which are missing, on the first connection too."""

from __future__ import annotations

from typing import Any

import pytest
from stream.cursors import begun, opened, reopened

from langgraph_runs import StreamGapError
from langgraph_runs.request import endpoints
from langgraph_runs.stream.cursor import Cursor
from langgraph_runs.stream.sse import ServerSentEvent


def joining(last_event_id: Any, modes: Any = None) -> Cursor:
    """A join whose first connection is open."""
    cursor = begun(
        endpoints.join_stream(
            {}, "t", "r", last_event_id=last_event_id, stream_mode=modes, cancel_on_disconnect=False
        )
    )
    reopened(cursor)
    return cursor


def parts(cursor: Cursor, form: str, *numbers: int, name: str = "custom") -> list[str | None]:
    """The ids of the parts of events with these numbers."""
    events = [ServerSentEvent(name, b"{}", form.format(number)) for number in numbers]
    return [part.id for event in events if (part := cursor.delivery.take(event))]


@pytest.mark.parametrize("form", ["{}", "01a2-b3_event_{}"])
@pytest.mark.parametrize("numbers", [(1, 3), (1, 2, 3, 5), (1, 2, 3, 4, 5, 99)])
def test_a_number_that_is_left_out_on_the_first_connection_is_a_gap(
    form: str, numbers: tuple[int, ...]
) -> None:
    """In LangGraph.js, two readers of a run that is not resumable split its events."""
    cursor = opened()
    parts(cursor, form, 0, name="metadata")
    *before, _ = numbers
    assert [form.format(number) for number in before] == parts(cursor, form, *before)
    with pytest.raises(StreamGapError, match="another reader") as gap:
        parts(cursor, form, numbers[-1])
    assert form.format(before[-1]) == gap.value.last_event_id
    assert gap.value.position is not None
    with pytest.raises(StreamGapError):
        parts(joining(None), form, 23, 25)


@pytest.mark.parametrize(("form", "least"), [("{}", 0), ("01a2-b3_event_{}", 1)])
def test_a_run_begins_with_its_first_number(form: str, least: int) -> None:
    """LangGraph.js counts from 0, Aegra from 1. A join from now on may begin anywhere, as may one after an id."""
    for cursor in (opened(), joining("-1")):
        assert [form.format(least)] == parts(cursor, form, least)
    for cursor in (opened(), joining("-1")):
        with pytest.raises(StreamGapError, match="began|no longer"):
            parts(cursor, form, least + 1)
    assert [form.format(7)] == parts(joining(None), form, 7)
    assert [form.format(7)] == parts(joining(form.format(6)), form, 7)
    with pytest.raises(StreamGapError):
        parts(joining(form.format(6)), form, 8)


def test_metadata_is_the_first_event_whatever_its_number() -> None:
    """Other servers may count in their own way."""
    cursor = opened()
    assert ["5"] == parts(cursor, "{}", 5, name="metadata")
    assert ["6", "7"] == parts(cursor, "{}", 6, 7)


def test_events_that_were_not_asked_for_are_not_a_gap() -> None:
    """The server may number all, and send some."""
    assert ["0", "4", "9"] == parts(joining("-1", ["custom"]), "{}", 0, 4, 9)


@pytest.mark.parametrize("form", ["{}", "r_event_{}"])
def test_events_of_subgraphs_count_too(form: str) -> None:
    """As do those of every mode."""
    cursor = opened()
    for number, name in enumerate(("metadata", "values", "custom|a:1", "messages", "messages/partial|a:1")):
        assert 1 == len(parts(cursor, form, number, name=name))


@pytest.mark.parametrize(
    "ids", [("1795489870000", "1795489870007"), ("abc", "abd"), ("r_event_x", "r_event_z")]
)
def test_other_ids_do_not_count_events(ids: tuple[str, str]) -> None:
    """They may be times."""
    assert list(ids) == parts(opened(), "{}", *ids)  # type: ignore[arg-type]


def test_events_before_the_requested_one_are_skipped() -> None:
    """Aegra sends everything if it does not know the id."""
    assert ["r_event_7"] == parts(joining("r_event_6"), "r_event_{}", *range(1, 8))
