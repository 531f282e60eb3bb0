"""The options of a call, as TypedDicts.

The fields of the API are defined once, in openapi.yaml, and come from the generated TypedDicts. Only the options that
this package adds (`after`, `extra_body`, …) are written out here.
"""

from __future__ import annotations

from collections.abc import AsyncIterable, Callable, Iterable, Mapping
from enum import Enum
from typing import Any, Final, Required, TypeAlias, TypedDict

from langgraph_runs_api.models import (
    CancelAction,
    RunCreateStatefulDict,
    RunCreateStatefulOptions,
    RunCreateStatelessDict,
    RunCreateStatelessOptions,
    RunStreamStatefulOptions,
    RunStreamStatelessOptions,
)

from langgraph_runs.request.arguments import QueryValue
from langgraph_runs.request.start_time import After
from langgraph_runs.retry import RetryPolicy

OnRunCreated: TypeAlias = Callable[[str, str | None], object]
OnReconnect: TypeAlias = Callable[[int, float, Exception | None], object]
OnProgress: TypeAlias = Callable[[int, int | None], object]


class Inherited(Enum):
    """The default of `cancel_on_exit` of a call, and of the options of `with_options`: the client's applies."""

    CLIENT = "the client's"

    def __repr__(self) -> str:
        return "<the client's>"


FROM_CLIENT: Final = Inherited.CLIENT

CancelOnExit: TypeAlias = CancelAction | Inherited | None


class RequestOptions(TypedDict, total=False):
    """The options of each request of a method."""

    headers: Mapping[str, str] | None
    """Headers for this call only; each replaces the client's header of the same name."""
    params: Mapping[str, QueryValue] | None
    """Query parameters for this call only, such as those that this version does not know yet."""


class CallOptions(RequestOptions, total=False):
    """The options of every method, besides its own arguments."""

    timeout: float | None
    """The deadline for the whole call or iteration, in seconds: all attempts, the pauses between them and the wait for
    a slot included; no limit by default."""
    retry: RetryPolicy | None
    """How to retry and resume for this call only; as the client does by default."""


class CreateOptions(CallOptions, total=False):
    """The options of every method that creates a run, besides the fields of the API."""

    after: After | None
    """When the run starts: seconds, a timedelta, a relativedelta, a datetime or an ISO 8601 string."""
    extra_body: Mapping[str, Any] | None
    """Fields of the API that this version does not know yet. They are sent as they are, and override other options."""
    on_run_created: OnRunCreated | None
    """Called with (run_id, thread_id) as soon as the server has sent the ids; thread_id is None if it sends none. A
    sync callable, in both clients."""


class ThreadRunOptions(RunCreateStatefulOptions, CreateOptions, total=False):
    """The options of `create` on a thread."""


class ThreadStreamOptions(RunStreamStatefulOptions, CreateOptions, total=False):
    """The options of `stream` and `wait` on a thread."""


class StatelessRunOptions(RunCreateStatelessOptions, CreateOptions, total=False):
    """The options of `create` for a stateless run."""


class StatelessStreamOptions(RunStreamStatelessOptions, CreateOptions, total=False):
    """The options of `stream` and `wait` for a stateless run."""


class BatchRun(RunCreateStatelessDict, total=False):
    """One run of `create_batch`: its `assistant_id`, and the options of a stateless run."""

    after: After | None
    extra_body: Mapping[str, Any] | None


class BatchThreadRun(RunCreateStatefulDict, total=False):
    """One run of `map` on a thread: its `thread_id` and its `assistant_id`, and the options of a run on a thread."""

    thread_id: Required[str]
    after: After | None
    extra_body: Mapping[str, Any] | None


Payloads: TypeAlias = Iterable[BatchRun | BatchThreadRun]
AsyncPayloads: TypeAlias = Payloads | AsyncIterable[BatchRun | BatchThreadRun]
