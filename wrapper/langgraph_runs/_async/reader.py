"""Reads one stream over all of its connections, as its cursor says."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from time import monotonic
from typing import Any

from langgraph_runs_api.models import Run

from langgraph_runs._async.driver import TO_LEAVE, AsyncDriver
from langgraph_runs._async.response import AsyncResponse
from langgraph_runs.colours import AsyncDeadline, AsyncOngoing, OverdueError
from langgraph_runs.cursor import Cursor, Step
from langgraph_runs.errors import APIError, LangGraphRunsError
from langgraph_runs.flow import Flow, attempted, urgently
from langgraph_runs.parts import Part
from langgraph_runs.sse import EventTooLargeError, ServerSentEvent, SSEDecoder


class AsyncReader:
    """Reads a stream, step by step. Whatever a step is interrupted by, the next one goes on from there.

    Args:
        driver: Sends the requests.
        cursor: Says what is next.
        seconds: How long all of it may take; None for any time.
    """

    def __init__(self, driver: AsyncDriver, cursor: Cursor, seconds: float | None) -> None:
        self._driver = driver
        self._cursor = cursor
        self._seconds = seconds
        self._deadline: AsyncDeadline | None = None  # its time begins with the first step
        self._response: AsyncResponse | None = None
        self._decoder = SSEDecoder()
        self._arrived: float | None = None  # when the bytes came that the cursor has not heard of
        self._events: Iterator[ServerSentEvent] = iter(())  # in those bytes, not taken yet
        self._part: Part[Any, Any, Any] | None = None  # that came from no connection
        self._failure: Exception | None = None  # of the events, for the next step to raise
        self._ongoing = AsyncOngoing[None]()
        self._is_closed = False

    def ready(self) -> Part[Any, Any, Any] | None:
        """The next part of what has come; None where a step is to be taken."""
        try:
            for event in self._events:
                if (part := self._cursor.take(event)) is not None:
                    return part
        except EventTooLargeError as error:
            self._failure = self._cursor.undecodable(error)
            self._failure.__cause__ = error
        except Exception as error:  # noqa: BLE001  # a callback's too
            self._failure = error
        part, self._part = self._part, None
        return part

    async def step(self) -> bool:
        """Reads what comes next, or opens a connection, or asks for the run; False at the end of the stream.

        Raises:
            LangGraphRunsError: The stream is over.
        """
        cursor = self._cursor
        if self._deadline is None:
            self._deadline = AsyncDeadline(self._seconds)
            self._driver.begin(cursor.guard)
        try:
            if self._failure is not None:
                raise self._failure
            if self._response is not None:
                await self._read(self._response, self._deadline)
            elif cursor.step is Step.OVER:
                return False
            else:
                await self._ongoing.run(self._open_or_ask)
        except OverdueError:
            await self._driver.end(cursor.guard)  # which may find out which run it is
            raise cursor.guard.overdue(self._seconds) from None
        except LangGraphRunsError:
            cursor.guard.release()
            raise
        return True

    async def aclose(self) -> None:
        """Closes the connection, and lets go of the run."""
        if self._is_closed or self._deadline is None:
            self._is_closed = True
            return
        self._is_closed, self._events = True, iter(())
        try:
            await self._ongoing.cancel()
        finally:
            try:
                await self._close_response()
            finally:
                await self._driver.end(self._cursor.guard)
                await self._clean()

    async def _read(self, response: AsyncResponse, deadline: AsyncDeadline) -> None:
        cursor, decoder = self._cursor, self._decoder
        if self._arrived is not None:
            cursor.heard(decoder, self._arrived)
            self._arrived = None
        if cursor.in_doubt:
            await self._close_response()
            cursor.resume()
            return
        try:
            data = await response.read(deadline.left(cursor.patience))
        except APIError as error:
            deadline.left()  # where that is what ended it, the connection is not lost
            await self._close_response()
            cursor.failed(error)
            return
        if data:
            self._arrived, self._events = monotonic(), decoder.feed(data)
        else:
            await self._close_response()
            cursor.ended(amid=decoder.is_amid)

    async def _open_or_ask(self) -> None:
        cursor, deadline, step = self._cursor, self._deadline or AsyncDeadline(), self._cursor.step
        if cursor.delay:
            await self._driver.pause(cursor.delay, deadline)
        flows: dict[Step, Callable[[], Flow[Any]]] = {
            Step.OPEN: cursor.opening,
            Step.ASK: lambda: urgently(cursor.asking()),
            Step.EXPLAIN: lambda: urgently(cursor.explaining()),
        }
        try:
            result: Any = await self._driver.follow(flows[step](), deadline)
        except APIError as error:
            self._part = cursor.failed(error)
            return
        if step is Step.ASK:
            cursor.answered(result)
        elif step is Step.EXPLAIN:
            self._part = cursor.explained(result)
        elif isinstance(result, Run):
            cursor.found(result)
        else:
            self._response = result
            self._decoder = SSEDecoder(max_event_bytes=self._driver.max_event_bytes)
            cursor.opened(result.answer, monotonic())

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
