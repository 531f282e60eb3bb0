"""Time limits for tasks and threads: the deadline of a call, and how long a read may get no data.

asyncio is imported where it is used: the sync client does not need it.
"""

from __future__ import annotations

import socket
from collections.abc import Generator
from contextlib import (
    AbstractAsyncContextManager,
    AbstractContextManager,
    contextmanager,
    nullcontext,
    suppress,
)
from copy import copy
from threading import Lock, get_ident
from time import monotonic
from types import TracebackType
from typing import Any, Self

from langgraph_runs.engine.owner import AsyncPerOwner, is_exiting
from langgraph_runs.observation import ObservedCall
from langgraph_runs.watchdog import Alarm

_TIME_TO_LEAVE = 10.0  # seconds; a read whose socket was shut down ends at once

FREE = nullcontext()
"""A context without a limit. It costs less than a generator."""


class DeadlineExceededError(Exception):
    """The time that the caller gave has passed.

    Attributes:
        failure: The last error of a request before that; None if there was none.
        run_may_exist: Whether a request before that may have started a run.
    """

    failure: Any = None
    run_may_exist = False


class IdleTimeoutError(Exception):
    """Nothing came in time."""


class _Deadline:
    """The end of the caller's time: a number of seconds from now, or never.

    Args:
        seconds: The number; None for never.
        observed: What observes the call; None for nothing.

    Attributes:
        seconds, observed: The same.
        ends_at: When, in seconds of `time.monotonic`; None for never.
        response: What is being read until then, if anything.
    """

    def __init__(self, seconds: float | None = None, observed: ObservedCall | None = None) -> None:
        self.observed = observed
        self.begin(seconds)

    def begin(self, seconds: float | None) -> None:
        """Begins anew, with this number of seconds from now."""
        self.seconds = seconds
        self.response: Any = None
        self.ends_at = None if seconds is None else monotonic() + seconds

    def left(self, most: float | None = None) -> float | None:
        """How many seconds are left, but at most `most`; None for no limit.

        Raises:
            DeadlineExceededError: None are left.
        """
        if self.ends_at is None:
            return most
        left = self.ends_at - monotonic()
        if left <= 0:
            raise DeadlineExceededError
        return left if most is None else min(left, most)

    def within(self, seconds: float | None) -> Self:
        """The earlier one of this deadline and a number of seconds from now."""
        if seconds is None:
            return self
        other = type(self)(seconds)
        is_earlier = self.ends_at is not None and other.ends_at is not None and self.ends_at < other.ends_at
        return self if is_earlier else other

    def observed_by(self, observed: ObservedCall) -> Self:
        """The same deadline for one of several calls."""
        other = copy(self)
        other.observed = observed
        return other

    @property
    def has_passed(self) -> bool:
        """Whether it has passed."""
        return self.ends_at is not None and self.ends_at <= monotonic()


class Deadline(_Deadline):
    """A deadline for threads. The engine checks it at every step. A caller's own `http_client` only has its timeouts,
    which do not end headers that come byte by byte, and an `IdleTimeout` for each read of the body."""

    def limit(self) -> AbstractContextManager[None]:
        """Does nothing: the code in this block checks the deadline by itself."""
        return FREE

    def expire(self) -> None:
        """Makes it pass now: another thread's read of the response ends, and it sends nothing more."""
        self.ends_at = float("-inf")
        if self.response is not None:
            self.response.close()


class AsyncDeadline(_Deadline):
    """A deadline for tasks: asyncio ends what is awaited."""

    def limit(self) -> AbstractAsyncContextManager[None]:
        """Cancels this block and raises DeadlineExceededError when the time is up."""
        AsyncPerOwner.current()  # raises if asyncio does not run, and says so better than httpx 0.27
        return FREE if self.ends_at is None else AsyncTimeLimit(self.left(), DeadlineExceededError)


class AsyncTimeLimit:
    """Cancels its block after some time. It is not a generator, as none can start while an event loop closes.

    Args:
        seconds: How many; None for no limit.
        error: What to raise then.
    """

    def __init__(self, seconds: float | None, error: type[Exception]) -> None:
        self._seconds = seconds
        self._error = error

    async def __aenter__(self) -> None:
        import asyncio

        AsyncPerOwner.current()  # raises if asyncio does not run, and says so better
        self._clock = asyncio.timeout(self._seconds)
        await self._clock.__aenter__()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        try:
            await self._clock.__aexit__(kind, error, traceback)
        except TimeoutError as timeout:
            if self._clock.expired():
                raise self._error from timeout
            raise


class AsyncIdleTimeout:
    """Ends a read from httpx's own async transport, whose read timeout is fixed when the request is sent. (Only the
    sync variant uses the argument.)"""

    def __init__(self, network_stream: Any) -> None: ...

    def limit(self, seconds: float | None) -> AbstractAsyncContextManager[None]:
        """Cancels this block and raises IdleTimeoutError after this many seconds; never for None."""
        return AsyncTimeLimit(seconds, IdleTimeoutError)

    def shut_down(self) -> None:
        """Does nothing: closing the response ends the read of another task."""


class IdleTimeout:
    """Ends a read from httpx's own sync transport: the watchdog shuts down the socket that a thread is reading.

    Args:
        network_stream: httpx's response extension of this name.
    """

    def __init__(self, network_stream: Any) -> None:
        found = network_stream.get_extra_info("socket") if network_stream is not None else None
        self._socket = found if isinstance(found, socket.socket) else None
        self._has_gone_off = False
        self._reader: int | None = None  # the thread that reads now
        self._reading = Lock()  # held while it does

    @contextmanager
    def limit(self, seconds: float | None) -> Generator[None]:
        """Ends the read in this block and raises IdleTimeoutError after this many seconds; never for None, nor if the
        transport has no socket."""
        self._reader = get_ident()  # first: a signal handler may call `shut_down` when the lock is taken
        with self._reading:
            if seconds is None or self._socket is None:
                yield
                return
            alarm = Alarm(monotonic() + seconds, self._go_off)
            try:
                yield
            finally:
                alarm.cancel()
                if self._has_gone_off:
                    raise IdleTimeoutError

    def shut_down(self) -> None:
        """Ends the read of another thread, which closing the socket alone would not, and waits until that thread has
        left the socket: if its descriptor were closed before, the system could give the number to the next connection,
        whose bytes that read would take."""
        if self._socket is None or is_exiting():
            return
        shut_down(self._socket)
        if self._reader != get_ident() and self._reading.acquire(timeout=_TIME_TO_LEAVE):
            self._reading.release()

    def _go_off(self) -> None:
        self._has_gone_off = True
        if self._socket is not None:
            shut_down(self._socket)


def shut_down(connected: socket.socket) -> None:
    """Lets a read that is under way come to an end."""
    with suppress(OSError):
        # Not SSLSocket.shutdown, which would take the TLS session away from the read.
        socket.socket.shutdown(connected, socket.SHUT_RDWR)
