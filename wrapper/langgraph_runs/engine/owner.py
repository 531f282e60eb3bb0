"""Who a connection belongs to: to an event loop in the async client, to a process in the sync one."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    import asyncio

T = TypeVar("T")


class Process:
    """This process. A fork replaces `now` in the child, so an object that kept the old one belongs to the parent.
    Comparing identities costs less than os.getpid() at every read."""

    def __init__(self) -> None:
        self.now = object()
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=self._forked)

    def _forked(self) -> None:
        self.now = object()


process = Process()


class AsyncPerOwner(Generic[T]):
    """A value for each event loop, made when it is first asked for there.

    Args:
        make: Makes it.
    """

    def __init__(self, make: Callable[[], T]) -> None:
        self._make = make
        self._values: dict[asyncio.AbstractEventLoop, tuple[object, T]] = {}

    @staticmethod
    def current() -> object:
        """The running loop.

        Raises:
            RuntimeError: No event loop of asyncio is running.
        """
        return _running_loop()

    def get(self) -> T:
        """The value of the running loop.

        Raises:
            RuntimeError: No event loop of asyncio is running.
        """
        loop = _running_loop()
        if (found := self._values.get(loop)) is None:
            for other in list(self._values):
                if other.is_closed():
                    self._values.pop(other, None)
            found = self._values[loop] = process.now, self._make()
        return found[1]

    @staticmethod
    def call_later(seconds: float, function: Callable[[], None]) -> bool:
        """Has the running loop call a function, so many seconds from now."""
        _running_loop().call_later(seconds, function)
        return True

    def pop_all(self, let_go: Callable[[T], None]) -> None:
        """Forgets all values, each of which is let go of in its own loop, where that still runs."""
        while self._values:
            loop, (made_in, value) = self._values.popitem()
            if made_in is not process.now or loop.is_closed():
                continue  # what a loop leaves behind cannot be closed; a parent's connections are not ours to close
            if loop is _running_loop():
                let_go(value)
            else:
                with suppress(RuntimeError):  # it has ended just now
                    loop.call_soon_threadsafe(let_go, value)


class PerOwner(Generic[T]):
    """A value for each process, made when it is first asked for there: what was made before a fork is the parent's.

    Args:
        make: Makes it.
    """

    def __init__(self, make: Callable[[], T]) -> None:
        self._make = make
        self._values: dict[object, T] = {}

    @staticmethod
    def current() -> object:
        """This process."""
        return process.now

    def get(self) -> T:
        """The value of this process."""
        if (found := self._values.get(process.now)) is None:
            found = self._values.setdefault(process.now, self._make())  # another thread may have been faster
        return found

    @staticmethod
    def call_later(seconds: float, function: Callable[[], None]) -> bool:
        """Does nothing and returns False: threads have no timers, so the work is done at the next call."""
        return False

    def pop_all(self, let_go: Callable[[T], None]) -> None:
        """Forgets all values, and lets go of that of this process."""
        if (value := self._values.pop(process.now, None)) is not None:
            let_go(value)
        self._values.clear()


def _running_loop() -> asyncio.AbstractEventLoop:
    import asyncio  # here: the sync client has no need of it

    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        raise RuntimeError(
            "the async client needs a running asyncio event loop; under trio, call the sync client in a thread"
        ) from None
