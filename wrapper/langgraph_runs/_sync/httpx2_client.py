# Derived from _async/httpx2_client.py by `make generate`; edit that one.
"""Sends through a caller's client of httpx2: requests of httpx in, responses and errors of httpx out."""

from __future__ import annotations

import sys
from collections.abc import Generator, Iterator
from typing import Any

import httpx

from langgraph_runs._sync.httpx_errors import as_httpx
from langgraph_runs.engine.request import content_of


class BorrowedHTTPX2Client(httpx.BaseTransport):
    """A transport over an `httpx2.Client`.

    Args:
        client: The caller's client, which stays open.
    """

    def __init__(self, client: Any) -> None:
        self._client = client
        self._httpx2: Any = sys.modules["httpx2"]

    def handle_request(self, request: httpx.Request) -> httpx.Response:
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
            response = self._client.send(theirs, stream=True, follow_redirects=False)
            headers = httpx.Headers(response.headers.raw)
            stream: httpx.SyncByteStream = _Body(response, request)
            if response.is_closed:  # a hook of the caller's has read it, or a mock has made it: it is decoded
                stream = httpx.ByteStream(response.content)
                for name in ("content-encoding", "content-length"):
                    headers.pop(name, None)
        return httpx.Response(
            response.status_code, headers=headers, stream=stream, extensions=response.extensions
        )


class _Body(httpx.SyncByteStream):
    """The body of a response of httpx2, not decoded."""

    def __init__(self, response: Any, request: httpx.Request) -> None:
        self._response = response
        self._request = request

    def __iter__(self) -> Generator[bytes]:
        with as_httpx(self._request):
            for chunk in self._response.iter_raw():
                yield chunk

    def close(self) -> None:
        """Releases the connection."""
        with as_httpx(self._request):
            self._response.close()


class _Pieces:
    """A body that is sent piece by piece. httpx2 would take a stream of httpx for one of the other variant, if it is
    one of both."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def __iter__(self) -> Iterator[bytes]:
        pieces: Iterator[bytes] = self._stream.__iter__()
        return pieces
