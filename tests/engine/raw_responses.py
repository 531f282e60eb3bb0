"""Responses that a server may send, and what a client gets: over httpx's own transport, and over ours.

Ours has the same result as httpx's, or is stricter; then the reason stands beside the row. (In a few rows it is
deliberately laxer, and the reason says so.) test_raw_responses.py checks both sides, so the table can be read as
documentation. A second request follows each response, on the same connection if that was kept, or on a new one.
"""

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


def _many(count: int, line: bytes) -> bytes:
    return b"".join(line % number for number in range(count))


BY_LENGTH = [
    Row("a body by length", FIVE + b"\r\nhello", HELLO),
    Row(
        "the answer of a typical server",
        b"HTTP/1.1 200 OK\r\ndate: Tue, 24 Nov 2026 09:00:00 GMT\r\nserver: uvicorn\r\ncontent-length: 16\r\n"
        b'content-type: application/json\r\n\r\n{"run_id": "r1"}',
        Whole(b'{"run_id": "r1"}'),
    ),
    Row("an empty body by length", OK + b"Content-Length: 0\r\n\r\n", Whole()),
    Row("the answer to a POST", FIVE + b"\r\nhello", HELLO, method="POST"),
    Row("the answer to a DELETE", FIVE + b"\r\nhello", HELLO, method="DELETE"),
    Row("a name in lower case", OK + b"content-length: 5\r\n\r\nhello", HELLO),
    Row("a name in upper case", OK + b"CONTENT-LENGTH: 5\r\n\r\nhello", HELLO),
    Row("a length without a space before it", OK + b"Content-Length:5\r\n\r\nhello", HELLO),
    Row("a length between spaces and tabs", OK + b"Content-Length: \t 5 \t\r\n\r\nhello", HELLO),
    Row("a length with zeros before it", OK + b"Content-Length: 0005\r\n\r\nhello", HELLO),
    Row("a body that looks like a response", OK + b"Content-Length: 36\r\n\r\n" + FIVE, Whole(FIVE)),
    Row("a body of odd bytes", OK + b"Content-Length: 8\r\n\r\n\0\r\n\r\n\xff\x80\n", Whole(b"\0\r\n\r\n\xff\x80\n")),
    Row("a body of blank lines", OK + b"Content-Length: 8\r\n\r\n" + b"\r\n" * 4, Whole(b"\r\n" * 4)),
    Row("a large body", OK + b"Content-Length: 200000\r\n\r\n" + b"x" * 200000, Whole(b"x" * 200000)),
    Row(
        "a compressed body (decompressing it is not up to the transport)",
        OK + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n%b" % (len(GZIPPED), GZIPPED),
        Whole(GZIPPED),
    ),
    Row("an error with a body", b"HTTP/1.1 503 Busy\r\nContent-Length: 4\r\n\r\nbusy", Whole(b"busy", 503)),
    Row(
        "a redirect (following it is not up to the transport)",
        b"HTTP/1.1 307 X\r\nLocation: /b\r\nContent-Length: 0\r\n\r\n",
        Whole(b"", 307),
    ),
    Row("205 with a body by length", b"HTTP/1.1 205 Reset\r\nContent-Length: 5\r\n\r\nhello", Whole(b"hello", 205)),
    Row("a body by length, then the end", FIVE + b"\r\nhello", HELLO_CLOSED, closes=True),
]  # fmt: skip

BAD_LENGTHS = [
    Row("an empty length", OK + b"Content-Length:\r\n\r\nhello", PROTOCOL_ERROR),
    Row("a length of spaces", OK + b"Content-Length:  \r\n\r\nhello", PROTOCOL_ERROR),
    Row("a negative length", OK + b"Content-Length: -5\r\n\r\nhello", PROTOCOL_ERROR),
    Row("a length with a plus", OK + b"Content-Length: +5\r\n\r\nhello", PROTOCOL_ERROR),
    Row("a hexadecimal length", OK + b"Content-Length: 0x5\r\n\r\nhello", PROTOCOL_ERROR),
    Row("a length with a fraction", OK + b"Content-Length: 5.0\r\n\r\nhello", PROTOCOL_ERROR),
    Row("a length with an underscore", OK + b"Content-Length: 1_0\r\n\r\nhellohello", PROTOCOL_ERROR),
    Row("a length in other digits", OK + b"Content-Length: \xd9\xa5\r\n\r\nhello", PROTOCOL_ERROR),
    Row("a length in superscript", OK + b"Content-Length: \xb2\r\n\r\nhi", PROTOCOL_ERROR),
    Row("two numbers in one length", OK + b"Content-Length: 5 5\r\n\r\nhello", PROTOCOL_ERROR),
    Row("a space behind the name", OK + b"Content-Length : 5\r\n\r\nhello", PROTOCOL_ERROR),
    Row("the same length twice", FIVE + b"Content-Length: 5\r\n\r\nhello", HELLO, PROTOCOL_ERROR, DUPLICATE),
    Row("the same length twice in a line", OK + b"Content-Length: 5, 5\r\n\r\nhello", HELLO, PROTOCOL_ERROR,
        DUPLICATE),
    Row("two lengths", FIVE + b"Content-Length: 6\r\n\r\nhello!", PROTOCOL_ERROR),
    Row("two lengths in a line", OK + b"Content-Length: 5, 6\r\n\r\nhello!", PROTOCOL_ERROR),
    Row(
        "a length of 20 digits", OK + b"Content-Length: 99999999999999999999\r\n\r\nhello", WAITS,
        PROTOCOL_ERROR, "it overflows 64 bits",
    ),
    Row("a length of 2**63", OK + b"Content-Length: 9223372036854775808\r\n\r\nhello", WAITS),
    Row("a length of 21 digits", OK + b"Content-Length: 999999999999999999999\r\n\r\nhello", PROTOCOL_ERROR),
    Row("a length of 21 digits, most of them zeros", OK + b"Content-Length: 000000000000000000005\r\n\r\nhello",
        PROTOCOL_ERROR),
    Row("a body that is shorter than its length", OK + b"Content-Length: 6\r\n\r\nhello", WAITS),
    Row("a body that ends before its length", OK + b"Content-Length: 6\r\n\r\nhello", PROTOCOL_ERROR, closes=True),
    Row("no byte of a body, and the end", FIVE + b"\r\n", PROTOCOL_ERROR, closes=True),
]  # fmt: skip

IN_CHUNKS = [
    Row("a chunk", CHUNKED + b"5\r\nhello\r\n" + LAST, HELLO),
    Row("chunks", CHUNKED + b"2\r\nhe\r\n1\r\nl\r\n2\r\nlo\r\n" + LAST, HELLO),
    Row("no chunk but the last", CHUNKED + LAST, Whole()),
    Row("sizes in hexadecimal", CHUNKED + b"a\r\nhellohello\r\nA\r\nhellohello\r\n" + LAST, Whole(b"hello" * 4)),
    Row("a chunk of 0x10", CHUNKED + b"10\r\nhello, hello, he\r\n" + LAST, Whole(b"hello, hello, he")),
    Row("a size with zeros before it", CHUNKED + b"0005\r\nhello\r\n" + LAST, HELLO),
    Row("a last chunk of several zeros", CHUNKED + b"5\r\nhello\r\n000\r\n\r\n", HELLO),
    Row("a chunk that looks like the last", CHUNKED + b"5\r\n0\r\n\r\n\r\n" + LAST, Whole(LAST)),
    Row("a large chunk", CHUNKED + b"30d40\r\n" + b"x" * 200000 + b"\r\n" + LAST, Whole(b"x" * 200000)),
    Row("a chunk per byte", CHUNKED + b"1\r\nx\r\n" * 500 + LAST, Whole(b"x" * 500)),
    Row("an extension", CHUNKED + b"5;a=b\r\nhello\r\n" + LAST, HELLO),
    Row("an extension without a value", CHUNKED + b"5;a\r\nhello\r\n" + LAST, HELLO),
    Row("several extensions", CHUNKED + b"5;a=b;c;d=e\r\nhello\r\n" + LAST, HELLO),
    Row("an extension in quotes", CHUNKED + b'5;a="b;\\" c"\r\nhello\r\n' + LAST, HELLO),
    Row("an extension of the last chunk", CHUNKED + b"5\r\nhello\r\n0;a=b\r\n\r\n", HELLO),
    Row("a trailer", CHUNKED + b"5\r\nhello\r\n0\r\nX-Sum: 7\r\n\r\n", HELLO),
    Row("trailers", CHUNKED + b"5\r\nhello\r\n0\r\nX-Sum: 7\r\nEmpty:\r\nX-Sum: 8\r\n\r\n", HELLO),
    Row(
        "trailers that were announced",
        OK + b"Trailer: X-Sum\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nX-Sum: 7\r\n\r\n",
        Whole(b"hello", headers=((b"Trailer", b"X-Sum"), (b"Transfer-Encoding", b"chunked"))),
    ),
    Row("a trailer with nothing before it", CHUNKED + b"0\r\nX-Sum: 7\r\n\r\n", Whole()),
    Row("a trailer named Transfer-Encoding", CHUNKED + b"5\r\nhello\r\n0\r\nTransfer-Encoding: chunked\r\n\r\n", HELLO,
        PROTOCOL_ERROR, FRAMING_TRAILER),
    Row("a trailer named Connection", CHUNKED + b"5\r\nhello\r\n0\r\nConnection: close\r\n\r\n", HELLO),
    Row(
        "a trailer named Content-Length", CHUNKED + b"5\r\nhello\r\n0\r\nContent-Length: 3\r\n\r\n", HELLO,
        PROTOCOL_ERROR, FRAMING_TRAILER,
    ),
    Row("a chunk, then the end", CHUNKED + b"5\r\nhello\r\n" + LAST, HELLO_CLOSED, closes=True),
    Row("chunks of an error", b"HTTP/1.1 500 X\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n" + LAST,
        Whole(b"x", 500)),
    Row(
        "chunks of events",
        OK + b"Content-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
        b"f\r\n: heartbeat\r\n\r\n\r\n1b\r\nevent: values\r\ndata: {}\r\n\r\n\r\n" + LAST,
        Whole(b": heartbeat\r\n\r\nevent: values\r\ndata: {}\r\n\r\n"),
    ),
]  # fmt: skip

BAD_CHUNKS = [
    Row("a negative size", CHUNKED + b"-5\r\nhello\r\n" + LAST, PROTOCOL_ERROR),
    Row("a size with a plus", CHUNKED + b"+5\r\nhello\r\n" + LAST, PROTOCOL_ERROR),
    Row("a size with a prefix", CHUNKED + b"0x5\r\nhello\r\n" + LAST, PROTOCOL_ERROR),
    Row("a size that is a word", CHUNKED + b"five\r\nhello\r\n" + LAST, PROTOCOL_ERROR),
    Row("a size with an underscore", CHUNKED + b"1_0\r\nhello\r\n" + LAST, PROTOCOL_ERROR),
    Row("no size", CHUNKED + b"\r\nhello\r\n" + LAST, PROTOCOL_ERROR),
    Row("an extension and no size", CHUNKED + b";a=b\r\nhello\r\n" + LAST, PROTOCOL_ERROR),
    Row("a space before a size", CHUNKED + b" 5\r\nhello\r\n" + LAST, PROTOCOL_ERROR),
    Row(
        "a space behind a size", CHUNKED + b"5 \r\nhello\r\n" + LAST, HELLO,
        PROTOCOL_ERROR, "no space is allowed there (RFC 9112, 7.1)",
    ),
    Row("a NUL behind a size", CHUNKED + b"5\0\r\nhello\r\n" + LAST, PROTOCOL_ERROR),
    Row("a size of 17 digits", CHUNKED + b"10000000000000005\r\nhello\r\n" + LAST, WAITS,
        PROTOCOL_ERROR, "it overflows 64 bits: a parser that does not notice reads 5"),
    Row("a size of 16 digits", CHUNKED + b"ffffffffffffffff\r\nhello\r\n" + LAST, WAITS),
    Row("a size of 21 digits, most of them zeros", CHUNKED + b"000000000000000000005\r\nhello\r\n" + LAST,
        PROTOCOL_ERROR, HELLO, "LAXER: zeros do no harm, and how many there may be is limited"),
    Row("a size and a bare LF", CHUNKED + b"5\nhello\r\n" + LAST, PROTOCOL_ERROR),
    Row("a size and a bare CR", CHUNKED + b"5\rhello\r\n" + LAST, PROTOCOL_ERROR),
    Row("a chunk and a bare LF", CHUNKED + b"5\r\nhello\n" + LAST, PROTOCOL_ERROR),
    Row("a chunk longer than its size", CHUNKED + b"5\r\nhello!\r\n" + LAST, PROTOCOL_ERROR),
    Row("a chunk shorter than its size", CHUNKED + b"6\r\nhello\r\n" + LAST, PROTOCOL_ERROR),
    Row("no CRLF behind a chunk", CHUNKED + b"5\r\nhello" + LAST, PROTOCOL_ERROR),
    Row("an invalid size behind a chunk", CHUNKED + b"5\r\nhello\r\nG\r\n", PROTOCOL_ERROR),
    Row("an empty extension", CHUNKED + b"5;\r\nhello\r\n" + LAST, HELLO, PROTOCOL_ERROR, EXTENSION),
    Row("an extension with spaces", CHUNKED + b"5; a = b\r\nhello\r\n" + LAST, HELLO, PROTOCOL_ERROR, EXTENSION),
    Row("an extension with a NUL", CHUNKED + b"5;a=\0\r\nhello\r\n" + LAST, HELLO, PROTOCOL_ERROR, EXTENSION),
    Row("an extension with a bare CR", CHUNKED + b"5;a=\rb\r\nhello\r\n" + LAST, HELLO, PROTOCOL_ERROR, EXTENSION),
    Row("an extension with a bare LF", CHUNKED + b"5;a=\nb\r\nhello\r\n" + LAST, PROTOCOL_ERROR),
    Row("an extension that is not ASCII", CHUNKED + b"5;a=\xe9\r\nhello\r\n" + LAST, HELLO, PROTOCOL_ERROR,
        EXTENSION),
    Row("an extension whose quotes stay open", CHUNKED + b'5;a="b\r\nhello\r\n' + LAST, HELLO, PROTOCOL_ERROR,
        EXTENSION),
    Row("a trailer without a colon", CHUNKED + b"5\r\nhello\r\n0\r\nX-Sum\r\n\r\n", PROTOCOL_ERROR),
    Row("a trailer with a space behind its name", CHUNKED + b"5\r\nhello\r\n0\r\nX : 7\r\n\r\n", PROTOCOL_ERROR),
    Row("a trailer with a NUL", CHUNKED + b"5\r\nhello\r\n0\r\nX: \0\r\n\r\n", PROTOCOL_ERROR),
    Row("a trailer with an unknown encoding", CHUNKED + b"5\r\nhello\r\n0\r\nTransfer-Encoding: gzip\r\n\r\n",
        PROTOCOL_ERROR),
    Row("a folded trailer", CHUNKED + b"5\r\nhello\r\n0\r\nX: 7\r\n 8\r\n\r\n", HELLO, PROTOCOL_ERROR, OBS_FOLD),
    Row("a bare LF behind a trailer", CHUNKED + b"5\r\nhello\r\n0\r\nX: 7\n\r\n", HELLO, PROTOCOL_ERROR, LF_ALONE),
    Row("a bare LF behind the last chunk", CHUNKED + b"5\r\nhello\r\n0\r\n\n", HELLO, PROTOCOL_ERROR, LF_ALONE),
    Row("chunks without the last", CHUNKED + b"5\r\nhello\r\n", WAITS),
    Row("chunks without the last, and the end", CHUNKED + b"5\r\nhello\r\n", PROTOCOL_ERROR, closes=True),
    Row("chunks that end within a chunk", CHUNKED + b"5\r\nhel", PROTOCOL_ERROR, closes=True),
    Row("chunks that end within a size", CHUNKED + b"5", PROTOCOL_ERROR, closes=True),
    Row("chunks that end before the last CRLF", CHUNKED + b"5\r\nhello\r\n0\r\n", PROTOCOL_ERROR, closes=True),
    Row("chunks that end within the last CRLF", CHUNKED + b"5\r\nhello\r\n0\r\n\r", PROTOCOL_ERROR, closes=True),
    Row("chunks that end within a trailer", CHUNKED + b"5\r\nhello\r\n0\r\nX: 7\r\n", PROTOCOL_ERROR, closes=True),
]  # fmt: skip

ENCODINGS = [
    Row(
        "chunked, in capitals", OK + b"Transfer-Encoding: CHUNKED\r\n\r\n5\r\nhello\r\n" + LAST, HELLO,
        Whole(b"hello", headers=((b"Transfer-Encoding", b"CHUNKED"),)), "headers are given as they were sent",
    ),
    Row("chunked, between blanks", OK + b"Transfer-Encoding: \tchunked \r\n\r\n5\r\nhello\r\n" + LAST, HELLO),
    Row("chunked, by HTTP/1.0", b"HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n" + LAST,
        HELLO_CLOSED),
    Row("an empty encoding", OK + b"Transfer-Encoding:\r\n\r\nhello", PROTOCOL_ERROR),
    Row("identity", OK + b"Transfer-Encoding: identity\r\n\r\nhello", PROTOCOL_ERROR, closes=True),
    Row("gzip", OK + b"Transfer-Encoding: gzip\r\n\r\nhello", PROTOCOL_ERROR, closes=True),
    Row("gzip, chunked", OK + b"Transfer-Encoding: gzip, chunked\r\n\r\n5\r\nhello\r\n" + LAST, PROTOCOL_ERROR),
    Row("chunked, gzip", OK + b"Transfer-Encoding: chunked, gzip\r\n\r\n5\r\nhello\r\n" + LAST, PROTOCOL_ERROR),
    Row("chunked, chunked", OK + b"Transfer-Encoding: chunked, chunked\r\n\r\n5\r\nhello\r\n" + LAST, PROTOCOL_ERROR),
    Row("chunked twice", OK + b"Transfer-Encoding: chunked\r\n" * 2 + b"\r\n5\r\nhello\r\n" + LAST, PROTOCOL_ERROR),
    Row(
        "gzip, then chunked",
        OK + b"Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n" + LAST,
        PROTOCOL_ERROR,
    ),
    Row("chunked with a parameter", OK + b"Transfer-Encoding: chunked;a=b\r\n\r\n5\r\nhello\r\n" + LAST,
        PROTOCOL_ERROR),
    Row("nearly chunked", OK + b"Transfer-Encoding: xchunked\r\n\r\n5\r\nhello\r\n" + LAST, PROTOCOL_ERROR),
    Row("chunked with a vertical tab", OK + b"Transfer-Encoding: \x0bchunked\r\n\r\n5\r\nhello\r\n" + LAST,
        PROTOCOL_ERROR),
    Row(
        "a length, then chunked", FIVE + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n" + LAST, HELLO,
        PROTOCOL_ERROR, BOTH_LENGTHS,
    ),
    Row(
        "chunked, then a length",
        OK + b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n5\r\nhello\r\n" + LAST, HELLO,
        PROTOCOL_ERROR, BOTH_LENGTHS,
    ),
    Row("a length, then identity", FIVE + b"Transfer-Encoding: identity\r\n\r\nhello", PROTOCOL_ERROR),
]  # fmt: skip

BY_THE_END = [
    Row("a body up to the end of the connection", OK + b"\r\nhello", HELLO_CLOSED, closes=True),
    Row("an empty body up to the end", OK + b"\r\n", NONE_CLOSED, closes=True),
    Row("a body up to an end that does not come", OK + b"\r\nhello", WAITS),
    Row("keep-alive without a length", OK + b"Connection: keep-alive\r\n\r\nhello", HELLO_CLOSED, closes=True),
    Row("close without a length", OK + b"Connection: close\r\n\r\nhello", HELLO_CLOSED, closes=True),
    Row("HTTP/1.0 without a length", b"HTTP/1.0 200 OK\r\n\r\nhello", HELLO_CLOSED, closes=True),
    Row("a body that looks like chunks", OK + b"\r\n5\r\nhello\r\n" + LAST,
        Whole(b"5\r\nhello\r\n" + LAST, kept=False), closes=True),
    Row("a body that looks like responses", OK + b"\r\n" + FIVE * 2, Whole(FIVE * 2, kept=False), closes=True),
    Row("404 up to the end", b"HTTP/1.1 404 No\r\n\r\nno", Whole(b"no", 404, kept=False), closes=True),
    Row("a large body up to the end", OK + b"\r\n" + b"x" * 200000, Whole(b"x" * 200000, kept=False), closes=True),
]  # fmt: skip

KEPT_OR_CLOSED = [
    Row("close", FIVE + b"Connection: close\r\n\r\nhello", HELLO_CLOSED),
    Row("close, in capitals", FIVE + b"Connection: CLOSE\r\n\r\nhello", HELLO_CLOSED),
    Row("close, in lower-case names", FIVE + b"connection: close\r\n\r\nhello", HELLO_CLOSED),
    Row("close, without a space", FIVE + b"Connection:close\r\n\r\nhello", HELLO_CLOSED),
    Row("close, between tabs", FIVE + b"Connection:\tclose\t\r\n\r\nhello", HELLO_CLOSED),
    Row("close, last in a list", FIVE + b"Connection: x-hop, close\r\n\r\nhello", HELLO_CLOSED),
    Row("close, first in a list", FIVE + b"Connection: close,x-hop\r\n\r\nhello", HELLO_CLOSED),
    Row("close, in a list with gaps", FIVE + b"Connection: , close ,,\r\n\r\nhello", HELLO_CLOSED),
    Row("close and keep-alive", FIVE + b"Connection: keep-alive, close\r\n\r\nhello", HELLO_CLOSED),
    Row("close, then keep-alive", FIVE + b"Connection: close\r\nConnection: keep-alive\r\n\r\nhello", HELLO_CLOSED),
    Row("keep-alive, then close", FIVE + b"Connection: keep-alive\r\nConnection: close\r\n\r\nhello", HELLO_CLOSED),
    Row("close with chunks",
        OK + b"Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n" + LAST, HELLO_CLOSED),
    Row("close with 204", b"HTTP/1.1 204 X\r\nConnection: close\r\n\r\n", Whole(b"", 204, kept=False)),
    Row("close, and it is closed", FIVE + b"Connection: close\r\n\r\nhello", HELLO_CLOSED, closes=True),
    Row("nearly close", FIVE + b"Connection: closed\r\n\r\nhello", HELLO),
    Row("close in quotes", FIVE + b'Connection: "close"\r\n\r\nhello', HELLO),
    Row("close with a word behind it", FIVE + b"Connection: close it\r\n\r\nhello", HELLO),
    Row("an empty Connection header", FIVE + b"Connection:\r\n\r\nhello", HELLO),
    Row("keep-alive", FIVE + b"Connection: keep-alive\r\nKeep-Alive: timeout=5\r\n\r\nhello", HELLO),
    Row("keep-alive, in capitals", FIVE + b"CONNECTION: Keep-Alive\r\n\r\nhello", HELLO),
    Row("close of a proxy", FIVE + b"Proxy-Connection: close\r\n\r\nhello", HELLO),
    Row("an upgrade that is only offered", FIVE + b"Connection: upgrade\r\nUpgrade: h2c\r\n\r\nhello", HELLO),
    Row(
        "an upgrade that is required",
        b"HTTP/1.1 426 X\r\nUpgrade: h2c\r\nConnection: Upgrade\r\nContent-Length: 5\r\n\r\nhello",
        Whole(b"hello", 426),
    ),
    Row("HTTP/1.0", b"HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhello", HELLO_CLOSED),
    Row(
        "HTTP/1.0 with keep-alive", b"HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 5\r\n\r\nhello",
        HELLO_CLOSED,
    ),
]  # fmt: skip

NO_BODY = [
    Row("HEAD with a length", FIVE + b"\r\n", Whole(headers=((b"Content-Length", b"5"),)), method="HEAD"),
    Row("HEAD without a length", OK + b"\r\n", Whole(), method="HEAD"),
    Row("HEAD with chunks", CHUNKED, Whole(), method="HEAD"),
    Row("HEAD with close", FIVE + b"Connection: close\r\n\r\n", NONE_CLOSED, method="HEAD"),
    Row("HEAD, then the end", FIVE + b"\r\n", NONE_CLOSED, method="HEAD", closes=True),
    Row("HEAD of HTTP/1.0", b"HTTP/1.0 200 OK\r\n\r\n", NONE_CLOSED, method="HEAD"),
    Row("HEAD of an error", b"HTTP/1.1 404 X\r\nContent-Length: 9\r\n\r\n", Whole(b"", 404), method="HEAD"),
    Row("HEAD with a body", FIVE + b"\r\nhello", Whole(), NONE_CLOSED, NOT_A_BODY, method="HEAD",
        httpx_mixes_up=True),
    Row("HEAD with chunks of a body", CHUNKED + b"5\r\nhello\r\n" + LAST, Whole(), NONE_CLOSED, NOT_A_BODY,
        method="HEAD", httpx_mixes_up=True),
    Row("204", b"HTTP/1.1 204 No Content\r\n\r\n", Whole(b"", 204)),
    Row("204 with a length of zero", b"HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n", Whole(b"", 204)),
    Row("204 with a length", b"HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n", Whole(b"", 204)),
    Row("204 with a body by length", b"HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\nhello", Whole(b"", 204),
        Whole(b"", 204, kept=False), NOT_A_BODY, httpx_mixes_up=True),
    Row("204 with chunks", b"HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n" + LAST,
        Whole(b"", 204), Whole(b"", 204, kept=False), NOT_A_BODY, httpx_mixes_up=True),
    Row("204 with a body of unknown length", b"HTTP/1.1 204 No Content\r\n\r\nhello", Whole(b"", 204),
        Whole(b"", 204, kept=False), NOT_A_BODY, httpx_mixes_up=True),
    Row("304", b"HTTP/1.1 304 Not Modified\r\nETag: x\r\n\r\n", Whole(b"", 304)),
    Row("304 with the length of what it is about", b"HTTP/1.1 304 X\r\nContent-Length: 5\r\n\r\n", Whole(b"", 304)),
    Row("304 with a body", b"HTTP/1.1 304 X\r\nContent-Length: 5\r\n\r\nhello", Whole(b"", 304),
        Whole(b"", 304, kept=False), NOT_A_BODY, httpx_mixes_up=True),
    Row("304 with chunks announced", b"HTTP/1.1 304 X\r\nTransfer-Encoding: chunked\r\n\r\n", Whole(b"", 304)),
    Row("HEAD with two lengths", FIVE + b"Content-Length: 6\r\n\r\n", PROTOCOL_ERROR, method="HEAD"),
    Row("HEAD with a length of 21 digits", OK + b"Content-Length: 000000000000000000005\r\n\r\n", PROTOCOL_ERROR,
        method="HEAD"),
    Row("HEAD with an unknown encoding", OK + b"Transfer-Encoding: gzip\r\n\r\n", PROTOCOL_ERROR, method="HEAD"),
    Row("304 with an unknown encoding", b"HTTP/1.1 304 X\r\nTransfer-Encoding: gzip\r\n\r\n", PROTOCOL_ERROR),
    Row("204 with an unknown encoding", b"HTTP/1.1 204 X\r\nTransfer-Encoding: gzip\r\n\r\n", PROTOCOL_ERROR),
]  # fmt: skip

INFORMATIONAL = [
    Row("100, then the response", b"HTTP/1.1 100 Continue\r\n\r\n" + FIVE + b"\r\nhello", HELLO),
    Row("102, then the response", b"HTTP/1.1 102 Processing\r\n\r\n" + FIVE + b"\r\nhello", HELLO),
    Row(
        "103 with headers, which are not those of the response",
        b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n" + FIVE + b"\r\nhello",
        Whole(b"hello", headers=((b"Content-Length", b"5"),), reason=b"OK"),
    ),
    Row("199, then the response", b"HTTP/1.1 199 Odd\r\n\r\n" + FIVE + b"\r\nhello", HELLO),
    Row("many of them", b"HTTP/1.1 102 Processing\r\n\r\n" * 50 + FIVE + b"\r\nhello", HELLO),
    Row("one without a reason", b"HTTP/1.1 100\r\n\r\n" + FIVE + b"\r\nhello", HELLO),
    Row("one with a length", b"HTTP/1.1 100 X\r\nContent-Length: 3\r\n\r\n" + FIVE + b"\r\nhello", HELLO),
    Row("one with chunks announced",
        b"HTTP/1.1 100 X\r\nTransfer-Encoding: chunked\r\n\r\n" + FIVE + b"\r\nhello", HELLO),
    Row("one that says close", b"HTTP/1.1 100 X\r\nConnection: close\r\n\r\n" + FIVE + b"\r\nhello", HELLO),
    Row("one of HTTP/1.0", b"HTTP/1.0 100 X\r\n\r\n" + FIVE + b"\r\nhello", HELLO),
    Row("one with a body", b"HTTP/1.1 100 X\r\nContent-Length: 5\r\n\r\nhello" + FIVE + b"\r\nhello", PROTOCOL_ERROR),
    Row("100 before chunks", b"HTTP/1.1 100 X\r\n\r\n" + CHUNKED + b"5\r\nhello\r\n" + LAST, HELLO),
    Row("100 before the response to HEAD", b"HTTP/1.1 100 X\r\n\r\n" + FIVE + b"\r\n", Whole(), method="HEAD"),
    Row("100 before 204", b"HTTP/1.1 100 X\r\n\r\nHTTP/1.1 204 X\r\n\r\n", Whole(b"", 204)),
    Row("one with an unknown encoding", b"HTTP/1.1 100 X\r\nTransfer-Encoding: gzip\r\n\r\n" + FIVE + b"\r\nhello",
        PROTOCOL_ERROR),
    Row("one with two lengths",
        b"HTTP/1.1 100 X\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n" + FIVE + b"\r\nhello",
        PROTOCOL_ERROR),
    Row("one of RTSP", b"RTSP/1.0 100 X\r\n\r\n" + FIVE + b"\r\nhello", PROTOCOL_ERROR),
    Row("100, and no response", b"HTTP/1.1 100 Continue\r\n\r\n", WAITS),
    Row("100, and the end", b"HTTP/1.1 100 Continue\r\n\r\n", PROTOCOL_ERROR, closes=True),
    Row("a malformed one", b"HTTP/1.1 100 X\r\nbad\r\n\r\n" + FIVE + b"\r\nhello", PROTOCOL_ERROR),
    Row(
        "101 with an upgrade", b"HTTP/1.1 101 X\r\nUpgrade: websocket\r\nConnection: upgrade\r\n\r\nbytes",
        PROTOCOL_ERROR,
    ),
    Row("101 without one", b"HTTP/1.1 101 X\r\n\r\n", PROTOCOL_ERROR),
    Row("101 after 100", b"HTTP/1.1 100 X\r\n\r\nHTTP/1.1 101 X\r\nUpgrade: a\r\nConnection: upgrade\r\n\r\n",
        PROTOCOL_ERROR),
    Row("more than 64 KiB of them", b"HTTP/1.1 102 Processing\r\n\r\n" * 2700 + FIVE + b"\r\nhello", HELLO,
        PROTOCOL_ERROR, TOO_LARGE),
]  # fmt: skip

AROUND = [
    Row("a blank line before", b"\r\n" + FIVE + b"\r\nhello", PROTOCOL_ERROR, HELLO, BLANK_LINES),
    Row("blank lines before", b"\r\n\r\n\r\n" + FIVE + b"\r\nhello", PROTOCOL_ERROR, HELLO, BLANK_LINES),
    Row("a bare LF before", b"\n" + FIVE + b"\r\nhello", PROTOCOL_ERROR, HELLO, BLANK_LINES),
    Row("a bare CR before", b"\r" + FIVE + b"\r\nhello", PROTOCOL_ERROR, HELLO, BLANK_LINES),
    Row("a blank line behind 100", b"HTTP/1.1 100 X\r\n\r\n\r\n" + FIVE + b"\r\nhello", PROTOCOL_ERROR, HELLO,
        BLANK_LINES),
    Row("a blank line behind", FIVE + b"\r\nhello\r\n", HELLO, httpx_mixes_up=True, kept_if_at_once=True),
    Row("a blank line behind chunks", CHUNKED + b"5\r\nhello\r\n" + LAST + b"\r\n", HELLO,
        httpx_mixes_up=True, kept_if_at_once=True),
    Row("a blank line behind 204", b"HTTP/1.1 204 X\r\n\r\n\r\n", Whole(b"", 204), httpx_mixes_up=True,
        kept_if_at_once=True),
    Row("blank lines behind", FIVE + b"\r\nhello\r\n\r\n", HELLO, httpx_mixes_up=True, kept_if_at_once=True),
    Row("a bare LF behind", FIVE + b"\r\nhello\n", HELLO, httpx_mixes_up=True, kept_if_at_once=True),
    Row("a byte behind", FIVE + b"\r\nhello!", HELLO, HELLO_CLOSED, LEFTOVER, httpx_mixes_up=True),
    Row("a byte behind chunks", CHUNKED + b"5\r\nhello\r\n" + LAST + b"!", HELLO, HELLO_CLOSED, LEFTOVER,
        httpx_mixes_up=True),
    Row("a byte behind a blank line", FIVE + b"\r\nhello\r\n!", HELLO, HELLO_CLOSED, LEFTOVER, httpx_mixes_up=True),
    Row("a byte behind nothing", OK + b"Content-Length: 0\r\n\r\n!", Whole(), NONE_CLOSED, LEFTOVER,
        httpx_mixes_up=True),
    Row("a NUL behind", FIVE + b"\r\nhello\0", HELLO, HELLO_CLOSED, LEFTOVER, httpx_mixes_up=True),
    Row("a second response", (FIVE + b"\r\nhello") + (FIVE + b"\r\nworld"), HELLO, HELLO_CLOSED, LEFTOVER,
        httpx_mixes_up=True),
    Row("a second response behind chunks", CHUNKED + b"5\r\nhello\r\n" + LAST + FIVE + b"\r\nworld", HELLO,
        HELLO_CLOSED, LEFTOVER, httpx_mixes_up=True),
    Row("a second response behind 204", b"HTTP/1.1 204 X\r\n\r\n" + FIVE + b"\r\nworld", Whole(b"", 204),
        Whole(b"", 204, kept=False), LEFTOVER, httpx_mixes_up=True),
    Row("half a response behind", FIVE + b"\r\nhelloHTTP/1.1 200 OK\r\nX-", HELLO, HELLO_CLOSED, LEFTOVER,
        httpx_mixes_up=True),
    Row("a second response, and close", FIVE + b"Connection: close\r\n\r\nhello" + FIVE + b"\r\nworld", HELLO_CLOSED),
    Row("a second response behind chunks, and close",
        OK + b"Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n" + LAST + FIVE + b"\r\nworld",
        HELLO_CLOSED),
    Row("a second response, and the end", (FIVE + b"\r\nhello") + (FIVE + b"\r\nworld"), HELLO_CLOSED, closes=True),
    Row("408 to a request that was not sent", FIVE + b"\r\nhelloHTTP/1.1 408 X\r\nConnection: close\r\n\r\n",
        HELLO_CLOSED, closes=True),
]  # fmt: skip

STATUS_LINES = [
    Row("no reason", b"HTTP/1.1 200\r\nContent-Length: 5\r\n\r\nhello", Whole(b"hello", reason=b"")),
    Row("an empty reason", b"HTTP/1.1 200 \r\nContent-Length: 5\r\n\r\nhello", Whole(b"hello", reason=b"")),
    Row("a reason of several words", b"HTTP/1.1 200 All is well\r\nContent-Length: 0\r\n\r\n",
        Whole(reason=b"All is well")),
    Row("a reason with blanks", b"HTTP/1.1 200  O\tK \r\nContent-Length: 0\r\n\r\n", Whole(reason=b" O\tK ")),
    Row("a reason that is not ASCII", b"HTTP/1.1 200 \xc3\x89t\xe9\r\nContent-Length: 0\r\n\r\n",
        Whole(reason=b"\xc3\x89t\xe9")),
    Row("a reason with a NUL", b"HTTP/1.1 200 O\0K\r\nContent-Length: 0\r\n\r\n", PROTOCOL_ERROR),
    Row("a reason with a vertical tab", b"HTTP/1.1 200 O\x0bK\r\nContent-Length: 0\r\n\r\n", PROTOCOL_ERROR),
    Row("a reason with a form feed", b"HTTP/1.1 200 O\x0cK\r\nContent-Length: 0\r\n\r\n", PROTOCOL_ERROR),
    Row("a reason with another control character", b"HTTP/1.1 200 O\x01K\r\nContent-Length: 0\r\n\r\n",
        Whole(reason=b"O\x01K"), PROTOCOL_ERROR, CONTROL),
    Row("a reason with a bare CR", b"HTTP/1.1 200 O\rK\r\nContent-Length: 0\r\n\r\n", PROTOCOL_ERROR),
    Row("a reason that looks like a status", b"HTTP/1.1 200 404 Not Found\r\nContent-Length: 0\r\n\r\n",
        Whole(reason=b"404 Not Found")),
    Row("an unknown status", b"HTTP/1.1 299 X\r\nContent-Length: 5\r\n\r\nhello", Whole(b"hello", 299)),
    Row("599", b"HTTP/1.1 599 X\r\nContent-Length: 5\r\n\r\nhello", Whole(b"hello", 599)),
    Row("600", b"HTTP/1.1 600 X\r\nContent-Length: 5\r\n\r\nhello", Whole(b"hello", 600)),
    Row("999", b"HTTP/1.1 999 X\r\nContent-Length: 5\r\n\r\nhello", Whole(b"hello", 999)),
    Row("000", b"HTTP/1.1 000 X\r\nContent-Length: 5\r\n\r\nhello", PROTOCOL_ERROR),
    Row("099", b"HTTP/1.1 099 X\r\n\r\n" + FIVE + b"\r\nhello", PROTOCOL_ERROR),
    Row("a status of two digits", b"HTTP/1.1 20 OK\r\nContent-Length: 0\r\n\r\n", PROTOCOL_ERROR),
    Row("a status of four digits", b"HTTP/1.1 2000 OK\r\nContent-Length: 0\r\n\r\n", PROTOCOL_ERROR),
    Row("a negative status", b"HTTP/1.1 -20 OK\r\nContent-Length: 0\r\n\r\n", PROTOCOL_ERROR),
    Row("a status in letters", b"HTTP/1.1 abc OK\r\nContent-Length: 0\r\n\r\n", PROTOCOL_ERROR),
    Row("no status", b"HTTP/1.1\r\nContent-Length: 0\r\n\r\n", PROTOCOL_ERROR),
    Row("a status that runs into its reason", b"HTTP/1.1 200OK\r\nContent-Length: 0\r\n\r\n", PROTOCOL_ERROR),
    Row("two spaces before the status", b"HTTP/1.1  200 OK\r\nContent-Length: 0\r\n\r\n", PROTOCOL_ERROR),
    Row("a tab before the status", b"HTTP/1.1\t200 OK\r\nContent-Length: 0\r\n\r\n", PROTOCOL_ERROR),
    Row("a tab behind the status", b"HTTP/1.1 200\tOK\r\nContent-Length: 0\r\n\r\n", PROTOCOL_ERROR),
    Row("a space before the version", b" HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", PROTOCOL_ERROR),
    Row("a byte order mark", b"\xef\xbb\xbf" + FIVE + b"\r\nhello", PROTOCOL_ERROR),
    Row("http in lower case", b"http/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", PROTOCOL_ERROR),
    Row("HTTPS", b"HTTPS/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", PROTOCOL_ERROR),
    Row("RTSP", b"RTSP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhello", PROTOCOL_ERROR),
    Row("ICE", b"ICE/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhello", PROTOCOL_ERROR),
    Row("HTTP/1", b"HTTP/1 200 OK\r\nContent-Length: 0\r\n\r\n", PROTOCOL_ERROR),
    Row("HTTP/11", b"HTTP/11 200 OK\r\nContent-Length: 0\r\n\r\n", PROTOCOL_ERROR),
    Row("HTTP/1.10", b"HTTP/1.10 200 OK\r\nContent-Length: 0\r\n\r\n", PROTOCOL_ERROR),
    Row("HTTP/1.2", b"HTTP/1.2 200 OK\r\nContent-Length: 5\r\n\r\nhello", HELLO, PROTOCOL_ERROR, VERSION),
    Row("HTTP/9.9", b"HTTP/9.9 200 OK\r\nContent-Length: 5\r\n\r\nhello", HELLO, PROTOCOL_ERROR, VERSION),
    Row("HTTP/0.9", b"HTTP/0.9 200 OK\r\nContent-Length: 5\r\n\r\nhello", HELLO_CLOSED),
    Row("HTTP/2.0 in the syntax of HTTP/1", b"HTTP/2.0 200 OK\r\nContent-Length: 5\r\n\r\nhello", HELLO,
        HELLO_CLOSED, "it is not known whether such a server keeps its connections"),
]  # fmt: skip

HEADERS = [
    Row("names as they were sent", FIVE + b"x-One: 1\r\nX-TWO: 2\r\n\r\nhello",
        Whole(b"hello", headers=((b"Content-Length", b"5"), (b"x-One", b"1"), (b"X-TWO", b"2")))),
    Row("a name twice, in order", OK + b"Set-Cookie: b=1\r\nSet-Cookie: a=2\r\nContent-Length: 0\r\n\r\n",
        Whole(headers=((b"Set-Cookie", b"b=1"), (b"Set-Cookie", b"a=2"), (b"Content-Length", b"0")))),
    Row("blanks around values", OK + b"A:1\r\nB: \t 2 \t\r\nC:  \r\nD:\r\nContent-Length: 0\r\n\r\n",
        Whole(headers=((b"A", b"1"), (b"B", b"2"), (b"C", b""), (b"D", b""), (b"Content-Length", b"0")))),
    Row("blanks within a value", OK + b"A: 1  2\t3\r\nContent-Length: 0\r\n\r\n",
        Whole(headers=((b"A", b"1  2\t3"), (b"Content-Length", b"0")))),
    Row("a name of odd characters", OK + b"!#$%&'*+-.^_`|~09: x\r\nContent-Length: 0\r\n\r\n",
        Whole(headers=((b"!#$%&'*+-.^_`|~09", b"x"), (b"Content-Length", b"0")))),
    Row("a value with colons", OK + b"A: b: c:d\r\nContent-Length: 0\r\n\r\n",
        Whole(headers=((b"A", b"b: c:d"), (b"Content-Length", b"0")))),
    Row("a value in UTF-8", OK + "A: é €\r\nContent-Length: 0\r\n\r\n".encode(),
        Whole(headers=((b"A", "é €".encode()), (b"Content-Length", b"0")))),
    Row("a value in Latin-1", OK + b"A: \xe9\x80\xff\r\nContent-Length: 0\r\n\r\n",
        Whole(headers=((b"A", b"\xe9\x80\xff"), (b"Content-Length", b"0")))),
    Row("no headers", b"HTTP/1.1 204 X\r\n\r\n", Whole(b"", 204, headers=())),
    Row("a control character", OK + b"A: b\x01c\r\nContent-Length: 0\r\n\r\n", Whole(), PROTOCOL_ERROR, CONTROL),
    Row("an escape sequence", OK + b"A: \x1b[31m\r\nContent-Length: 0\r\n\r\n", Whole(), PROTOCOL_ERROR, CONTROL),
    Row("DEL", OK + b"A: b\x7fc\r\nContent-Length: 0\r\n\r\n", Whole(), PROTOCOL_ERROR, CONTROL),
    Row("NUL", OK + b"A: b\0c\r\nContent-Length: 0\r\n\r\n", PROTOCOL_ERROR),
    Row("a vertical tab", OK + b"A: b\x0bc\r\nContent-Length: 0\r\n\r\n", PROTOCOL_ERROR),
    Row("a form feed", OK + b"A: b\x0cc\r\nContent-Length: 0\r\n\r\n", PROTOCOL_ERROR),
    Row("a bare CR in a value", OK + b"A: b\rc\r\nContent-Length: 0\r\n\r\n", PROTOCOL_ERROR),
    Row("a bare CR in a name", OK + b"A\rB: c\r\nContent-Length: 0\r\n\r\n", PROTOCOL_ERROR),
    Row("CR CR LF", OK + b"A: b\r\r\nContent-Length: 0\r\n\r\n", PROTOCOL_ERROR),
    Row("a NUL in a name", OK + b"A\0: b\r\nContent-Length: 0\r\n\r\n", PROTOCOL_ERROR),
    Row("a name that is not ASCII", OK + b"\xc3\xa9: b\r\nContent-Length: 0\r\n\r\n", PROTOCOL_ERROR),
    Row("a space in a name", OK + b"A B: c\r\nContent-Length: 0\r\n\r\n", PROTOCOL_ERROR),
    Row("a space behind a name", OK + b"A : b\r\nContent-Length: 0\r\n\r\n", PROTOCOL_ERROR),
    Row("a tab behind a name", OK + b"A\t: b\r\nContent-Length: 0\r\n\r\n", PROTOCOL_ERROR),
    Row("brackets in a name", OK + b"A(b): c\r\nContent-Length: 0\r\n\r\n", PROTOCOL_ERROR),
    Row("no name", OK + b": b\r\nContent-Length: 0\r\n\r\n", PROTOCOL_ERROR),
    Row("no colon", OK + b"A b\r\nContent-Length: 0\r\n\r\n", PROTOCOL_ERROR),
    Row("a space before the first name", OK + b" A: b\r\nContent-Length: 0\r\n\r\n", PROTOCOL_ERROR),
    Row("a folded value", OK + b"A: b\r\n c\r\nContent-Length: 0\r\n\r\n", Whole(), PROTOCOL_ERROR, OBS_FOLD),
    Row("a value folded by a tab", OK + b"A: b\r\n\tc\r\nContent-Length: 0\r\n\r\n", Whole(), PROTOCOL_ERROR,
        OBS_FOLD),
    Row("a value that begins folded", OK + b"A:\r\n b\r\nContent-Length: 0\r\n\r\n", Whole(), PROTOCOL_ERROR,
        OBS_FOLD),
    Row("a folded length", OK + b"Content-Length:\r\n 5\r\n\r\nhello", HELLO, PROTOCOL_ERROR, OBS_FOLD),
    Row("a length continued on a folded line", OK + b"Content-Length: 1\r\n 5\r\n\r\nhello", PROTOCOL_ERROR),
    Row("a folded encoding", OK + b"Transfer-Encoding:\r\n chunked\r\n\r\n5\r\nhello\r\n" + LAST, HELLO,
        PROTOCOL_ERROR, OBS_FOLD),
    Row("a bare LF behind a header", OK + b"A: b\nContent-Length: 5\r\n\r\nhello", HELLO, PROTOCOL_ERROR, LF_ALONE),
    Row("a bare LF behind the status line", b"HTTP/1.1 200 OK\nContent-Length: 5\r\n\r\nhello", HELLO,
        PROTOCOL_ERROR, LF_ALONE),
    Row("a bare LF for the blank line", FIVE + b"\nhello", HELLO, PROTOCOL_ERROR, LF_ALONE),
    Row("bare LFs throughout", b"HTTP/1.1 200 OK\nContent-Length: 5\n\nhello", HELLO, PROTOCOL_ERROR, LF_ALONE),
    Row("bare CRs throughout", b"HTTP/1.1 200 OK\rContent-Length: 5\r\rhello", WAITS, PROTOCOL_ERROR, SOONER),
]  # fmt: skip

LIMITS = [
    Row("a header of 60,000 bytes", FIVE + b"A: " + b"x" * 60_000 + b"\r\n\r\nhello", HELLO),
    Row("a name of 60,000 bytes", FIVE + b"A" * 60_000 + b": x\r\n\r\nhello", HELLO),
    Row("a header of 70,000 bytes", FIVE + b"A: " + b"x" * 70_000 + b"\r\n\r\nhello", HELLO, PROTOCOL_ERROR,
        TOO_LARGE),
    Row("a header of 200,000 bytes", FIVE + b"A: " + b"x" * 200_000 + b"\r\n\r\nhello", PROTOCOL_ERROR),
    Row("a reason of 70,000 bytes", b"HTTP/1.1 200 " + b"x" * 70_000 + b"\r\nContent-Length: 0\r\n\r\n", Whole(),
        PROTOCOL_ERROR, TOO_LARGE),
    Row("400 headers", FIVE + _many(400, b"A%d: b\r\n") + b"\r\nhello", HELLO),
    Row("1,000 headers", FIVE + _many(1000, b"A%d: b\r\n") + b"\r\nhello", HELLO, PROTOCOL_ERROR, "more than 500"),
    Row("an extension of 60,000 bytes", CHUNKED + b"5;" + b"a" * 60_000 + b"\r\nhello\r\n" + LAST, HELLO),
    Row("an extension of 1,000,000 bytes", CHUNKED + b"5;" + b"a" * 1_000_000 + b"\r\nhello\r\n" + LAST,
        PROTOCOL_ERROR),
    Row("trailers of 60,000 bytes", CHUNKED + b"5\r\nhello\r\n0\r\nA: " + b"x" * 60_000 + b"\r\n\r\n", HELLO),
    Row("trailers of 1,000,000 bytes",
        CHUNKED + b"5\r\nhello\r\n0\r\n" + _many(100_000, b"A%05d: b\r\n") + b"\r\n", PROTOCOL_ERROR),
]  # fmt: skip

NOT_HTTP = [
    Row("nothing, and the end", b"", PROTOCOL_ERROR, closes=True),
    Row("nothing", b"", WAITS),
    Row("a blank line, and the end", b"\r\n", PROTOCOL_ERROR, closes=True),
    Row("a letter, and the end", b"H", PROTOCOL_ERROR, closes=True),
    Row("half a version, and the end", b"HTTP/1", PROTOCOL_ERROR, closes=True),
    Row("half a status line, and the end", b"HTTP/1.1 200", PROTOCOL_ERROR, closes=True),
    Row("a status line, and the end", OK, PROTOCOL_ERROR, closes=True),
    Row("half a header, and the end", OK + b"Content-Le", PROTOCOL_ERROR, closes=True),
    Row("half a blank line, and the end", OK + b"Content-Length: 0\r\n\r", PROTOCOL_ERROR, closes=True),
    Row("half a head", OK + b"Content-Length: 0\r\n", WAITS),
    Row("an SSH server", b"SSH-2.0-OpenSSH_9.6\r\n", WAITS, PROTOCOL_ERROR, SOONER),
    Row("an SSH server, and the end", b"SSH-2.0-OpenSSH_9.6\r\n", PROTOCOL_ERROR, closes=True),
    Row("an SMTP server", b"220 mail ESMTP\r\n", WAITS, PROTOCOL_ERROR, SOONER),
    Row("a Redis server", b"-ERR unknown command\r\n", WAITS, PROTOCOL_ERROR, SOONER),
    Row("a page without a head (HTTP/0.9)", b"<html>hello</html>", PROTOCOL_ERROR, closes=True),
    Row("an Icecast server", b"ICY 200 OK\r\n\r\nhello", PROTOCOL_ERROR),
    Row("a request", b"GET / HTTP/1.1\r\nHost: a\r\n\r\n", PROTOCOL_ERROR),
    Row("the HTTP/2 preface", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", PROTOCOL_ERROR),
    Row("an HTTP/2 SETTINGS frame", b"\0\0\x06\x04\0\0\0\0\0\0\x03\0\0\0\x64", PROTOCOL_ERROR),
    Row("a TLS alert", b"\x15\x03\x01\0\x02\x02\x46", PROTOCOL_ERROR, closes=True),
    Row("zeros", bytes(100), PROTOCOL_ERROR),
    Row("too many blank lines", b"\r\n" * 33_000, PROTOCOL_ERROR),
    Row("one long line", b"H" * 200_000, PROTOCOL_ERROR),
    Row("a JSON document", b'{"detail": "Not Found"}', PROTOCOL_ERROR, closes=True),
]  # fmt: skip

TABLE = {
    "by length": BY_LENGTH,
    "bad lengths": BAD_LENGTHS,
    "in chunks": IN_CHUNKS,
    "bad chunks": BAD_CHUNKS,
    "encodings": ENCODINGS,
    "up to the end of the connection": BY_THE_END,
    "kept or closed": KEPT_OR_CLOSED,
    "without a body": NO_BODY,
    "1xx": INFORMATIONAL,
    "before and behind": AROUND,
    "status lines": STATUS_LINES,
    "headers": HEADERS,
    "limits": LIMITS,
    "no HTTP/1.1": NOT_HTTP,
}
ROWS = {f"{section}: {row.name}": row for section, rows in TABLE.items() for row in rows}
