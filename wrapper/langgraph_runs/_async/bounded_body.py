"""Bounds the body of every response: its size, and what one read decompresses."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from time import monotonic
from typing import Any, Final

import httpx

from langgraph_runs.engine.request import BODY
from langgraph_runs.response.content_coding import BodyDecoder, TruncatedError, UndecodableError, is_known

ENDLESS: Final = "langgraph_runs.endless"
"""Request extension: whether the response may be a stream of events, whose size has no limit."""


class AsyncBoundedTransport(httpx.AsyncBaseTransport):
    """A transport whose responses httpx need not decode.

    Args:
        transport: Sends the requests.
        limit: The largest size of the body of a response, in bytes.
    """

    def __init__(self, transport: httpx.AsyncBaseTransport, limit: int) -> None:
        self._transport = transport
        self._limit = limit

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """The response, as soon as its head has come. If its `Content-Encoding` is not known, that remains, and reading
        the body fails."""
        response = await self._transport.handle_async_request(request)
        limit = None if response.status_code == 200 and ENDLESS in request.extensions else self._limit
        coding = response.headers.get("content-encoding", "")
        if is_known(coding):
            for name in ("content-encoding", "content-length") if coding else ():
                response.headers.pop(name, None)
            if limit is None and not coding:
                return response  # a stream of tokens takes no further step
        if response.is_closed:
            coding, response = "", _unread(response)
        assert isinstance(response.stream, httpx.AsyncByteStream)
        body = _Body(response.stream, response.extensions.get(BODY), request, BodyDecoder(coding, limit))
        response.stream = body
        if BODY in response.extensions:
            response.extensions[BODY] = body
        return response

    async def aclose(self) -> None:
        """Closes the transport."""
        await self._transport.aclose()


class _Body(httpx.AsyncByteStream):
    """The body of a response, decoded.

    Args:
        stream: The body as the transport yields it.
        body: The same, if the engine is that transport.
        request: The request, for the errors.
        decoder: Decodes it.
    """

    def __init__(
        self, stream: httpx.AsyncByteStream, body: Any, request: httpx.Request, decoder: BodyDecoder
    ) -> None:
        self._stream = stream
        self._body = body
        self._request = request
        self._decoder = decoder

    async def read(self, timeout: float | None) -> bytes:
        """Reads as the body of the engine does, whose errors it raises.

        Raises:
            httpx.DecodingError: The body is too large, or cannot be decoded.
        """
        due = None if timeout is None else monotonic() + timeout
        while not (data := self._take()):
            fed = await self._body.read(timeout)
            self._feed(fed)
            if not fed:
                return b""
            if due is not None:  # what came need not result in anything
                timeout = max(0.0, due - monotonic())
        return data

    async def __aiter__(self) -> AsyncGenerator[bytes]:
        async for fed in self._stream:
            if fed:
                self._feed(fed)
            while data := self._take():
                yield data
        self._feed(b"")

    async def aclose(self) -> None:
        """Releases the connection."""
        await self._stream.aclose()

    def _feed(self, data: bytes) -> None:
        try:
            self._decoder.feed(data)
        except (UndecodableError, TruncatedError) as error:
            raise self._failure(error) from None

    def _take(self) -> bytes:
        try:
            return self._decoder.take()
        except UndecodableError as error:
            raise self._failure(error) from None

    def _failure(self, error: Exception) -> httpx.RequestError:
        if isinstance(error, TruncatedError):
            return httpx.RemoteProtocolError(str(error), request=self._request)
        return httpx.DecodingError(f"the body cannot be read: {error}", request=self._request)


def _unread(response: httpx.Response) -> httpx.Response:
    """A response that a hook of the caller's own client has read, or that a mock has made, to be read once more."""
    extensions = {name: value for name, value in response.extensions.items() if name != BODY}
    stream = httpx.ByteStream(response.content)
    return httpx.Response(
        response.status_code, headers=response.headers, stream=stream, extensions=extensions
    )
