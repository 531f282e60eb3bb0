"""What a read of a stream that ended early leaves for the next one. No I/O."""

from __future__ import annotations

from typing import Any

from langgraph_runs.callbacks import CallbackError
from langgraph_runs.deadline import DeadlineExceededError
from langgraph_runs.errors import EventTimeoutError
from langgraph_runs.read_deadline import EventDeadlineExceededError
from langgraph_runs.stream.cursor import Cursor
from langgraph_runs.stream.parts import Part
from langgraph_runs.stream.sse import ServerSentEvent

CLOSED = "this stream was closed before its end; join_stream resumes it from its position"
OF_ANOTHER = "this stream belongs to the event loop and the process that opened it"


class Interruption:
    """What is left for the next read: an error to raise, or a part to return.

    Args:
        cursor: What is known about the stream.
        seconds: How many seconds the whole stream may take; None for no limit.

    Attributes:
        failure: The error.
        unread: The part: a read had taken it when a signal interrupted it.
        event_seconds: How many seconds the caller may wait for the next part; None for no limit.
    """

    def __init__(self, cursor: Cursor, seconds: float | None) -> None:
        self.failure: Exception | CallbackError | None = None
        self.unread: Part[Any, Any, Any] | None = None
        self.event_seconds: float | None = None
        self._cursor = cursor
        self._seconds = seconds

    def tear(self, event: ServerSentEvent | None, part: Part[Any, Any, Any] | None) -> None:
        """Takes what a read was at when a signal interrupted it, between any two instructions."""
        self.unread = part
        if event is not None and part is None:
            message = "a signal handler has interrupted the reading of an event, which may be lost"
            self.failure = RuntimeError(message)

    def take(self) -> Part[Any, Any, Any] | None:
        """The part that is left, if any. Raises the error that is left."""
        if self.failure is not None:
            raise self.failure
        part, self.unread = self.unread, None
        return part

    def reported(self, error: Exception | CallbackError) -> Exception:
        """The error that the caller gets for this one."""
        if isinstance(error, CallbackError):
            return error.error
        if isinstance(error, EventDeadlineExceededError):
            message = f"the stream has brought no event for {self.event_seconds} s"
            return self._cursor.delivery.about(EventTimeoutError(message))
        is_late = isinstance(error, DeadlineExceededError)
        return self._cursor.held.timeout_error(self._seconds) if is_late else error
