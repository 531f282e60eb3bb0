"""A typed client for the runs of a LangGraph server, sync and async."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from langgraph_runs.errors import (
    APIConnectionError,
    APIError,
    APIResponseError,
    APIStatusError,
    APITimeoutError,
    AuthenticationError,
    BadRequestError,
    ConflictError,
    InternalServerError,
    LangGraphRunsError,
    NotFoundError,
    PermissionDeniedError,
    RateLimitError,
    RunCancelledError,
    RunError,
    RunFailedError,
    RunTimeoutError,
    StreamDecodeError,
    StreamError,
    StreamGapError,
    StreamInterruptedError,
    ThreadBusyError,
    UnprocessableEntityError,
    WaitTimeoutError,
)
from langgraph_runs.position import Position
from langgraph_runs.request.start_time import After
from langgraph_runs.retry import RetryPolicy
from langgraph_runs.stream.parts import (
    CheckpointsPart,
    CustomPart,
    DebugPart,
    ErrorPart,
    EventsPart,
    FeedbackPart,
    MessagesCompletePart,
    MessagesMetadataPart,
    MessagesPart,
    MessagesPartialPart,
    MetadataPart,
    Part,
    StreamPart,
    TasksPart,
    UnknownPart,
    UpdatesPart,
    ValuesPart,
)

if TYPE_CHECKING:
    from langgraph_runs_api.models import Run
    from langgraph_runs_api.types import UNSET

    from langgraph_runs._async.client import AsyncRunsClient
    from langgraph_runs._async.stream import AsyncRunStream
    from langgraph_runs._sync.client import RunsClient
    from langgraph_runs._sync.stream import RunStream
    from langgraph_runs.request.options import (
        BatchRun,
        StatelessRunOptions,
        StatelessStreamOptions,
        ThreadRunOptions,
        ThreadStreamOptions,
    )

# What brings httpx along, or the half of the package that a program does not use, is imported when it is asked for.
_ELSEWHERE = {
    "AsyncRunStream": "langgraph_runs._async.stream",
    "AsyncRunsClient": "langgraph_runs._async.client",
    "BatchRun": "langgraph_runs.request.options",
    "Run": "langgraph_runs_api.models",
    "RunStream": "langgraph_runs._sync.stream",
    "RunsClient": "langgraph_runs._sync.client",
    "StatelessRunOptions": "langgraph_runs.request.options",
    "StatelessStreamOptions": "langgraph_runs.request.options",
    "ThreadRunOptions": "langgraph_runs.request.options",
    "ThreadStreamOptions": "langgraph_runs.request.options",
    "UNSET": "langgraph_runs_api.types",
}

__all__ = [
    "UNSET",
    "APIConnectionError",
    "APIError",
    "APIResponseError",
    "APIStatusError",
    "APITimeoutError",
    "After",
    "AsyncRunStream",
    "AsyncRunsClient",
    "AuthenticationError",
    "BadRequestError",
    "BatchRun",
    "CheckpointsPart",
    "ConflictError",
    "CustomPart",
    "DebugPart",
    "ErrorPart",
    "EventsPart",
    "FeedbackPart",
    "InternalServerError",
    "LangGraphRunsError",
    "MessagesCompletePart",
    "MessagesMetadataPart",
    "MessagesPart",
    "MessagesPartialPart",
    "MetadataPart",
    "NotFoundError",
    "Part",
    "PermissionDeniedError",
    "Position",
    "RateLimitError",
    "RetryPolicy",
    "Run",
    "RunCancelledError",
    "RunError",
    "RunFailedError",
    "RunStream",
    "RunTimeoutError",
    "RunsClient",
    "StatelessRunOptions",
    "StatelessStreamOptions",
    "StreamDecodeError",
    "StreamError",
    "StreamGapError",
    "StreamInterruptedError",
    "StreamPart",
    "TasksPart",
    "ThreadBusyError",
    "ThreadRunOptions",
    "ThreadStreamOptions",
    "UnknownPart",
    "UnprocessableEntityError",
    "UpdatesPart",
    "ValuesPart",
    "WaitTimeoutError",
]


def __getattr__(name: str) -> Any:
    if name not in _ELSEWHERE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()[name] = found = getattr(import_module(_ELSEWHERE[name]), name)
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
