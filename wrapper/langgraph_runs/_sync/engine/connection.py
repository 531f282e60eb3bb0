# Derived from _async/engine/connection.py by `make generate`; edit that one.
"""One connection to a server: sends a request and reads the response."""

from __future__ import annotations

from collections.abc import Callable, Generator
from time import monotonic
from typing import TypeAlias

import httpx

from langgraph_runs.engine.framing import Head
from langgraph_runs.engine.request import WAS_SENT, BodyFraming, Origin, Outgoing, timeout_of
from langgraph_runs.engine.response import ResponseParser
from langgraph_runs.engine.sync_socket import Socket

_PIECE = 65536  # bytes of a body to send before looking for an early response


class Connection:
    """A connection, for one request and its response at a time.

    Attributes:
        origin: Scheme, host and port of the server.
        socket: Sends and receives its bytes.
        idle_since: When its last response ended, in seconds of `time.monotonic`.
    """

    def __init__(self, socket: Socket, origin: Origin) -> None:
        self.origin = origin
        self.socket = socket
        self.idle_since = 0.0
        self._is_kept = False  # whether all of the request was sent, without `Connection: close`

    def begin(self, request: httpx.Request, outgoing: Outgoing) -> tuple[Head, ResponseParser]:
        """Sends a request. Returns the head of its response, and the parser for the body.

        Raises:
            httpx.TransportError: As from httpx's own transport.
        """
        self._is_kept = False
        try:
            self._is_kept = self._send(request, outgoing) and not outgoing.is_last
        except TimeoutError as error:
            raise httpx.WriteTimeout(_message(error), request=request) from error
        except OSError as error:
            if not self.socket.has_input():  # otherwise it has answered and closed the connection
                raise httpx.WriteError(_message(error), request=request) from error
        parser = ResponseParser(request.method)
        timeout = timeout_of(request, "read")
        due = None if timeout is None else monotonic() + timeout
        try:
            while parser.head is None:
                data = self.socket.read(timeout)
                parser.feed(data) if data else parser.feed_eof()
                if due is not None:  # for the whole head: one that comes byte by byte would take days
                    timeout = max(0.0, due - monotonic())
        except (OSError, httpx.RemoteProtocolError) as error:
            raise _failure(error, request) from error
        return parser.head, parser

    def is_reusable(self, parser: ResponseParser) -> bool:
        """Whether the connection may carry another request after this response."""
        return self._is_kept and parser.is_reusable

    def _send(self, request: httpx.Request, outgoing: Outgoing) -> bool:
        """Sends a request. Returns False if the server answers before it has all of it."""
        request.extensions[WAS_SENT] = True
        content, length = outgoing.content, outgoing.length
        if content is not None and length is not None:
            # The repr of a memoryview, which a traceback may show, does not contain the API key.
            first = memoryview(outgoing.head + content[:_PIECE])
            return self._write(request, first) and (
                length <= _PIECE or self._write(request, memoryview(content)[_PIECE:])
            )
        framing, stream = BodyFraming(request, length), request.stream
        if not isinstance(stream, httpx.SyncByteStream):
            raise httpx.LocalProtocolError("the body must be an httpx.SyncByteStream", request=request)
        if not self._write(request, memoryview(outgoing.head)):
            return False
        for piece in stream:
            if not self._write(request, memoryview(framing.piece(piece))):
                return False
        return self._write(request, memoryview(framing.end()))

    def _write(self, request: httpx.Request, data: memoryview) -> bool:
        for start in range(0, len(data), _PIECE):
            if start and self.socket.has_input():
                return False
            if not self.socket.write(data[start : start + _PIECE], timeout_of(request, "write")):
                return False
        return True


GiveBack: TypeAlias = Callable[[Connection, bool], None]


class Body(httpx.SyncByteStream):
    """The body of a response, as it comes in.

    Args:
        connection: The connection it comes from.
        request: The request.
        parser: The parser, which has read the head.
        give_back: Called once, with the connection and whether it may carry another request.
    """

    def __init__(
        self,
        connection: Connection,
        request: httpx.Request,
        parser: ResponseParser,
        give_back: GiveBack,
    ) -> None:
        self._connection = connection
        self._request = request
        self._parser = parser
        self._give_back = [give_back]

    def read(self, timeout: float | None) -> bytes:
        """The next bytes; b"" at the end. A read that times out or is cancelled loses nothing.

        Args:
            timeout: How many seconds to wait for them; None for no limit.

        Raises:
            httpx.ReadTimeout: Nothing came in time.
            httpx.ReadError: The connection was lost.
            httpx.RemoteProtocolError: What came is not HTTP/1.1, or ended too early.
        """
        parser = self._parser
        due = None if timeout is None else monotonic() + timeout
        try:
            while not parser.parts and not parser.is_complete:
                data = self._connection.socket.read(timeout)
                parser.feed(data) if data else parser.feed_eof()
                if due is not None:  # what came need not belong to the body
                    timeout = max(0.0, due - monotonic())
        except (OSError, httpx.RemoteProtocolError) as error:
            raise _failure(error, self._request) from error
        return parser.take()

    def __iter__(self) -> Generator[bytes]:
        while data := self.read(timeout_of(self._request, "read")):
            yield data

    def close(self) -> None:
        """Releases the connection, which is kept for reuse if the response is complete."""
        try:
            give_back = self._give_back.pop()  # in one step: another thread may do the same
        except IndexError:
            return
        give_back(self._connection, self._connection.is_reusable(self._parser))


def _failure(error: Exception, request: httpx.Request) -> httpx.TransportError:
    """The error that httpx's own transport would raise for this failure of a read."""
    kinds = {TimeoutError: httpx.ReadTimeout, httpx.RemoteProtocolError: httpx.RemoteProtocolError}
    kind = next((kind for cause, kind in kinds.items() if isinstance(error, cause)), httpx.ReadError)
    return kind(_message(error), request=request)


def _message(error: Exception) -> str:
    return str(error) or type(error).__name__
