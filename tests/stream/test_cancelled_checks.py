"""A read that is cancelled while the stream asks whether its run has ended."""

from __future__ import annotations

from asyncio import wait_for
from contextlib import suppress

import pytest
from servers.scripted_server import HANG, PAUSE, answer, events, scripted_server

from langgraph_runs import AsyncRunsClient, StreamGapError
from langgraph_runs.stream import heartbeat

BEATING = events((b": heartbeat\r\n\r\n" + PAUSE) * 20) + HANG


async def test_the_request_survives_cancelled_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is sent once, and its answer counts."""
    monkeypatch.setattr(heartbeat, "_GREETING", 0.2)
    monkeypatch.setattr(heartbeat, "_LEAST_PATIENCE", 1.5)
    monkeypatch.setattr(heartbeat, "_LAST_CHANCE", 0.4)
    first, rest = b'{"run_id": "r", ', b'"status": "success"}'
    slow = answer(body=first + rest).replace(first, first + PAUSE)
    with scripted_server(BEATING, slow) as server:
        client = AsyncRunsClient(server.url, api_key=None)
        async with client as runs, runs.join_stream("t", "r", last_event_id="-1") as stream:
            with pytest.raises(StreamGapError):
                while True:
                    with suppress(TimeoutError):
                        await wait_for(anext(stream), 0.05)
    assert 2 == len(server.requests)
