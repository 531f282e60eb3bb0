# Derived from _async/reader.py by `make generate`; edit that one.
"""Reads one stream over all of its connections, as its cursor says."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from time import monotonic
from typing import Any

from langgraph_runs_api.models import Run

from langgraph_runs._sync.driver import TO_LEAVE, Driver
from langgraph_runs._sync.response import Response
from langgraph_runs.colours import Deadline, Ongoing, OverdueError
from langgraph_runs.cursor import Cursor, Step
from langgraph_runs.engine.owner import PerOwner, process
from langgraph_runs.errors import APIError, LangGraphRunsError
from langgraph_runs.flow import Flow, attempted, urgently
from langgraph_runs.parts import Part
from langgraph_runs.sse import EventTooLargeError, ServerSentEvent, SSEDecoder

_CLOSED = "this stream was closed before its end; join_stream resumes it from its position"
_OF_ANOTHER = "this stream belongs to the event loop and the process that opened it"


class Reader:
    """Reads a stream. What interrupts a read loses nothing: the next one goes on from there.

    A model's tokens come one by one. What is done for each is written out in `next`, as every function that a token
    passes costs it half a microsecond or more.

    Args:
        driver: Sends the requests.
        cursor: Says what is next.
        seconds: How long all of it may take; None for any time.

    Attributes:
        events: What has come and was not taken yet, the next one last.
        is_closed: Whether the stream is closed for good.
    """

    def __init__(self, driver: Driver, cursor: Cursor, seconds: float | None) -> None:
        self.events: list[ServerSentEvent] = []
        self.is_closed = False
        self._driver = driver
        self._cursor = cursor
        self._seconds = seconds
        self._deadline = Deadline()
        self._process = process.now
        self._owner: object = None  # the event loop, in the async client
        self._has_begun = False
        self._is_reading = False
        self._is_over = False
        self._ongoing = Ongoing[Part[Any, Any, Any] | None]()
        self._response: Response | None = None
        self._decoder = SSEDecoder()
        self._has_skipped = False  # an event that came before, on another connection
        self._failure: Exception | None = None  # for the next read to raise

    def next(self) -> Part[Any, Any, Any] | None:
        """The next part; None at the end of the stream.

        Raises:
            LangGraphRunsError: The stream is over.
            RuntimeError: It was closed before its end, or another task is reading it.
        """
        if self.is_closed or self._is_reading or self._process is not process.now:
            self._refuse()
            if self.is_closed:
                return None
        self._is_reading = True
        cursor, interruption = self._cursor, None
        try:
            while True:
                while self.events:
                    if (part := cursor.take(self.events.pop())) is not None:
                        return part
                    self._has_skipped = True
                response, decoder, deadline = self._response, self._decoder, self._deadline
                if response is None or decoder.has_news or self._has_skipped or self._failure is not None:
                    if (part := self._step()) is not None or self.is_closed:
                        return part
                    continue
                timeout = cursor.patience if deadline.ends_at is None else deadline.left(cursor.patience)
                try:
                    data = response.pull(timeout)
                except Exception as error:
                    if (failure := response.failure(error, timeout)) is None:
                        interruption = error  # by a signal handler
                        raise
                    self._lost(failure, error)
                    continue
                if data:
                    self.events = decoder.events(data)
                    self.events.reverse()
                else:
                    self._close_response()
                    cursor.ended(amid=decoder.is_amid)
        except Exception as error:
            if error is not interruption or self.is_closed or self._owner is not PerOwner.current():
                self._end(error)
            raise
        finally:
            self._is_reading = False

    def ready(self) -> Part[Any, Any, Any] | None:
        """The next part of `events`, which must not be empty; None for an event that came before. A failure is left for
        `next` to raise."""
        try:
            part = self._cursor.take(self.events.pop())
        except Exception as error:  # noqa: BLE001  # a callback's too
            self.events, self._failure = [], error
            return None
        self._has_skipped = self._has_skipped or part is None
        return part

    def open(self) -> None:
        """Opens the first connection.

        Raises:
            LangGraphRunsError: The stream is over.
        """
        if not self._has_begun:
            try:
                self._step()
            except Exception as error:
                self._end(error)
                raise

    def close(self) -> None:
        """Closes the connection, and lets go of the run."""
        if self.is_closed:
            return
        self.is_closed, self.events = True, []
        if not self._has_begun or self._cursor.guard.holder is not process.now:
            return
        try:
            self._ongoing.cancel()
        finally:
            try:
                self._close_response()
            finally:
                self._driver.end(self._cursor.guard)
                self._clean()

    def _refuse(self) -> None:
        """Raises if the stream cannot be read now; a read after the end is allowed."""
        if self.is_closed and not self._is_over:
            raise RuntimeError(_CLOSED)
        if self._is_reading:
            raise RuntimeError("another task is reading this stream")
        if self._has_begun and self._process is not process.now:
            raise RuntimeError(_OF_ANOTHER)
        self._process = process.now

    def _step(self) -> Part[Any, Any, Any] | None:
        """Takes a step other than reading: checks, requests, or closes at the end. Gives the part that results."""
        cursor = self._cursor
        if self._failure is not None:
            raise self._failure
        if self._response is not None:
            self._decoder.has_news = self._has_skipped = False
            try:
                self._decoder.check()
            except EventTooLargeError as error:
                raise cursor.undecodable(error) from error
            cursor.heard(self._decoder, monotonic())
            if cursor.in_doubt:
                self._close_response()
                cursor.resume()
            return None
        if cursor.step is Step.OVER:
            self._is_over = True
            self.close()
            return None
        if not self._has_begun:
            self._owner = PerOwner.current()
            self._has_begun, self._deadline = True, Deadline(self._seconds)
            self._driver.begin(cursor.guard)
        return self._ongoing.run(self._open_or_ask)

    def _open_or_ask(self) -> Part[Any, Any, Any] | None:
        cursor, step = self._cursor, self._cursor.step
        if cursor.delay:
            self._driver.pause(cursor.delay, self._deadline)
        flows: dict[Step, Callable[[], Flow[Any]]] = {
            Step.OPEN: cursor.opening,
            Step.ASK: lambda: urgently(cursor.asking()),
            Step.EXPLAIN: lambda: urgently(cursor.explaining()),
        }
        try:
            result: Any = self._driver.follow(flows[step](), self._deadline)
        except APIError as error:
            return cursor.failed(error)
        if step is Step.EXPLAIN:
            return cursor.explained(result)
        if step is Step.ASK:
            cursor.answered(result)
        elif isinstance(result, Run):
            cursor.found(result)
        else:
            self._response, self._has_skipped = result, False
            self._decoder = SSEDecoder(max_event_bytes=self._driver.max_event_bytes)
            cursor.opened(result.answer, monotonic())
        return None

    def _lost(self, failure: APIError, error: Exception) -> None:
        """The connection was lost."""
        if self.is_closed:  # by another task
            raise RuntimeError(_CLOSED) from error
        failure.__cause__ = error
        self._deadline.left()  # raises if the deadline ended the read: the connection was not lost then
        self._close_response()
        self._cursor.failed(failure)

    def _end(self, error: Exception) -> None:
        """Ends the stream with an error, unless it was read in the wrong event loop or process."""
        if self._has_begun and self._owner is not PerOwner.current():
            raise RuntimeError(_OF_ANOTHER) from error
        self._is_over = not self.is_closed
        guard = self._cursor.guard
        if isinstance(error, LangGraphRunsError):
            guard.release()
        self.close()  # which may find out which run it is
        if isinstance(error, OverdueError):
            raise guard.overdue(self._seconds) from None

    def _close_response(self) -> None:
        response, self._response = self._response, None
        if response is not None:
            response.close()

    def _clean(self) -> None:
        """Deletes the thread that was made for the run."""
        if (cleaning := self._cursor.cleaning()) is not None:
            flow = urgently(attempted(cleaning, self._cursor.retries.of_a_call()))
            with suppress(APIError, OverdueError):
                self._driver.follow(flow, Deadline(TO_LEAVE))
