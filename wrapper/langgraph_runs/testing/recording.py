"""Transports that send requests to a real server, and write the exchanges to a file."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import AsyncIterator, Iterable, Iterator
from pathlib import Path
from typing import Any

import httpx

from langgraph_runs.testing.redaction import Redaction


class _File:
    """The file of a recording."""

    def __init__(self, path: str | Path, secret_headers: Iterable[str]) -> None:
        self._path = Path(path)
        self._redaction = Redaction(secret_headers)
        self._lock = threading.Lock()
        self._count = 0
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._path.write_text("", "utf-8")

    def begin(self, request: httpx.Request, content: bytes) -> _Exchange:
        """Writes a request."""
        with self._lock:
            self._count += 1
            number = self._count
        exchange = _Exchange(self, number, self._redaction)
        headers = exchange.redaction.headers(_pairs(request.headers))
        url = exchange.redaction.url(str(request.url))
        content = self._redaction.request_body(content)
        exchange.write(request={"method": request.method, "url": url, "headers": headers}, body=content)
        return exchange

    def write(self, line: dict[str, Any]) -> None:
        """Writes a line at once, so that what has happened before a crash is there."""
        text = json.dumps(line, ensure_ascii=False) + "\n"
        with self._lock, self._path.open("a", encoding="utf-8", newline="\n") as file:
            file.write(text)


class _Exchange:
    """A request with its response."""

    def __init__(self, file: _File, number: int, redaction: Redaction) -> None:
        self._file = file
        self._number = number
        self.redaction = redaction
        self._has_ended = False

    def write(self, *, body: bytes | None = None, **line: Any) -> None:
        """Writes a line about it; bytes as text, if they are that."""
        shown: dict[str, Any] = {"exchange": self._number, **line}
        if body is not None:
            body = self.redaction.piece(body)
            try:
                shown["text"] = body.decode()
            except UnicodeDecodeError:
                shown["base64"] = base64.b64encode(body).decode()
        self._file.write(shown)

    def head(self, response: httpx.Response) -> None:
        """Writes the head of the response."""
        headers = self.redaction.headers(_pairs(response.headers))
        self.write(response={"status": response.status_code, "headers": headers})

    def end(self, how: str) -> None:
        """Writes how the response has ended: "end", "left" if the client has closed it, or the class of an error."""
        if not self._has_ended:
            self._has_ended = True
            self.write(end=how)


class RecordingTransport(httpx.BaseTransport):
    """Sends requests by another transport, and writes them to a file with their responses, as JSON lines.

    Values of headers that may be secret (keys, tokens, cookies, credentials) and credentials in URLs are not written,
    and are removed from all other texts. Look at a recording before you publish it: inputs and outputs are in it.

    Args:
        path: The file, which is replaced. Its folder is made if it is missing.
        transport: Sends the requests; `httpx.HTTPTransport()` when not given.
        secret_headers: Names of further headers whose values are secret.

    Example:
        with httpx.Client(transport=RecordingTransport("run.jsonl")) as http:
            RunsClient(url, http_client=http).wait(None, "agent")
    """

    def __init__(
        self,
        path: str | Path,
        transport: httpx.BaseTransport | None = None,
        *,
        secret_headers: Iterable[str] = (),
    ) -> None:
        self._transport = httpx.HTTPTransport() if transport is None else transport
        self._file = _File(path, secret_headers)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Returns the response, which is recorded as it is read."""
        exchange = self._file.begin(request, request.read())
        try:
            response = self._transport.handle_request(request)
        except httpx.TransportError as error:
            exchange.end(type(error).__name__)
            raise
        exchange.head(response)
        assert isinstance(response.stream, httpx.SyncByteStream)
        response.stream = _Recorded(response.stream, exchange)
        return response

    def close(self) -> None:
        """Closes the other transport."""
        self._transport.close()


class AsyncRecordingTransport(httpx.AsyncBaseTransport):
    """The same as `RecordingTransport`, for an `httpx.AsyncClient`.

    Args:
        path: The file, which is replaced. Its folder is made if it is missing.
        transport: Sends the requests; `httpx.AsyncHTTPTransport()` when not given.
        secret_headers: Names of further headers whose values are secret.
    """

    def __init__(
        self,
        path: str | Path,
        transport: httpx.AsyncBaseTransport | None = None,
        *,
        secret_headers: Iterable[str] = (),
    ) -> None:
        self._transport = httpx.AsyncHTTPTransport() if transport is None else transport
        self._file = _File(path, secret_headers)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Returns the response, which is recorded as it is read."""
        exchange = self._file.begin(request, await request.aread())
        try:
            response = await self._transport.handle_async_request(request)
        except httpx.TransportError as error:
            exchange.end(type(error).__name__)
            raise
        exchange.head(response)
        assert isinstance(response.stream, httpx.AsyncByteStream)
        response.stream = _AsyncRecorded(response.stream, exchange)
        return response

    async def aclose(self) -> None:
        """Closes the other transport."""
        await self._transport.aclose()


class _Recorded(httpx.SyncByteStream):
    def __init__(self, stream: httpx.SyncByteStream, exchange: _Exchange) -> None:
        self._stream = stream
        self._exchange = exchange

    def __iter__(self) -> Iterator[bytes]:
        try:
            for piece in self._stream:
                self._exchange.write(body=piece)
                yield piece
        except httpx.TransportError as error:
            self._exchange.end(type(error).__name__)
            raise
        self._exchange.end("end")

    def close(self) -> None:
        self._exchange.end("left")
        self._stream.close()


class _AsyncRecorded(httpx.AsyncByteStream):
    def __init__(self, stream: httpx.AsyncByteStream, exchange: _Exchange) -> None:
        self._stream = stream
        self._exchange = exchange

    async def __aiter__(self) -> AsyncIterator[bytes]:
        try:
            async for piece in self._stream:
                self._exchange.write(body=piece)
                yield piece
        except httpx.TransportError as error:
            self._exchange.end(type(error).__name__)
            raise
        self._exchange.end("end")

    async def aclose(self) -> None:
        self._exchange.end("left")
        await self._stream.aclose()


def _pairs(headers: httpx.Headers) -> list[tuple[str, str]]:
    return [(name.decode("latin-1"), value.decode("latin-1")) for name, value in headers.raw]
