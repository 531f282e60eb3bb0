"""A body in chunks: read by the pool's own code where they are whole and plain, and by h11 where they are not."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import h11
import pytest
from hypothesis import given
from hypothesis import strategies as st

from langgraph_runs._sync.received import Received, _whole_chunks

HEAD = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n"


class Stream:
    """What httpcore has of a body: h11's events, one by one."""

    def __init__(self, pieces: list[bytes]) -> None:
        self._pieces = iter(pieces)
        self._h11_state = h11.Connection(h11.CLIENT)
        self._connection = SimpleNamespace(_h11_state=self._h11_state)
        self._h11_state.send(h11.Request(method="GET", target="/", headers=[("host", "a")]))
        self._h11_state.send(h11.EndOfMessage())
        self._h11_state.receive_data(HEAD)
        assert isinstance(self._h11_state.next_event(), h11.Response)

    def __iter__(self) -> Iterator[bytes]:
        while (event := self._h11_state.next_event()) is not h11.PAUSED:
            if event is h11.NEED_DATA:
                self._h11_state.receive_data(next(self._pieces, b""))
            elif isinstance(event, h11.Data):
                yield bytes(event.data)
            else:
                break

    def close(self) -> None:
        """There is nothing to close."""


def read(pieces: list[bytes]) -> tuple[bytes, type[Exception] | None, Any]:
    """The body that is read, what ends it, and what h11 makes of the connection."""
    stream, body = Stream(pieces), b""
    try:
        for part in Received(stream, lambda: None):
            body += part
    except Exception as error:  # noqa: BLE001  # whatever h11 raises
        return body, type(error), stream._h11_state.their_state
    return body, None, stream._h11_state.their_state


def expected(pieces: list[bytes]) -> tuple[bytes, type[Exception] | None, Any]:
    """The same by h11 alone."""
    stream, body = Stream(pieces), b""
    try:
        for part in stream:
            body += part
    except Exception as error:  # noqa: BLE001
        return body, type(error), stream._h11_state.their_state
    return body, None, stream._h11_state.their_state


def cut(body: bytes, cuts: list[int]) -> list[bytes]:
    """The body in pieces."""
    places = sorted(place % (len(body) + 1) for place in cuts)
    pieces = [body[a:b] for a, b in zip([0, *places], [*places, len(body)], strict=True)]
    return [piece for piece in pieces if piece]


def chunk(data: bytes, extension: bytes = b"") -> bytes:
    """As it is sent."""
    return b"%X%b\r\n%b\r\n" % (len(data), extension, data)


@given(
    st.lists(
        st.tuples(st.binary(min_size=1, max_size=40), st.sampled_from([b"", b"", b"", b";a=b"])), max_size=12
    ),
    st.lists(st.integers(0, 10_000), max_size=6),
    st.sampled_from([b"0\r\n\r\n", b"0\r\nx-trailer: 1\r\n\r\n", b"000\r\n\r\n", b"", b"0\r\n\r\nmore"]),
)
def test_any_chunks_are_read_as_h11_reads_them(
    chunks: list[tuple[bytes, bytes]], cuts: list[int], end: bytes
) -> None:
    """Wherever they are cut, and however the body ends."""
    pieces = cut(b"".join(chunk(*one) for one in chunks) + end, cuts)
    assert expected(pieces) == read(pieces)


@given(st.integers(0, 200), st.binary(max_size=4), st.lists(st.integers(0, 10_000), max_size=3))
def test_what_is_wrong_is_wrong_as_h11_has_it(place: int, wrong: bytes, cuts: list[int]) -> None:
    """With what came before it handed out."""
    body = b"".join(chunk(b"data: %d\n\n" % number) for number in range(12)) + b"0\r\n\r\n"
    place %= len(body)
    pieces = cut(body[:place] + wrong + body[place + len(wrong) :], cuts)
    assert expected(pieces) == read(pieces)


def test_whole_chunks_come_in_one_piece() -> None:
    """That is what it is for: an event each, as a server sends them."""
    events = [b"data: %d\n\n" % number for number in range(100)]
    stream = Stream([b"".join(map(chunk, events)), b"0\r\n\r\n"])
    assert [b"".join(events)] == list(Received(stream, lambda: None))


@pytest.mark.parametrize("protocol", [object(), SimpleNamespace(_reader=object(), _receive_buffer=None)])
def test_an_h11_with_other_names_reads_by_itself(protocol: Any) -> None:
    """Nothing is taken out of it."""
    assert [] == _whole_chunks(protocol)
