"""Bodies without end, and bodies that are compressed too well."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from functools import cache

import zstandard
from servers.hostile_cases.case import ALL, ANY_ERROR, METHODS, Answering, Case, Exchange, Sent, always
from servers.hostile_cases.parts import LOCATION, MIB, answer, endless, head

from langgraph_runs import (
    APIResponseError,
    AuthenticationError,
    InternalServerError,
    StreamDecodeError,
    WaitTimeoutError,
)

_JSON = "content-type: application/json"

_SSE = "content-type: text/event-stream"


@cache
def _zeros(compression: str) -> tuple[bytes, bytes]:
    """A compressed beginning, and what can follow it any number of times: each piece is a MiB."""
    zeros = bytes(MIB)
    if compression == "zstd":
        return b"", zstandard.ZstdCompressor(level=3).compress(zeros)
    compressor = zlib.compressobj(9, wbits=31 if compression == "gzip" else 15)
    first = compressor.compress(zeros) + compressor.flush(zlib.Z_FULL_FLUSH)
    return first, compressor.compress(zeros) + compressor.flush(zlib.Z_FULL_FLUSH)


def bomb(compression: str, kind: str = _JSON, status: int = 200, *, mib: int = 512) -> Answering:
    """A small body that becomes a large one."""

    def answering(_: Exchange) -> Iterator[Sent]:
        first, piece = _zeros(compression)
        body = first + piece * mib
        yield head(
            kind, LOCATION, f"content-encoding: {compression}", f"content-length: {len(body)}", status=status
        )
        yield body

    return answering


@cache
def _twice(mib: int) -> bytes:
    first, piece = _zeros("gzip")
    return zlib.compress(zlib.compress(first + piece * mib, 9, wbits=31), 9, wbits=31)


def bomb_in_bomb(_: Exchange) -> Iterator[Sent]:
    """A body that becomes a small one, which becomes a large one."""
    body = _twice(512)
    yield head(_JSON, "content-encoding: gzip, gzip", f"content-length: {len(body)}")
    yield body


_LARGE = [
    always("a body without end", endless(head(_JSON, LOCATION), b"[1, 2, "), APIResponseError, METHODS),
    always(
        "a refusal without end", endless(head(_JSON, LOCATION, status=401), b"no "), AuthenticationError, ALL
    ),
    always("a failure without end", endless(head(_JSON, status=500), b"\xff"), InternalServerError),
    always(
        "white space without end",
        endless(head(_JSON, LOCATION), b" "),
        (APIResponseError, WaitTimeoutError),
        METHODS,
    ),
    always(
        "a body in chunks of one byte without end",
        endless(head("transfer-encoding: chunked"), b"1\r\nx\r\n"),
        (APIResponseError, WaitTimeoutError),
        ("get", "wait"),
    ),
    always(
        "a length of 10^15",
        endless(head(_JSON, f"content-length: {10**15}"), b"x"),
        APIResponseError,
        ("get", "wait"),
    ),
    Case(
        name="a body without end for a generated function",
        answers={"*": endless(head(_JSON), b"[1, 2, ")},
        expect={"generated": ANY_ERROR},
    ),
    Case(
        name="a refusal of 300 MiB",
        answers={"*": lambda _: [head(f"content-length: {300 * MIB}", status=401), *[b"x" * MIB] * 300]},
        expect={"get": AuthenticationError, "wait": AuthenticationError, "stream": AuthenticationError},
    ),
]

_COMPRESSED = [
    always(f"a {kind} bomb", bomb(kind), APIResponseError, ("get", "wait", "join", "list", "create"))
    for kind in ("gzip", "deflate", "zstd")
] + [
    always("a gzip bomb on a refusal", bomb("gzip", status=403), ANY_ERROR, ("get", "wait", "stream")),
    always(
        "a gzip bomb on a stream",
        bomb("gzip", _SSE),
        (StreamDecodeError, APIResponseError),
        ("stream", "join_stream"),
    ),
    always(
        "a zstd bomb on a stream",
        bomb("zstd", _SSE),
        (StreamDecodeError, APIResponseError),
        ("stream", "join_stream"),
    ),
    always("a gzip bomb within gzip", bomb_in_bomb, APIResponseError, ("get", "wait")),
    always(
        "gzip a thousand times",
        answer(b"{}", "content-encoding: " + ", ".join(["gzip"] * 1000)),
        APIResponseError,
        ("get",),
    ),
    always(
        "what is not gzip",
        answer(b"{}", "content-encoding: gzip"),
        APIResponseError,
        ("get", "wait", "create"),
    ),
    Case(
        name="a gzip bomb for a generated function",
        answers={"*": bomb("gzip")},
        expect={"generated": ANY_ERROR},
    ),
]
CASES = [*_LARGE, *_COMPRESSED]
