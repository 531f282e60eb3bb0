"""Contains endpoint functions for accessing the API"""

from collections.abc import Mapping, Sequence
from typing import Any, Literal, TypedDict

from ...models import (
    CommandDict,
    CronField,
    CronSortBy,
    Durability,
    LangSmithTracerDict,
    MultitaskStrategy,
    OnRunCompleted,
    RunConfigDict,
    SortOrder,
    StreamMode,
)


class ThreadCronCreateOptions(TypedDict, total=False):
    """A cron on a thread."""

    input: Mapping[str, Any] | Sequence[Mapping[str, Any]] | None
    """ The input of each run. """
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
    timezone: str | None
    """ The IANA name of the time zone of the schedule, such as `Europe/Berlin`; UTC by default. """
    enabled: bool | None
    """ Whether the cron starts runs; true by default. """
    end_time: str | None
    """ When the cron ends, in ISO 8601 format; never by default. While there is a cron with an end, the development
    server of LangGraph 0.16.7 starts no runs of any cron. """
    multitask_strategy: MultitaskStrategy | None
    """ What to do if the thread already has a run: `enqueue` (default) waits for it, `reject` responds with 409,
    `interrupt` stops the other runs, `rollback` deletes them. """


class ThreadCronCreateDict(ThreadCronCreateOptions):
    """A cron on a thread."""

    schedule: str
    """ When to start a run, in cron format: minute, hour, day of the month, month, day of the week; optionally also
    the second. """
    assistant_id: str
    """ The UUID of the assistant to run, or the name of a graph, which stands for its first assistant. """


class CronCreateOptions(TypedDict, total=False):
    """A cron whose runs have threads of their own."""

    input: Mapping[str, Any] | Sequence[Mapping[str, Any]] | None
    """ The input of each run. """
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
    timezone: str | None
    """ The IANA name of the time zone of the schedule, such as `Europe/Berlin`; UTC by default. """
    enabled: bool | None
    """ Whether the cron starts runs; true by default. """
    end_time: str | None
    """ When the cron ends, in ISO 8601 format; never by default. While there is a cron with an end, the development
    server of LangGraph 0.16.7 starts no runs of any cron. """
    on_run_completed: OnRunCompleted | None
    """ What to do with the thread of each run when the run ends; `delete` by default. """


class CronCreateDict(CronCreateOptions):
    """A cron whose runs have threads of their own."""

    schedule: str
    """ When to start a run, in cron format: minute, hour, day of the month, month, day of the week; optionally also
    the second. """
    assistant_id: str
    """ The UUID of the assistant to run, or the name of a graph, which stands for its first assistant. """


class CronSearchDict(TypedDict, total=False):
    """Which crons to return."""

    assistant_id: str | None
    """ The UUID of the assistant. The name of a graph is rejected. """
    thread_id: str | None
    """ The UUID of the thread. """
    metadata: Mapping[str, Any] | None
    """ Arbitrary data to store with the object, and to find it by. """
    limit: int | None
    """ The maximum number of items; 10 by default. """
    offset: int | None
    """ How many items to skip; 0 by default. """
    sort_order: SortOrder | None
    """ Whether the items ascend or descend; `desc` by default. """
    enabled: bool | None
    """ Whether the crons are enabled. """
    sort_by: CronSortBy | None
    """ The field to sort by; `created_at` by default. """
    select: Sequence[CronField] | None
    """ The fields to return; all by default. """


class CronCountDict(TypedDict, total=False):
    """Which crons to count."""

    assistant_id: str | None
    """ The UUID of the assistant. The name of a graph is rejected. """
    thread_id: str | None
    """ The UUID of the thread. """
    metadata: Mapping[str, Any] | None
    """ Arbitrary data to store with the object, and to find it by. """


class CronUpdateDict(TypedDict, total=False):
    """The fields of a cron to change, at least one."""

    input: Mapping[str, Any] | Sequence[Mapping[str, Any]] | None
    """ The input of each run. """
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
    schedule: str | None
    """ When to start a run, in cron format: minute, hour, day of the month, month, day of the week; optionally also
    the second. """
    timezone: str | None
    """ The IANA name of the time zone of the schedule, such as `Europe/Berlin`; UTC by default. """
    enabled: bool | None
    """ Whether the cron starts runs; true by default. """
    end_time: str | None
    """ When the cron ends, in ISO 8601 format; null if it is not to end. """
    on_run_completed: OnRunCompleted | None
    """ What to do with the thread of each run when the run ends; `delete` by default. """
    multitask_strategy: MultitaskStrategy | None
    """ What to do if the thread already has a run: `enqueue` (default) waits for it, `reject` responds with 409,
    `interrupt` stops the other runs, `rollback` deletes them. """
