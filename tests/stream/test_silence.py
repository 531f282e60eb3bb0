"""A stream without heartbeats may be silent for a minute, with both clients."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
import servers.scripted_server as scripted
from servers.scripted_server import PAUSE, answer, events, scripted_server

from langgraph_runs import AsyncRunsClient, RunsClient

LONG = 60.0
BODY = b'event: metadata\ndata: {"run_id": "r", "attempt": 1}\nid: 1\n\n' + PAUSE + b"data: 1\nid: 2\n\n"
LAST = events(b"event: message\ndata: 1\nid: 2\n\n")
ENDED = answer(body=b'{"run_id": "r", "status": "success"}')


@pytest.mark.exhaustive
async def test_a_stream_without_heartbeats_may_be_silent_for_a_minute(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """No timeout ends it, even if that of the client is short."""
    monkeypatch.setattr(scripted, "PAUSE_SECONDS", LONG)
    reported: list[Any] = []

    def read(url: str) -> list[Any]:
        with RunsClient(url, api_key=None, timeout=5.0) as runs:
            return list(runs.stream("t", "agent", on_reconnect=lambda *what: reported.append(what)))

    with (
        scripted_server(events(BODY), ENDED, LAST) as one,
        scripted_server(events(BODY), ENDED, LAST) as other,
    ):
        async with AsyncRunsClient(one.url, api_key=None, timeout=5.0) as runs:
            reading = asyncio.to_thread(read, other.url)
            stream = runs.stream("t", "agent", on_reconnect=lambda *what: reported.append(what))
            both = await asyncio.gather(reading, anext(stream))
            rest = [part async for part in stream]
    assert ([], ["1", "2"], "1", ["2"]) == (
        reported,
        [part.id for part in both[0]],
        both[1].id,
        [part.id for part in rest],
    )
    assert (3, 3) == (len(one.requests), len(other.requests))
