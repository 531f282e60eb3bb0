"""Bodies of requests, and a server that takes them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Any

from engine.variants import Variant
from servers.peer import Connection, response


def recorded(connection: Connection) -> None:
    """Answers every request."""
    while (request := connection.request()) is not None:
        connection.send(response(b"" if request.method == "HEAD" else b"ok"))


def body(variant: Variant, *pieces: bytes) -> Any:
    """A body of several pieces."""

    def generated() -> Iterator[bytes]:
        yield from pieces

    async def async_generated() -> AsyncIterator[bytes]:
        for piece in pieces:
            yield piece

    return async_generated() if variant.is_async else generated()
