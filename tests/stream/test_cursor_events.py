"""Which events a stream yields, skips, or misses: the decisions of a cursor, without a connection."""

from __future__ import annotations

from typing import Any

import pytest
from stream.cursors import FIRST, LOST, begun, opened, reopened

from langgraph_runs import (
    CustomPart,
    StreamGapError,
    StreamInterruptedError,
)
from langgraph_runs.request import endpoints
from langgraph_runs.response.answer import Answer
from langgraph_runs.stream.sse import ServerSentEvent, SSEDecoder


def test_a_second_metadata_event_is_yielded() -> None:
    """The server has started the run again."""
    cursor = opened()
    for number, attempt in enumerate((1, 2)):
        data = b'{"run_id": "r", "attempt": %d}' % attempt
        part = cursor.delivery.take(ServerSentEvent("metadata", data, f"179548987000{number}-0"))
        assert part is not None
        assert attempt == part.data["attempt"]


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
