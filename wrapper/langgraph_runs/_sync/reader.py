# Derived from _async/reader.py by `make generate`; edit that one.
"""Reads one stream over all of its connections, as its cursor says."""

from __future__ import annotations

from time import monotonic
from typing import Any

from langgraph_runs_api.models import Run

from langgraph_runs._sync.driver import Driver
from langgraph_runs._sync.response import Response
from langgraph_runs._sync.stream_connection import StreamConnection
from langgraph_runs.concurrency import Ongoing
from langgraph_runs.deadline import Deadline, DeadlineExceededError
from langgraph_runs.engine.owner import PerOwner, process
from langgraph_runs.errors import APIError, LangGraphRunsError
from langgraph_runs.stream.cursor import Cursor
from langgraph_runs.stream.parts import Part
from langgraph_runs.stream.sse import ServerSentEvent
from langgraph_runs.stream.steps import Step

_CLOSED = "this stream was closed before its end; join_stream resumes it from its position"
_OF_ANOTHER = "this stream belongs to the event loop and the process that opened it"


class Reader:
    """Reads a stream. A read that is cancelled or times out loses nothing: the next one continues from there.

    A model's tokens come one by one. The work for each is written out in `next`, as every function call would cost half
    a microsecond or more per token.

    Args:
        driver: Sends the requests.
        cursor: Says what to do next.
        seconds: How many seconds the whole stream may take; None for no limit.

    Attributes:
        events: The events that have come and have not been taken yet, the next one last.
        is_closed: Whether the stream is closed for good.
    """

    def __init__(self, driver: Driver, cursor: Cursor, seconds: float | None) -> None:
        self.events: list[ServerSentEvent] = []
        self.is_closed = False
        self._driver = driver
        self._cursor = cursor
        self._take = cursor.delivery.take
        self._seconds = seconds
        self._deadline = Deadline()
        self._process = process.now
        self._owner: object = None  # the event loop, in the async client
        self._has_begun = False
        self._is_reading = False
        self._is_over = False
        self._ongoing = Ongoing[Any]()  # the requests of a step
        self._connection: StreamConnection | None = None
        self._is_disturbed = False  # something must be checked before the next read
        self._failure: Exception | None = None  # for the next read to raise
        self._unread: Part[Any, Any, Any] | None = None  # taken by a read that a signal interrupted

    def next(self) -> Part[Any, Any, Any] | None:
        """The next part; None at the end of the stream.

        Raises:
            LangGraphRunsError: The stream has failed.
            RuntimeError: It was closed before its end, or another task is reading it.
        """
        if self.is_closed or self._is_reading or self._process is not process.now:
            self._refuse()
            if self.is_closed:
                return None
        event, part = None, None
        try:
            self._is_reading = True
            while True:
                while self.events:
                    event = self.events.pop()
                    if (part := self._take(event)) is not None:
                        self._is_reading = False
                        return part
                    event, self._is_disturbed = None, True
                connection = self._connection
                if connection is None or connection.decoder.has_news or self._is_disturbed:
                    if (part := self._step()) is not None or self.is_closed:
                        self._is_reading = False
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
            self._is_reading = False
            self._stopped(error, event, part)
            raise

    def ready(self) -> Part[Any, Any, Any] | None:
        """The next part of `events`, which must not be empty; None if its event came before. `next` raises the error of
        a failure."""
        try:
            part = self._take(self.events.pop())
        except Exception as error:  # noqa: BLE001  # a callback's too
            self.events, self._failure, self._is_disturbed = [], error, True
            return None
        self._is_disturbed = self._is_disturbed or part is None
        return part

    def open(self) -> None:
        """Opens the first connection, unless a read has done so."""
        if self._has_begun:
            return
        if self._is_reading or self.is_closed:
            self._refuse()
            return
        self._is_reading = True
        try:
            self._step()
        except Exception as error:
            self._end(error)
            raise
        finally:
            self._is_reading = False

    def close(self) -> None:
        """Closes the connection, and cancels the run if that is configured."""
        if self.is_closed:
            return
        self.is_closed, self.events = True, []
        if not self._has_begun or self._cursor.held.holder is not process.now:
            return
        try:
            if isinstance(unfetched := self._ongoing.cancel(), Response):
                unfetched.close()
        finally:
            try:
                self._close_connection()
            finally:
                self._driver.end(self._cursor.held)
                if (cleaning := self._cursor.cleaning()) is not None:
                    self._driver.clean(cleaning)

    def _refuse(self) -> None:
        """Raises if the stream cannot be read now; a read after the end is allowed."""
        if self.is_closed and self._failure is not None:  # the read that failed was cancelled meanwhile
            failure, self._failure = self._failure, None
            raise self._reported(failure)
        if self.is_closed and not self._is_over:
            raise RuntimeError(_CLOSED)
        if self._is_reading:
            raise RuntimeError("another task is reading this stream")
        if self._has_begun and self._process is not process.now:
            raise RuntimeError(_OF_ANOTHER)
        self._process = process.now

    def _step(self) -> Part[Any, Any, Any] | None:
        """Takes a step other than reading: checks, requests, or closes at the end. Returns the part that results."""
        cursor = self._cursor
        if self._failure is not None:
            raise self._failure
        if (part := self._unread) is not None:
            self._unread = None
            return part
        if self._connection is not None:
            self._is_disturbed = False
            self._deadline.left()  # raises if it has passed: that comes before the loss of a connection
            if not self._connection.check():
                self._close_connection()
            return None
        if cursor.step is Step.OVER:
            self._is_over = True
            self.close()
            return None
        if not self._has_begun:
            self._owner = PerOwner.current()
            self._has_begun, self._deadline = True, Deadline(self._seconds)
            self._driver.begin(cursor.held)
        result = self._ongoing.run(self._request)
        if result is None and self.is_closed:
            raise RuntimeError(_CLOSED)
        if cursor.step is not Step.OPEN or result is None or isinstance(result, Run | APIError):
            return cursor.received(result)
        self._is_disturbed = False
        self._connection = StreamConnection(result, cursor, self._driver.max_event_bytes)
        cursor.opened(result.answer, monotonic())
        return None

    def _request(self) -> Any:
        """Sends the requests of this step. Their result, an error included, is for the reader to pass to the cursor."""
        cursor = self._cursor
        if cursor.delay:
            self._driver.pause(cursor.delay, self._deadline)
        is_first = not cursor.resumption.connections and cursor.step is Step.OPEN
        run = self._driver.call if is_first else self._driver.run
        try:
            return run(cursor.flow(), self._deadline)
        except APIError as error:
            return error

    def _lost(self, failure: APIError) -> None:
        """Handles the loss of the connection."""
        if self.is_closed:  # by another task
            raise RuntimeError(_CLOSED) from failure.__cause__
        self._deadline.left()  # raises if the deadline ended the read: the connection was not lost then
        self._cursor.failed(failure)
        self._close_connection()

    def _stopped(self, error: BaseException, event: ServerSentEvent | None, part: Any) -> None:
        """A read ends by an exception. An interruption (a cancellation, or an exception of a signal handler) leaves the
        stream readable. If it may come between any two instructions, the connection counts as lost."""
        connection = self._connection
        is_interruption = connection is not None and error is connection.interruption and not self.is_closed
        if isinstance(error, Exception) and not (is_interruption and self._owner is PerOwner.current()):
            self._end(error)
        elif connection is not None:
            connection.interrupted(is_exact=self._ongoing.is_exact)
            if connection.is_torn:
                self.events, self._unread, self._is_disturbed = [], part, True
                if event is not None and part is None:
                    message = "a signal handler has interrupted the reading of an event, which may be lost"
                    self._failure = RuntimeError(message)

    def _end(self, error: Exception) -> None:
        """Ends the stream with an error, unless it was read in the wrong event loop or process."""
        if self._has_begun and self._owner is not PerOwner.current():
            raise RuntimeError(_OF_ANOTHER) from error
        if not self.is_closed:
            self._is_over, self._failure = True, error  # for the next read, if this one is cancelled
        if isinstance(error, LangGraphRunsError):
            self._cursor.held.release()
        self.close()  # before the error is made: it may find the id of the run
        self._failure = None
        if isinstance(error, DeadlineExceededError):
            raise self._reported(error) from None

    def _reported(self, error: Exception) -> Exception:
        is_late = isinstance(error, DeadlineExceededError)
        return self._cursor.held.timeout_error(self._seconds) if is_late else error

    def _close_connection(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()
