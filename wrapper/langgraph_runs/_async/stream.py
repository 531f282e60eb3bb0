"""The stream of a run, part by part."""

from __future__ import annotations

from collections.abc import AsyncIterator
from types import TracebackType
from typing import TYPE_CHECKING, Generic, Self

from langgraph_runs.position import Position
from langgraph_runs.stream.parts import Custom, Part, State, Update

if TYPE_CHECKING:
    from langgraph_runs._async.driver import AsyncDriver
    from langgraph_runs.stream.cursor import Cursor


class AsyncRunStream(Generic[State, Update, Custom]):
    """An iterator over the parts of one run, in order, each exactly once. If the connection is lost, the stream resumes
    on a new one.

    The request is sent when the stream is first read, or entered by `async with`. Leaving the `async with` block closes
    the connection. Without such a block, leaving a loop over the stream early closes it as soon as the event loop gets
    control. Only one task at a time may read the stream.

    Example:
        async for part in runs.stream(thread_id, "agent", input={"text": "hi"}, stream_mode="updates"):
            print(part.event, part.data)

    Raises:
        APIError: The request failed.
        RunFailedError: The graph raised an exception. The parts before that were yielded.
        RunCancelledError, RunTimeoutError: The run was cancelled, or the server stopped it.
        NotFoundError: There is no such run, or it was rolled back or deleted meanwhile.
        WaitTimeoutError: The `timeout` has passed.
        StreamInterruptedError: The connection was lost, and the stream cannot be resumed.
        StreamGapError: The server no longer has all of the events.
        StreamDecodeError: An event cannot be decoded.
    """

    def __init__(self, driver: AsyncDriver, cursor: Cursor, seconds: float | None = None) -> None:
        from langgraph_runs._async.reader import AsyncReader  # here, as in the client
        from langgraph_runs.concurrency import AsyncLifetime

        self._cursor = cursor
        self._reader = AsyncReader(driver, cursor, seconds)
        self._lifetime = AsyncLifetime(self, self._reader.aclose)
        self._has_begun = False
        self._is_entered = False

    @property
    def run_id(self) -> str | None:
        """The id of the run; None until the server has sent it."""
        return self._cursor.held.run_id

    @property
    def thread_id(self) -> str | None:
        """The id of its thread; None if it is not known, as for most stateless runs."""
        return self._cursor.held.thread_id

    @property
    def last_event_id(self) -> str | None:
        """The id of the last part that was yielded; None if none had an id."""
        return self._cursor.delivery.last_event_id

    @property
    def position(self) -> Position | None:
        """Where the stream stands, for `join_stream(last_event_id=position)`, which can be called in another process;
        None if the stream cannot be joined. A plain dictionary, which can be stored as JSON."""
        return self._cursor.resumption.position

    async def __aenter__(self) -> Self:
        self._is_entered = True
        try:
            await self._begin()
            await self._reader.open()
        except BaseException:
            await self.aclose()
            raise
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.aclose()

    async def __aiter__(self) -> AsyncIterator[Part[State, Update, Custom]]:
        reader = self._reader
        try:
            await self._begin()
            while (part := await reader.next()) is not None:
                yield part
                while reader.events:  # events of one read cost no step of their own
                    if (part := reader.ready()) is not None:
                        yield part
        finally:
            if reader.is_closed or not self._is_entered:
                await self.aclose()

    async def __anext__(self) -> Part[State, Update, Custom]:
        if not self._has_begun:
            await self._begin()
        try:
            part = await self._reader.next()
        finally:
            if self._reader.is_closed:
                await self.aclose()
        if part is None:
            raise StopAsyncIteration
        return part

    async def _begin(self) -> None:
        if not self._has_begun and not self._reader.is_closed:
            self._has_begun = True
            await self._lifetime.begin()

    async def aclose(self) -> None:
        """Closes the connection. The run continues, unless `cancel_on_exit` or `on_disconnect` says otherwise."""
        await self._reader.aclose()
        await self._lifetime.end()
