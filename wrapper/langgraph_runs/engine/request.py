"""How a request is sent: the bytes of its head, and the framing of its body; no I/O."""

from __future__ import annotations

import re
from time import monotonic
from typing import Any, Final, Literal, TypeAlias

import httpx

DEADLINE: Final = "langgraph_runs.deadline"
"""Request extension: the deadline of the call, in seconds of `time.monotonic`."""
WAS_SENT: Final = "langgraph_runs.was_sent"
"""Request extension, set by the engine: whether a byte of the request may have been sent."""
BODY: Final = "langgraph_runs.body"
"""Response extension: the body, each read of which takes a timeout."""

Origin: TypeAlias = tuple[str, str, int]
"""Scheme, host and port."""

_TOKEN = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_VALUE = re.compile(rb"(?:[^\x00-\x20\x7f](?:[^\x00-\x08\x0a-\x1f\x7f]*[^\x00-\x20\x7f])?)?")
_TARGET = re.compile(rb"[^\x00-\x20\x7f]+")

_PORTS = {"http": 80, "https": 443}


class Outgoing:
    """A request that has been checked and can be sent.

    Args:
        request: The request as httpx hands it to a transport.

    Attributes:
        origin: Scheme, host and port.
        head: The bytes before the body.
        content: The whole body; None if it is a stream.
        length: How many bytes the body has; None if it is sent in chunks.
        is_last: Whether its headers ask for the connection to be closed afterwards.

    Raises:
        httpx.LocalProtocolError: Something in it cannot be sent.
        httpx.UnsupportedProtocol: Its URL is not an http(s) URL.
    """

    def __init__(self, request: httpx.Request) -> None:
        url = request.url
        if url.scheme not in _PORTS:
            raise httpx.UnsupportedProtocol(
                f"the URL's scheme must be http or https, not {url.scheme!r}", request=request
            )
        if not url.raw_host:
            raise httpx.UnsupportedProtocol("the URL has no host", request=request)
        if "trace" in request.extensions:
            raise _refused(request, "the extension 'trace' is supported by httpx's own transports only")
        self.origin: Origin = (url.scheme, url.raw_host.decode("ascii"), url.port or _PORTS[url.scheme])
        lengths, encodings, self.is_last = _checked(request)
        try:
            self.content: bytes | None = request.content
        except httpx.RequestNotRead:
            self.content = None
        self.length = self._length(request, lengths, encodings)
        self.head = _head(request)

    def _length(self, request: httpx.Request, lengths: list[bytes], encodings: list[bytes]) -> int | None:
        if encodings:
            if lengths or [one.lower() for one in encodings] != [b"chunked"]:
                raise _refused(request, "Transfer-Encoding must be 'chunked', without a Content-Length")
            return None
        if len(lengths) > 1 or not all(one.isdigit() for one in lengths):
            raise _refused(request, "it must have one Content-Length, a number of bytes")
        length = int(lengths[0]) if lengths else 0
        if self.content is not None and len(self.content) != length:
            raise _refused(request, f"the body has {len(self.content)} bytes, not {length}")
        return length


class BodyFraming:
    """Frames a streamed body, piece by piece.

    Args:
        request: The request, for the errors.
        length: How many bytes the body must have; None to send it in chunks.
    """

    def __init__(self, request: httpx.Request, length: int | None) -> None:
        self._request = request
        self._is_chunked = length is None
        self._left = length or 0

    def piece(self, data: bytes) -> bytes:
        """The next bytes of the body, as they are sent.

        Raises:
            httpx.LocalProtocolError: The body is longer than its Content-Length.
        """
        if self._is_chunked:
            return b"%x\r\n%b\r\n" % (len(data), data) if data else b""
        self._left -= len(data)
        if self._left < 0:
            raise _refused(self._request, "the body has more bytes than its Content-Length")
        return data

    def end(self) -> bytes:
        """The bytes that end the body.

        Raises:
            httpx.LocalProtocolError: The body is shorter than its Content-Length.
        """
        if self._left:
            raise _refused(self._request, f"the body lacks {self._left} bytes of its Content-Length")
        return b"0\r\n\r\n" if self._is_chunked else b""


def timeout_of(request: httpx.Request, phase: Literal["connect", "read", "write"]) -> float | None:
    """How many seconds the next step of this phase may take: httpx's timeout, or the time left until the deadline if
    that is less; None for no limit."""
    given: dict[str, float | None] = request.extensions.get("timeout", {})
    timeout = given.get(phase)
    deadline: float | None = request.extensions.get(DEADLINE)
    if deadline is None:
        return timeout
    left = max(0.0, deadline - monotonic())
    return left if timeout is None else min(left, timeout)


def _checked(request: httpx.Request) -> tuple[list[bytes], list[bytes], bool]:
    """Checks a request. Returns its Content-Lengths and Transfer-Encodings, and whether it closes the connection."""
    if not _TOKEN.fullmatch(request.method.encode("utf-8")) or request.method == "CONNECT":
        raise _refused(request, f"invalid method {request.method!r}")
    if not _TARGET.fullmatch(_target(request)):
        raise _refused(request, "its target is empty, or contains a space or a control character")
    names = [name.lower() for name, _ in request.headers.raw]
    if not all(map(_TOKEN.fullmatch, names)):
        raise _refused(request, "a header has a name that cannot be sent")
    if bad := [name for name, value in request.headers.raw if not _VALUE.fullmatch(value)]:
        raise _refused(request, f"header {bad[0].decode()!r} has a value that cannot be sent")
    if names.count(b"host") != 1:
        raise _refused(request, f"it must have one Host header, not {names.count(b'host')}")
    lengths = _values(request, b"content-length") if b"content-length" in names else []
    encodings = _values(request, b"transfer-encoding") if b"transfer-encoding" in names else []
    is_last = any(b"close" in value.lower() for value in _values(request, b"connection"))
    return lengths, encodings, is_last


def _values(request: httpx.Request, wanted: bytes) -> list[bytes]:
    return [value for name, value in request.headers.raw if name.lower() == wanted]


def _head(request: httpx.Request) -> bytes:
    lines = [request.method.encode("utf-8") + b" " + _target(request) + b" HTTP/1.1"]
    lines += [name + b": " + value for name, value in request.headers.raw]
    return b"\r\n".join([*lines, b"\r\n"])


def _target(request: httpx.Request) -> bytes:
    target: Any = request.extensions.get("target", request.url.raw_path)
    return target if isinstance(target, bytes) else str(target).encode("utf-8")


def _refused(request: httpx.Request, why: str) -> httpx.LocalProtocolError:
    return httpx.LocalProtocolError(f"this request cannot be sent: {why}", request=request)
