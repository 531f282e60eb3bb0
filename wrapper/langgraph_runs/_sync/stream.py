# Derived from _async/stream.py by `make generate`; edit that one.
"""The stream of a run, part by part."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import closing
from types import TracebackType
from typing import TYPE_CHECKING, Any, Generic, Literal, Self, overload

from langgraph_runs.position import Position
from langgraph_runs.request.arguments import flag
from langgraph_runs.stream.parts import Custom, Part, State, Update

if TYPE_CHECKING:
    from langgraph_runs._sync.driver import Driver
    from langgraph_runs.stream.cursor import Cursor


class RunStream(Generic[State, Update, Custom]):
    """An iterator over the parts of one run, in order, each exactly once. If the connection is lost, the stream resumes
    on a new one.

    The request is sent when the stream is first read, or entered by `with`. Leaving the `with` block closes
    the connection. Without such a block, leaving a loop over the stream early closes it
    immediately. Only one thread at a time may read the stream.

    Example:
        for part in runs.stream(thread_id, "agent", input={"text": "hi"}, stream_mode="updates"):
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
        driver: Driver,
        cursor: Cursor,
        seconds: float | None = None,
        event_seconds: float | None = None,
    ) -> None:
        from langgraph_runs._sync.reader import Reader  # here, as in the client
        from langgraph_runs._sync.timed_reader import TimedReader
        from langgraph_runs.concurrency import Lifetime

        self._cursor = cursor
        self._reader = (
            Reader(driver, cursor, seconds)
            if event_seconds is None
            else TimedReader(driver, cursor, seconds, event_seconds)
        )
        self._lifetime = Lifetime(self, self._reader.close)
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

    def __enter__(self) -> Self:
        self._is_entered = True
        try:
            self._begin()
            self._reader.open()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def __iter__(self) -> Iterator[Part[State, Update, Custom]]:
        return self._parts()

    def _parts(self) -> Generator[Part[State, Update, Custom]]:
        reader = self._reader
        try:
            self._begin()
            while (part := reader.next()) is not None:
                yield part
                while reader.events:  # events of one read cost no step of their own
                    if (part := reader.ready()) is not None:
                        yield part
        finally:
            is_read = not hasattr(reader, "may_read")  # by another task, which a second one does not disturb
            if reader.is_closed or not (self._is_entered or is_read):
                self.close()

    def __next__(self) -> Part[State, Update, Custom]:
        if not self._has_begun:
            self._begin()
        try:
            part = self._reader.next()
        finally:
            if self._reader.is_closed:
                self.close()
        if part is None:
            raise StopIteration
        return part

    def _begin(self) -> None:
        if not self._has_begun and not self._reader.is_closed:
            self._has_begun = True
            self._lifetime.begin()

    def result(self) -> State:
        """Reads the rest of the stream, and returns the final values of the run, or raises its error, as `wait` does.

        Parts that have been read already do not matter, nor do the modes of the stream, if the run is on a thread. A
        second call returns the same. Cancelling this call leaves the stream.

        Raises:
            ValueError: The run is stateless, and the stream does not have the mode `values`; nothing was sent.
            RuntimeError: The stream was closed before its end.

            Otherwise, the errors of a read.

        Example:
            stream = runs.stream(thread_id, "agent", input={"text": "hi"}, stream_mode="messages-tuple")
            for text in stream.text():
                print(text, end="")
            state = stream.result()
        """
        from langgraph_runs.stream.result import check_result

        check_result(self._cursor)
        if not self._reader.is_closed:
            for _ in self:
                pass
        values: State = self._reader.requests.result()
        return values

    @overload
    def text(self, *, by_message: Literal[False] = False) -> Iterator[str]: ...
    @overload
    def text(self, *, by_message: Literal[True]) -> Iterator[tuple[str | None, str]]: ...
    def text(self, *, by_message: bool = False) -> Iterator[Any]:
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
            for text in runs.stream(thread_id, "chat", input=said, stream_mode="messages-tuple").text():
                print(text, end="", flush=True)
        """
        from langgraph_runs.stream.text import check_text

        check_text(self._cursor)
        return self._text(by_message=flag("by_message", by_message))

    def _text(self, *, by_message: bool) -> Iterator[Any]:
        from langgraph_runs.stream.text import MessageText

        messages = MessageText()
        with closing(self._parts()) as parts:
            for part in parts:
                if (found := messages.take(part)) is not None:
                    yield found if by_message else found[1]

    def close(self) -> None:
        """Closes the connection. The run continues, unless `cancel_on_exit` or `on_disconnect` says otherwise."""
        self._reader.close()
        self._lifetime.end()
