"""How a request is sent: the bytes of its head, and the framing of its body; no I/O."""

from __future__ import annotations

import re
from time import monotonic
from typing import Any, Final, Literal, TypeAlias

import httpx

DEADLINE: Final = "langgraph_runs.deadline"
"""Request extension: the deadline of the call, in seconds of `time.monotonic`."""
FROM_CALL: Final = "langgraph_runs.call"
"""Request extension: a method of a client makes this request, not a caller of the generated layer. Its attempt, its run
and its thread."""
UNTRACED: Final = "langgraph_runs.untraced"
"""Request extension: `trace` is not the caller's, and need not be called."""

CHECKED: Final = "langgraph_runs.checked"
"""Request extension: `obstacle` has found nothing since the last change of the request."""
WAS_SENT: Final = "langgraph_runs.was_sent"
"""Request extension, set by the engine: whether a byte of the request may have been sent."""
BODY: Final = "langgraph_runs.body"
"""Response extension: the body, each read of which takes a timeout."""

Origin: TypeAlias = tuple[str, str, int]
"""Scheme, host and port."""

REFUSED: Final = "this request cannot be sent: "
"""How each LocalProtocolError of the engine begins."""

_TOKEN = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_VALUE = re.compile(rb"(?:[^\x00-\x20\x7f](?:[^\x00-\x08\x0a-\x1f\x7f]*[^\x00-\x20\x7f])?)?")
_TARGET = re.compile(rb"[\x21-\x7e]+")
_LENGTH = re.compile(rb"[0-9]{1,18}")

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
        httpx.UnsupportedProtocol: Its URL is not an http(s) URL.
        httpx.LocalProtocolError: Something in it cannot be sent.
    """

    def __init__(self, request: httpx.Request) -> None:
        if not request.extensions.pop(CHECKED, False) and (why := obstacle(request)):
            raise _refused(request, why)
        if "trace" in request.extensions and UNTRACED not in request.extensions:
            raise _refused(request, "the extension 'trace' is supported by httpx's own transports only")
        url = request.url
        self.origin: Origin = (url.scheme, url.raw_host.decode("ascii"), url.port or _PORTS[url.scheme])
        self.content = content_of(request)
        lengths = _values(request, b"content-length")
        length = int(lengths[0]) if lengths else 0
        self.length = None if _values(request, b"transfer-encoding") else length
        self.is_last = any(b"close" in value.lower() for value in _values(request, b"connection"))
        self.head = _head(request)


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


def obstacle(request: httpx.Request) -> str | None:
    """Why a request cannot be sent, by whichever transport; None if it can. It names a header whose value is invalid,
    but shows no value, which may be a key."""
    return _obstacle_in_target(request) or _obstacle_in_headers(request) or _obstacle_in_body(request)


def _obstacle_in_target(request: httpx.Request) -> str | None:
    method: Any = request.method
    url: Any = request.url
    extensions: dict[str, Any] = request.extensions
    if not isinstance(method, str) or not _TOKEN.fullmatch(method.encode()) or method == "CONNECT":
        return "its method must be a word such as 'GET' or 'POST'"
    if not isinstance(url, httpx.URL):
        return f"its url must be an httpx.URL, not {type(url).__name__}"
    if why := _obstacle_in_scheme(url):
        return why
    if type(extensions) is not dict or type(extensions.get("timeout", {})) is not dict:
        return "its extensions must be a dictionary, and 'timeout' in them too"
    if not isinstance(extensions.get("target", b""), bytes) or not _TARGET.fullmatch(_target(request)):
        return "its target must be ASCII, and without spaces and control characters: encode them as %20, for example"
    return None


def _obstacle_in_scheme(url: httpx.URL) -> str | None:
    if url.scheme not in _PORTS:
        return f"the scheme of its URL must be http or https, not {url.scheme!r}"
    return None if url.raw_host else "its URL has no host"


def _obstacle_in_headers(request: httpx.Request) -> str | None:
    headers: Any = request.headers
    if not isinstance(headers, httpx.Headers):
        return f"its headers must be httpx.Headers, not {type(headers).__name__}"
    hosts = 0
    for name, value in headers.raw:
        if not _TOKEN.fullmatch(name):  # not shown: if name and value were swapped, it is the secret
            return "a header has a name that HTTP does not allow; use letters, digits and !#$%&'*+-.^_`|~"
        if not _VALUE.fullmatch(value):
            return (
                f"header {name.decode()!r} has a value that no header can carry; remove line breaks, "
                "control characters, and spaces around it"
            )
        hosts += name.lower() == b"host"
    return None if hosts == 1 else f"it must have one Host header, not {hosts}"


def _obstacle_in_body(request: httpx.Request) -> str | None:
    content = content_of(request)
    lengths, encodings = _values(request, b"content-length"), _values(request, b"transfer-encoding")
    if encodings:
        if lengths or [one.lower() for one in encodings] != [b"chunked"]:
            return "Transfer-Encoding must be 'chunked', without a Content-Length"
        return None
    if len(lengths) > 1 or not all(_LENGTH.fullmatch(one) for one in lengths):
        return "it must have one Content-Length, a number of bytes"
    length = int(lengths[0]) if lengths else 0
    if content is not None and len(content) != length:
        return f"the body has {len(content)} bytes, not {length} as its Content-Length says"
    return None


def content_of(request: httpx.Request) -> bytes | None:
    """The whole body; None if it is a stream."""
    try:
        return request.content
    except httpx.RequestNotRead:
        return None


def _values(request: httpx.Request, wanted: bytes) -> list[bytes]:
    return [value for name, value in request.headers.raw if name.lower() == wanted]


def _head(request: httpx.Request) -> bytes:
    lines = [request.method.encode("utf-8") + b" " + _target(request) + b" HTTP/1.1"]
    lines += [name + b": " + value for name, value in request.headers.raw]
    return b"\r\n".join([*lines, b"\r\n"])


def _target(request: httpx.Request) -> bytes:
    target: Any = request.extensions.get("target", request.url.raw_path)
    return target if isinstance(target, bytes) else str(target).encode("utf-8")


def _refused(request: httpx.Request, why: str) -> httpx.LocalProtocolError | httpx.UnsupportedProtocol:
    kind = httpx.UnsupportedProtocol if _obstacle_in_scheme(request.url) == why else httpx.LocalProtocolError
    return kind(f"{REFUSED}{why}", request=request)
