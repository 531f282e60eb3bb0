"""The parts that the answers of hostile servers are made of."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import Any

from servers.hostile_cases.case import Answering, End, Exchange, Sent

MIB = 1024 * 1024

MOST = 2048 * MIB

"""What an endless answer sends at most, so that a client that takes everything comes to an end."""


def head(*headers: str, status: int | str = 200) -> bytes:
    """The head of a response."""
    return "\r\n".join([f"HTTP/1.1 {status} Words", *headers, "", ""]).encode("latin-1")


def answer(body: bytes = b"{}", *headers: str, status: int | str = 200) -> bytes:
    """A whole response on a connection that is kept."""
    return (
        head("content-type: application/json", f"content-length: {len(body)}", *headers, status=status) + body
    )


def of_json(value: Any, *headers: str, status: int = 200) -> bytes:
    """A whole response with this value."""
    return answer(json.dumps(value).encode(), *headers, status=status)


def until_closed(body: bytes, *headers: str, status: int = 200) -> Callable[[Exchange], Iterable[Sent]]:
    """A response that ends with the connection."""
    return sent(head("content-type: application/json", *headers, status=status), body, End.CLOSE)


def sent(*pieces: Sent) -> Callable[[Exchange], Iterable[Sent]]:
    """Sends these, each time."""
    return lambda _: pieces


def built_when_sent(build: Callable[[], Answering]) -> Callable[[Exchange], Iterable[Sent]]:
    """Sends what takes long to build: the cases are imported by every process that collects tests."""
    built = cache(build)

    def answering(exchange: Exchange) -> Iterable[Sent]:
        chosen = built()
        return [chosen] if isinstance(chosen, bytes) else chosen(exchange)

    return answering


def endless(first: bytes, piece: bytes) -> Callable[[Exchange], Iterator[Sent]]:
    """Sends `first`, and then `piece` forever."""

    def answering(_: Exchange) -> Iterator[Sent]:
        yield first
        many = piece * max(1, 65536 // len(piece))
        for _ in range(MOST // len(many)):
            yield many

    return answering


def trickled(first: bytes, piece: bytes, *, pause: float = 0.3) -> Callable[[Exchange], Iterator[Sent]]:
    """Sends `first`, and then `piece` byte by byte, again and again, with a pause after each byte."""

    def answering(_: Exchange) -> Iterator[Sent]:
        yield first
        while True:
            for byte in piece:
                yield bytes([byte])
                yield pause

    return answering


def in_turn(*answers: Answering) -> Callable[[Exchange], Iterable[Sent]]:
    """Answers the first request of a call with the first of these, and so on; the last is repeated."""

    def answering(exchange: Exchange) -> Iterable[Sent]:
        chosen = answers[min(exchange.number, len(answers) - 1)]
        return [chosen] if isinstance(chosen, bytes) else chosen(exchange)

    return answering


RUN = {
    "run_id": "r",
    "thread_id": "t",
    "assistant_id": "agent",
    "status": "success",
    "metadata": {},
    "kwargs": {},
}

LOCATION = "content-location: /threads/t/runs/r"

STREAM = head("content-type: text/event-stream", LOCATION)

"""The head of a stream that ends with the connection."""

METADATA = b'event: metadata\ndata: {"run_id": "r", "attempt": 1}\nid: 1\n\n'


def run(**fields: Any) -> bytes:
    """The response to a request for a run."""
    return of_json({**RUN, **fields})


def event(data: bytes, name: bytes = b"values", event_id: bytes = b"") -> bytes:
    """An event of a stream."""
    return b"event: %b\ndata: %b\n" % (name, data) + (b"id: %b\n" % event_id if event_id else b"") + b"\n"


def stream(*pieces: Sent) -> Callable[[Exchange], Iterable[Sent]]:
    """A stream that ends with the connection."""
    return sent(STREAM, *pieces, End.CLOSE)


def whole(*events: bytes) -> Callable[[Exchange], Iterable[Sent]]:
    """A stream of these events, which ends with the connection."""
    return stream(b"".join(events))
