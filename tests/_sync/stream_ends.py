# Derived from _async/stream_ends.py by `make generate`; edit that one.
"""What a test observes of a stream: that its connection was closed, and its parts before an error."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic, sleep
from typing import Any

import pytest
from servers.endless_server import EndlessServer
from servers.scripted_server import ScriptedServer

from langgraph_runs import (
    RunStream,
)


def is_closed(server: ScriptedServer) -> bool:
    """Whether the server sees within ten seconds that the client has closed the connection."""
    return _is_soon(lambda: server.closed.acquire(blocking=False))


def is_left(server: EndlessServer) -> bool:
    """The same, for a server whose response never ends."""
    return _is_soon(lambda: server.was_left(0.0))


def _is_soon(condition: Callable[[], bool]) -> bool:
    """To wait in a thread would keep the event loop from closing the connection."""
    deadline = monotonic() + 10
    while not condition():
        if monotonic() > deadline:
            return False
        sleep(0.01)
    return True


def read(stream: RunStream, kind: type[Exception]) -> tuple[list[Any], Any]:
    """The parts before an error, and the error."""
    parts = []
    with pytest.raises(kind) as raised:
        for part in stream:
            parts.append(part)
    return parts, raised.value
