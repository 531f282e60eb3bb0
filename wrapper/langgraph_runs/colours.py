"""What tasks and threads do in different ways, one of each colour: deadlines, turns, shields, many at once.

asyncio is imported where it is used: the synchronous half is to do without.
"""

from __future__ import annotations

import threading
import weakref
from collections.abc import AsyncGenerator, Callable, Coroutine, Generator, Sequence
from contextlib import (
    AbstractAsyncContextManager,
    AbstractContextManager,
    contextmanager,
    nullcontext,
)
from time import monotonic
from types import TracebackType
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from langgraph_runs.engine.owner import AsyncPerOwner, PerOwner

if TYPE_CHECKING:
    import asyncio

T = TypeVar("T")

_FREE = nullcontext()  # where there is nothing to keep to: at the price of no generator


class OverdueError(Exception):
    """The caller's own time is over."""


class _Deadline:
    """When the caller's time is over: so many seconds from now on, or never.

    Args:
        seconds: How many; None for never.

    Attributes:
        seconds: The same.
        ends_at: When, in seconds of `time.monotonic`; None for never.
    """

    def __init__(self, seconds: float | None = None) -> None:
        self.seconds = seconds
        self.ends_at = None if seconds is None else monotonic() + seconds

    def left(self, most: float | None = None) -> float | None:
        """How many seconds are left, and not more than `most`; None for any number.

        Raises:
            OverdueError: None are.
        """
        if self.ends_at is None:
            return most
        left = self.ends_at - monotonic()
        if left <= 0:
            raise OverdueError
        return left if most is None else min(left, most)


class Deadline(_Deadline):
    """A deadline for threads. The engine keeps to it at every step; an `http_client` of the caller's by its timeouts,
    which do not hold while headers come byte by byte, and a `Watch` while it reads."""

    def limit(self) -> AbstractContextManager[None]:
        """What is done in this block keeps to it by itself."""
        return _FREE


class AsyncDeadline(_Deadline):
    """A deadline for tasks: asyncio ends what is awaited."""

    def limit(self) -> AbstractAsyncContextManager[None]:
        """Ends what is awaited in this block, by an OverdueError, when the time is over."""
        return _FREE if self.ends_at is None else AsyncLimit(self.left(), OverdueError)


class AsyncLimit:
    """Ends what is awaited in this block after some time. (No generator: those cannot begin any more when a loop ends.)

    Args:
        seconds: How many; None for never.
        error: What it raises then.
    """

    def __init__(self, seconds: float | None, error: type[Exception]) -> None:
        self._seconds = seconds
        self._error = error

    async def __aenter__(self) -> None:
        import asyncio

        self._clock = asyncio.timeout(self._seconds)
        await self._clock.__aenter__()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        try:
            await self._clock.__aexit__(kind, error, traceback)
        except TimeoutError as overdue:
            if self._clock.expired():
                raise self._error from overdue
            raise


class AsyncTurns:
    """Lets so many callers in at a time, in each event loop; all of them for None."""

    def __init__(self, most: int | None) -> None:
        import asyncio

        self._semaphore = AsyncPerOwner(lambda: asyncio.Semaphore(most)) if most is not None else None

    def one(self, deadline: AsyncDeadline) -> AbstractAsyncContextManager[None]:
        """A turn, for as long as this block takes; OverdueError if it does not come in time."""
        return _FREE if self._semaphore is None else _AsyncTurn(self._semaphore.get(), deadline)


class _AsyncTurn:
    def __init__(self, semaphore: asyncio.Semaphore, deadline: AsyncDeadline) -> None:
        self._semaphore = semaphore
        self._deadline = deadline

    async def __aenter__(self) -> None:
        async with self._deadline.limit():
            await self._semaphore.acquire()

    async def __aexit__(self, *what: object) -> None:
        self._semaphore.release()


class Turns:
    """Lets so many callers in at a time, in each process; all of them for None."""

    def __init__(self, most: int | None) -> None:
        self._semaphore = PerOwner(lambda: threading.BoundedSemaphore(most)) if most is not None else None

    def one(self, deadline: Deadline) -> AbstractContextManager[None]:
        """A turn, for as long as this block takes; OverdueError if it does not come in time."""
        return _FREE if self._semaphore is None else self._one(self._semaphore.get(), deadline)

    @contextmanager
    def _one(self, semaphore: threading.Semaphore, deadline: Deadline) -> Generator[None]:
        while not semaphore.acquire(timeout=deadline.left()):
            pass
        try:
            yield
        finally:
            semaphore.release()


class AsyncShield:
    """Protects what must be sent while its task is being cancelled."""

    @staticmethod
    async def run(work: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """Does the work to its end, though this task is cancelled meanwhile, and more than once; then it is."""
        import asyncio

        from anyio import CancelScope

        task = asyncio.ensure_future(work())
        cancelled = None
        with CancelScope(shield=True):  # a scope of anyio's would cancel again at every turn of the loop
            while not task.done():
                try:
                    await asyncio.wait([task])
                except asyncio.CancelledError as error:
                    cancelled = error
        if cancelled is not None:
            task.exception()
            raise cancelled
        return task.result()


class Shield:
    """The same for threads, which nobody cancels."""

    @staticmethod
    def run(work: Callable[[], T]) -> T:
        """Does the work."""
        return work()


class AsyncTogether:
    """Does many things at once."""

    @staticmethod
    async def run(works: Sequence[Callable[[], Coroutine[Any, Any, None]]]) -> None:
        """Does all of them."""
        import asyncio

        if works:
            await asyncio.gather(*(work() for work in works))


class Together:
    """The same one by one: a thread for each is more than a thread has asked for."""

    @staticmethod
    def run(works: Sequence[Callable[[], None]]) -> None:
        """Does all of them."""
        for work in works:
            work()


class AsyncOngoing(Generic[T]):
    """Work that a task waits for, and that goes on when the task is cancelled: the next one that asks waits for the
    same work.

    Attributes:
        is_exact: Whether what interrupts a read comes only where it waits, so that nothing is lost by it.
    """

    is_exact = True

    def __init__(self) -> None:
        self._task: asyncio.Task[T] | None = None

    async def run(self, work: Callable[[], Coroutine[Any, Any, T]]) -> T | None:
        """Does the work, unless it is under way already, and gives its result; None where it was cancelled here."""
        import asyncio

        if (task := self._task) is None:
            task = self._task = asyncio.ensure_future(work())
        await asyncio.wait([task])
        if self._task is not task:
            return None
        self._task = None
        return task.result()

    async def cancel(self) -> T | None:
        """Ends the work that is under way, if any is; gives the result that nobody has fetched."""
        import asyncio

        if (task := self._task) is None:
            return None
        self._task = None
        task.cancel()
        await asyncio.wait([task])
        return None if task.cancelled() or task.exception() else task.result()


class Ongoing(Generic[T]):
    """The same for threads, which nobody cancels; what a signal handler raises, between any two instructions, ends the
    work."""

    is_exact = False

    def __init__(self) -> None:
        self._is_under_way = False

    def run(self, work: Callable[[], T]) -> T | None:
        """Does the work, and gives its result."""
        if self._is_under_way:
            raise RuntimeError("a signal has ended a request of this stream, which cannot be read on")
        self._is_under_way = True
        result = work()
        self._is_under_way = False
        return result

    def cancel(self) -> T | None:
        """Nothing is under way when this is called, but in another thread."""
        return None


class AsyncLifetime:
    """Has something closed when what it belongs to is garbage, or when the event loop ends.

    Args:
        of: What it belongs to; not kept alive by this.
        close: Closes it.
    """

    def __init__(self, of: object, close: Callable[[], Coroutine[Any, Any, None]]) -> None:
        self._generator = self._until_then(
            close
        )  # which is garbage together with this, and this with what has it

    async def begin(self) -> None:
        """From now on."""
        await anext(self._generator)

    async def end(self) -> None:
        """It was closed already."""
        await self._generator.aclose()

    @staticmethod
    async def _until_then(close: Callable[[], Coroutine[Any, Any, None]]) -> AsyncGenerator[None]:
        """A loop closes its async generators when it ends, and those that are garbage."""
        try:
            yield
        finally:
            await close()


class Lifetime:
    """The same for threads: when it is garbage, or when the interpreter exits."""

    def __init__(self, of: object, close: Callable[[], None]) -> None:
        self._of = weakref.ref(of)
        self._close = close
        self._finalizer: weakref.finalize[Any, Any] | None = None

    def begin(self) -> None:
        """From now on."""
        if (of := self._of()) is not None:
            self._finalizer = weakref.finalize(of, self._close)

    def end(self) -> None:
        """It was closed already."""
        if self._finalizer is not None:
            self._finalizer.detach()
