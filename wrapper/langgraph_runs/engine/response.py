"""Bytes of a connection in, one HTTP/1.1 response out; no I/O.

llhttp (in httptools) parses heads and chunks, and is strict. But it does not say how much it has consumed, cannot be
told that the connection has ended, and does not know the request. So it gets one head at a time, and `framing.py`
decides from the request and the headers where the body ends.
"""

from __future__ import annotations

import re

import httptools
import httpx

from langgraph_runs.engine.framing import Framing, Head, Headers, framing_of, is_kept_alive

MAX_HEAD_BYTES = 65536
"""The limit for all heads of one response together, including those with a status of 1xx."""
MAX_HEADERS = 500
MAX_BYTES_BETWEEN = 65536
"""The limit for chunk sizes, chunk extensions and trailers, with no byte of the body between them."""

_PROTOCOL = b"HTTP/"  # llhttp accepts other protocols too
_END_OF_HEAD = b"\r\n\r\n"
_REASON = re.compile(rb"[\t\x20-\x7e\x80-\xff]*")


class _Message:
    """What httptools reports about one message. It is an object of its own, as the parser and httptools would otherwise
    refer to each other, and stay alive until the garbage collector runs."""

    def __init__(self) -> None:
        self.reason = b""
        self.headers: Headers = []
        self.parts: list[bytes] = []
        self.on_body = self.parts.append
        self.has_head = False
        self.is_complete = False

    def on_message_begin(self) -> None:
        if self.has_head:
            raise httpx.RemoteProtocolError("another response begins")

    def on_status(self, reason: bytes) -> None:
        self.reason += reason

    def on_header(self, name: bytes, value: bytes) -> None:
        if self.has_head:  # a trailer: ignored, but it must not say where the body ends
            if name.lower() == b"transfer-encoding":
                raise httpx.RemoteProtocolError("Transfer-Encoding in a trailer")
            return
        if len(self.headers) == MAX_HEADERS:
            raise httpx.RemoteProtocolError(f"more than {MAX_HEADERS} headers")
        self.headers.append((name, value.rstrip(b" \t")))

    def on_headers_complete(self) -> None:
        self.has_head = True

    def on_message_complete(self) -> None:
        self.is_complete = True


class ResponseParser:
    """Parses the response to one request; feed it the bytes of the connection as they come.

    Args:
        method: The method of the request: the response to HEAD has no body.

    Attributes:
        head: Status and headers; None until they have come.
        parts: The bytes of the body that have not been taken yet.
        is_complete: Whether the response has ended.

    Example:
        >>> parser = ResponseParser("GET")
        >>> parser.feed(b"HTTP/1.1 200 OK\\r\\nContent-Length: 2\\r\\n\\r\\nh")
        >>> parser.feed(b"i")
        >>> parser.head.status, parser.take(), parser.is_complete
        (200, b'hi', True)
    """

    def __init__(self, method: str) -> None:
        self.head: Head | None = None
        self.is_complete = False
        self._method = method
        self._framing = Framing.NONE
        self._is_chunked = False
        self._left = 0  # bytes of the body that are still to come, if its length is known
        self._has_more = False  # whether bytes have come after the end
        self._tail = b""  # of the head so far: it may be the beginning of CRLF CRLF
        self._size = 0  # bytes of all heads; then bytes since the last byte of the body
        self._begin()

    def _begin(self) -> None:
        self._start = b""
        self._message = _Message()
        self._llhttp = httptools.HttpResponseParser(self._message)
        self.parts = self._message.parts

    @property
    def is_reusable(self) -> bool:
        """Whether the connection may carry another request: it is kept alive, and nothing came after the response."""
        if not self.is_complete or self._has_more or self.head is None:
            return False
        return self._framing is not Framing.CONNECTION and is_kept_alive(self.head)

    def take(self) -> bytes:
        """The bytes of the body that have come since the last call."""
        parts = self.parts
        body = parts[0] if len(parts) == 1 else b"".join(parts)
        parts.clear()
        return body

    def feed(self, data: bytes) -> None:
        """Takes the next bytes of the connection.

        Raises:
            httpx.RemoteProtocolError: They are not HTTP/1.1, or exceed a limit.
        """
        # Tested first, and without a function of its own: a model's tokens come this way.
        if self._is_chunked and not self.is_complete:
            before = len(self.parts)
            try:
                self._llhttp.feed_data(data)
            except httptools.HttpParserError as error:
                self._refuse(error)
            self.is_complete = self._message.is_complete
            if len(self.parts) == before and not self.is_complete:
                self._count_between(len(data))
            elif self._size:
                self._size = 0
            return
        if self.head is None and not (data := self._feed_head(data)):
            return
        if self.is_complete:
            self._has_more = self._has_more or bool(data.strip(b"\r\n"))
        elif self._is_chunked:
            self.feed(data)
        elif self._framing is Framing.CONNECTION:
            self.parts.append(data)
        else:
            self._feed_length(data)

    def feed_eof(self) -> None:
        """Takes the end of the connection.

        Raises:
            httpx.RemoteProtocolError: The response is incomplete.
        """
        if self._framing is Framing.CONNECTION:
            self.is_complete = True
        if self.is_complete:
            return
        if self.head is None:
            if self._size == 0:
                raise httpx.RemoteProtocolError("Server disconnected without sending a response.")
            raise httpx.RemoteProtocolError("the connection ended before the head was complete")
        missing = f"{self._left} bytes are" if self._framing is Framing.LENGTH else "the last chunk is"
        raise httpx.RemoteProtocolError(f"the connection ended too early: {missing} missing")

    def _feed_head(self, data: bytes) -> bytes:
        """Parses up to the end of the head, and returns what follows it."""
        while data and self.head is None:
            found = (self._tail + data).find(_END_OF_HEAD)
            is_whole = found >= 0
            end = found + len(_END_OF_HEAD) - len(self._tail) if is_whole else len(data)
            piece, data = data[:end], data[end:]
            self._size += len(piece)
            if self._size > MAX_HEAD_BYTES:
                raise httpx.RemoteProtocolError(f"the head of the response exceeds {MAX_HEAD_BYTES} bytes")
            self._tail = b"" if is_whole else (self._tail + piece)[1 - len(_END_OF_HEAD) :]
            if len(self._start) < len(_PROTOCOL):
                self._start = (self._start + piece).lstrip(b"\r\n")[: len(_PROTOCOL)]
            try:
                self._llhttp.feed_data(piece)
            except httptools.HttpParserUpgrade:
                pass  # 101, which is refused below
            except httptools.HttpParserError as error:
                self._refuse(error)
            if self._message.has_head:
                if not is_whole:
                    raise httpx.RemoteProtocolError("the head of the response does not end in CRLF CRLF")
                self._end_head()
        return data

    def _end_head(self) -> None:
        status, message = self._llhttp.get_status_code(), self._message
        if self._start != _PROTOCOL or status < 100 or not _REASON.fullmatch(message.reason):
            raise httpx.RemoteProtocolError("the response has no valid HTTP/1.1 status line")
        if status == 101:
            raise httpx.RemoteProtocolError("status 101: the server switched protocols without being asked")
        version = self._llhttp.get_http_version().encode()
        head = Head(status, message.reason, b"HTTP/" + version, message.headers)
        self._framing, self._left = framing_of(self._method, head)
        if status < 200:
            self._begin()
            return
        self.head = head
        self._is_chunked = self._framing is Framing.CHUNKED
        self.is_complete = self._framing is Framing.NONE or (
            self._framing is Framing.LENGTH and not self._left
        )
        self._size = 0

    def _count_between(self, size: int) -> None:
        self._size += size
        if self._size > MAX_BYTES_BETWEEN:
            raise httpx.RemoteProtocolError(
                f"more than {MAX_BYTES_BETWEEN} bytes came between two bytes of the body"
            )

    def _feed_length(self, data: bytes) -> None:
        body, more = data[: self._left], data[self._left :]
        self.parts.append(body)
        self._left -= len(body)
        self._has_more = bool(more.strip(b"\r\n"))
        self.is_complete = not self._left

    def _refuse(self, error: httptools.HttpParserError) -> None:
        cause = error.__context__
        if cause is not None and not isinstance(cause, httpx.RemoteProtocolError):
            raise cause  # of a signal handler, which has interrupted one of the callbacks
        if self.head is None or not self._message.is_complete:
            raise httpx.RemoteProtocolError(str(error.__context__ or error)) from error
        self._has_more = True  # the error is in what follows the response
