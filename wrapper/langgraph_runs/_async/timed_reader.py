"""Reads one stream, and gives up if no event comes for too long."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from time import monotonic
from typing import Any, TypeVar

from langgraph_runs._async.driver import AsyncDriver
from langgraph_runs._async.reader import AsyncReader
from langgraph_runs.read_deadline import AsyncReadDeadline, EventDeadlineExceededError
from langgraph_runs.stream.cursor import Cursor
from langgraph_runs.stream.parts import Part

T = TypeVar("T")


class AsyncTimedReader(AsyncReader):
    """A reader that ends its stream with an EventTimeoutError if its caller waits for the next part for too long. Only
    the time that the caller spends in reads counts.

    Args:
        driver: Sends the requests.
        cursor: Says what to do next.
        seconds: How many seconds the whole stream may take; None for no limit.
        event_seconds: How many seconds the caller may wait for the next part.
    """

    def __init__(
        self, driver: AsyncDriver, cursor: Cursor, seconds: float | None, event_seconds: float
    ) -> None:
        super().__init__(driver, cursor, seconds)
        self._deadline = self._read_deadline = AsyncReadDeadline()
        self._left.event_seconds = self._event_seconds = event_seconds
        self._waited = 0.0  # seconds since the last part, in reads that have brought none

    async def next(self) -> Part[Any, Any, Any] | None:
        if self.is_closed or not hasattr(self, "may_read"):  # another reader's limit is not touched
            return await super().next()
        return await self._in_time(super().next)

    async def open(self) -> None:
        if self.is_closed or self._has_begun:
            await super().open()
        else:
            await self._in_time(super().open)

    async def _in_time(self, read: Callable[[], Awaitable[T]]) -> T | None:
        """Reads within the time that is left. Returns the result; None for the end of the stream."""
        began, result = monotonic(), None
        try:
            async with self._read_deadline.limit_reads(self._event_seconds - self._waited):
                result = await read()
        except EventDeadlineExceededError as error:
            if not self._is_over:
                await self._end(error)
            self._refuse()  # the stream had failed, and the time passed while it was being closed
        finally:
            self._waited = 0.0 if result is not None else self._waited + monotonic() - began
        return result
