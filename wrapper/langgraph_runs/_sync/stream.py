# Derived from _async/stream.py by `make generate`; edit that one.
"""The stream of a run, part by part."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator
from contextlib import closing, suppress
from time import monotonic
from types import TracebackType
from typing import Any, Generic, Self

from langgraph_runs_api.models import Run

from langgraph_runs._sync.driver import TO_LEAVE, Driver
from langgraph_runs._sync.transport import Connection
from langgraph_runs.colours import Deadline, OverdueError
from langgraph_runs.cursor import Cursor, Step
from langgraph_runs.errors import APIError, LangGraphRunsError
from langgraph_runs.flow import attempted, urgently
from langgraph_runs.parts import Custom, Part, State, Update
from langgraph_runs.replay import Position
from langgraph_runs.sse import EventTooLargeError, SSEDecoder


class RunStream(Generic[State, Update, Custom]):
    """The parts of one run, in their order, each exactly once: a connection that breaks is gone on with on a new one.

    The request is sent when the stream is first read, or entered by `with`. Leaving the `with` closes the
    connection. Without one, leaving a loop over the stream early, by `break` or by an exception, does,
    at once. One thread at a time may read it.

    Example:
        for part in runs.stream(thread_id, "agent", input={"text": "hi"}, stream_mode="updates"):
            print(part.event, part.data)

    Raises:
        APIError: When it is opened: what any call raises.
        RunFailedError: While it is read: the graph raised. The parts before that were handed out.
        RunCancelledError, RunTimeoutError: The run was stopped, by somebody or by the server.
        NotFoundError: The run was rolled back or deleted meanwhile, or there is no such run.
        WaitTimeoutError: The `timeout` has passed.
        StreamInterruptedError: The connection was lost, and the stream cannot be gone on with.
        StreamGapError: The server does not have all of the events any more.
        StreamDecodeError: The server sent what cannot be read.
    """

    def __init__(self, driver: Driver, cursor: Cursor, seconds: float | None = None) -> None:
        self._cursor = cursor
        self._parts = _parts(driver, cursor, seconds)
        self._ready: Iterator[Part[State, Update, Custom]] = iter(())  # what has been read, to be handed out
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

    @property
    def position(self) -> Position | None:
        """Where it stands, for `join_stream(last_event_id=...)`, in another process too; None where that is not
        possible. A plain dictionary, to be kept as JSON."""
        return self._cursor.position

    def __enter__(self) -> Self:
        self._entered = True
        for _ in self._parts:  # the first is no part yet, but says that the stream is open
            break
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def __iter__(self) -> Iterator[Part[State, Update, Custom]]:
        try:
            while (part := self._next()) is not None:
                yield part
                for part in self._ready:
                    yield part
        finally:
            if not self._entered:
                self.close()

    def __next__(self) -> Part[State, Update, Custom]:
        if (part := self._next()) is None:
            raise StopIteration
        return part

    def _next(self) -> Part[State, Update, Custom] | None:
        """The next part; None at the end."""
        for part in self._ready:
            return part
        if self._ended:
            return None
        if self._closed:
            raise RuntimeError("this stream was closed before its end; join_stream goes on from its position")
        self._closed = True  # unless it is read well: what is cancelled here has closed its connection
        try:
            while True:
                self._ready = iter(next(self._parts))
                for part in self._ready:
                    self._closed = False
                    return part
        except StopIteration:
            self._ended = True
            return None
        except Exception:
            self._ended = True
            raise

    def close(self) -> None:
        """Closes the connection, wherever the stream stands. The run goes on, unless `cancel_on_exit` or
        `on_disconnect` says otherwise."""
        self._closed, self._ready = True, iter(())
        self._parts.close()


def _parts(driver: Driver, cursor: Cursor, seconds: float | None) -> Generator[Iterable[Part[Any, Any, Any]]]:
    """The parts, as many at a time as have come, and none for each connection once it is open. No method, so that
    nothing but a stream holds this: whoever lets go of the stream lets go of the connection."""
    deadline = Deadline(seconds)
    driver.begin(cursor.guard)
    try:
        while cursor.step is not Step.OVER:
            if cursor.delay:
                driver.pause(cursor.delay, deadline)
            if cursor.step is not Step.OPEN:
                part = _asked(driver, cursor, deadline)
                yield () if part is None else (part,)
            elif (connection := _opened(driver, cursor, deadline)) is not None:
                with closing(connection):
                    cursor.opened(connection.answer, monotonic())
                    yield ()
                    decoder, failures = SSEDecoder(max_event_bytes=driver.max_event_bytes), list[Exception]()
                    while chunk := _read(connection, decoder, cursor, deadline):
                        yield _taken(decoder, chunk, cursor, failures)
                        if failures:
                            raise failures.pop()
                        cursor.heard(decoder, monotonic())
                        if cursor.in_doubt:
                            cursor.resume()
                            break
    except OverdueError:
        driver.end(cursor.guard)  # which may find out which run it is
        raise cursor.guard.overdue(seconds) from None
    except LangGraphRunsError:
        cursor.guard.release()
        raise
    finally:
        driver.end(cursor.guard)
        if (cleaning := cursor.cleaning()) is not None:
            flow = urgently(attempted(cleaning, cursor.retries.of_a_call()))
            with suppress(APIError, OverdueError):
                driver.follow(flow, Deadline(TO_LEAVE))


def _opened(driver: Driver, cursor: Cursor, deadline: Deadline) -> Connection | None:
    try:
        opened = driver.follow(cursor.opening(), deadline)
    except APIError as error:
        cursor.failed(error)
        return None
    if isinstance(opened, Run):
        cursor.found(opened)
        return None
    connection: Connection = opened
    return connection


def _asked(driver: Driver, cursor: Cursor, deadline: Deadline) -> Part[Any, Any, Any] | None:
    try:
        if cursor.step is Step.EXPLAIN:
            return cursor.explained(driver.follow(urgently(cursor.explaining()), deadline))
        run = driver.follow(urgently(cursor.asking()), deadline)
    except APIError as error:
        return cursor.failed(error)
    cursor.answered(run)
    return None


def _read(connection: Connection, decoder: SSEDecoder, cursor: Cursor, deadline: Deadline) -> bytes:
    """The next bytes; b"" where there are no more on this connection, and the cursor knows."""
    try:
        chunk = connection.read(deadline.left(cursor.patience))
    except APIError as error:
        deadline.left()  # where that is what ended it, the connection is not lost
        cursor.failed(error)
        return b""
    if not chunk:
        cursor.ended(amid=decoder.is_amid)
    return chunk


def _taken(
    decoder: SSEDecoder, chunk: bytes, cursor: Cursor, failures: list[Exception]
) -> Iterator[Part[Any, Any, Any]]:
    """The parts in these bytes, each taken when it is handed out; what ends them is left for the reader to raise."""
    try:
        for event in decoder.feed(chunk):
            if (part := cursor.take(event)) is not None:
                yield part
    except EventTooLargeError as error:
        failures.append(cursor.undecodable(error))
        failures[-1].__cause__ = error
    except Exception as error:  # noqa: BLE001
        failures.append(error)
