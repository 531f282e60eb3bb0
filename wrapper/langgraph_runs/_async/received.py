"""The body of a response, as it comes in: as much at once as is there."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator, Awaitable, Callable, Sized
from contextlib import aclosing
from typing import Any

import h11
from anyio import CancelScope

# The end of one chunk, and the head of the next. One that has an extension is left to h11, as is the last of all.
_HEAD = re.compile(rb"\r\n([0-9A-Fa-f]{1,15})\r\n")


class AsyncReceived:
    """Reads a body of httpcore's, and lets go of its connection when it is closed.

    Servers send every event as a chunk of its own. h11 takes five microseconds for one, more than anything else that is
    done with an event, and httpcore hands out one at a time, through five layers. What else has come of the body is
    given along with it, and chunks that are whole and plain are read here. Where h11 has other names for its parts than
    those that are looked for, it reads them itself.

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
                try:
                    await self._stream.aclose()
                finally:
                    await self._give_back()

    def _with_more(self, part: bytes) -> bytes:
        """The part, and what has come with it. It is httpcore's to read on, and to say what is wrong."""
        if self._protocol is None or _has_no_more(self._protocol):
            return part
        parts = [part, *_whole_chunks(self._protocol)]
        try:
            while isinstance(event := self._protocol.next_event(), h11.Data):
                parts.append(event.data)
        except h11.RemoteProtocolError:  # again, the next time
            event = h11.NEED_DATA
        self._is_over = event is not h11.NEED_DATA
        return part if len(parts) == 1 else b"".join(parts)


def _has_no_more(protocol: h11.Connection) -> bool:
    """Whether there is nothing left but, perhaps, the end of a chunk: the usual case where events come one by one."""
    buffer = getattr(protocol, "_receive_buffer", None)
    return isinstance(buffer, Sized) and len(buffer) <= len(b"\r\n")


def _whole_chunks(protocol: h11.Connection) -> list[bytes]:
    """What is in the chunks that are there, if h11 is right behind one. Its state is that same one afterwards."""
    reader, buffer = getattr(protocol, "_reader", None), getattr(protocol, "_receive_buffer", None)
    is_behind = (
        getattr(reader, "_bytes_to_discard", b"") == b"\r\n" and getattr(reader, "_bytes_in_chunk", 1) == 0
    )
    take = getattr(buffer, "maybe_extract_at_most", None)
    if not is_behind or take is None:
        return []
    received, _ = protocol.trailing_data
    chunks: list[bytes] = []
    end = 0
    while (head := _HEAD.match(received, end)) and (size := int(head[1], 16)):
        start = head.end()
        if start + size > len(received):
            break
        end = start + size
        chunks.append(received[start:end])
    if end:
        take(end)
    return chunks
