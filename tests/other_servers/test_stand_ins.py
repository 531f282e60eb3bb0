"""What the stand-ins do that nobody sees on the wire."""

from __future__ import annotations

from typing import Any

import pytest
from plain_http import Wire
from servers.aegra_server import aegra_server
from servers.langgraphjs_server import langgraphjs_server


@pytest.mark.parametrize("stand_in", [langgraphjs_server, aegra_server])
def test_a_run_ends_although_its_thread_was_deleted(stand_in: Any) -> None:
    """Its thread of execution raises nothing, which would fail another test."""
    with stand_in() as server, Wire(server.url) as wire:
        thread_id = wire.thread()
        run = server.runs[wire.created(thread_id, {"sleep": 0.2})]
        server.remove(thread_id)
        with server.changed:
            assert server.changed.wait_for(lambda: run.has_ended, timeout=20)
