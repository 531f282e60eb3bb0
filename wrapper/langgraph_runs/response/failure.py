"""Which error stands for a refused call or a failed run: the only place that says what a status means. No I/O."""

from __future__ import annotations

import orjson
from langgraph_runs_api.models import Run, RunStatus

from langgraph_runs.errors import (
    APIStatusError,
    AuthenticationError,
    BadRequestError,
    ConflictError,
    InternalServerError,
    NotFoundError,
    PermissionDeniedError,
    RateLimitError,
    RunCancelledError,
    RunError,
    RunFailedError,
    RunTimeoutError,
    ThreadBusyError,
    UnprocessableEntityError,
)
from langgraph_runs.json_types import is_object

BY_STATUS: dict[int, type[APIStatusError]] = {
    400: BadRequestError,
    401: AuthenticationError,
    403: PermissionDeniedError,
    404: NotFoundError,
    409: ConflictError,
    422: UnprocessableEntityError,
    429: RateLimitError,
}

ACTIVE_STATUSES: tuple[RunStatus, ...] = ("pending", "running")
"""The statuses of a run that has not ended."""

BY_RUN_STATUS: dict[str, type[RunError]] = {
    kind.status: kind for kind in (RunFailedError, RunCancelledError, RunTimeoutError)
}
"""The errors by the status of a run that has ended without success."""

UNKNOWN_FAILURE = {"error": "Error", "message": "the server does not say why, or no longer knows"}

# The message of a refusal by `multitask_strategy="reject"`. Its status is 409 in Python and 422 in JavaScript.
_BUSY = "already running a task"


def status_error(status: int, text: str) -> type[APIStatusError]:
    """The class for a response with this status and this body."""
    if status in (409, 422) and _BUSY in text:
        return ThreadBusyError
    return BY_STATUS.get(status, InternalServerError if status >= 500 else APIStatusError)


def is_active(run: Run) -> bool:
    """Whether the run has not ended yet."""
    return run.status in ACTIVE_STATUSES


def run_error(status: str, reported: object, *, run_id: str | None, thread_id: str | None) -> RunError:
    """The error for a run with this status. `reported` is what the server says about a failure."""
    if status == RunCancelledError.status:
        return RunCancelledError("the run was cancelled", run_id=run_id, thread_id=thread_id)
    if status == RunTimeoutError.status:
        message = "the run took longer than the server allows"
        return RunTimeoutError(message, run_id=run_id, thread_id=thread_id)
    return RunFailedError(*name_and_reason(reported), run_id=run_id, thread_id=thread_id)


def says_not_found(reported: object) -> bool:
    """Whether the server reports, in the body of a wait or an event of a stream, that it cannot find the run."""
    name, reason = name_and_reason(reported)
    return (name == "HTTPException" and reason.startswith("404")) or reported == "Run not found"


def name_and_reason(reported: object) -> tuple[str, str]:
    """The name of the class of the exception that a graph raised, and its message."""
    if not is_object(reported):
        return "Error", as_text(reported)
    name, reason = as_text(reported.get("error", "Error")), as_text(reported.get("message", ""))
    if reason.startswith('{"error":'):  # JavaScript puts the whole object into its message
        try:
            return name_and_reason(orjson.loads(reason))
        except orjson.JSONDecodeError:
            pass
    return name, reason


def as_text(value: object) -> str:
    """Any JSON value as text."""
    try:
        return str(value)
    except RecursionError:  # nested a thousand levels deep
        return type(value).__name__
