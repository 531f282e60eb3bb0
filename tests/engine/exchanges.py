"""The result of a request: over a sync or an async client, or by a parser alone."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from typing import NamedTuple, TypeAlias

import httpx
from servers.byte_server import FIRST, SECOND, SECOND_BODY, ByteServer, End

from langgraph_runs.engine.framing import Head
from langgraph_runs.engine.response import ResponseParser

PATIENCE = 20.0
"""Seconds within which everything arrives that is sent on this machine."""
IMPATIENCE = 0.02
"""Seconds to wait for bytes that will not arrive."""


class Response(NamedTuple):
    """A response that was received to its end."""

    status: int
    http_version: bytes
    reason: bytes
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes


Outcome: TypeAlias = Response | type[Exception]


class Played(NamedTuple):
    """The results of two requests, one after the other."""

    first: Outcome
    second: Outcome
    is_kept: bool
    """Whether both went over one connection."""

    @property
    def second_has_its_own_answer(self) -> bool:
        return not isinstance(self.second, type) and (self.second.status, self.second.body) == (
            200,
            SECOND_BODY,
        )


def played(
    client: httpx.Client,
    server: ByteServer,
    pieces: Sequence[bytes],
    end: End,
    *,
    method: str = "GET",
    read: float = PATIENCE,
) -> Played:
    """Requests FIRST, and SECOND when all of that has arrived."""
    play = server.play(pieces, end)
    try:
        first = asked(client, method, server.url + FIRST, read)
    finally:
        play.answered.set()
    assert play.over.wait(PATIENCE)
    second = asked(client, "GET", server.url + SECOND, PATIENCE)
    return Played(first, second, (SECOND, play.connection) == server.requests[-1])


async def async_played(
    client: httpx.AsyncClient,
    server: ByteServer,
    pieces: Sequence[bytes],
    end: End,
    *,
    method: str = "GET",
    read: float = PATIENCE,
) -> Played:
    """The same, asynchronously."""
    play = server.play(pieces, end)
    try:
        first = await async_asked(client, method, server.url + FIRST, read)
    finally:
        play.answered.set()
    assert await asyncio.to_thread(play.over.wait, PATIENCE)
    second = await async_asked(client, "GET", server.url + SECOND, PATIENCE)
    return Played(first, second, (SECOND, play.connection) == server.requests[-1])


def asked(client: httpx.Client, method: str, url: str, read: float) -> Outcome:
    """The result of one request; an exception must have the request on it."""
    try:
        with client.stream(method, url, timeout=httpx.Timeout(PATIENCE, read=read)) as response:
            return _received(response, b"".join(response.iter_raw()))
    except httpx.TransportError as error:
        return _failed(error, url)


async def async_asked(client: httpx.AsyncClient, method: str, url: str, read: float) -> Outcome:
    """The same, asynchronously."""
    try:
        async with client.stream(method, url, timeout=httpx.Timeout(PATIENCE, read=read)) as response:
            return _received(response, b"".join([part async for part in response.aiter_raw()]))
    except httpx.TransportError as error:
        return _failed(error, url)


def _received(response: httpx.Response, body: bytes) -> Response:
    extensions = response.extensions
    return Response(
        response.status_code,
        extensions["http_version"],
        extensions["reason_phrase"],
        tuple(response.headers.raw),
        body,
    )


def _failed(error: httpx.TransportError, url: str) -> type[httpx.TransportError]:
    assert url == error.request.url
    assert str(error) or not isinstance(error, httpx.ProtocolError), "nothing is said about what is wrong"
    return type(error)


class Parsed(NamedTuple):
    """The result of feeding bytes to a parser."""

    outcome: Outcome
    """As a client sees it: a read that would wait forever times out."""
    head: Head | None
    body: bytes
    """The body so far, also if it ends with an error."""
    is_reusable: bool


def parsed(method: str, pieces: Iterable[bytes], *, has_ended: bool) -> Parsed:
    """Feeds a parser with pieces, and then with the end of the connection if it has ended."""
    parser = ResponseParser(method)
    outcome: Outcome = httpx.ReadTimeout
    try:
        for piece in pieces:
            parser.feed(piece)
        if has_ended:
            parser.feed_eof()
    except httpx.RemoteProtocolError:
        return Parsed(httpx.RemoteProtocolError, parser.head, parser.take(), parser.is_reusable)
    head, body = parser.head, parser.take()
    if head is not None and parser.is_complete:
        outcome = Response(head.status, head.http_version, head.reason, tuple(head.headers), body)
    return Parsed(outcome, head, body, parser.is_reusable)
