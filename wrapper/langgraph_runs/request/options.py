"""The options of a call, as TypedDicts.

The fields of the API are defined once, in openapi.yaml, and come from the generated TypedDicts. Only the options that
this package adds (`after`, `extra_body`, …) are written out here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import Enum
from typing import Any, Final, TypeAlias, TypedDict

from langgraph_runs_api.models import (
    CancelAction,
    RunCreateStatefulOptions,
    RunCreateStatelessDict,
    RunCreateStatelessOptions,
    RunStreamStatefulOptions,
    RunStreamStatelessOptions,
)

from langgraph_runs.request.arguments import QueryValue
from langgraph_runs.request.start_time import After

OnRunCreated: TypeAlias = Callable[[str, str | None], object]
OnReconnect: TypeAlias = Callable[[int, float, Exception | None], object]


class Inherited(Enum):
    """The default of `cancel_on_exit` of a call: the client's applies. None disables that."""

    CLIENT = "the client's cancel_on_exit"

    def __repr__(self) -> str:
        return "<the client's>"


FROM_CLIENT: Final = Inherited.CLIENT

CancelOnExit: TypeAlias = CancelAction | Inherited | None


class CallOptions(TypedDict, total=False):
    """The options of every method, besides its own arguments."""

    headers: Mapping[str, str] | None
    """Headers for this call only; each replaces the client's header of the same name."""
    params: Mapping[str, QueryValue] | None
    """Query parameters for this call only, such as those that this version does not know yet."""


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
