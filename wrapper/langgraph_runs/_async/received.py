"""The body of a response, as it comes in: as much at once as is there."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from typing import Any

import h11
from anyio import CancelScope


class AsyncReceived:
    """Reads a body of httpcore's, and lets go of its connection when it is closed.

    Servers send every event as a chunk of its own, and httpcore hands out one chunk at a time, through five layers.
    What else h11 has of the body, it gives along with it.

    Args:
        stream: The body.
        give_back: Lets go of the connection.
    """

    def __init__(self, stream: Any, give_back: Callable[[], Awaitable[None]]) -> None:
        self._stream = stream
        self._give_back = give_back
        self._is_closed = False
        self._is_over = False
        connection = getattr(stream, "_connection", None)
        protocol = getattr(connection, "_h11_state", None)
        self._protocol = protocol if isinstance(protocol, h11.Connection) else None

    async def __aiter__(self) -> AsyncGenerator[bytes]:
        try:
            async with aclosing(aiter(self._stream)) as parts:
                async for part in parts:
                    yield self._with_more(part)
                    if self._is_over:
                        break
        except BaseException:
            await self.aclose()
            raise

    async def aclose(self) -> None:
        """Lets go of the connection."""
        if not self._is_closed:
            self._is_closed = True
            with CancelScope(shield=True):
                await self._stream.aclose()
                await self._give_back()

    def _with_more(self, part: bytes) -> bytes:
        """The part, and what has come with it. It is httpcore's to read on, and to say what is wrong."""
        if self._protocol is None:
            return part
        parts = [part]
        try:
            while isinstance(event := self._protocol.next_event(), h11.Data):
                parts.append(event.data)
        except h11.RemoteProtocolError:  # again, the next time
            event = h11.NEED_DATA
        self._is_over = event is not h11.NEED_DATA
        return part if len(parts) == 1 else b"".join(parts)
