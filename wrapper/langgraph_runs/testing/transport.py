"""The transports that take each request of an httpx or httpx2 client to a server in memory."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Callable, Iterator
from math import inf
from time import sleep
from typing import Any

import anyio
import httpx

from langgraph_runs.testing.exchange import Body, DroppedError, How, Reply, Request, lower

Respond = Callable[[Request], Reply]

_CUT = "peer closed connection without sending complete message body (incomplete chunked read)"
_LATE = "The read operation timed out"
_NOT_SENT = "Server disconnected without sending a response."


class FakeTransport(httpx.BaseTransport):
    """For an `httpx.Client` or an `httpx2.Client`.

    Args:
        respond: Returns the response to a request.
    """

    def __init__(self, respond: Respond) -> None:
        self._respond = respond

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Returns the response when its head has come."""
        reply = self._respond(received(request, request.read()))
        sleep(min(reply.delay, _patience(request)))
        _check_head(reply, request)
        return _response(reply, _Stream, request)


class AsyncFakeTransport(httpx.AsyncBaseTransport):
    """For an `httpx.AsyncClient` or an `httpx2.AsyncClient`.

    Args:
        respond: Returns the response to a request.
    """

    def __init__(self, respond: Respond) -> None:
        self._respond = respond

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Returns the response when its head has come."""
        reply = self._respond(received(request, await request.aread()))
        await anyio.sleep(min(reply.delay, _patience(request)))
        _check_head(reply, request)
        return _response(reply, _AsyncStream, request)


class _Stream(httpx.SyncByteStream):
    def __init__(self, body: bytes | Body, request: httpx.Request) -> None:
        self._body = _pieces(body)
        self._request = request

    def __iter__(self) -> Iterator[bytes]:
        silence = _Silence(self._request)
        try:
            for piece in self._body:
                if isinstance(piece, bytes):
                    silence.end()
                    yield piece
                else:
                    sleep(silence.left(piece))
        except DroppedError as error:
            raise _lost(error.how, self._request) from None

    def close(self) -> None:
        self._body.close()


class _AsyncStream(httpx.AsyncByteStream):
    def __init__(self, body: bytes | Body, request: httpx.Request) -> None:
        self._body = _pieces(body)
        self._request = request

    async def __aiter__(self) -> AsyncIterator[bytes]:
        silence = _Silence(self._request)
        try:
            for piece in self._body:
                if isinstance(piece, bytes):
                    silence.end()
                    yield piece
                else:
                    await anyio.sleep(silence.left(piece))
        except DroppedError as error:
            raise _lost(error.how, self._request) from None

    async def aclose(self) -> None:
        self._body.close()


class _Silence:
    """How long nothing has come, and how long it may last: the read timeout of the request."""

    def __init__(self, request: httpx.Request) -> None:
        self._request = request
        self._seconds = 0.0

    def end(self) -> None:
        self._seconds = 0.0

    def left(self, seconds: float) -> float:
        """The given seconds. Raises httpx.ReadTimeout if they are too many."""
        if self._seconds > _patience(self._request):
            raise _library(self._request).ReadTimeout(_LATE, request=self._request)
        self._seconds += seconds
        return seconds


def received(request: httpx.Request, content: bytes) -> Request:
    """The request as the server has received it."""
    headers = lower((name.decode("latin-1"), value.decode("latin-1")) for name, value in request.headers.raw)
    return Request(request.method, request.url.raw_path.decode("ascii"), headers, content)


def _patience(request: httpx.Request) -> float:
    """The read timeout of a request, in seconds."""
    timeouts: dict[str, float | None] = request.extensions.get("timeout") or {}
    seconds = timeouts.get("read")
    return inf if seconds is None else seconds


def _check_head(reply: Reply, request: httpx.Request) -> None:
    if reply.delay > _patience(request):
        if not isinstance(reply.body, bytes):
            reply.body.close()
        raise _library(request).ReadTimeout(_LATE, request=request)
    if reply.lost == "reset":
        raise _library(request).ReadError("Connection reset by peer", request=request)
    if reply.lost is not None:
        raise _library(request).RemoteProtocolError(_NOT_SENT, request=request)


def _response(reply: Reply, kind: Any, request: httpx.Request) -> httpx.Response:
    library = _library(request)
    stream = _of_library(kind, library)(reply.body, request)
    response: httpx.Response = library.Response(reply.status, headers=reply.headers, stream=stream)
    return response


def _lost(how: How, request: httpx.Request) -> httpx.TransportError:
    if how == "reset":
        error: httpx.TransportError = _library(request).ReadError("Connection reset by peer", request=request)
    else:
        error = _library(request).RemoteProtocolError(_CUT, request=request)
    return error


def _library(request: httpx.Request) -> Any:
    """The library whose classes the client of this request expects: httpx, or httpx2, which its caller has imported."""
    return httpx if isinstance(request, httpx.Request) else sys.modules["httpx2"]


def _of_library(kind: Any, library: Any) -> Any:
    """This kind of body, which is also a stream of that library."""
    base = library.SyncByteStream if issubclass(kind, _Stream) else library.AsyncByteStream
    return kind if issubclass(kind, base) else type(kind.__name__, (kind, base), {})


def _pieces(body: bytes | Body) -> Body:
    return _once(body) if isinstance(body, bytes) else body


def _once(body: bytes) -> Body:
    if body:
        yield body
