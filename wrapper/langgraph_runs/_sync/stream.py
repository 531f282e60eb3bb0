# Derived from _async/stream.py by `make generate`; edit that one.
"""The stream of a run, part by part."""

from __future__ import annotations

from collections.abc import Iterator
from types import TracebackType
from typing import Generic, Self

from langgraph_runs._sync.driver import Driver
from langgraph_runs._sync.reader import Reader
from langgraph_runs.colours import Lifetime
from langgraph_runs.cursor import Cursor
from langgraph_runs.parts import Custom, Part, State, Update
from langgraph_runs.replay import Position


class RunStream(Generic[State, Update, Custom]):
    """The parts of one run, in their order, each exactly once: when a connection breaks, the stream resumes
    on a new one.

    The request is sent when the stream is first read, or entered by `with`. Leaving the `with` closes the
    connection. Without one, leaving a loop over the stream early, by `break` or by an exception, does,
    at once. One thread at a time may read it.

    Example:
        for part in runs.stream(thread_id, "agent", input={"text": "hi"}, stream_mode="updates"):
            print(part.event, part.data)

    Raises:
        APIError: When it is opened: what any call raises.
        RunFailedError: While it is read: the graph raised. The parts before that were yielded.
        RunCancelledError, RunTimeoutError: The run was stopped, by somebody or by the server.
        NotFoundError: The run was rolled back or deleted meanwhile, or there is no such run.
        WaitTimeoutError: The `timeout` has passed.
        StreamInterruptedError: The connection was lost, and the stream cannot be resumed.
        StreamGapError: The server does not have all of the events any more.
        StreamDecodeError: The server sent what cannot be read.
    """

    def __init__(self, driver: Driver, cursor: Cursor, seconds: float | None = None) -> None:
        self._cursor = cursor
        self._reader = Reader(driver, cursor, seconds)
        self._lifetime = Lifetime(self, self._reader.close)
        self._has_begun = False
        self._is_entered = False

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
        """The id of the last part that was yielded; None if none had an id."""
        return self._cursor.last_event_id

    @property
    def position(self) -> Position | None:
        """Where it stands, for `join_stream(last_event_id=...)`, in another process too; None where that is not
        possible. A plain dictionary, to be kept as JSON."""
        return self._cursor.position

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
        reader = self._reader
        try:
            self._begin()
            while (part := reader.next()) is not None:
                yield part
                while reader.events:  # what has come in one piece costs no step of its own
                    if (part := reader.ready()) is not None:
                        yield part
        finally:
            if reader.is_closed or not self._is_entered:
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

    def close(self) -> None:
        """Closes the connection, wherever the stream stands. The run goes on, unless `cancel_on_exit` or
        `on_disconnect` says otherwise."""
        self._reader.close()
        self._lifetime.end()
