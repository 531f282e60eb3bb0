"""Every option of a stream has the effect on the real server that openapi.yaml describes."""

from __future__ import annotations

from typing import Any

import pytest

from langgraph_runs import (
    AsyncRunsClient,
    CustomPart,
    MessagesPart,
    MessagesPartialPart,
    StreamGapError,
    UpdatesPart,
    ValuesPart,
)

MESSAGE = {"role": "user", "content": "Tell me"}


@pytest.mark.parametrize("mode", ["values", "updates", "custom", "tasks", "checkpoints", "debug", "events"])
async def test_each_stream_mode_has_its_part(runs: AsyncRunsClient, thread_id: str, mode: Any) -> None:
    """No parts of other modes arrive."""
    for thread in (thread_id, None):
        parts = [part async for part in runs.stream(thread, "agent", input={}, stream_mode=mode)]
        without = mode == "checkpoints" and thread is None  # a stateless run keeps none
        assert {"metadata"} | ({mode} if not without else set()) == {part.event for part in parts}


async def test_several_stream_modes_can_be_combined(runs: AsyncRunsClient) -> None:
    """As a list; the parts come in the order of what happens."""
    stream = runs.stream(None, "agent", input={}, stream_mode=["updates", "custom"])
    parts = [part async for part in stream][1:]
    assert [CustomPart, UpdatesPart, UpdatesPart] == [type(part) for part in parts]


async def test_tokens_are_streamed_as_messages(runs: AsyncRunsClient) -> None:
    """`messages-tuple` one by one with their metadata; `messages` as the message so far."""
    stream = runs.stream(None, "chat", input={"messages": [MESSAGE]}, stream_mode="messages-tuple")
    chunks = [
        part.data[0]["content"] for part in [part async for part in stream] if isinstance(part, MessagesPart)
    ]
    assert ("You said: Tell me", True) == ("".join(chunks), len(chunks) > 2)
    stream = runs.stream(None, "chat", input={"messages": [MESSAGE]}, stream_mode="messages")
    partial = [part for part in [part async for part in stream] if isinstance(part, MessagesPartialPart)]
    assert "You said: Tell me" == partial[-1].data[0]["content"]


@pytest.mark.parametrize("subgraphs", [True, False])
async def test_subgraphs_are_streamed_with_their_namespace(runs: AsyncRunsClient, subgraphs: bool) -> None:
    """Only with stream_subgraphs; the class of a part still says its mode."""
    stream = runs.stream(None, "subgraph", input={}, stream_mode="values", stream_subgraphs=subgraphs)
    inner = [part async for part in stream if part.namespace]
    assert subgraphs == bool(inner)
    for part in inner:
        assert isinstance(part, ValuesPart)
        assert part.event.startswith("values|child:")
        assert part.namespace[0].startswith("child:")


@pytest.mark.parametrize("resumable", [True, False, None])
async def test_streams_on_a_thread_are_resumable(
    runs: AsyncRunsClient, thread_id: str, resumable: bool | None
) -> None:
    """Unless stream_resumable is False: then parts have no id, and who asks for them again is told that they are
    gone."""
    stream = runs.stream(thread_id, "agent", input={}, stream_resumable=resumable)
    parts = [part async for part in stream]
    again = runs.join_stream(thread_id, str(stream.run_id), last_event_id="-1")
    if resumable is False:
        assert [None] * len(parts) == [part.id for part in parts]
        with pytest.raises(StreamGapError, match="no longer has its events"):
            assert not [part async for part in again]
    else:
        assert all(part.id for part in parts)
        assert parts == [part async for part in again]
        rest = runs.join_stream(thread_id, str(stream.run_id), last_event_id=parts[0].id)
        assert [part async for part in rest] == [part for part in parts if str(part.id) > str(parts[0].id)]


async def test_a_joined_stream_can_be_limited_to_some_modes(runs: AsyncRunsClient, thread_id: str) -> None:
    """To one mode or several; `metadata` and `error` are always sent."""
    modes: Any = ["values", "updates", "custom"]
    stream = runs.stream(thread_id, "agent", input={}, stream_mode=modes)
    assert [part async for part in stream]
    run_id = str(stream.run_id)
    for some in ("values", ["values"], ["updates", "custom"]):
        joined = runs.join_stream(thread_id, run_id, last_event_id="-1", stream_mode=some)  # type: ignore[arg-type]
        expected = {"metadata", some} if isinstance(some, str) else {"metadata", *some}
        assert expected == {part.event for part in [part async for part in joined]}
    run = await runs.create(thread_id, "failing", input={}, after=0.3)
    joined = runs.join_stream(thread_id, run.run_id, stream_mode="custom", raise_error=False)
    assert ["metadata", "error"] == [part.event for part in [part async for part in joined]]


@pytest.mark.parametrize("cancel", [True, False])
async def test_cancel_on_disconnect_decides_what_leaving_a_joined_stream_does(
    runs: AsyncRunsClient, thread_id: str, cancel: bool
) -> None:
    """The run is cancelled, or continues."""
    run = await runs.create(
        thread_id, "slow", input={"seconds": 1.5}, stream_mode="custom", stream_resumable=True
    )
    async for part in runs.join_stream(
        thread_id, run.run_id, last_event_id="-1", cancel_on_disconnect=cancel
    ):
        if part.event == "custom":
            break
    await runs.join(thread_id, run.run_id, raise_error=False)
    assert ("interrupted" if cancel else "success") == (await runs.get(thread_id, run.run_id)).status
