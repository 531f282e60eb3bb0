"""The decoder of server-sent events follows every rule of the standard."""

from __future__ import annotations

import random
import tracemalloc

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from langgraph_runs.stream.sse import EventTooLargeError, ServerSentEvent, SSEDecoder

PATIENTLY = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # on a busy machine

# The example streams of https://html.spec.whatwg.org/multipage/server-sent-events.html, and what else the rules say.
CORPUS: dict[str, tuple[bytes, list[tuple[str, bytes, str]]]] = {
    "several data lines are joined": (
        b"data: YHOO\ndata: +2\ndata: 10\n\n", [("message", b"YHOO\n+2\n10", "")]),
    "a comment is no event; ids go on; an empty id resets": (
        b": test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event\n\n",
        [("message", b"first event", "1"), ("message", b"second event", ""), ("message", b" third event", "")]),
    "an event cut before its blank line is dropped": (
        b"data\n\ndata\ndata\n\ndata:", [("message", b"", ""), ("message", b"\n", "")]),
    "one space after the colon is dropped": (
        b"data:test\n\ndata: test\n\n", [("message", b"test", ""), ("message", b"test", "")]),
    "lines end in CR, LF and CRLF": (
        b"data: a\r\n\r\ndata: b\r\rdata: c\n\ndata: d\r\n\n", [("message", x, "") for x in (b"a", b"b", b"c", b"d")]),
    "they end in nothing else": (
        "data: a\u2028b\u2029c\u0085d\x0b\x0c\x1c\n\n".encode(),
        [("message", "a\u2028b\u2029c\u0085d\x0b\x0c\x1c".encode(), "")]),
    "a byte order mark is dropped, once": (
        b"\xef\xbb\xbfdata: a\n\n\xef\xbb\xbfdata: b\n\n", [("message", b"a", "")]),
    "an id stays until another comes": (
        b"id: 1\ndata: a\n\ndata: b\n\nid: 2\n\ndata: c\n\n",
        [("message", b"a", "1"), ("message", b"b", "1"), ("message", b"c", "2")]),
    "an id with NUL is not one": (
        b"id: 1\ndata: a\n\nid: 2\0\ndata: b\n\n", [("message", b"a", "1"), ("message", b"b", "1")]),
    "a name is for one event": (b"event: x\ndata: a\n\ndata: b\n\n", [("x", b"a", ""), ("message", b"b", "")]),
    "a name without data is no event": (b"event: x\n\ndata: b\n\n", [("message", b"b", "")]),
    "the last name wins": (b"event: x\nevent: y\ndata: a\n\n", [("y", b"a", "")]),
    "names are case-sensitive, unknown fields dropped": (b"Data: a\nEVENT: x\nother: y\n data: z\n\n", []),
    "fields may lack a colon": (b"event\ndata\n\n", [("message", b"", "")]),
    "a heartbeat after an id is no event": (b"id: 1\ndata: a\n\n: heartbeat\n\n", [("message", b"a", "1")]),
    "the real server's frames": (
        b'event: metadata\r\ndata: {"a":1}\r\nid: 1-0\r\n\r\n: heartbeat\r\n\r\nevent: values\r\ndata: {}\r\n\r\n',
        [("metadata", b'{"a":1}', "1-0"), ("values", b"{}", "1-0")]),
    "pretty-printed data": (
        b"event: custom\ndata: {\ndata:   \"i\": 0\ndata: }\nid: 2\n\n", [("custom", b'{\n  "i": 0\n}', "2")]),
}  # fmt: skip


def decode(*chunks: bytes) -> list[tuple[str, bytes, str]]:
    """The events of these chunks."""
    decoder = SSEDecoder()
    return [(event.event, event.data, event.id) for chunk in chunks for event in decoder.feed(chunk)]


@pytest.mark.parametrize("rule", CORPUS)
def test_the_rules_of_the_standard(rule: str) -> None:
    """As one chunk, byte by byte, and with every cut in two."""
    stream, expected = CORPUS[rule]
    assert expected == decode(stream)
    assert expected == decode(*(stream[i : i + 1] for i in range(len(stream))))
    for cut in range(len(stream) + 1):
        assert expected == decode(stream[:cut], stream[cut:])


@pytest.mark.parametrize("rule", CORPUS)
def test_every_split_in_three_gives_the_same_events(rule: str) -> None:
    """Empty chunks included."""
    stream, expected = CORPUS[rule]
    for first in range(len(stream) + 1):
        for second in range(first, len(stream) + 1):
            assert expected == decode(stream[:first], stream[first:second], stream[second:])


def test_an_event_is_yielded_with_its_last_byte() -> None:
    """Not with the first of the next; also if it ends in CR CR."""
    decoder = SSEDecoder()
    assert [] == list(decoder.feed(b"data: a\r"))
    assert [ServerSentEvent("message", b"a")] == list(decoder.feed(b"\r"))
    assert [] == list(decoder.feed(b"\ndata: b\n"))
    assert [ServerSentEvent("message", b"b")] == list(decoder.feed(b"\n"))


def test_the_last_event_id_changes_with_whole_events_only() -> None:
    """An id before the blank line does not count yet."""
    decoder = SSEDecoder()
    assert 1 == len(list(decoder.feed(b"id: 1\ndata: a\n\nid: 2\ndata: b\n")))
    assert "1" == decoder.last_event_id
    assert 1 == len(list(decoder.feed(b"\n")))
    assert "2" == decoder.last_event_id


def test_retry_is_digits_only() -> None:
    """Anything else is ignored."""
    decoder = SSEDecoder()
    assert [] == list(decoder.feed(b"retry: soon\nretry: -1\nretry:\n\n"))
    assert decoder.retry is None
    assert [] == list(decoder.feed(b"retry: 1500\n\n"))
    assert 1500 == decoder.retry
    assert [] == list(decoder.feed(b"retry: " + b"9" * 5000 + b"\n\n"))
    assert decoder.retry is not None
    assert decoder.retry > 1e12


@pytest.mark.parametrize("size", [1, 7, 1000])
def test_an_event_beyond_the_limit_is_an_error(size: int) -> None:
    """One long line or many short ones, in one piece or in several; the events before it are yielded."""
    for stream in (b"data: " + b"x" * 2000, b"data: x\n" * 400):
        decoder = SSEDecoder(max_event_bytes=1000)
        seen: list[ServerSentEvent] = []
        with pytest.raises(EventTooLargeError, match="1000 bytes"):
            for start in range(0, len(stream), size):
                seen += decoder.feed(
                    (b"data: first\n\n" if start == 0 else b"") + stream[start : start + size]
                )
        assert [ServerSentEvent("message", b"first")] == seen


def test_comments_do_not_count_towards_the_limit() -> None:
    """However many there are, also at the end of the stream."""
    decoder = SSEDecoder(max_event_bytes=10)
    assert [] == list(decoder.feed(b": 12345\n" * 5))
    assert (5, False) == (decoder.comments, decoder.is_mid_event)


def test_an_event_without_an_id_inherits_the_last_one() -> None:
    """As in the standard."""
    events = list(SSEDecoder().feed(b"data: 1\nid: 7\n\ndata: 2\n\nid\ndata: 3\n\n"))
    assert [("7", False), ("7", True), ("", False)] == [(event.id, event.inherits_id) for event in events]


@pytest.mark.parametrize("eol", [b"\n", b"\r\n"])
def test_names_and_ids_are_not_kept_whatever_their_size(eol: bytes) -> None:
    """A long name is that of its event only; an id that no request could carry is ignored."""
    decoder = SSEDecoder()
    name, long = b"n" * 50_000_000, b"7" * 50_000_000
    tracemalloc.start()
    try:
        for field, value in ((b"event", name), (b"id", long)):
            (event,) = decoder.feed(eol.join([b"id: 1", field + b": " + value, b"data: a", b"", b""]))
            assert (value if field == b"event" else b"message").decode() == event.event
            assert "1" == event.id
            del event
            assert tracemalloc.get_traced_memory()[0] < 1_000_000
        whole = eol.join([b"event: " + name[:2000], b"data: a", b"id: " + long[:5000], b"", b""])
        assert [("n" * 2000, "1", True)] == [(e.event, e.id, e.inherits_id) for e in decoder.feed(whole)]
    finally:
        tracemalloc.stop()
    (event,) = decoder.feed(eol.join([b"data: a", b"id: " + long[:4096], b"", b""]))
    assert "7" * 4096 == event.id


def test_the_limit_is_for_one_event() -> None:
    """Not for the whole stream."""
    decoder = SSEDecoder(max_event_bytes=1000)
    assert 500 == sum(len(list(decoder.feed(b"data: " + b"x" * 900 + b"\n\n"))) for _ in range(500))


def test_a_large_event_in_small_pieces_comes_out_whole() -> None:
    """8 MiB in chunks of 1 KiB."""
    line = b"x" + random.Random(1).randbytes(1023).replace(b"\n", b"x").replace(b"\r", b"x")
    decoder = SSEDecoder()
    assert [] == list(decoder.feed(b"data:"))
    for _ in range(8192):
        assert [] == list(decoder.feed(line))
    (event,) = decoder.feed(b"\n\n")
    assert line * 8192 == event.data


@PATIENTLY
@given(st.lists(st.binary(max_size=40), max_size=20))
def test_any_bytes_give_the_same_events_whatever_the_chunks(chunks: list[bytes]) -> None:
    """And never an error."""
    assert decode(b"".join(chunks)) == decode(*chunks)


@PATIENTLY
@given(
    st.lists(
        st.tuples(st.sampled_from(["event", "data", "id", "retry", ""]), st.text(max_size=9)), max_size=30
    ),
    st.randoms(),
)
def test_any_fields_give_the_same_events_whatever_the_cuts(
    fields: list[tuple[str, str]], rng: random.Random
) -> None:
    """Lines that look like a stream, cut anywhere."""
    stream = b"".join(
        f"{name}: {value}".encode() + rng.choice([b"\n", b"\r", b"\r\n", b"\n\n"]) for name, value in fields
    )
    cuts = sorted(rng.randrange(len(stream) + 1) for _ in range(5))
    pieces = [stream[a:b] for a, b in zip([0, *cuts], [*cuts, len(stream)], strict=True)]
    assert decode(stream) == decode(*pieces)
