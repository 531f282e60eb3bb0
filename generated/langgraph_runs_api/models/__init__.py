"""Contains all the data models used in inputs/outputs

Models are attrs classes, loaded on first use. `XDict` is the plain-dictionary form of the model `X`, for requests;
`XOptions` is the same without what is required, for `**options: Unpack[XOptions]`. In both, None counts as not given
where the hint is not Any.
"""

from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any, Literal, TypedDict

from .cancel_action import CancelAction
from .cancel_status import CancelStatus
from .durability import Durability
from .if_exists import IfExists
from .if_not_exists import IfNotExists
from .multitask_strategy import MultitaskStrategy
from .on_completion import OnCompletion
from .on_disconnect import OnDisconnect
from .run_field import RunField
from .run_status import RunStatus
from .stream_mode import StreamMode
from .thread_status import ThreadStatus

if TYPE_CHECKING:
    from .cancel_action import CancelAction
    from .cancel_status import CancelStatus
    from .checkpoint import Checkpoint
    from .checkpoint_map import CheckpointMap
    from .command import Command
    from .command_update import CommandUpdate
    from .configurable import Configurable
    from .context import Context
    from .durability import Durability
    from .error_response import ErrorResponse
    from .if_exists import IfExists
    from .if_not_exists import IfNotExists
    from .interrupt import Interrupt
    from .lang_smith_tracer import LangSmithTracer
    from .metadata import Metadata
    from .multitask_strategy import MultitaskStrategy
    from .on_completion import OnCompletion
    from .on_disconnect import OnDisconnect
    from .run import Run
    from .run_config import RunConfig
    from .run_create_base import RunCreateBase
    from .run_create_stateful import RunCreateStateful
    from .run_create_stateless import RunCreateStateless
    from .run_field import RunField
    from .run_kwargs import RunKwargs
    from .run_status import RunStatus
    from .run_stream_stateful import RunStreamStateful
    from .run_stream_stateless import RunStreamStateless
    from .runs_cancel import RunsCancel
    from .send import Send
    from .stream_mode import StreamMode
    from .thread import Thread
    from .thread_config import ThreadConfig
    from .thread_create import ThreadCreate
    from .thread_state import ThreadState
    from .thread_state_search import ThreadStateSearch
    from .thread_status import ThreadStatus
    from .thread_task import ThreadTask

_MODULES = {
    "Checkpoint": "checkpoint",
    "CheckpointMap": "checkpoint_map",
    "Command": "command",
    "CommandUpdate": "command_update",
    "Configurable": "configurable",
    "Context": "context",
    "ErrorResponse": "error_response",
    "Interrupt": "interrupt",
    "LangSmithTracer": "lang_smith_tracer",
    "Metadata": "metadata",
    "Run": "run",
    "RunConfig": "run_config",
    "RunCreateBase": "run_create_base",
    "RunCreateStateful": "run_create_stateful",
    "RunCreateStateless": "run_create_stateless",
    "RunKwargs": "run_kwargs",
    "RunsCancel": "runs_cancel",
    "RunStreamStateful": "run_stream_stateful",
    "RunStreamStateless": "run_stream_stateless",
    "Send": "send",
    "Thread": "thread",
    "ThreadConfig": "thread_config",
    "ThreadCreate": "thread_create",
    "ThreadState": "thread_state",
    "ThreadStateSearch": "thread_state_search",
    "ThreadTask": "thread_task",
}


if not TYPE_CHECKING:  # so that a type checker reports an unknown name

    def __getattr__(name: str) -> Any:
        if name not in _MODULES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        model = getattr(import_module(f".{_MODULES[name]}", __name__), name)
        globals()[name] = model
        return model


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


class RunCreateStatelessOptions(TypedDict, total=False):
    """A run on a thread of its own."""

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
    on_completion: OnCompletion | None
    """ What to do with the thread of a stateless run when the run ends; `delete` by default. """


class RunCreateStatelessDict(RunCreateStatelessOptions):
    """A run on a thread of its own."""

    assistant_id: str
    """ The UUID of the assistant to run, or the name of a graph, which stands for its first assistant. """


class RunStreamStatelessOptions(TypedDict, total=False):
    """A run on a thread of its own that is streamed or waited for."""

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
    on_completion: OnCompletion | None
    """ What to do with the thread of a stateless run when the run ends; `delete` by default. """
    on_disconnect: OnDisconnect | None
    """ What to do with the run if this connection is lost; `continue` by default. """


class RunStreamStatelessDict(RunStreamStatelessOptions):
    """A run on a thread of its own that is streamed or waited for."""

    assistant_id: str
    """ The UUID of the assistant to run, or the name of a graph, which stands for its first assistant. """


class RunsCancelDict(TypedDict, total=False):
    """The runs to stop, either by `status`, or by `thread_id` together with `run_ids`."""

    status: CancelStatus | None
    """ Which runs to stop, on all threads. """
    thread_id: str | None
    """ The thread of the runs. """
    run_ids: Sequence[str] | None
    """ The ids of the runs. Unknown runs, and runs that have ended, are skipped. """


class ThreadCreateDict(TypedDict, total=False):
    """The thread to create."""

    thread_id: str | None
    """ The UUID of the thread; the server chooses one by default. """
    metadata: Mapping[str, Any] | None
    """ Arbitrary data to store with the object, and to find it by. """
    if_exists: IfExists | None
    """ What to do if the thread exists: `raise` (default) responds with 409, `do_nothing` returns it. """


class ThreadStateSearchDict(TypedDict, total=False):
    """Which past states of a thread to return."""

    limit: int | None
    """ The maximum number of states; 1 by default. """
    before: CheckpointDict | None
    """ A point in a thread's history. """
    metadata: Mapping[str, Any] | None
    """ Arbitrary data to store with the object, and to find it by. """
    checkpoint: CheckpointDict | None
    """ A point in a thread's history. """


__all__ = (
    "CancelAction",
    "CancelStatus",
    "Checkpoint",
    "CheckpointMap",
    "Command",
    "CommandUpdate",
    "Configurable",
    "Context",
    "Durability",
    "ErrorResponse",
    "IfExists",
    "IfNotExists",
    "Interrupt",
    "LangSmithTracer",
    "Metadata",
    "MultitaskStrategy",
    "OnCompletion",
    "OnDisconnect",
    "Run",
    "RunConfig",
    "RunCreateBase",
    "RunCreateStateful",
    "RunCreateStateless",
    "RunField",
    "RunKwargs",
    "RunsCancel",
    "RunStatus",
    "RunStreamStateful",
    "RunStreamStateless",
    "Send",
    "StreamMode",
    "Thread",
    "ThreadConfig",
    "ThreadCreate",
    "ThreadState",
    "ThreadStateSearch",
    "ThreadStatus",
    "ThreadTask",
    "CheckpointDict",
    "CommandDict",
    "LangSmithTracerDict",
    "RunConfigDict",
    "RunCreateStatefulDict",
    "RunCreateStatefulOptions",
    "RunCreateStatelessDict",
    "RunCreateStatelessOptions",
    "RunsCancelDict",
    "RunStreamStatefulDict",
    "RunStreamStatefulOptions",
    "RunStreamStatelessDict",
    "RunStreamStatelessOptions",
    "SendDict",
    "ThreadCreateDict",
    "ThreadStateSearchDict",
)
