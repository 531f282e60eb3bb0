"""What a test observes of a stream: that its connection was closed, and its parts before an error."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic
from typing import Any

import pytest
from anyio import sleep
from servers.endless_server import EndlessServer
from servers.scripted_server import ScriptedServer

from langgraph_runs import (
    AsyncRunStream,
)


async def is_closed(server: ScriptedServer) -> bool:
    """Whether the server sees within ten seconds that the client has closed the connection."""
    return await _is_soon(lambda: server.closed.acquire(blocking=False))


async def is_left(server: EndlessServer) -> bool:
    """The same, for a server whose response never ends."""
    return await _is_soon(lambda: server.was_left(0.0))


async def _is_soon(condition: Callable[[], bool]) -> bool:
    """To wait in a thread would keep the event loop from closing the connection."""
    deadline = monotonic() + 10
    while not condition():
        if monotonic() > deadline:
            return False
        await sleep(0.01)
    return True


async def read(stream: AsyncRunStream, kind: type[Exception]) -> tuple[list[Any], Any]:
    """The parts before an error, and the error."""
    parts = []
    with pytest.raises(kind) as raised:
        async for part in stream:
            parts.append(part)
    return parts, raised.value
