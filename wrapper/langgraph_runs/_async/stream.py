"""The stream of a run, part by part."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from types import TracebackType
from typing import TYPE_CHECKING, Any, Generic, Literal, Self, overload

from langgraph_runs.position import Position
from langgraph_runs.request.arguments import flag
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
        EventTimeoutError: The `event_timeout` has passed without an event.
        StreamInterruptedError: The connection was lost, and the stream cannot be resumed.
        StreamGapError: Events are missing; for example, the server no longer has them.
        StreamDecodeError: An event cannot be decoded.
    """

    def __init__(
        self,
        driver: AsyncDriver,
        cursor: Cursor,
        seconds: float | None = None,
        event_seconds: float | None = None,
    ) -> None:
        from langgraph_runs._async.reader import AsyncReader  # here, as in the client
        from langgraph_runs._async.timed_reader import AsyncTimedReader
        from langgraph_runs.concurrency import AsyncLifetime

        self._cursor = cursor
        self._reader = (
            AsyncReader(driver, cursor, seconds)
            if event_seconds is None
            else AsyncTimedReader(driver, cursor, seconds, event_seconds)
        )
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

    def __aiter__(self) -> AsyncIterator[Part[State, Update, Custom]]:
        return self._parts()

    async def _parts(self) -> AsyncGenerator[Part[State, Update, Custom]]:
        reader = self._reader
        try:
            await self._begin()
            while (part := await reader.next()) is not None:
                yield part
                while reader.events:  # events of one read cost no step of their own
                    if (part := reader.ready()) is not None:
                        yield part
        finally:
            is_read = not hasattr(reader, "may_read")  # by another task, which a second one does not disturb
            if reader.is_closed or not (self._is_entered or is_read):
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

    async def result(self) -> State:
        """Reads the rest of the stream, and returns the final values of the run, or raises its error, as `wait` does.

        Parts that have been read already do not matter, nor do the modes of the stream, if the run is on a thread. A
        second call returns the same. Cancelling this call leaves the stream.

        Raises:
            ValueError: The run is stateless, and the stream does not have the mode `values`; nothing was sent.
            RuntimeError: The stream was closed before its end.

            Otherwise, the errors of a read.

        Example:
            stream = runs.stream(thread_id, "agent", input={"text": "hi"}, stream_mode="messages-tuple")
            async for text in stream.text():
                print(text, end="")
            state = await stream.result()
        """
        from langgraph_runs.stream.result import check_result

        check_result(self._cursor)
        if not self._reader.is_closed:
            async for _ in self:
                pass
        values: State = await self._reader.requests.result()
        return values

    @overload
    def text(self, *, by_message: Literal[False] = False) -> AsyncIterator[str]: ...
    @overload
    def text(self, *, by_message: Literal[True]) -> AsyncIterator[tuple[str | None, str]]: ...
    def text(self, *, by_message: bool = False) -> AsyncIterator[Any]:
        """Iterates over the rest of the stream, and yields the text that chat models write, as it comes.

        The first read sends the request of the stream, such as POST /threads/{thread_id}/runs/stream. The stream needs
        the mode `messages-tuple` or `messages`. Whole messages of models count too, also those of subgraphs; messages
        of people and tools, calls of tools and reasoning do not.

        Args:
            by_message: Whether to yield pairs of the message's id and the text, to tell apart messages that several
                nodes write at once; False by default.

        Raises:
            TypeError, ValueError: The argument is invalid, or the stream has none of these modes; nothing was sent.

            Otherwise, the errors of a read.

        Example:
            said = {"messages": [{"role": "user", "content": "hi"}]}
            async for text in runs.stream(thread_id, "chat", input=said, stream_mode="messages-tuple").text():
                print(text, end="", flush=True)
        """
        from langgraph_runs.stream.text import check_text

        check_text(self._cursor)
        return self._text(by_message=flag("by_message", by_message))

    async def _text(self, *, by_message: bool) -> AsyncIterator[Any]:
        from langgraph_runs.stream.text import MessageText

        messages = MessageText()
        async with aclosing(self._parts()) as parts:
            async for part in parts:
                if (found := messages.take(part)) is not None:
                    yield found if by_message else found[1]

    async def aclose(self) -> None:
        """Closes the connection. The run continues, unless `cancel_on_exit` or `on_disconnect` says otherwise."""
        await self._reader.aclose()
        await self._lifetime.end()
