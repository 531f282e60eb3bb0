"""Streams of the real server that are left, resumed elsewhere, joined late, or made resumable without a thread."""

from __future__ import annotations

import json
from typing import Any

import pytest
from dev_server import DevServer
from langgraph_runs_api.api.threads import get_thread
from langgraph_runs_api.models import ErrorResponse, Thread

from langgraph_runs import AsyncRunsClient, ErrorPart, MetadataPart, RunFailedError

COUNT: dict[str, Any] = {"count": 200, "delay": 0.002}


async def test_another_client_resumes_where_one_has_left(
    runs: AsyncRunsClient, thread_id: str, live_server: DevServer
) -> None:
    """By the position, as JSON; no part is lost or doubled."""
    async with runs.stream(thread_id, "custom", input=COUNT, stream_mode="custom") as stream:
        parts = [await anext(stream) for _ in range(50)]
        position = json.loads(json.dumps(stream.position))
    async with AsyncRunsClient(live_server.url, api_key=None) as other:
        rest = other.join_stream(position["thread_id"], position["run_id"], last_event_id=position)
        parts += [part async for part in rest]
    assert isinstance(parts[0], MetadataPart)
    assert list(range(200)) == [part.data["i"] for part in parts[1:]]


async def test_a_run_that_has_ended_can_be_joined_from_the_start(
    runs: AsyncRunsClient, thread_id: str
) -> None:
    """Its failure is reported too, which the server itself has forgotten."""
    run = await runs.create(thread_id, "failing", input={"message": "no"}, stream_resumable=True)
    with pytest.raises(RunFailedError):
        await runs.join(thread_id, run.run_id)
    joined = runs.join_stream(thread_id, run.run_id, last_event_id="-1")
    parts = []
    with pytest.raises(RunFailedError) as failed:
        async for part in joined:
            parts.append(part.event)
    assert ["metadata", "values", "values"] == parts
    assert ("ValueError", "no", run.run_id) == (failed.value.error, failed.value.reason, failed.value.run_id)
    joined = runs.join_stream(thread_id, run.run_id, last_event_id="-1", raise_error=False)
    assert ErrorPart("error", {"error": "ValueError", "message": "no"}) == [part async for part in joined][-1]


@pytest.mark.parametrize("kept", [False, True])
async def test_a_stateless_stream_that_is_resumable_has_a_thread_of_its_own(
    runs: AsyncRunsClient, kept: bool
) -> None:
    """It is deleted at the end unless it is to be kept, also if the graph fails."""
    more: Any = {"on_completion": "keep"} if kept else {}
    for graph in ("agent", "failing"):
        stream = runs.stream(None, graph, input={"text": "hi"}, stream_resumable=True, **more)
        try:
            parts = [part async for part in stream]
            assert graph == "agent"
            assert parts[0].id
        except RunFailedError:
            assert graph == "failing"
        thread = await get_thread.asyncio(str(stream.thread_id), client=runs.api)
        assert isinstance(thread, Thread if kept else ErrorResponse)
