"""Sends through a caller's client of httpx2: requests of httpx in, responses and errors of httpx out."""

from __future__ import annotations

import sys
from collections.abc import AsyncGenerator, AsyncIterator
from typing import Any

import httpx

from langgraph_runs._async.httpx_errors import as_httpx
from langgraph_runs.engine.request import content_of


class AsyncBorrowedHTTPX2Client(httpx.AsyncBaseTransport):
    """A transport over an `httpx2.AsyncClient`.

    Args:
        client: The caller's client, which stays open.
    """

    def __init__(self, client: Any) -> None:
        self._client = client
        self._httpx2: Any = sys.modules["httpx2"]

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """The response, as soon as its head has come."""
        content = content_of(request)
        theirs = self._httpx2.Request(
            request.method,
            str(request.url),
            headers=request.headers.raw,
            content=_Pieces(request.stream) if content is None else content,
            extensions=request.extensions,
        )
        with as_httpx(request, theirs):
            response = await self._client.send(theirs, stream=True, follow_redirects=False)
            headers = httpx.Headers(response.headers.raw)
            stream: httpx.AsyncByteStream = _Body(response, request)
            if response.is_closed:  # a hook of the caller's has read it, or a mock has made it: it is decoded
                stream = httpx.ByteStream(response.content)
                for name in ("content-encoding", "content-length"):
                    headers.pop(name, None)
        return httpx.Response(
            response.status_code, headers=headers, stream=stream, extensions=response.extensions
        )


class _Body(httpx.AsyncByteStream):
    """The body of a response of httpx2, not decoded."""

    def __init__(self, response: Any, request: httpx.Request) -> None:
        self._response = response
        self._request = request

    async def __aiter__(self) -> AsyncGenerator[bytes]:
        with as_httpx(self._request):
            async for chunk in self._response.aiter_raw():
                yield chunk

    async def aclose(self) -> None:
        """Releases the connection."""
        with as_httpx(self._request):
            await self._response.aclose()


class _Pieces:
    """A body that is sent piece by piece. httpx2 would take a stream of httpx for one of the other variant, if it is
    one of both."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def __aiter__(self) -> AsyncIterator[bytes]:
        pieces: AsyncIterator[bytes] = self._stream.__aiter__()
        return pieces
