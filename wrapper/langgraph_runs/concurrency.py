"""What differs between tasks and threads, in pairs: limiting, shielding, gathering, and outliving a cancellation.

asyncio is imported where it is used: the sync client does not need it.
"""

from __future__ import annotations

import threading
import weakref
from collections.abc import AsyncGenerator, Callable, Coroutine, Generator, Sequence
from contextlib import AbstractAsyncContextManager, AbstractContextManager, contextmanager
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from langgraph_runs.deadline import FREE, AsyncDeadline, Deadline
from langgraph_runs.engine.owner import AsyncPerOwner, PerOwner

if TYPE_CHECKING:
    import asyncio

T = TypeVar("T")


class AsyncLimiter:
    """Limits how many calls are in flight in each event loop; None for no limit."""

    def __init__(self, most: int | None) -> None:
        import asyncio

        self._semaphore = AsyncPerOwner(lambda: asyncio.Semaphore(most)) if most is not None else None

    def slot(self, deadline: AsyncDeadline) -> AbstractAsyncContextManager[None]:
        """A slot for the duration of this block; DeadlineExceededError if none becomes free in time."""
        return FREE if self._semaphore is None else _AsyncSlot(self._semaphore.get(), deadline)


class _AsyncSlot:
    def __init__(self, semaphore: asyncio.Semaphore, deadline: AsyncDeadline) -> None:
        self._semaphore = semaphore
        self._deadline = deadline

    async def __aenter__(self) -> None:
        async with self._deadline.limit():
            await self._semaphore.acquire()

    async def __aexit__(self, *what: object) -> None:
        self._semaphore.release()


class Limiter:
    """Limits how many calls are in flight in each process; None for no limit.

    A thread that has a slot needs no other one: a callback, such as `on_run_created`, may call the client while the
    method that called it waits.
    """

    def __init__(self, most: int | None) -> None:
        self._semaphore = PerOwner(lambda: threading.BoundedSemaphore(most)) if most is not None else None
        self._thread = threading.local()

    def slot(self, deadline: Deadline) -> AbstractContextManager[None]:
        """A slot for the duration of this block; DeadlineExceededError if none becomes free in time."""
        if self._semaphore is None or getattr(self._thread, "has_slot", False):
            return FREE
        return self._slot(self._semaphore.get(), deadline)

    @contextmanager
    def _slot(self, semaphore: threading.Semaphore, deadline: Deadline) -> Generator[None]:
        while not semaphore.acquire(timeout=deadline.left()):
            pass
        try:
            self._thread.has_slot = True
            yield
        finally:
            self._thread.has_slot = False
            semaphore.release()


async def async_shield(work: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """Finishes the work even if this task is cancelled meanwhile, and raises the cancellation afterwards."""
    import asyncio

    from anyio import CancelScope

    task = asyncio.ensure_future(work())
    cancelled = None
    with CancelScope(shield=True):  # an anyio scope would cancel again in every iteration of the loop
        while not task.done():
            try:
                await asyncio.wait([task])
            except asyncio.CancelledError as error:
                cancelled = error
    if cancelled is not None:
        task.exception()
        raise cancelled
    return task.result()


def shield(work: Callable[[], T]) -> T:
    """Does the work. A thread cannot be cancelled."""
    return work()


async def async_gather(works: Sequence[Callable[[], Coroutine[Any, Any, None]]]) -> None:
    """Does all of the work at once."""
    import asyncio

    if works:  # without any, this works without an event loop
        await asyncio.gather(*(work() for work in works))


def gather(works: Sequence[Callable[[], None]]) -> None:
    """Does all of the work, one after the other: a caller in one thread has not asked for more threads."""
    for work in works:
        work()


class AsyncOngoing(Generic[T]):
    """Work that a task waits for, and that continues when the task is cancelled: the next caller waits for the same
    work.

    Attributes:
        is_exact: Whether a read can only be interrupted while it waits, so that nothing is lost.
    """

    is_exact = True

    def __init__(self) -> None:
        self._task: asyncio.Task[T] | None = None

    async def run(self, work: Callable[[], Coroutine[Any, Any, T]]) -> T | None:
        """Does the work, unless it is already under way, and returns its result; None if `cancel` has ended it."""
        import asyncio

        if (task := self._task) is None:
            task = self._task = asyncio.ensure_future(work())
        await asyncio.wait([task])
        if self._task is not task:
            return None
        self._task = None
        return task.result()

    async def cancel(self) -> T | None:
        """Cancels the work that is under way, if any. Returns its result if it has one that `run` has not returned."""
        import asyncio

        if (task := self._task) is None:
            return None
        self._task = None
        task.cancel()
        await asyncio.wait([task])
        return None if task.cancelled() or task.exception() else task.result()


class Ongoing(Generic[T]):
    """The same for threads. They cannot be cancelled, but an exception of a signal handler can end the work between any
    two instructions."""

    is_exact = False

    def __init__(self) -> None:
        self._is_under_way = False

    def run(self, work: Callable[[], T]) -> T | None:
        """Does the work, and returns its result."""
        if self._is_under_way:
            raise RuntimeError(
                "a signal handler has interrupted a request of this stream, which cannot be read any further"
            )
        self._is_under_way = True
        result = work()
        self._is_under_way = False
        return result

    def cancel(self) -> T | None:
        """Does nothing: work that is under way is in another thread."""
        return None


class AsyncLifetime:
    """Closes something when the object it belongs to is garbage-collected, or when the event loop ends.

    Args:
        of: The object it belongs to, which is not kept alive.
        close: Closes it.
    """

    def __init__(self, of: object, close: Callable[[], Coroutine[Any, Any, None]]) -> None:
        self._generator = self._until_then(close)  # collected with this object, which is collected with `of`

    async def begin(self) -> None:
        """Makes it take effect from now on."""
        await anext(self._generator)

    async def end(self) -> None:
        """Ends it, as the object has been closed already."""
        await self._generator.aclose()

    @staticmethod
    async def _until_then(close: Callable[[], Coroutine[Any, Any, None]]) -> AsyncGenerator[None]:
        """Waits to be closed: an event loop closes its async generators when it ends or when they are collected."""
        try:
            yield
        finally:
            await close()


class Lifetime:
    """The same for threads: when the object is garbage-collected, or when the interpreter exits."""

    def __init__(self, of: object, close: Callable[[], None]) -> None:
        self._of = weakref.ref(of)
        self._close = close
        self._finalizer: weakref.finalize[Any, Any] | None = None

    def begin(self) -> None:
        """Makes it take effect from now on."""
        if (of := self._of()) is not None:
            self._finalizer = weakref.finalize(of, self._close)

    def end(self) -> None:
        """Ends it, as the object has been closed already."""
        if self._finalizer is not None:
            self._finalizer.detach()
