"""Limits how many calls are in flight at once, for tasks and for threads.

asyncio is imported where it is used: the sync client does not need it.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from itertools import chain
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING

from langgraph_runs.deadline import AsyncDeadline, Deadline
from langgraph_runs.engine.owner import AsyncPerOwner, PerOwner

if TYPE_CHECKING:
    import asyncio


class AsyncLimiter:
    """Limits how many calls are in flight in each event loop.

    Args:
        most: How many; None for no limit.

    Attributes:
        most: The same.
        is_entered: Whether the caller has a slot, so that what works for it needs none. Another task always needs one.

    Example:
        slot = limiter.slot()
        try:
            await slot.take(deadline)
            ...
        finally:
            slot.give_back()
    """

    is_entered = False

    def __init__(self, most: int | None) -> None:
        import asyncio

        self.most = most
        self._semaphore = AsyncPerOwner(lambda: asyncio.Semaphore(most)) if most is not None else None

    def slot(self) -> AsyncSlot:
        """A slot, to be taken."""
        return AsyncSlot(None if self._semaphore is None else self._semaphore.get())


class AsyncSlot:
    """A slot of a limiter, or of no limit."""

    def __init__(self, semaphore: asyncio.Semaphore | None) -> None:
        self._semaphore = semaphore
        self._is_taken = False

    async def take(self, deadline: AsyncDeadline) -> None:
        """Waits until it is free, and takes it; DeadlineExceededError if it does not become free in time."""
        if self._semaphore is not None:
            async with deadline.limit():
                await self._semaphore.acquire()
            self._is_taken = True

    def give_back(self) -> None:
        """Makes it free, if it was taken."""
        if self._is_taken and self._semaphore is not None:
            self._semaphore.release()


class Limiter:
    """Limits how many calls are in flight in each process; None for no limit.

    A thread that has a slot needs no other one: a callback, such as `on_run_created`, or a signal handler may call the
    client while the method that it interrupts waits.
    """

    def __init__(self, most: int | None) -> None:
        self.most = most
        self._free = PerOwner(lambda: _full_queue(most)) if most is not None else None
        self._thread = _SlotsOfThread()

    @property
    def is_entered(self) -> bool:
        """Whether this thread has a slot."""
        return any(self._thread.taken.values())

    def slot(self) -> Slot:
        """A slot, to be taken."""
        is_limited = self._free is not None and not self.is_entered
        return Slot(self._free.get() if self._free and is_limited else None, self._thread.taken)


class _SlotsOfThread(threading.local):
    """What the slots of the current thread have taken, by the id of the list."""

    def __init__(self) -> None:
        self.taken: dict[int, list[None]] = {}


class Slot:
    """The same for threads.

    A signal handler may call the client between any two instructions of the method that it interrupts, and may raise an
    exception there. So there is no lock that it would wait for forever, as there is in `threading.Semaphore`. And what
    is taken is always either free or known to be taken by this thread: a single call of built-in code moves it.

    Attributes:
        give_back: Makes the slot free, if it was taken.
    """

    def __init__(self, free: SimpleQueue[None] | None, of_thread: dict[int, list[None]]) -> None:
        self._free = free
        self._mine = mine = list[None]()
        self.give_back: Callable[[], object] = int
        if free is not None:
            of_thread[id(mine)] = mine
            steps = chain(map(free.put, mine), map(of_thread.pop, (id(mine),)))
            self.give_back = partial(deque, steps, 0)

    def take(self, deadline: Deadline) -> None:
        """Waits until it is free, and takes it; DeadlineExceededError if it does not become free in time."""
        while self._free is not None and not self._mine:
            with suppress(Empty):
                self._mine.extend(map(self._free.get, (True,), (deadline.left(),)))


def _full_queue(slots: int) -> SimpleQueue[None]:
    queue = SimpleQueue[None]()
    for _ in range(slots):
        queue.put(None)
    return queue
