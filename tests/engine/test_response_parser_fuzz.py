"""Random responses, and endless ones: only RemoteProtocolError, and bounded memory, whatever the cuts.

`FUZZ=5 pytest ...` tries five times as many, a million; `SEED=...` tries others.
"""

from __future__ import annotations

import os
import tracemalloc
from collections.abc import Iterator
from itertools import chain, repeat
from time import process_time

import httpx
import pytest
from engine.random_responses import ENDLESS, compare, try_all
from engine.raw_responses import CHUNKED, LAST, OK

from langgraph_runs.engine.response import ResponseParser

SEED = int(os.environ.get("SEED", "20261124"))
FUZZ = int(os.environ.get("FUZZ", "1"))
RESPONSES = FUZZ * 200_000
COMPARED = FUZZ * 40_000
PARTS = 10

LIMIT = 65536
"""Of a head, and of what is between two bytes of a body."""
MEMORY = 1_000_000
"""What a parser may need at most for what is within its limits, in bytes; endless responses are larger by far."""


def seeds(part: int, of: int) -> tuple[int, int]:
    first = SEED * 1000 + part * (of // PARTS)
    return first, first + of // PARTS


@pytest.mark.exhaustive
@pytest.mark.parametrize("part", range(PARTS))
def test_a_random_response_has_the_same_result_however_it_is_cut(part: int) -> None:
    """A response or a RemoteProtocolError; a failure has its seed in a note."""
    outcomes = try_all(*seeds(part, RESPONSES))
    assert set(outcomes) == {"RemoteProtocolError", "ReadTimeout", "Response"}
    assert outcomes["Response"] > RESPONSES // PARTS // 10, "too few are well-formed"


@pytest.mark.exhaustive
@pytest.mark.parametrize("part", range(PARTS))
def test_a_response_that_the_parser_accepts_is_the_same_for_h11(part: int) -> None:
    """Ours may only be stricter than the parser of httpx's own transport; the message of a failure has its seed."""
    for seed in range(*seeds(part, COMPARED)):
        compare(seed)


SIZES = [61, 1000, LIMIT]


def in_pieces(beginning: bytes, goes_on: bytes, size: int) -> Iterator[bytes]:
    """An endless response in pieces."""
    length = max(1, size // len(goes_on))
    return chain([beginning], repeat(goes_on * length))


@pytest.mark.parametrize("takes", [True, False], ids=["read", "unread"])
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", ENDLESS)
def test_an_endless_response_is_refused(name: str, size: int, takes: bool) -> None:
    """Whether or not the body so far has been read."""
    beginning, goes_on = ENDLESS[name]
    parser, fed = ResponseParser("GET"), 0
    with pytest.raises(httpx.RemoteProtocolError):
        for piece in in_pieces(beginning, goes_on, size):
            parser.feed(piece)
            fed += len(piece)
            assert fed <= len(beginning) + LIMIT + size, f"{fed} bytes were accepted"
            if takes:
                parser.take()


@pytest.mark.parametrize("name", ["headers", "the value of a trailer", "1xx", "an extension in quotes"])
def test_an_endless_response_needs_little_memory(name: str) -> None:
    parser = ResponseParser("GET")
    tracemalloc.start()
    try:
        with pytest.raises(httpx.RemoteProtocolError):
            for piece in in_pieces(*ENDLESS[name], 61):
                parser.feed(piece)
        assert tracemalloc.get_traced_memory()[1] < MEMORY
    finally:
        tracemalloc.stop()


BODIES = {
    "by length": (OK + b"Content-Length: 999999999\r\n\r\n", b"x" * LIMIT),
    "in large chunks": (CHUNKED, b"10000\r\n" + b"x" * LIMIT + b"\r\n"),
    "in chunks of a byte": (CHUNKED, b"1\r\nx\r\n" * 1000),
    "in chunks with extensions": (CHUNKED, b"2;a=b\r\nxy\r\n" * 1000),
    "up to the end": (OK + b"\r\n", b"x" * LIMIT),
    "behind the end": (OK + b"Content-Length: 0\r\n\r\n", b"x" * LIMIT),
    "behind chunks": (CHUNKED + LAST, b"x" * LIMIT),
    "blank lines behind the end": (CHUNKED + LAST, b"\r\n" * 1000),
}


@pytest.mark.parametrize("name", BODIES)
def test_an_endless_body_that_is_read_needs_little_memory(name: str) -> None:
    """And so do endless bytes after a response."""
    head, piece = BODIES[name]
    parser = ResponseParser("GET")
    parser.feed(head)
    tracemalloc.start()
    try:
        for _ in range(1000):
            parser.feed(piece)
            parser.take()
        assert tracemalloc.get_traced_memory()[1] < MEMORY
    finally:
        tracemalloc.stop()


def test_a_body_that_is_not_read_is_kept_once() -> None:
    """In the pieces in which it arrives, so it takes some times its size; the caller has to stop feeding in time."""
    parser = ResponseParser("GET")
    parser.feed(CHUNKED)
    tracemalloc.start()
    try:
        for _ in range(100):
            parser.feed(b"2\r\nxy\r\n" * 1000)
        assert tracemalloc.get_traced_memory()[1] < 10 * 100 * 7000
        assert parser.take() == b"xy" * 100_000
        assert parser.take() == b""
        assert tracemalloc.get_traced_memory()[0] < MEMORY
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("size", [1, *SIZES])
@pytest.mark.parametrize("excess", [-1, 0, 1])
def test_a_head_may_have_64_kib(excess: int, size: int) -> None:
    """To the byte, however it arrives, and whatever follows it."""
    ends = b"\r\nContent-Length: 5\r\n\r\n"
    head = OK + b"X: " + b"x" * (LIMIT + excess - len(OK + b"X: " + ends)) + ends
    assert len(head) == LIMIT + excess
    response, parser = head + b"hello", ResponseParser("GET")
    pieces = [response[at : at + size] for at in range(0, len(response), size)]
    if excess > 0:
        with pytest.raises(httpx.RemoteProtocolError, match="65536"):
            for piece in pieces:
                parser.feed(piece)
    else:
        for piece in pieces:
            parser.feed(piece)
        assert (b"hello", True) == (parser.take(), parser.is_reusable)


@pytest.mark.parametrize("size", [1, *SIZES])
@pytest.mark.parametrize("bytes_between", [60_000, 200_000])
def test_trailers_may_have_64_kib(bytes_between: int, size: int) -> None:
    """Plus or minus two reads of a socket: trailers are not kept."""
    line = b"X: " + b"x" * 95 + b"\r\n"
    response = CHUNKED + b"5\r\nhello\r\n0\r\n" + line * (bytes_between // len(line)) + b"\r\n"
    pieces, parser = [response[at : at + size] for at in range(0, len(response), size)], ResponseParser("GET")
    if bytes_between > LIMIT:
        with pytest.raises(httpx.RemoteProtocolError, match="65536"):
            for piece in pieces:
                parser.feed(piece)
    else:
        for piece in pieces:
            parser.feed(piece)
        assert (b"hello", True) == (parser.take(), parser.is_reusable)


def test_the_cost_of_a_byte_does_not_grow_with_what_was_parsed_before() -> None:
    """Nothing is parsed twice, and nothing is copied for each byte."""
    parser = ResponseParser("GET")
    parser.feed(OK + b"X: ")
    at_first = min(_seconds(parser) for _ in range(5))
    for _ in range(50_000):
        parser.feed(b"x")
    assert min(_seconds(parser) for _ in range(5)) < 10 * at_first


def _seconds(parser: ResponseParser) -> float:
    """CPU seconds for a thousand bytes."""
    began = process_time()
    for _ in range(1000):
        parser.feed(b"x")
    return process_time() - began
