"""What differs between tasks and threads, in pairs: shielding, gathering, and outliving a cancellation.

asyncio is imported where it is used: the sync client does not need it.
"""

from __future__ import annotations

import threading
import weakref
from collections.abc import AsyncGenerator, Callable, Coroutine, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

if TYPE_CHECKING:
    import asyncio
    from types import AsyncGeneratorType

T = TypeVar("T")


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
        is_unstoppable: Whether work is under way that `cancel` has not ended.
    """

    is_exact = True
    is_unstoppable = False

    def __init__(self) -> None:
        self._task: asyncio.Task[T] | None = None

    @property
    def is_under_way(self) -> bool:
        """Whether there is work that `cancel` would have to end."""
        return self._task is not None

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

    async def pause(self, seconds: float) -> None:
        """A pause in the work, which `cancel` ends."""
        import asyncio

        await asyncio.sleep(seconds)

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
        self.is_under_way = False
        self.is_unstoppable = False
        self._pause = threading.Lock()  # an Event has a lock that a signal handler could wait for forever
        self._pause.acquire()

    def run(self, work: Callable[[], T]) -> T | None:
        """Does the work, and returns its result."""
        if self.is_under_way:
            raise RuntimeError(
                "a signal handler has interrupted a request of this stream, which cannot be read any further"
            )
        self.is_under_way = self.is_unstoppable = True
        try:
            result = work()
        finally:
            self.is_unstoppable = False
        self.is_under_way = False
        return result

    def pause(self, seconds: float) -> None:
        """A pause in the work, which `cancel` ends."""
        self._pause.acquire(timeout=seconds)

    def cancel(self) -> T | None:
        """Ends a pause. Other work cannot be ended by another thread."""
        with suppress(RuntimeError):  # it is over already
            self._pause.release()
        return None


class AsyncLifetime:
    """Closes something when the object it belongs to is garbage-collected, or when the event loop ends.

    Args:
        of: The object it belongs to, which is not kept alive.
        close: Closes it.
    """

    def __init__(self, of: object, close: Callable[[], Coroutine[Any, Any, None]]) -> None:
        self._generator = cast(
            "AsyncGeneratorType[None]", self._until_then(close)
        )  # collected with this object, which is collected with `of`

    async def begin(self) -> None:
        """Makes it take effect from now on."""
        await anext(self._generator)

    async def end(self) -> None:
        """Ends it, as the object has been closed already."""
        if not self._generator.ag_running:  # otherwise the event loop, which is ending, closes it already
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
