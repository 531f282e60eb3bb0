"""What a span says about an exception: its class, and nothing of its message, which may have data of the caller's."""

from __future__ import annotations

from langgraph_runs.callbacks import CallbackError
from langgraph_runs.deadline import DeadlineExceededError
from langgraph_runs.errors import EventTimeoutError, WaitTimeoutError
from langgraph_runs.read_deadline import EventDeadlineExceededError


def kind_of(error: BaseException) -> type[BaseException]:
    """The class of an exception, or of that of a callback which it carries."""
    return type(error.error if isinstance(error, CallbackError) else error)


def error_type(kind: type[BaseException]) -> str:
    """The name of the exception that the caller gets for one of this class."""
    if issubclass(kind, EventDeadlineExceededError):
        kind = EventTimeoutError
    elif issubclass(kind, DeadlineExceededError):
        kind = WaitTimeoutError
    return kind.__qualname__
