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

SOME_ERROR = "Error"
"""What servers report if they do not report the class of an exception. (In JavaScript, it is also a class.)"""

UNKNOWN_FAILURE = {"error": SOME_ERROR, "message": "the server does not say why, or no longer knows"}

# What the JavaScript server reports of a run that was rolled back. After a graph that raises such an error, the state
# of the run has an error; after a rollback, it has none.
_ROLLBACK = (SOME_ERROR, "rollback")

MAX_ERROR_BYTES = 1024 * 1024
"""How much of the body of a response an error keeps, in bytes; also the longest reason of a failed run."""
CUT = " (the body was cut at 1 MiB)"
"""The note in the message of an error that keeps only a part of the body."""

# How Python servers up to 0.15 report that a run was cancelled or rolled back, as if its graph had raised an exception.
_CANCELLED, _DELETED = "UserInterrupt", "UserRollback"
# How the streams of these servers report a cancellation that has reached the graph.
_STOPPED = ("CancelledError", "An internal error occurred")

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
    name, reason = name_and_reason(reported)
    if status == RunCancelledError.status or _is_cancellation(name, reason):
        return RunCancelledError("the run was cancelled", run_id=run_id, thread_id=thread_id)
    if status == RunTimeoutError.status:
        message = "the run took longer than the server allows"
        return RunTimeoutError(message, run_id=run_id, thread_id=thread_id)
    return RunFailedError(name, reason, run_id=run_id, thread_id=thread_id)


def has_given_up(reported: object, run_id: object) -> bool:
    """Whether Aegra reports that the wait has taken too long, though the run may be active."""
    name, reason = name_and_reason(reported)
    return name == "TimeoutError" and reason.startswith(f"Run '{run_id}' ")


def is_stuck(reported: object) -> bool:
    """Whether Aegra reports that nothing executes the run any more, although its status remains active."""
    return is_object(reported) and reported.get("error") == "IncompleteRun"


def is_of_aegra(refusal: object) -> bool:
    """Whether this is how Aegra words the body of a 404."""
    return is_object(refusal) and refusal.get("error") == "not_found"


def says_not_found(reported: object) -> bool:
    """Whether the server reports, in the body of a wait or an event of a stream, that it cannot find the run."""
    name, reason = name_and_reason(reported)
    return (
        (name == "HTTPException" and reason.startswith("404"))
        or (name == "RunNotFound" and reason.startswith("Run '"))  # Aegra
        or name == _DELETED
        or reported == "Run not found"
    )


def name_and_reason(reported: object) -> tuple[str, str]:
    """The name of the class of the exception that a graph raised, and its message."""
    if not is_object(reported):
        return SOME_ERROR, as_text(reported)
    name, reason = as_text(reported.get("error", SOME_ERROR)), as_text(reported.get("message", ""))
    if reason.startswith('{"error":'):  # JavaScript puts the whole object into its message
        try:
            return name_and_reason(orjson.loads(reason))
        except orjson.JSONDecodeError:
            pass
    return name, reason


def is_complete(name: str, reason: str) -> bool:
    """Whether this is the class of an exception and its own message. If not, the state of the run has them, or the
    values of a run that was cancelled."""
    return name != SOME_ERROR and not _is_cancellation(name, reason) and not lacks_reason(name, reason)


def lacks_reason(name: str, reason: str) -> bool:
    """Whether the message is not that of the exception, but what Aegra sends in its place: in a stream, or if it is
    empty."""
    return reason == f"{name}: execution failed" or (name, reason) == (SOME_ERROR, "Run failed")


def _is_cancellation(name: str, reason: str) -> bool:
    """Whether this says that the run was cancelled."""
    return name == _CANCELLED or (name, reason) == _STOPPED


def is_rollback(name: str, reason: str) -> bool:
    """Whether this may say that the run was rolled back, rather than that it failed."""
    return (name, reason) == _ROLLBACK


def as_text(value: object) -> str:
    """Any JSON value as text, of a mebibyte at most."""
    try:
        text = str(value)
    except RecursionError:  # nested a thousand levels deep
        return type(value).__name__
    return text if len(text) <= MAX_ERROR_BYTES else f"{text[:MAX_ERROR_BYTES]} (cut at 1 MiB)"
