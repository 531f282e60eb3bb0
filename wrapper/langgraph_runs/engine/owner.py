"""Who owns a connection: an event loop in the async client, a process in the sync client."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, AbstractContextManager, nullcontext, suppress
from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    import asyncio

T = TypeVar("T")


class Process:
    """Identifies the current process by the object `now`. A fork replaces it in the child, so an object that has kept
    the old one belongs to the parent. Comparing identities is cheaper than calling os.getpid() for every read."""

    def __init__(self) -> None:
        self.now = object()
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=self._forked)

    def _forked(self) -> None:
        self.now = object()


process = Process()


class AsyncPerOwner(Generic[T]):
    """A separate value for each event loop, made on its first use there.

    Args:
        make: Makes the value.
    """

    def __init__(self, make: Callable[[], T]) -> None:
        self._make = make
        self._values: dict[asyncio.AbstractEventLoop, tuple[object, T]] = {}

    @staticmethod
    def current() -> object:
        """The running loop.

        Raises:
            RuntimeError: No asyncio event loop is running.
        """
        return _running_loop()

    def get(self) -> T:
        """The value of the running loop.

        Raises:
            RuntimeError: No asyncio event loop is running.
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
        """Makes the running loop call a function after this many seconds. Returns True: it will be called."""
        _running_loop().call_later(seconds, function)
        return True

    @staticmethod
    def limiter(most: int) -> AbstractAsyncContextManager[Any]:
        """Limits how many tasks are in a block at the same time."""
        import asyncio

        return asyncio.Semaphore(most)

    def pop_all(self, let_go: Callable[[T], None]) -> None:
        """Removes all values, and passes each to `let_go` in its own event loop, if that loop is still open."""
        while self._values:
            loop, (made_in, value) = self._values.popitem()
            if made_in is not process.now or loop.is_closed():
                continue  # a closed loop cannot close its connections any more; those of a parent must stay open
            if loop is _running_loop():
                let_go(value)
            else:
                with suppress(RuntimeError):  # the loop was closed just now
                    loop.call_soon_threadsafe(let_go, value)


class PerOwner(Generic[T]):
    """A separate value for each process, made on its first use there. A forked child does not use the parent's.

    Args:
        make: Makes the value.
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
        """Does nothing and returns False: there is no event loop to call it, so the caller must do it later."""
        return False

    @staticmethod
    def limiter(most: int) -> AbstractContextManager[Any]:
        """Limits nothing: threads do not delay each other as the tasks of one loop do. And a signal handler that
        interrupts a thread in `threading.Semaphore` would wait for its lock forever."""
        return nullcontext()

    def pop_all(self, let_go: Callable[[T], None]) -> None:
        """Removes all values, and passes the one of this process to `let_go`."""
        if (value := self._values.pop(process.now, None)) is not None:
            let_go(value)
        self._values.clear()


def is_exiting() -> bool:
    """Whether the interpreter exits. Only daemon threads are left then, which end without a word unless they are woken:
    the socket that one of them reads is left to the system."""
    return not threading.main_thread().is_alive()


def _running_loop() -> asyncio.AbstractEventLoop:
    import asyncio  # imported here: the sync client does not need it

    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        raise RuntimeError(
            "the async client needs a running asyncio event loop; under trio, call the sync client in a thread"
        ) from None
