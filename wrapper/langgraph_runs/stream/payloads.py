"""What the data of the parts of a stream contains, as far as LangGraph defines it. No I/O.

Servers may add keys, and leave out those that are marked NotRequired.
"""

from __future__ import annotations

from typing import Any, Literal, NotRequired, TypeAlias, TypedDict

__all__ = [
    "CheckpointPayload",
    "CheckpointTask",
    "DebugCheckpoint",
    "DebugPayload",
    "DebugTask",
    "DebugTaskResult",
    "MessageMetadata",
    "MessagePayload",
    "MessagesMetadata",
    "SentInterrupt",
    "TaskError",
    "TaskPayload",
    "TaskResult",
    "TaskStart",
]


class MessagePayload(TypedDict):
    """A message of a chat model, whole or in part, in LangChain's own format."""

    type: str
    """Such as "ai", "human" or "tool"; "AIMessageChunk" for a token of the mode "messages-tuple"."""
    content: str | list[Any]
    """The text, or a list of texts and blocks such as {"type": "text", "text": …}."""
    id: NotRequired[str | None]
    name: NotRequired[str | None]
    additional_kwargs: NotRequired[dict[str, Any]]
    response_metadata: NotRequired[dict[str, Any]]
    tool_calls: NotRequired[list[dict[str, Any]]]
    """The tools that an AI message calls, each with `name`, `args` and `id`."""
    invalid_tool_calls: NotRequired[list[dict[str, Any]]]
    tool_call_chunks: NotRequired[list[dict[str, Any]]]
    """Pieces of a tool call, in a token."""
    usage_metadata: NotRequired[dict[str, Any] | None]
    """How many tokens the model has read and written."""
    chunk_position: NotRequired[str | None]
    """It is "last" for the last token of a message."""
    example: NotRequired[bool]
    tool_call_id: NotRequired[str]
    """The call to which a tool message responds."""
    artifact: NotRequired[Any]
    status: NotRequired[str]
    """Whether the tool succeeded: "success" or "error"."""


class MessageMetadata(TypedDict, total=False):
    """Where a message comes from. The `metadata` of the run and its config is here too, under its own keys."""

    langgraph_node: str
    """The node that has called the model."""
    langgraph_step: int
    langgraph_triggers: list[str]
    langgraph_path: list[Any]
    langgraph_checkpoint_ns: str
    checkpoint_ns: str
    graph_id: str
    assistant_id: str
    thread_id: str
    run_id: str
    run_attempt: int
    created_by: str
    tags: list[str] | None
    ls_integration: str
    ls_provider: str
    ls_model_name: str
    ls_model_type: str
    ls_temperature: float
    ls_max_tokens: int
    ls_stop: list[str]
    lc_agent_name: str
    lc_versions: dict[str, str]
    langgraph_version: str
    langgraph_api_version: str
    langgraph_plan: str
    langgraph_host: str
    langgraph_api_url: str | None


class MessagesMetadata(TypedDict):
    """What a `messages/metadata` part has for each message."""

    metadata: MessageMetadata


class SentInterrupt(TypedDict):
    """An interrupt as the server sends it in the data of a task. (`Interrupt` is the same from every method.)"""

    id: NotRequired[str | None]
    value: Any
    response_schema: NotRequired[dict[str, Any] | None]


class TaskError(TypedDict):
    """The exception of a node."""

    error: str
    """The name of its class."""
    message: str


class TaskStart(TypedDict):
    """A task that starts."""

    id: str
    name: str
    """The node."""
    input: Any
    triggers: list[str]
    """Why the node runs, such as "branch:to:reply"."""
    metadata: NotRequired[dict[str, Any]]
    interrupts: NotRequired[list[SentInterrupt]]
    """Empty. Only LangGraph.js sends it."""


class TaskResult(TypedDict):
    """A task that has ended."""

    id: str
    name: str
    """The node."""
    result: Any
    """What the node has written, by channel. (Before LangGraph 1, and in LangGraph.js, a list of pairs.)"""
    error: NotRequired[TaskError | str | None]
    """Why it failed; None if it did not."""
    interrupts: list[SentInterrupt]
    """Where it waits for an answer. `TasksPart.interrupts` has them in one shape."""


TaskPayload: TypeAlias = TaskStart | TaskResult
"""The data of a `tasks` part: `"result" in data` tells the two apart."""


class CheckpointTask(TypedDict):
    """A task of a checkpoint: one that has ended, has failed, or runs next."""

    id: str
    name: str
    """The node."""
    interrupts: NotRequired[list[SentInterrupt]]
    state: NotRequired[dict[str, Any] | None]
    """The config of the checkpoints of its subgraph; None if it has none."""
    result: NotRequired[Any]
    error: NotRequired[TaskError | str | None]
    path: NotRequired[list[Any]]
    checkpoint: NotRequired[dict[str, Any] | None]
    """Only in a `debug` part: the ids of the checkpoints of its subgraph."""


class CheckpointPayload(TypedDict):
    """The data of a `checkpoints` part: the state of the graph, as it is saved."""

    config: dict[str, Any] | None
    """Its `configurable` has `thread_id` and `checkpoint_id`."""
    parent_config: NotRequired[dict[str, Any] | None]
    values: Any
    """The state."""
    metadata: dict[str, Any]
    """`source`, `step` and `parents`."""
    next: list[str]
    """The nodes that run next."""
    tasks: list[CheckpointTask]
    checkpoint: NotRequired[dict[str, Any] | None]
    """Only in a `debug` part: the ids of this checkpoint."""
    parent_checkpoint: NotRequired[dict[str, Any] | None]
    """Only in a `debug` part: the ids of the one before."""


class DebugTask(TypedDict):
    """A task that starts, in a `debug` part."""

    type: Literal["task"]
    step: int
    timestamp: str
    payload: TaskStart


class DebugTaskResult(TypedDict):
    """A task that has ended, in a `debug` part."""

    type: Literal["task_result"]
    step: int
    timestamp: str
    payload: TaskResult


class DebugCheckpoint(TypedDict):
    """A checkpoint, in a `debug` part."""

    type: Literal["checkpoint"]
    step: int
    timestamp: str
    payload: CheckpointPayload


DebugPayload: TypeAlias = DebugTask | DebugTaskResult | DebugCheckpoint
"""The data of a `debug` part; its `type` tells the three apart."""
