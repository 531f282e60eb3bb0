"""A row of the table of raw responses, what many rows have in common, and why ours differs from httpx's."""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from typing import TypeAlias

import httpx


@dataclass(frozen=True)
class Whole:
    """A response that is received to its end.

    Attributes:
        body: Its body, without the framing of chunks.
        status: Its status.
        kept: Whether the second request uses the same connection.
        headers: All of its headers, if they are the point of the row.
        reason: Its reason phrase, if that is the point of the row.
    """

    body: bytes = b""
    status: int = 200
    kept: bool = True
    headers: tuple[tuple[bytes, bytes], ...] | None = None
    reason: bytes | None = None


Outcome: TypeAlias = Whole | type[httpx.TransportError]

PROTOCOL_ERROR = httpx.RemoteProtocolError
WAITS = httpx.ReadTimeout
"""More would have to follow, and nothing does."""


@dataclass(frozen=True)
class Row:
    """One response.

    Attributes:
        name: What is special about it.
        raw: The bytes of the server.
        httpx: The result over httpx's own transport, if they arrive in one piece.
        ours: The result over ours, however they arrive; None if it is the same to the last header.
        why: Why it is not the same.
        method: The method of the request.
        closes: Whether the server closes the connection after the last byte.
        httpx_mixes_up: Whether the second request over httpx's own transport gets the rest of the first response.
        kept_if_at_once: Ours keeps the connection if all arrives at once, and may close it if the end arrives later.
    """

    name: str
    raw: bytes
    httpx: Outcome
    ours: Outcome | None = None
    why: str = ""
    method: str = "GET"
    closes: bool = False
    httpx_mixes_up: bool = False
    kept_if_at_once: bool = False

    @property
    def expected(self) -> Outcome:
        """The result over ours."""
        return self.httpx if self.ours is None else self.ours


OK = b"HTTP/1.1 200 OK\r\n"
FIVE = OK + b"Content-Length: 5\r\n"
"""Needs a blank line and five bytes."""
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"
LAST = b"0\r\n\r\n"
GZIPPED = gzip.compress(b"hello", mtime=0)

HELLO = Whole(b"hello")
HELLO_CLOSED = Whole(b"hello", kept=False)
NONE_CLOSED = Whole(kept=False)

DUPLICATE = "RFC 9112, 6.3 allows to refuse it; two lengths are how responses are smuggled"
LEFTOVER = "bytes behind a response belong to no request: the connection cannot be trusted"
LF_ALONE = (
    "a line ends in CRLF; where two programs see different lines, responses can be smuggled (RFC 9112, 2.2)"
)
NOT_A_BODY = (
    "there is no body, so these bytes belong to no request: the connection cannot be trusted any more"
)
OBS_FOLD = "folded headers are obsolete, and a way to smuggle (RFC 9112, 5.2)"
BLANK_LINES = (
    "LAXER: some servers send a blank line too many, and behind a body it may come late; it can do no harm"
)
CONTROL = "control characters are not allowed in a head (RFC 9110, 5.5; RFC 9112, 4)"
BOTH_LENGTHS = "both together are how responses are smuggled (RFC 9112, 6.3: to be handled as an error)"
FRAMING_TRAILER = "what frames a response must not be a trailer (RFC 9110, 6.5.1)"
EXTENSION = "not a valid chunk extension (RFC 9112, 7.1.1)"
SOONER = "refused at the first wrong byte; httpx waits for a whole head"
TOO_LARGE = "more than 64 KiB"
VERSION = "there is no such version of HTTP"
