"""A request and a reply as plain data, for the transports and for the port."""

from __future__ import annotations

import json
from collections.abc import Generator, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias
from urllib.parse import parse_qsl, unquote, urlsplit

How: TypeAlias = Literal["cut", "reset", "end"]
Body: TypeAlias = Generator[bytes | float, None, None]
"""Bytes to send, and seconds to wait before it is asked for more."""


class DroppedError(Exception):
    """The connection is dropped here.

    Args:
        how: "cut" for an end in the middle of the response, "reset" for a reset of the connection.
    """

    def __init__(self, how: How) -> None:
        super().__init__(how)
        self.how: How = how


@dataclass(frozen=True, slots=True)
class Request:
    """A request that the server has received.

    Attributes:
        method: Its method.
        target: Its path with its query, as it was sent.
        headers: Its headers, by their names in lower case.
        content: Its body.
    """

    method: str
    target: str
    headers: Mapping[str, str] = field(repr=False, default_factory=dict[str, str])
    content: bytes = field(repr=False, default=b"")

    @property
    def path(self) -> str:
        """The path, without the query."""
        return urlsplit(self.target).path

    @property
    def segments(self) -> list[str]:
        """The decoded parts of the path."""
        return [unquote(part) for part in self.path.strip("/").split("/")]

    @property
    def query(self) -> dict[str, str]:
        """The query parameters; of a repeated one, the last counts."""
        return dict(parse_qsl(urlsplit(self.target).query, keep_blank_values=True))

    @property
    def json(self) -> Any:
        """The decoded body; None if there is none.

        Raises:
            ValueError: It is not JSON.
        """
        return json.loads(self.content) if self.content else None

    def __str__(self) -> str:
        return f"{self.method} {self.target}"


@dataclass(slots=True)
class Reply:
    """A response.

    Attributes:
        status: Its status.
        headers: Its headers.
        body: Its body: all of it, or its pieces as they come.
        delay: How many seconds the server takes before it sends the head.
        lost: How the connection is dropped before the head; None if it is not.
    """

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict[str, str])
    body: bytes | Body = b""
    delay: float = 0.0
    lost: How | None = None


def started(body: Body) -> Body:
    """A body whose first piece, which is empty, has been taken: it notices its close, even if nobody reads it."""
    next(body)
    return body


def compact(data: Any) -> bytes:
    """JSON in one line, as the server writes it."""
    return json.dumps(data, separators=(",", ":"), ensure_ascii=False).encode()


def as_json(data: Any, status: int = 200, **headers: str) -> Reply:
    """A response with JSON; the names of headers are written with underscores."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Reply(status, {"content-type": "application/json", **named}, compact(data))


def refusal(status: int, detail: Any, retry_after: float | None = None) -> Reply:
    """A response that refuses a request, as the server writes it."""
    reply = as_json({"detail": detail}, status)
    if retry_after is not None:
        reply.headers["retry-after"] = f"{retry_after:g}"
    return reply


def lower(headers: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Headers by their names in lower case; the values of a repeated one are joined."""
    found: dict[str, str] = {}
    for name, value in headers:
        key = name.lower()
        found[key] = f"{found[key]}, {value}" if key in found else value
    return found
