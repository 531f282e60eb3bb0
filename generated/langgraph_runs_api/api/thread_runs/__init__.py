"""Contains endpoint functions for accessing the API"""

from collections.abc import Mapping, Sequence
from typing import Any, Literal, TypedDict

from ...models import (
    Durability,
    IfNotExists,
    MultitaskStrategy,
    OnDisconnect,
    StreamMode,
)


class SendDict(TypedDict):
    """A node to run, with an input of its own."""

    node: str
    """ The node's name. """
    input: Any
    """ The input of the node, any JSON. """


class CommandDict(TypedDict, total=False):
    """What to do instead of starting with an input, such as answering an interrupt. It overrides `input`."""

    update: Mapping[str, Any] | Sequence[Sequence[Any]] | None
    """ Changes to the state, as an object or as pairs of key and value. """
    resume: Any
    """ The answer to the interrupt at which the graph waits, any JSON including null. """
    goto: SendDict | str | Sequence[SendDict | str] | None
    """ The node or nodes to run next, all by name or all with an input of their own. """


class RunConfigDict(TypedDict, total=False):
    """How the graph is run."""

    tags: Sequence[str] | None
    """ Tags to find the run's trace by. """
    recursion_limit: int | None
    """ How many steps the graph may take before it fails; the server's own limit by default. """
    configurable: Mapping[str, Any] | None
    """ The `configurable` part of the config that the graph's nodes receive. """
    metadata: Mapping[str, Any] | None
    """ Arbitrary data to store with the object, and to find it by. """
    run_name: str | None
    """ The name of the run's trace. """
    max_concurrency: int | None
    """ How many of the graph's tasks may run at the same time. """


class LangSmithTracerDict(TypedDict, total=False):
    """Where to put the run's trace in LangSmith."""

    project_name: str | None
    """ The LangSmith project. """
    example_id: str | None
    """ The dataset example that the run belongs to. """


class CheckpointDict(TypedDict, total=False):
    """A point in a thread's history."""

    thread_id: str | None
    """ The thread it belongs to. """
    checkpoint_ns: str | None
    """ The subgraph it belongs to; empty for the graph itself. """
    checkpoint_id: str | None
    """ The checkpoint's UUID; the latest checkpoint by default. """
    checkpoint_map: Mapping[str, Any] | None
    """ The checkpoints of subgraphs, by their namespace. """


class RunCreateStatefulOptions(TypedDict, total=False):
    """A run on a thread."""

    input: Any
    """ The input of the graph, any JSON. Null continues from the current state of the thread. """
    command: CommandDict | None
    """ What to do instead of starting with an input, such as answering an interrupt. It overrides `input`. """
    metadata: Mapping[str, Any] | None
    """ Arbitrary data to store with the object, and to find it by. """
    config: RunConfigDict | None
    """ How the graph is run. """
    context: Mapping[str, Any] | None
    """ The context of the runtime that the graph's nodes receive. It cannot be combined with `configurable`. """
    stream_mode: StreamMode | Sequence[StreamMode] | None
    """ The mode or modes of the events that the run streams; `values` by default. """
    stream_subgraphs: bool | None
    """ Whether to stream the events of subgraphs too; false by default. """
    stream_resumable: bool | None
    """ Whether the server keeps the events, so that a stream that was cut can be joined again without losing any;
    false by default. """
    after_seconds: float | None
    """ How many seconds to wait before the run starts; 0 by default. """
    interrupt_before: Sequence[str] | Literal["*"] | None
    """ The nodes to stop before, or `*` for all. """
    interrupt_after: Sequence[str] | Literal["*"] | None
    """ The nodes to stop after, or `*` for all. """
    durability: Durability | None
    """ When to write checkpoints: `sync` before the next step, `async` (default) during the next step, `exit` only
    at the end. """
    checkpoint_during: bool | None
    """ Deprecated; use `durability`. False is the same as `durability` `exit`. """
    webhook: str | None
    """ A URL to which the server sends the run and its values, by POST, when the run has ended. The values of a
    stateless run are null. """
    feedback_keys: Sequence[str] | None
    """ Keys to create LangSmith feedback URLs for; the URLs are sent as a `feedback` event. """
    langsmith_tracer: LangSmithTracerDict | None
    """ Where to put the run's trace in LangSmith. """
    strict_resume: bool | None
    """ Whether to refuse an answer to an interrupt at which the graph does not wait: the run fails with
    `UnknownInterruptError` and the thread stays as it was. By default, such an answer is ignored. Servers whose
    `/info` does not report `strict_resume` ignore this field. """
    multitask_strategy: MultitaskStrategy | None
    """ What to do if the thread already has a run: `enqueue` (default) waits for it, `reject` responds with 409,
    `interrupt` stops the other runs, `rollback` deletes them. """
    if_not_exists: IfNotExists | None
    """ What to do if the thread does not exist: `reject` (default) responds with 404, `create` creates it. """
    checkpoint: CheckpointDict | None
    """ A point in a thread's history. """
    checkpoint_id: str | None
    """ The UUID of the checkpoint to start from; the thread's latest by default. With an unknown one, the run
    starts without any state. """


class RunCreateStatefulDict(RunCreateStatefulOptions):
    """A run on a thread."""

    assistant_id: str
    """ The UUID of the assistant to run, or the name of a graph, which stands for its first assistant. """


class RunStreamStatefulOptions(TypedDict, total=False):
    """A run on a thread that is streamed or waited for."""

    input: Any
    """ The input of the graph, any JSON. Null continues from the current state of the thread. """
    command: CommandDict | None
    """ What to do instead of starting with an input, such as answering an interrupt. It overrides `input`. """
    metadata: Mapping[str, Any] | None
    """ Arbitrary data to store with the object, and to find it by. """
    config: RunConfigDict | None
    """ How the graph is run. """
    context: Mapping[str, Any] | None
    """ The context of the runtime that the graph's nodes receive. It cannot be combined with `configurable`. """
    stream_mode: StreamMode | Sequence[StreamMode] | None
    """ The mode or modes of the events that the run streams; `values` by default. """
    stream_subgraphs: bool | None
    """ Whether to stream the events of subgraphs too; false by default. """
    stream_resumable: bool | None
    """ Whether the server keeps the events, so that a stream that was cut can be joined again without losing any;
    false by default. """
    after_seconds: float | None
    """ How many seconds to wait before the run starts; 0 by default. """
    interrupt_before: Sequence[str] | Literal["*"] | None
    """ The nodes to stop before, or `*` for all. """
    interrupt_after: Sequence[str] | Literal["*"] | None
    """ The nodes to stop after, or `*` for all. """
    durability: Durability | None
    """ When to write checkpoints: `sync` before the next step, `async` (default) during the next step, `exit` only
    at the end. """
    checkpoint_during: bool | None
    """ Deprecated; use `durability`. False is the same as `durability` `exit`. """
    webhook: str | None
    """ A URL to which the server sends the run and its values, by POST, when the run has ended. The values of a
    stateless run are null. """
    feedback_keys: Sequence[str] | None
    """ Keys to create LangSmith feedback URLs for; the URLs are sent as a `feedback` event. """
    langsmith_tracer: LangSmithTracerDict | None
    """ Where to put the run's trace in LangSmith. """
    strict_resume: bool | None
    """ Whether to refuse an answer to an interrupt at which the graph does not wait: the run fails with
    `UnknownInterruptError` and the thread stays as it was. By default, such an answer is ignored. Servers whose
    `/info` does not report `strict_resume` ignore this field. """
    multitask_strategy: MultitaskStrategy | None
    """ What to do if the thread already has a run: `enqueue` (default) waits for it, `reject` responds with 409,
    `interrupt` stops the other runs, `rollback` deletes them. """
    if_not_exists: IfNotExists | None
    """ What to do if the thread does not exist: `reject` (default) responds with 404, `create` creates it. """
    checkpoint: CheckpointDict | None
    """ A point in a thread's history. """
    checkpoint_id: str | None
    """ The UUID of the checkpoint to start from; the thread's latest by default. With an unknown one, the run
    starts without any state. """
    on_disconnect: OnDisconnect | None
    """ What to do with the run if this connection is lost; `continue` by default. """


class RunStreamStatefulDict(RunStreamStatefulOptions):
    """A run on a thread that is streamed or waited for."""

    assistant_id: str
    """ The UUID of the assistant to run, or the name of a graph, which stands for its first assistant. """
