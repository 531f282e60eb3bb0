"""Every error of this package, in one tree.

    LangGraphRunsError
    ├── APIError                    a call and its response
    │   ├── APIConnectionError      no response came, or not all of it
    │   │   └── APITimeoutError     … in time
    │   ├── APIStatusError          the server refused the call
    │   │   ├── BadRequestError             400
    │   │   ├── AuthenticationError         401
    │   │   ├── PermissionDeniedError       403
    │   │   ├── NotFoundError               404
    │   │   ├── ConflictError               409
    │   │   │   └── ThreadBusyError         409, or 422 with the same message
    │   │   ├── UnprocessableEntityError    422
    │   │   ├── RateLimitError              429
    │   │   └── InternalServerError         5xx
    │   └── APIResponseError        the response is not what the API promises
    ├── RunError                    a run and how it ended
    │   ├── RunFailedError          the graph raised an exception
    │   ├── RunCancelledError       the run was cancelled
    │   └── RunTimeoutError         the server stopped the run because it took too long
    ├── StreamError                 a stream that cannot continue
    │   ├── StreamInterruptedError  the connection was lost, and the stream cannot be resumed
    │   ├── StreamGapError          events are missing
    │   ├── StreamDecodeError       an event that cannot be decoded
    │   └── EventTimeoutError       the caller's own `event_timeout=` has passed
    └── WaitTimeoutError            the caller's own `timeout=` has passed

Invalid arguments raise Python's own TypeError or ValueError before anything is sent, and so does a request that cannot
be sent. If there was an httpx error, it is the `__cause__`. All errors can be pickled. No error holds a key, a header
or a query parameter of a call.
"""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass
from typing import Any

from langgraph_runs.position import Position

__all__ = [
    "APIConnectionError",
    "APIError",
    "APIResponseError",
    "APIStatusError",
    "APITimeoutError",
    "AuthenticationError",
    "BadRequestError",
    "ConflictError",
    "EventTimeoutError",
    "InternalServerError",
    "LangGraphRunsError",
    "NotFoundError",
    "PermissionDeniedError",
    "RateLimitError",
    "RunCancelledError",
    "RunError",
    "RunFailedError",
    "RunTimeoutError",
    "StreamDecodeError",
    "StreamError",
    "StreamGapError",
    "StreamInterruptedError",
    "ThreadBusyError",
    "UnprocessableEntityError",
    "WaitTimeoutError",
]


@dataclass(eq=False, repr=False)
class LangGraphRunsError(Exception):
    """The base class of every error of this package.

    Attributes:
        message: What happened, in a sentence.
        run_id: The run that the error is about, if known.
        thread_id: Its thread, if known.
    """

    message: str
    _: KW_ONLY
    run_id: str | None = None
    thread_id: str | None = None

    def __post_init__(self) -> None:
        Exception.__init__(self, self.message)

    def __reduce__(self) -> tuple[Any, ...]:
        # The default calls the class with `args` alone, which lacks the keyword-only fields.
        return _restore, (type(self), self.args, self.__dict__)


def _restore(
    kind: type[LangGraphRunsError], args: tuple[Any, ...], state: dict[str, Any]
) -> LangGraphRunsError:
    error = kind.__new__(kind, *args)
    error.args = args
    error.__dict__.update(state)
    return error


@dataclass(eq=False, repr=False)
class APIError(LangGraphRunsError):
    """A call that failed, or whose response cannot be used.

    Attributes:
        method: The HTTP method, such as "POST".
        url: The URL of the call, without its query and credentials.
        status: The status code of the response; None if no response came.
        body: The body of the response: decoded if it is JSON, otherwise text; None if no response came.
        request_id: The `x-request-id` of the response, if the server sent one; otherwise that of the request, if any.
        run_may_exist: Whether the call may have started a run despite the error. `run_id` says which one, if known.
        may_have_passed: Whether the request may have taken effect. False if no connection was made, or if the server
            refused the request.
        retry_after: How many seconds the server asks to wait before the next attempt; None if it does not ask.
        seconds: How long the call had taken when it failed.
    """

    _: KW_ONLY
    method: str
    url: str
    status: int | None = None
    body: Any = None
    request_id: str | None = None
    run_may_exist: bool = False
    may_have_passed: bool = False
    retry_after: float | None = None
    seconds: float = 0.0


class APIConnectionError(APIError):
    """No response came, or only a part of one: no server listens at the URL, the connection was lost, or the other side
    does not speak HTTP."""


class APITimeoutError(APIConnectionError, TimeoutError):
    """No response came within the client's `timeout`."""


class APIResponseError(APIError):
    """The response is not what the API promises. For example, it is not JSON, a run in it has no id, it is larger than
    `max_body_bytes`, or it is a redirect to another origin."""


class APIStatusError(APIError):
    """The server refused the call. See `status` and `body` for the reason."""


class BadRequestError(APIStatusError):
    """400: the request is invalid, such as a `command` that resumes a run without a thread."""


class AuthenticationError(APIStatusError):
    """401: the API key is missing or wrong."""


class PermissionDeniedError(APIStatusError):
    """403: the API key is valid, but does not permit this."""


class NotFoundError(APIStatusError):
    """404: there is no such thread, run, assistant or route. Also raised if a run is rolled back or deleted while a
    method waits for it or streams it."""


class ConflictError(APIStatusError):
    """409: the state of the thread does not allow this."""


class ThreadBusyError(ConflictError):
    """The thread already has a run, and the call asked for `multitask_strategy="reject"`."""


class UnprocessableEntityError(APIStatusError):
    """422: a field has a value that the server does not accept."""


class RateLimitError(APIStatusError):
    """429: too many calls; `retry_after` says how long to wait, if the server said so."""


class InternalServerError(APIStatusError):
    """5xx: the server, or a proxy in front of it, failed."""


class RunError(LangGraphRunsError):
    """A run that did not succeed."""

    status = "error"
    """The status that the server gives such a run."""


class RunFailedError(RunError):
    """The graph raised an exception.

    Attributes:
        error: The name of the exception's class, such as "ValueError". "Error" if the server does not say;
            "IncompleteRun" if the server has stopped executing the run, but did not end it (Aegra, after a crash).
        reason: The message of the exception. For classes that are not built into Python, the server replaces it with
            "An internal error occurred".
    """

    def __init__(
        self, error: str, reason: str, *, run_id: str | None = None, thread_id: str | None = None
    ) -> None:
        super().__init__(f"the run failed: {error}: {reason}", run_id=run_id, thread_id=thread_id)
        self.error = error
        self.reason = reason


class RunCancelledError(RunError):
    """The run was stopped before its end: by `cancel`, by a later run's `multitask_strategy="interrupt"`, or because a
    connection with `on_disconnect="cancel"` was lost. (A run that is rolled back is deleted: see NotFoundError. Only
    LangGraph.js keeps it.)"""

    status = "interrupted"


class RunTimeoutError(RunError):
    """The server stopped the run because it took longer than the server allows. If the caller's own `timeout=` has
    passed, WaitTimeoutError is raised instead."""

    status = "timeout"


@dataclass(eq=False, repr=False)
class WaitTimeoutError(LangGraphRunsError, TimeoutError):
    """The `timeout=` of the call has passed. The run continues, unless `cancel_on_exit` says otherwise. If a request
    had failed before, its error is the `__cause__`.

    Attributes:
        run_may_exist: Whether the call may have started a run. `run_id` says which one, if known.
    """

    _: KW_ONLY
    run_may_exist: bool = False


@dataclass(eq=False, repr=False)
class StreamError(LangGraphRunsError):
    """A stream that cannot continue.

    Attributes:
        last_event_id: The id of the last event that was yielded; None if none had an id.
        position: Where the stream stands, for `join_stream(last_event_id=position)`; None if it cannot be joined.
    """

    _: KW_ONLY
    last_event_id: str | None = None
    position: Position | None = None


class StreamInterruptedError(StreamError):
    """The connection was lost before the end of the stream, and resuming failed or is not possible; the `__cause__`
    says why. The run continues."""


class StreamGapError(StreamError):
    """Events are missing, so the stream cannot continue without a gap. The server no longer has them, for example after
    a restart, or another reader has received them. `join` still returns the outcome of the run."""


class StreamDecodeError(StreamError):
    """An event cannot be decoded: its data is not JSON, or it is larger than `max_event_bytes`. If its id is known,
    `position` is just after it: to skip the event, join the stream there."""


class EventTimeoutError(StreamError, TimeoutError):
    """The `event_timeout=` of the stream has passed without an event. The run continues, unless `cancel_on_exit` says
    otherwise; `position` is just after the last event."""
