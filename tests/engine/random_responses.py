"""Random and endless responses for the parser, and what h11 makes of the random ones.

They are rows of the table, mutated, and responses of a grammar that allows too much. Each seed is one response, in one
piece and in random pieces. `python -m engine.random_responses FIRST LAST`, in tests/, tries the seeds in between.
"""

from __future__ import annotations

import sys
from random import Random
from typing import NamedTuple

import h11
import httpx
from engine.exchanges import Outcome, Parsed, Response, parsed
from engine.raw_responses import CHUNKED, OK, ROWS, Whole

LONGEST = 400
"""Rows that are longer are about limits, and have tests of their own."""
MOST_MUTATIONS = 4

_SHORT = [row for row in ROWS.values() if len(row.raw) <= LONGEST]
_RAW = [row.raw for row in _SHORT]
_GOOD = [row.raw for row in _SHORT if isinstance(row.expected, Whole)]

# Valid and invalid parts of responses.
_VERSIONS = [b"HTTP/1.1"] * 40 + [b"HTTP/1.0", b"HTTP/0.9", b"HTTP/2.0", b"http/1.1", b"RTSP/1.0", b""]
_STATUSES = [b"200"] * 30 + b"204 304 404 500 999 100 101 199 099 20 2000".split()
_REASONS = [b" OK"] * 20 + [b"", b" ", b" Not Found", b" \xe9\t", b" O\0K", b"OK", b" 200 OK"]
_HEADERS = [
    b"Content-Length: 5", b"Content-Length: 0", b"content-length:3", b"Content-Length: 05 ", b"Content-Length: 5, 5",
    b"Content-Length: -1", b"Content-Length: 99999999999999999999", b"Content-Length:", b"Content-Length: 0x5",
    b"Transfer-Encoding: chunked", b"Transfer-Encoding: chunked", b"transfer-encoding:\tCHUNKED ",
    b"Transfer-Encoding: gzip, chunked", b"Transfer-Encoding: identity", b"Transfer-Encoding: chunked, chunked",
    b"Connection: close", b"Connection: keep-alive", b"connection: x, Close", b"Connection: upgrade", b"Upgrade: h2c",
    b"Trailer: X", b"X: y", b"Set-Cookie: a=b; c", b"X-Empty:", b"X: \xc3\xa9", b"X : y", b"X: a\x01b", b"X: a\0b",
    b": y", b"X", b" folded", b"X: a\rb", b"Date: Tue, 24 Nov 2026 09:00:00 GMT",
]  # fmt: skip
_FRAMINGS = [b"Content-Length: 5", b"Transfer-Encoding: chunked", b"Transfer-Encoding: chunked", b"X: y"]
_BODIES = [
    b"", b"hello", b"hello!", b"hel", b"5\r\nhello\r\n0\r\n\r\n", b"5;a=b\r\nhello\r\n0\r\n\r\n",
    b"2\r\nhe\r\n3\r\nllo\r\n0\r\nX-Sum: 7\r\n\r\n", b"1\r\nx\r\n" * 3 + b"0\r\n\r\n", b"0\r\n\r\n",
    b"5\r\nhello\r\n0\r\n", b"5 \r\nhello\r\n0\r\n\r\n", b"-5\r\nhello\r\n0\r\n\r\n", b"\r\n",
    b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nworld",
]  # fmt: skip
_ENDS_OF_LINES = [b"\r\n"] * 60 + [b"\n", b"\r", b"\r\r\n", b"\r\n\r\n", b""]
_TOKENS = [
    b"\r\n", b"\n", b"\r", b"\0", b" ", b"\t", b":", b";", b",", b'"', b"0", b"f", b"\xff", b"\x80", b"\x7f",
    b"\r\n\r\n", b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 100 X\r\n\r\n", b"0\r\n\r\n", b"5\r\nhello\r\n",
    b"00000000000000000000", *_HEADERS,
]  # fmt: skip


ENDLESS = {
    "blank lines": (b"", b"\r\n"),
    "a reason": (b"HTTP/1.1 200 ", b"x"),
    "the name of a header": (OK, b"x"),
    "the value of a header": (OK + b"X: ", b"x"),
    "blanks before a value": (OK + b"X: ", b" "),
    "headers": (OK, b"X: y\r\n"),
    "headers without a value": (OK, b"x:\r\n"),
    "zeros of a length": (OK + b"Content-Length: ", b"0"),
    "1xx": (b"", b"HTTP/1.1 102 X\r\n\r\n"),
    "1xx with headers": (b"", b"HTTP/1.1 103 X\r\nLink: </a.css>\r\n\r\n"),
    "headers of a 1xx": (b"HTTP/1.1 103 X\r\n", b"X: y\r\n"),
    "zeros of a size": (CHUNKED, b"0"),
    "the name of an extension": (CHUNKED + b"5;", b"x"),
    "the value of an extension": (CHUNKED + b"5;a=", b"x"),
    "an extension in quotes": (CHUNKED + b'5;a="', b"x"),
    "extensions": (CHUNKED + b"5", b";a=b"),
    "extensions of a second chunk": (CHUNKED + b"5\r\nhello\r\n5", b";a=b"),
    "the name of a trailer": (CHUNKED + b"5\r\nhello\r\n0\r\n", b"x"),
    "the value of a trailer": (CHUNKED + b"5\r\nhello\r\n0\r\nX: ", b"x"),
    "trailers": (CHUNKED + b"5\r\nhello\r\n0\r\n", b"X: y\r\n"),
    "trailers behind no body": (CHUNKED + b"0\r\n", b"X: y\r\n"),
}
"""The beginning of a response, and what it repeats forever."""


class Case(NamedTuple):
    """A response to a request."""

    method: str
    raw: bytes
    pieces: list[bytes]
    has_ended: bool


def case(random: Random) -> Case:
    """A random case."""
    kind = random.random()
    raw = random.choice(_RAW if kind < 0.2 else _GOOD) if kind < 0.55 else _made(random)
    if kind < 0.75:
        raw = _mutated(raw, random)
    method = "HEAD" if random.random() < 0.08 else "GET"
    return Case(method, raw, _in_pieces(raw, random), has_ended=random.random() < 0.5)


def _made(random: Random) -> bytes:
    """By a grammar that allows too much."""
    choice = random.choice
    line = choice(_VERSIONS) + b" " + choice(_STATUSES) + choice(_REASONS)
    lines = [line, choice(_FRAMINGS), *random.choices(_HEADERS, k=int(random.random() ** 2 * 4))]
    head = b"".join([line + choice(_ENDS_OF_LINES) for line in lines])
    return head + choice(_ENDS_OF_LINES) + choice(_BODIES)


def _mutated(raw: bytes, random: Random) -> bytes:
    for _ in range(1 + int(random.random() ** 3 * MOST_MUTATIONS)):
        size = len(raw)
        at = int(random.random() * (size + 1))
        to = min(size, at + int(random.random() ** 3 * 40))
        kind = random.random()
        if kind < 0.15:
            raw = raw.replace(b"\r\n", b"\r\n" + random.choice(_HEADERS) + b"\r\n", 1)
        elif kind < 0.3:
            raw = raw[:at] + bytes([int(random.random() * 256)]) + raw[at + 1 :]
        elif kind < 0.5:
            raw = raw[:at] + random.choice(_TOKENS) + raw[to if random.random() < 0.3 else at :]
        elif kind < 0.7:
            raw = raw[:at] + raw[to:]
        elif kind < 0.85:
            raw = raw[:to] + raw[at:]
        elif kind < 0.95:
            other = random.choice(_RAW)
            raw = raw[:at] + other[int(random.random() * len(other)) :]
        else:
            raw = raw[:at]
    return raw


def _in_pieces(raw: bytes, random: Random) -> list[bytes]:
    if random.random() < 0.03:
        return [raw[at : at + 1] for at in range(len(raw))]
    pieces, at = [], 0
    while at < len(raw):
        to = at + 1 + int(random.random() ** 2 * len(raw))
        pieces.append(raw[at:to])
        at = to
    return pieces


def tried(seed: int) -> Parsed:
    """Checks one seed: the result must be the same in one piece and in several, and no longer than the input."""
    method, raw, pieces, has_ended = case(Random(seed))
    result = parsed(method, [raw], has_ended=has_ended)
    in_pieces = parsed(method, pieces, has_ended=has_ended)
    assert result == in_pieces, (
        f"in one piece: {result}; in pieces of {[*map(len, pieces)]}: {in_pieces}; raw: {raw!r}"
    )
    assert len(result.body) <= len(raw)
    return result


def try_all(first: int, last: int) -> dict[str, int]:
    """Checks all seeds in between; returns how often each outcome was. An exception has its seed in a note."""
    outcomes: dict[str, int] = {}
    for seed in range(first, last):
        try:
            outcome = tried(seed).outcome
        except BaseException as error:
            error.add_note(f"seed {seed}")
            raise
        name = outcome.__name__ if isinstance(outcome, type) else "Response"
        outcomes[name] = outcomes.get(name, 0) + 1
    return outcomes


def by_h11(method: str, raw: bytes, *, has_ended: bool) -> tuple[Outcome, bool]:
    """The result of httpx's own parser, and whether the connection may carry another request."""
    connection = h11.Connection(h11.CLIENT)
    connection.send(h11.Request(method=method, target="/", headers=[("Host", "a")]))
    connection.send(h11.EndOfMessage())
    if raw:
        connection.receive_data(raw)
    if has_ended:
        connection.receive_data(b"")
    head, body = None, []
    while True:
        try:
            event = connection.next_event()
        except h11.RemoteProtocolError:
            return httpx.RemoteProtocolError, False
        if isinstance(event, h11.Response):
            head = event
        elif isinstance(event, h11.Data):
            body.append(bytes(event.data))
        elif isinstance(event, h11.EndOfMessage):
            assert head is not None
            states = {connection.our_state, connection.their_state}
            is_reusable = states == {h11.DONE} and not connection.trailing_data[0].strip(b"\r\n")
            headers = tuple((bytes(name), bytes(value)) for name, value in head.headers.raw_items())
            version = b"HTTP/" + bytes(head.http_version)
            return Response(
                head.status_code, version, bytes(head.reason), headers, b"".join(body)
            ), is_reusable
        elif not isinstance(event, h11.InformationalResponse):  # NEED_DATA, PAUSED, ConnectionClosed
            return httpx.RemoteProtocolError if has_ended else httpx.ReadTimeout, False


def compare(seed: int) -> None:
    """Checks one seed: a response that our parser accepts is the same for h11. Ours may be stricter.

    It is laxer about blank lines before a response, and about the number of zeros before a size: see the table.
    """
    method, raw, _, has_ended = case(Random(seed))
    ours = parsed(method, [raw], has_ended=has_ended)
    if isinstance(ours.outcome, type) or b"0" * 15 in raw:
        return
    theirs, is_reusable = by_h11(method, raw, has_ended=has_ended)
    if isinstance(theirs, type):
        theirs, is_reusable = by_h11(method, _without_blank_lines(raw), has_ended=has_ended)
    assert _comparable(ours.outcome) == _comparable(theirs), f"seed {seed}: {ours}; {theirs}; raw: {raw!r}"
    assert is_reusable or has_ended or not ours.is_reusable, f"seed {seed}: {ours}; raw: {raw!r}"


def _without_blank_lines(raw: bytes) -> bytes:
    """Removes those before a response, and before one that follows a 1xx."""
    raw = raw.lstrip(b"\r\n")
    head, end, rest = raw.partition(b"\r\n\r\n")
    return head + end + _without_blank_lines(rest) if end and head[9:10] == b"1" else raw


def _comparable(outcome: Outcome) -> Outcome:
    """h11 returns the value of Transfer-Encoding in lower case."""
    if isinstance(outcome, type):
        return outcome
    headers = [
        (name, value.lower() if name.lower() == b"transfer-encoding" else value)
        for name, value in outcome.headers
    ]
    return outcome._replace(headers=tuple(headers))


if __name__ == "__main__":
    print(try_all(int(sys.argv[1]), int(sys.argv[2])))  # noqa: T201
