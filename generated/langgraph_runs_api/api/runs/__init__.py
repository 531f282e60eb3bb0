"""Contains endpoint functions for accessing the API"""

from collections.abc import Mapping, Sequence
from typing import Any, Literal, TypedDict

from ...models import (
    CancelStatus,
    CommandDict,
    Durability,
    LangSmithTracerDict,
    OnCompletion,
    OnDisconnect,
    RunConfigDict,
    StreamMode,
)


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
    strict_resume: bool | None
    """ Whether to refuse an answer to an interrupt at which the graph does not wait: the run fails with
    `UnknownInterruptError` and the thread stays as it was. By default, such an answer is ignored. Servers whose
    `/info` does not report `strict_resume` ignore this field. """
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
    strict_resume: bool | None
    """ Whether to refuse an answer to an interrupt at which the graph does not wait: the run fails with
    `UnknownInterruptError` and the thread stays as it was. By default, such an answer is ignored. Servers whose
    `/info` does not report `strict_resume` ignore this field. """
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
