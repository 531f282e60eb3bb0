"""What the real server sends in its parts is declared: every key, with its type."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from live.declared import undeclared

from langgraph_runs import (
    AsyncRunsClient,
    CheckpointsPart,
    DebugPart,
    MessagesCompletePart,
    MessagesMetadataPart,
    MessagesPart,
    MessagesPartialPart,
    TasksPart,
)
from langgraph_runs.stream import payloads

SAID: dict[str, Any] = {"messages": [{"role": "user", "content": "hi"}]}
GRAPHS: dict[str, dict[str, Any]] = {
    "agent": {},
    "subgraph": {"text": "a"},
    "chat": SAID,
    "failing": {},
    "interrupting": {"question": "?"},
    "choosing": {},
}
TYPES: dict[type, Callable[[Any], list[tuple[Any, Any]]]] = {
    TasksPart: lambda part: [(part.data, payloads.TaskPayload)],
    CheckpointsPart: lambda part: [(part.data, payloads.CheckpointPayload)],
    DebugPart: lambda part: [(part.data, payloads.DebugPayload)],
    MessagesMetadataPart: lambda part: [(part.data, dict[str, payloads.MessagesMetadata])],
    MessagesPartialPart: lambda part: [(part.message, payloads.MessagePayload)],
    MessagesCompletePart: lambda part: [(part.message, payloads.MessagePayload)],
    MessagesPart: lambda part: [
        (part.message, payloads.MessagePayload),
        (part.metadata, payloads.MessageMetadata),
    ],
}


@pytest.mark.parametrize(
    ("modes", "kinds"),
    [
        (["tasks", "checkpoints", "debug"], {TasksPart, CheckpointsPart, DebugPart}),
        (["messages-tuple"], {MessagesPart}),
        (["messages"], {MessagesMetadataPart, MessagesPartialPart}),
    ],
)
async def test_every_key_that_comes_is_declared(runs: AsyncRunsClient, modes: Any, kinds: Any) -> None:
    """Of runs that succeed, fail and wait for an answer, and of subgraphs."""
    graphs = GRAPHS if len(modes) > 1 else {"chat": SAID}
    seen, differences = set[type](), set[str]()
    for graph, given in graphs.items():
        stream: Any = runs.stream(
            str(uuid4()),  # a stateless run has no checkpoints
            graph,
            input=given,
            stream_mode=modes,
            stream_subgraphs=True,
            raise_error=False,
            if_not_exists="create",
        )
        async for part in stream:
            for value, declared in TYPES[type(part)](part) if type(part) in TYPES else ():
                seen.add(type(part))
                differences.update(undeclared(value, declared))
    assert set() == differences
    assert kinds <= seen
