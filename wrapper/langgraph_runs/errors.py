"""Every error of this package, in one tree, and the tables that choose among them.

    LangGraphRunsError
    ├── APIError                    a call and its answer
    │   ├── APIConnectionError      no answer came, or not all of it
    │   │   └── APITimeoutError     … in time
    │   ├── APIStatusError          the answer's status says no
    │   │   ├── BadRequestError             400
    │   │   ├── AuthenticationError         401
    │   │   ├── PermissionDeniedError       403
    │   │   ├── NotFoundError               404
    │   │   ├── ConflictError               409
    │   │   │   └── ThreadBusyError         409, or 422 with the same words
    │   │   ├── UnprocessableEntityError    422
    │   │   ├── RateLimitError              429
    │   │   └── InternalServerError         5xx
    │   └── APIResponseError        the answer is not what the API promises
    ├── RunError                    a run and how it ended
    │   ├── RunFailedError          the graph raised
    │   ├── RunCancelledError       somebody stopped it
    │   └── RunTimeoutError         the server stopped it, as it took too long
    ├── StreamError                 a stream that cannot go on
    │   ├── StreamInterruptedError  the connection was lost, and the stream cannot be gone on with
    │   ├── StreamGapError          the server does not have all of the events any more
    │   └── StreamDecodeError       an event that cannot be read
    └── WaitTimeoutError            the caller's own `timeout=` has passed

Bad arguments are Python's own TypeError and ValueError, raised before anything is sent. An httpx error, where there
was one, is the `__cause__`. All of these can be pickled, and none holds a header that was sent: keys do not leak.
"""

from __future__ import annotations

from typing import Any

from langgraph_runs.replay import Position

__all__ = [
    "APIConnectionError",
    "APIError",
    "APIResponseError",
    "APIStatusError",
    "APITimeoutError",
    "AuthenticationError",
    "BadRequestError",
    "ConflictError",
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


class LangGraphRunsError(Exception):
    """What every error of this package is.

    Attributes:
        message: What happened, in a sentence.
        run_id: The run this is about, where known.
        thread_id: Its thread, where known.
    """

    def __init__(self, message: str, *, run_id: str | None = None, thread_id: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.run_id = run_id
        self.thread_id = thread_id

    def __reduce__(self) -> tuple[Any, ...]:
        # Keyword-only fields do not survive the default, which calls the class with `args` alone.
        return _restore, (type(self), self.args, self.__dict__)


def _restore(
    kind: type[LangGraphRunsError], args: tuple[Any, ...], state: dict[str, Any]
) -> LangGraphRunsError:
    error = kind.__new__(kind, *args)
    error.args = args
    error.__dict__.update(state)
    return error


class APIError(LangGraphRunsError):
    """A call that did not bring what it should.

    Attributes:
        method: The HTTP method, such as "POST".
        url: Where the call went, without the query and without credentials.
        status: The answer's status code; None when no answer came.
        body: The answer's body, decoded where it was JSON, else text; None when no answer came.
        request_id: The answer's `x-request-id`, where the server sent one; else the request's, where it had one.
        run_may_exist: Whether the call may have started a run all the same: it was to start one, and no answer has said
            that there is none. `run_id` says which, where that is known.
        may_have_passed: Whether the request may have had its effect, whatever that is: not where no connection was
            made, or the server has refused.
        retry_after: How many seconds the server asks to wait before the next attempt; None when it does not.
        seconds: How long the call had taken by then.
    """

    def __init__(
        self,
        message: str,
        *,
        method: str,
        url: str,
        status: int | None = None,
        body: Any = None,
        request_id: str | None = None,
        run_may_exist: bool = False,
        may_have_passed: bool = False,
        retry_after: float | None = None,
        seconds: float = 0.0,
        run_id: str | None = None,
        thread_id: str | None = None,
    ) -> None:
        super().__init__(message, run_id=run_id, thread_id=thread_id)
        self.method = method
        self.url = url
        self.status = status
        self.body = body
        self.request_id = request_id
        self.run_may_exist = run_may_exist
        self.may_have_passed = may_have_passed
        self.retry_after = retry_after
        self.seconds = seconds


class APIConnectionError(APIError):
    """No answer came, or only a part of one: nobody listens there, the connection broke, or the peer does not speak
    HTTP."""


class APITimeoutError(APIConnectionError, TimeoutError):
    """No answer came within the client's `timeout`."""


class APIResponseError(APIError):
    """An answer came that the API does not promise: not JSON, not an object, or a redirect to another origin."""


class APIStatusError(APIError):
    """The server refused the call; `status` says how, `body` why."""


class BadRequestError(APIStatusError):
    """400: the request makes no sense, such as a command that resumes without a thread."""


class AuthenticationError(APIStatusError):
    """401: no key, or a wrong one."""


class PermissionDeniedError(APIStatusError):
    """403: a good key, but not for this."""


class NotFoundError(APIStatusError):
    """404: no such thread, run, assistant or route. So it is of a run that was rolled back or deleted while it was
    waited for or streamed."""


class ConflictError(APIStatusError):
    """409: the thread is in no state for this."""


class ThreadBusyError(ConflictError):
    """The thread has a run already, and the call asked for `multitask_strategy="reject"`."""


class UnprocessableEntityError(APIStatusError):
    """422: a field has a value that the server does not take."""


class RateLimitError(APIStatusError):
    """429: too many calls; `retry_after` says when to come back, where the server has said it."""


class InternalServerError(APIStatusError):
    """5xx: the server, or a proxy before it, failed."""


class RunError(LangGraphRunsError):
    """A run that did not end well."""

    status = "error"
    """What the server notes of such a run."""


class RunFailedError(RunError):
    """The graph raised.

    Attributes:
        error: The class of what it raised, by name: "ValueError".
        reason: Its message. The server replaces it with "An internal error occurred" for classes that are not
            Python's own.
    """

    def __init__(
        self, error: str, reason: str, *, run_id: str | None = None, thread_id: str | None = None
    ) -> None:
        super().__init__(f"the run failed: {error}: {reason}", run_id=run_id, thread_id=thread_id)
        self.error = error
        self.reason = reason


class RunCancelledError(RunError):
    """The run was stopped before its end: by `cancel`, by a later run's `multitask_strategy="interrupt"`, or because a
    connection broke that was to take it along. (A run that is rolled back is deleted: that is a NotFoundError.)"""

    status = "interrupted"


class RunTimeoutError(RunError):
    """The server has stopped the run, as it took longer than the server allows. It is not the caller's own `timeout=`,
    which is a WaitTimeoutError."""

    status = "timeout"


class WaitTimeoutError(LangGraphRunsError, TimeoutError):
    """The `timeout=` of the call has passed. The run goes on, unless `cancel_on_exit` was given."""


class StreamError(LangGraphRunsError):
    """A stream that cannot go on.

    Attributes:
        last_event_id: The id of the last event that was handed out; None when none had one.
        position: Where the stream stands, for `join_stream(last_event_id=position)`; None where it cannot be joined.
    """

    def __init__(
        self,
        message: str,
        *,
        run_id: str | None = None,
        thread_id: str | None = None,
        last_event_id: str | None = None,
        position: Position | None = None,
    ) -> None:
        super().__init__(message, run_id=run_id, thread_id=thread_id)
        self.last_event_id = last_event_id
        self.position = position


class StreamInterruptedError(StreamError):
    """The connection was lost before the stream's end, and going on with it failed or is not possible; its `__cause__`
    says why. No run is stopped by it."""


class StreamGapError(StreamError):
    """The server does not have all of the events that are missing, so they cannot be handed out without a hole. Its
    memory was lost, by a restart perhaps, or they were kept for too long. `join` still tells the run's outcome."""


class StreamDecodeError(StreamError):
    """An event that cannot be read: its data is not JSON, or it is larger than the limit. Where its id is known,
    `last_event_id` and `position` are right behind it, so that it can be passed over."""


BY_STATUS: dict[int, type[APIStatusError]] = {
    400: BadRequestError,
    401: AuthenticationError,
    403: PermissionDeniedError,
    404: NotFoundError,
    409: ConflictError,
    422: UnprocessableEntityError,
    429: RateLimitError,
}

BY_RUN_STATUS: dict[str, type[RunError]] = {
    kind.status: kind for kind in (RunFailedError, RunCancelledError, RunTimeoutError)
}

# Python answers 409 to `multitask_strategy="reject"`, JavaScript 422, both with these words.
BUSY = "already running a task"


def status_error(status: int, text: str) -> type[APIStatusError]:
    """The class for an answer with this status and these words."""
    if status in (409, 422) and BUSY in text:
        return ThreadBusyError
    return BY_STATUS.get(status, InternalServerError if status >= 500 else APIStatusError)
