"""How to tell where the body of a response ends, by https://www.rfc-editor.org/rfc/rfc9112#section-6.3; no I/O."""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple, TypeAlias

import httpx

Headers: TypeAlias = list[tuple[bytes, bytes]]

_NO_BODY = (204, 304)


class Head(NamedTuple):
    """The head of a response. The headers are as sent, in order."""

    status: int
    reason: bytes
    http_version: bytes
    headers: Headers


class Framing(Enum):
    """Where a body ends."""

    NONE = "there is no body"
    LENGTH = "after as many bytes as Content-Length says"
    CHUNKED = "after the last chunk"
    CONNECTION = "with the connection"


def is_kept_alive(head: Head) -> bool:
    """Whether the server keeps the connection open after the response."""
    if head.http_version != b"HTTP/1.1":
        return False
    tokens = b",".join(value for name, value in head.headers if name.lower() == b"connection").lower()
    return b"close" not in [token.strip() for token in tokens.split(b",")]


def framing_of(method: str, head: Head) -> tuple[Framing, int]:
    """Where the body of a response ends, and its number of bytes if that is known.

    Raises:
        httpx.RemoteProtocolError: The headers contradict each other, or are not supported.
    """
    lengths = [value for name, value in head.headers if name.lower() == b"content-length"]
    encodings = [value for name, value in head.headers if name.lower() == b"transfer-encoding"]
    if encodings and (lengths or [value.lower() for value in encodings] != [b"chunked"]):
        raise httpx.RemoteProtocolError("Transfer-Encoding must be 'chunked', without a Content-Length")
    if len(lengths) > 1 or not all(value.isdigit() and len(value) < 20 for value in lengths):
        raise httpx.RemoteProtocolError("the response must have one Content-Length, a number of bytes")
    if method == "HEAD" or head.status in _NO_BODY or head.status < 200:
        return Framing.NONE, 0
    if encodings:
        return Framing.CHUNKED, 0
    return (Framing.LENGTH, int(lengths[0])) if lengths else (Framing.CONNECTION, 0)
