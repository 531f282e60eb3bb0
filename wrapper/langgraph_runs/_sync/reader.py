# Derived from _async/reader.py by `make generate`; edit that one.
"""Reads one stream over all of its connections, as its cursor says."""

from __future__ import annotations

from time import monotonic
from typing import Any

from langgraph_runs_api.models import Run

from langgraph_runs._sync.driver import Driver
from langgraph_runs._sync.step_requests import StepRequests
from langgraph_runs._sync.stream_connection import StreamConnection
from langgraph_runs.callbacks import CallbackError
from langgraph_runs.concurrency import shield
from langgraph_runs.deadline import Deadline, DeadlineExceededError
from langgraph_runs.engine.owner import PerOwner, process
from langgraph_runs.errors import APIError
from langgraph_runs.stream.cursor import Cursor
from langgraph_runs.stream.interruption import CLOSED, OF_ANOTHER, Interruption
from langgraph_runs.stream.parts import Part
from langgraph_runs.stream.sse import ServerSentEvent
from langgraph_runs.stream.steps import Step

_IS_READ = "another thread is reading this stream, which only one at a time may do"


class Reader:
    """Reads a stream. A read that is cancelled or times out loses nothing: the next one continues from there.

    Tokens come one by one. The work for each is written out in `next`, as a function call costs half a microsecond.

    Args:
        driver: Sends the requests.
        cursor: Says what to do next.
        seconds: How many seconds the whole stream may take; None for no limit.

    Attributes:
        events: The events that have come and have not been taken yet, the next one last.
        is_closed: Whether the stream is closed for good.
        may_read: Deleted while a task reads, which is atomic; no signal handler runs just after that.
    """

    def __init__(self, driver: Driver, cursor: Cursor, seconds: float | None) -> None:
        self.events: list[ServerSentEvent] = []
        self.is_closed = False
        self._driver = driver
        self._cursor = cursor
        self._take = cursor.held.counting(cursor.delivery.take)
        self._seconds = seconds
        self._deadline = Deadline()
        self._process = process.now
        self._owner: object = None  # the event loop, in the async client
        self._has_begun = self._is_over = False
        self.may_read = True
        self.requests = StepRequests(driver, cursor)
        self._connection: StreamConnection | None = None
        self._is_disturbed = False  # something must be checked before the next read
        self._left = Interruption(cursor, seconds)  # for the next read

    def next(self) -> Part[Any, Any, Any] | None:
        """The next part; None at the end of the stream.

        Raises:
            LangGraphRunsError: The stream has failed.
            RuntimeError: It was closed before its end, or another thread is reading it.
        """
        if self.is_closed or self._process is not process.now:
            self._refuse()
            if self.is_closed:
                return None
        event, part = None, None
        try:
            del self.may_read
        except AttributeError:
            raise RuntimeError(_IS_READ) from None
        try:
            take = self._take  # for CPython, a jump back to the first instruction of a `try` leaves it
            while True:
                while self.events:
                    event = self.events.pop()
                    if (part := take(event)) is not None:
                        self.may_read = True
                        return part
                    event, self._is_disturbed = None, True
                connection = self._connection
                if connection is None or connection.decoder.has_news or self._is_disturbed:
                    if (part := self._step()) is not None or self.is_closed:
                        self.may_read = True
                        return part
                    continue
                try:
                    events = connection.read(self._deadline)
                except APIError as failure:
                    self._lost(failure)
                    continue
                if events is None:
                    self._cursor.ended(mid_event=connection.decoder.is_mid_event)
                    self._close_connection()
                else:
                    self.events = events
        except BaseException as error:
            self.may_read = True
            self._stopped(error, event, part)
            raise

    def ready(self) -> Part[Any, Any, Any] | None:
        """The next part of `events`, which is not empty; None if its event came before. Errors are left to `next`."""
        try:
            part = self._take(self.events.pop())
        except (Exception, CallbackError) as error:  # noqa: BLE001
            self.events, self._left.failure, self._is_disturbed = [], error, True
            return None
        self._is_disturbed = self._is_disturbed or part is None
        return part

    def open(self) -> None:
        """Opens the first connection, unless a read has done so."""
        if self.is_closed and not self._has_begun:
            self._refuse()
        if self.is_closed or self._has_begun:
            return
        try:
            del self.may_read
        except AttributeError:
            raise RuntimeError(_IS_READ) from None
        try:
            self._step()
        except (Exception, CallbackError) as error:
            self._end(error)
            raise
        finally:
            self.may_read = True

    def close(self) -> None:
        """Closes the connection, and cancels the run if that is configured."""
        if self.is_closed:
            return
        self.is_closed, self.events = True, []
        if not self._has_begun or self._cursor.held.holder is not process.now:
            return
        # Even if this task is cancelled while a request is being ended.
        (shield(self._give_up) if self.requests.ongoing.is_under_way else self._give_up())

    def _give_up(self) -> None:
        unfetched = self.requests.cancel()
        if not self.requests.ongoing.is_unstoppable:  # otherwise the thread that does it leaves at its end
            self._leave(unfetched)

    def _leave_if_closed(self, unfetched: Any) -> None:
        """Leaves and raises an error if the stream was closed meanwhile."""
        if self.is_closed:
            self._leave(unfetched)
            raise RuntimeError(CLOSED)

    def _leave(self, unfetched: Any) -> None:
        try:
            self._close_connection()
        finally:
            self.requests.leave(unfetched)

    def _refuse(self) -> None:
        """Raises if the stream cannot be read now; a read after the end is allowed."""
        if self.is_closed and (failure := self._left.failure) is not None:
            self._left.failure = None  # of a read that was cancelled since
            raise self._left.reported(failure)
        if self.is_closed and not self._is_over:
            raise RuntimeError(CLOSED)
        if self._has_begun and self._process is not process.now:
            raise RuntimeError(OF_ANOTHER)
        self._process = process.now

    def _step(self) -> Part[Any, Any, Any] | None:
        """Takes a step other than reading: checks, requests, or closes at the end. Returns the part that results."""
        cursor = self._cursor
        if (part := self._left.take()) is not None:
            return part
        if self._connection is not None:
            self._is_disturbed = False
            self._deadline.left()  # raises if it has passed: that comes before the loss of a connection
            if not self._connection.check():
                self._close_connection()
            if self._connection is None or cursor.step is not Step.CHECK:
                return None
            self._is_disturbed = True  # until this request is answered, even if the read is cancelled
        elif cursor.step is Step.OVER:
            self._is_over = True
            self.close()
            return None
        if not self._has_begun:
            self._owner = PerOwner.current()
            self._has_begun = True
            self._deadline.begin(self._seconds)
            self._driver.begin(cursor.held, self._deadline)
        try:
            result = self.requests.send(self._deadline)
        except BaseException:
            if self.is_closed:
                self._leave(None)
            raise
        self._leave_if_closed(result)
        if cursor.step is not Step.OPEN or result is None or isinstance(result, Run | APIError):
            return cursor.received(result)
        self._is_disturbed = False
        self._connection = StreamConnection(result, cursor, self._driver.max_event_bytes)
        self._leave_if_closed(None)  # only now: another thread has not seen this connection
        cursor.opened(result.answer, monotonic())
        return None

    def _lost(self, failure: APIError) -> None:
        """Handles the loss of the connection."""
        self._leave_if_closed(None)
        self._deadline.left()  # raises if the deadline ended the read: the connection was not lost then
        self._cursor.failed(failure)
        self._close_connection()

    def _stopped(self, error: BaseException, event: ServerSentEvent | None, part: Any) -> None:
        """A read ends by an exception. An interruption (a cancellation, or an exception of a signal handler) leaves the
        stream readable. If it may come between any two instructions, the connection counts as lost."""
        connection = self._connection
        is_interruption = connection is not None and error is connection.interruption and not self.is_closed
        is_left = is_interruption and self._owner is PerOwner.current()
        if isinstance(error, CallbackError) or (isinstance(error, Exception) and not is_left):
            self._end(error)
        elif connection is not None and connection.interrupted(is_exact=self.requests.ongoing.is_exact):
            self.events, self._is_disturbed = [], True
            self._left.tear(event, part)

    def _end(self, error: Exception | CallbackError) -> None:
        """Ends the stream with an error, or the one that the caller gets, unless the wrong event loop has read it."""
        if self._has_begun and self._owner is not PerOwner.current():
            raise RuntimeError(OF_ANOTHER) from error
        if not self.is_closed:
            self._is_over, self._left.failure = True, error  # for the next read, if this one is cancelled
        self._cursor.held.fail(error)
        try:
            self.close()  # before the error is made: it may find the id of the run
        finally:
            self._cursor.ending.failure = reported = self._left.reported(error)
        self._left.failure = None
        if isinstance(error, CallbackError):
            error.unpack()
        if isinstance(error, DeadlineExceededError):
            raise reported from error.failure

    def _close_connection(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()
