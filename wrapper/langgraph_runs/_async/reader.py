"""Reads one stream over all of its connections, as its cursor says."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from time import monotonic
from typing import Any, NamedTuple

from langgraph_runs_api.models import Run

from langgraph_runs._async.driver import TO_LEAVE, AsyncDriver
from langgraph_runs._async.response import AsyncResponse
from langgraph_runs.colours import AsyncDeadline, AsyncOngoing, OverdueError
from langgraph_runs.cursor import Cursor, Step
from langgraph_runs.engine.owner import AsyncPerOwner, process
from langgraph_runs.errors import APIConnectionError, APIError, LangGraphRunsError
from langgraph_runs.flow import Flow, attempted, urgently
from langgraph_runs.parts import Part
from langgraph_runs.sse import EventTooLargeError, ServerSentEvent, SSEDecoder

_CLOSED = "this stream was closed before its end; join_stream resumes it from its position"
_OF_ANOTHER = "this stream belongs to the event loop and the process that opened it"


class _Requested(NamedTuple):
    """What a step has come to: a response, a run, the reason of a failure, or an error."""

    step: Step
    result: Any

    @property
    def response(self) -> AsyncResponse | None:
        return self.result if isinstance(self.result, AsyncResponse) else None


class AsyncReader:
    """Reads a stream. A read that is cancelled or times out loses nothing: the next one continues from there.

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

    def __init__(self, driver: AsyncDriver, cursor: Cursor, seconds: float | None) -> None:
        self.events: list[ServerSentEvent] = []
        self.is_closed = False
        self._driver = driver
        self._cursor = cursor
        self._seconds = seconds
        self._deadline = AsyncDeadline()
        self._process = process.now
        self._owner: object = None  # the event loop, in the async client
        self._has_begun = False
        self._is_reading = False
        self._is_over = False
        self._ongoing = AsyncOngoing[_Requested]()
        self._response: AsyncResponse | None = None
        self._decoder = SSEDecoder()
        self._is_disturbed = False  # something is to be looked at before the next read
        self._failure: Exception | None = None  # for the next read to raise
        self._quiet_since: float | None = None  # when a read was interrupted, with nothing read since
        self._is_torn = False  # by a signal: something that was read may be missing
        self._unread: Part[Any, Any, Any] | None = None  # taken by a read that was interrupted then

    async def next(self) -> Part[Any, Any, Any] | None:
        """The next part; None at the end of the stream.

        Raises:
            LangGraphRunsError: The stream is over.
            RuntimeError: It was closed before its end, or another task is reading it.
        """
        if self.is_closed or self._is_reading or self._process is not process.now:
            self._refuse()
            if self.is_closed:
                return None
        cursor, interruption, event, part = self._cursor, None, None, None
        try:
            self._is_reading = True
            while True:
                while self.events:
                    event = self.events.pop()
                    if (part := cursor.take(event)) is not None:
                        self._is_reading = False
                        return part
                    event, self._is_disturbed = None, True
                response, decoder, deadline = self._response, self._decoder, self._deadline
                if response is None or decoder.has_news or self._is_disturbed:
                    if (part := await self._step()) is not None or self.is_closed:
                        self._is_reading = False
                        return part
                    continue
                timeout = cursor.patience if deadline.ends_at is None else deadline.left(cursor.patience)
                if self._quiet_since is not None and timeout is not None:
                    timeout = max(0.0, timeout - (monotonic() - self._quiet_since))
                try:
                    data = await response.pull(timeout)
                except Exception as error:
                    if (failure := response.failure(error, timeout)) is None:
                        interruption = error  # by a signal handler
                        raise
                    await self._lost(failure, error)
                    continue
                self._quiet_since = None
                if data:
                    self.events = decoder.events(data)
                    self.events.reverse()
                else:
                    cursor.ended(amid=decoder.is_amid)
                    await self._close_response()
        except BaseException as error:
            self._is_reading = False
            if not isinstance(error, Exception):
                self._interrupted(event, part)
            elif error is not interruption or self.is_closed or self._owner is not AsyncPerOwner.current():
                await self._end(error)
            else:
                self._interrupted(event, part)
            raise

    def ready(self) -> Part[Any, Any, Any] | None:
        """The next part of `events`, which must not be empty; None for an event that came before. A failure is left for
        `next` to raise."""
        try:
            part = self._cursor.take(self.events.pop())
        except Exception as error:  # noqa: BLE001  # a callback's too
            self.events, self._failure, self._is_disturbed = [], error, True
            return None
        self._is_disturbed = self._is_disturbed or part is None
        return part

    async def open(self) -> None:
        """Opens the first connection.

        Raises:
            LangGraphRunsError: The stream is over.
        """
        if self._has_begun:
            return
        if self._is_reading or self.is_closed:
            self._refuse()
            return
        self._is_reading = True
        try:
            await self._step()
        except Exception as error:
            await self._end(error)
            raise
        finally:
            self._is_reading = False

    async def aclose(self) -> None:
        """Closes the connection, and lets go of the run."""
        if self.is_closed:
            return
        self.is_closed, self.events = True, []
        if not self._has_begun or self._cursor.guard.holder is not process.now:
            return
        try:
            if (unfetched := await self._ongoing.cancel()) is not None:
                self._response = self._response or unfetched.response
        finally:
            try:
                await self._close_response()
            finally:
                await self._driver.end(self._cursor.guard)
                await self._clean()

    def _refuse(self) -> None:
        """Raises if the stream cannot be read now; a read after the end is allowed."""
        if self.is_closed and self._failure is not None:  # whose own read was cancelled meanwhile
            failure, self._failure = self._failure, None
            raise self._reported(failure)
        if self.is_closed and not self._is_over:
            raise RuntimeError(_CLOSED)
        if self._is_reading:
            raise RuntimeError("another task is reading this stream")
        if self._has_begun and self._process is not process.now:
            raise RuntimeError(_OF_ANOTHER)
        self._process = process.now

    def _interrupted(self, event: ServerSentEvent | None, part: Part[Any, Any, Any] | None) -> None:
        """A read was cancelled, or a signal handler has raised. Silence lasts on; and where that may come between any
        two instructions, what was just read may be lost, so that the connection is."""
        self._quiet_since = self._quiet_since or monotonic()
        if self._ongoing.is_exact or self._response is None:
            return
        self.events, self._unread, self._is_torn, self._is_disturbed = [], part, True, True
        if event is not None and part is None:
            self._failure = RuntimeError("a signal has ended the reading of an event, which may be lost")

    async def _step(self) -> Part[Any, Any, Any] | None:
        """Takes a step other than reading: checks, requests, or closes at the end. Gives the part that results."""
        cursor = self._cursor
        if self._failure is not None:
            raise self._failure
        if self._is_torn:
            return await self._torn()
        if self._response is not None:
            self._decoder.has_news = self._is_disturbed = False
            try:
                self._decoder.check()
            except EventTooLargeError as error:
                raise cursor.undecodable(error) from error
            cursor.heard(self._decoder, monotonic())
            if cursor.in_doubt:
                cursor.resume()
                await self._close_response()
            return None
        if cursor.step is Step.OVER:
            self._is_over = True
            await self.aclose()
            return None
        if not self._has_begun:
            self._owner = AsyncPerOwner.current()
            self._has_begun, self._deadline = True, AsyncDeadline(self._seconds)
            self._driver.begin(cursor.guard)
        if (requested := await self._ongoing.run(self._request)) is None:
            raise RuntimeError(_CLOSED)
        return self._answered(requested)

    async def _request(self) -> _Requested:
        """Opens a connection, or asks for the run. What comes of it is for the reader to tell the cursor."""
        cursor, step = self._cursor, self._cursor.step
        if cursor.delay:
            await self._driver.pause(cursor.delay, self._deadline)
        flows: dict[Step, Callable[[], Flow[Any]]] = {
            Step.OPEN: cursor.opening,
            Step.ASK: lambda: urgently(cursor.asking()),
            Step.EXPLAIN: lambda: urgently(cursor.explaining()),
        }
        try:
            return _Requested(step, await self._driver.follow(flows[step](), self._deadline))
        except APIError as error:
            return _Requested(step, error)

    def _answered(self, requested: _Requested) -> Part[Any, Any, Any] | None:
        cursor, (step, result) = self._cursor, requested
        if isinstance(result, APIError):
            return cursor.failed(result)
        if step is Step.EXPLAIN:
            return cursor.explained(result)
        if step is Step.ASK:
            cursor.answered(result)
        elif isinstance(result, Run):
            cursor.found(result)
        else:
            self._response, self._is_disturbed, self._quiet_since = result, False, None
            self._decoder = SSEDecoder(max_event_bytes=self._driver.max_event_bytes)
            cursor.opened(result.answer, monotonic())
        return None

    async def _torn(self) -> Part[Any, Any, Any] | None:
        """A signal has interrupted a read: the part that it had taken, and then the rest on a new connection."""
        if (part := self._unread) is not None:
            self._unread = None
            return part
        self._is_torn = False
        if self._response is not None:
            facts = self._response.answer.facts()
            await self._lost(APIConnectionError("a signal has interrupted a read", **facts), None)
        return None

    async def _lost(self, failure: APIError, error: Exception | None) -> None:
        """The connection was lost."""
        if self.is_closed:  # by another task
            raise RuntimeError(_CLOSED) from error
        failure.__cause__ = error
        self._deadline.left()  # raises if the deadline ended the read: the connection was not lost then
        self._cursor.failed(failure)
        await self._close_response()

    async def _end(self, error: Exception) -> None:
        """Ends the stream with an error, unless it was read in the wrong event loop or process."""
        if self._has_begun and self._owner is not AsyncPerOwner.current():
            raise RuntimeError(_OF_ANOTHER) from error
        if not self.is_closed:
            self._is_over, self._failure = True, error  # for the next read, should this one be cancelled
        if isinstance(error, LangGraphRunsError):
            self._cursor.guard.release()
        await self.aclose()  # which may find out which run it is
        self._failure = None
        if isinstance(error, OverdueError):
            raise self._reported(error) from None

    def _reported(self, error: Exception) -> Exception:
        return self._cursor.guard.overdue(self._seconds) if isinstance(error, OverdueError) else error

    async def _close_response(self) -> None:
        response, self._response = self._response, None
        if response is not None:
            await response.aclose()

    async def _clean(self) -> None:
        """Deletes the thread that was made for the run."""
        if (cleaning := self._cursor.cleaning()) is not None:
            flow = urgently(attempted(cleaning, self._cursor.retries.of_a_call()))
            with suppress(APIError, OverdueError):
                await self._driver.follow(flow, AsyncDeadline(TO_LEAVE))
