# Derived from _async/engine/connection.py by `make generate`; edit that one.
"""One connection to a server: a request out, its response in."""

from __future__ import annotations

from collections.abc import Callable, Generator
from time import monotonic
from typing import TypeAlias

import httpx

from langgraph_runs.engine.framing import Head
from langgraph_runs.engine.request import WAS_SENT, BodyFraming, Origin, Outgoing, timeout_of
from langgraph_runs.engine.response import ResponseParser
from langgraph_runs.engine.sync_socket import Socket

_PIECE = 65536  # bytes of a body that are sent before the connection is looked at for an early answer


class Connection:
    """A connection, for one request and its response at a time.

    Attributes:
        origin: Scheme, host and port of the server.
        socket: Its bytes.
        idle_since: When its last response ended.
    """

    def __init__(self, socket: Socket, origin: Origin) -> None:
        self.origin = origin
        self.socket = socket
        self.idle_since = 0.0
        self._is_kept = False  # by its request: that was sent, and does not say `Connection: close`

    def begin(self, request: httpx.Request, outgoing: Outgoing) -> tuple[Head, ResponseParser]:
        """Sends a request, and reads the head of its response.

        Raises:
            httpx.TransportError: As httpx's own transport does.
        """
        self._is_kept = False
        try:
            self._is_kept = self._send(request, outgoing) and not outgoing.is_last
        except TimeoutError as error:
            raise httpx.WriteTimeout(_words(error), request=request) from error
        except OSError as error:
            if not self.socket.has_input():  # else it has answered, and closed the connection
                raise httpx.WriteError(_words(error), request=request) from error
        parser = ResponseParser(request.method)
        try:
            while parser.head is None:
                data = self.socket.read(timeout_of(request, "read"))
                parser.feed(data) if data else parser.feed_eof()
        except (OSError, httpx.RemoteProtocolError) as error:
            raise _failure(error, request) from error
        return parser.head, parser

    def is_reusable(self, parser: ResponseParser) -> bool:
        """Whether another request may be sent, once this response was read."""
        return self._is_kept and parser.is_reusable

    def _send(self, request: httpx.Request, outgoing: Outgoing) -> bool:
        """Sends a request; False if the server answered before it had all of it."""
        request.extensions[WAS_SENT] = True
        content, length = outgoing.content, outgoing.length
        if content is not None and length is not None:
            first = memoryview(outgoing.head + content[:_PIECE])  # whose repr shows no key, in a traceback
            return self._write(request, first) and (
                length <= _PIECE or self._write(request, memoryview(content)[_PIECE:])
            )
        framing, stream = BodyFraming(request, length), request.stream
        if not isinstance(stream, httpx.SyncByteStream):
            raise httpx.LocalProtocolError("the body of this request is not an async stream", request=request)
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
        connection: Where it comes from.
        request: What it answers.
        parser: Parses it; the head was read.
        give_back: Is called once, with the connection and whether it may carry another request.
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
        self._give_back: GiveBack | None = give_back

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
                if due is not None:  # what came may be no part of the body
                    timeout = max(0.0, due - monotonic())
        except (OSError, httpx.RemoteProtocolError) as error:
            raise _failure(error, self._request) from error
        return parser.take()

    def __iter__(self) -> Generator[bytes]:
        while data := self.read(timeout_of(self._request, "read")):
            yield data

    def close(self) -> None:
        """Lets go of the connection, which is kept if the response has ended as it should."""
        if (give_back := self._give_back) is not None:
            self._give_back = None
            give_back(self._connection, self._connection.is_reusable(self._parser))


def _failure(error: Exception, request: httpx.Request) -> httpx.TransportError:
    """What httpx's own transport would raise where a read has failed so."""
    kinds = {TimeoutError: httpx.ReadTimeout, httpx.RemoteProtocolError: httpx.RemoteProtocolError}
    kind = next((kind for cause, kind in kinds.items() if isinstance(error, cause)), httpx.ReadError)
    return kind(_words(error), request=request)


def _words(error: Exception) -> str:
    return str(error) or type(error).__name__
