"""The stream of a run, part by part."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from types import TracebackType
from typing import Generic, Self

from langgraph_runs._async.transport import AsyncConnection, AsyncTransport
from langgraph_runs.cursor import Cursor
from langgraph_runs.errors import APIConnectionError
from langgraph_runs.parts import Custom, Part, State, Update
from langgraph_runs.sse import EventTooLargeError, ServerSentEvent, SSEDecoder
from langgraph_runs.wire import Call


class AsyncRunStream(Generic[State, Update, Custom]):
    """The parts of one run, in their order, as the server sends them.

    The request is sent when the stream is first read, or entered by `async with`. Leaving the `async with` closes the
    connection. Without one, leaving a loop over the stream early, by `break` or by an exception, does: the event loop
    closes it as soon as it has its turn. One task at a time may read it.

    Example:
        async for part in runs.stream(thread_id, "agent", input={"text": "hi"}, stream_mode="updates"):
            print(part.event, part.data)

    Raises:
        APIError: When it is opened: what any call raises.
        RunFailedError: While it is read: the graph raised. The parts before that were handed out.
        StreamInterruptedError: The connection was lost.
        StreamDecodeError: The server sent what cannot be read.
    """

    def __init__(self, transport: AsyncTransport, call: Call[None], cursor: Cursor) -> None:
        self._transport = transport
        self._call = call
        self._cursor = cursor
        self._connection: AsyncConnection | None = None
        self._decoder = SSEDecoder()
        self._events: Iterator[ServerSentEvent] = iter(())
        self._entered = False
        self._closed = False
        self._ended = False

    @property
    def run_id(self) -> str | None:
        """The run; None until the server has said it."""
        return self._cursor.run_id

    @property
    def thread_id(self) -> str | None:
        """Its thread; None where the server does not say it, as with a stateless run."""
        return self._cursor.thread_id

    @property
    def last_event_id(self) -> str | None:
        """The id of the last part that was handed out; None when none had one."""
        return self._cursor.last_event_id

    async def __aenter__(self) -> Self:
        self._entered = True
        try:
            await self._open()
        except BaseException:  # such as what on_run_created raises: nobody calls __aexit__ then
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
        try:
            while (part := await self._next()) is not None:
                yield part
        finally:
            if not self._entered:
                await self.aclose()

    async def __anext__(self) -> Part[State, Update, Custom]:
        if (part := await self._next()) is None:
            raise StopAsyncIteration
        return part

    async def _next(self) -> Part[State, Update, Custom] | None:
        """The next part; None at the end. Whatever goes wrong, the connection is closed, and the stream over."""
        if self._ended:
            return None
        part = None
        try:
            part = await self._read()
            self._ended = part is None
        except Exception:
            self._ended = True
            raise
        finally:
            if part is None:
                await self.aclose()
        return part

    async def _read(self) -> Part[State, Update, Custom] | None:
        connection = await self._open()
        while (event := self._decoded()) is None:
            try:
                chunk = await connection.read()
            except APIConnectionError as error:
                raise self._cursor.interrupted(error) from error.__cause__
            if not chunk:
                return None
            self._events = self._decoder.feed(chunk)
        return self._cursor.take(event)

    def _decoded(self) -> ServerSentEvent | None:
        """The next event of the bytes that have come."""
        try:
            return next(self._events, None)
        except EventTooLargeError as error:
            raise self._cursor.undecodable(error) from error

    async def aclose(self) -> None:
        """Closes the connection, wherever the stream stands. The run goes on."""
        self._closed = True
        if self._connection is not None:
            await self._connection.aclose()

    async def _open(self) -> AsyncConnection:
        if self._closed:
            raise RuntimeError(
                "this stream was closed before its end; join_stream goes on from last_event_id"
            )
        if self._connection is None:
            self._connection = await self._transport.open(self._call)
            self._cursor.opened(self._connection.answer)
        return self._connection
