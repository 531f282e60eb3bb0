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
from threading import Lock, Timer
from time import monotonic
from types import TracebackType
from typing import Any

FREE = nullcontext()
"""A context without a limit. It costs less than a generator."""


class DeadlineExceededError(Exception):
    """The time that the caller gave has passed."""


class IdleTimeoutError(Exception):
    """Nothing came in time."""


class _Deadline:
    """The end of the caller's time: a number of seconds from now, or never.

    Args:
        seconds: The number; None for never.

    Attributes:
        seconds: The same.
        ends_at: When, in seconds of `time.monotonic`; None for never.
    """

    def __init__(self, seconds: float | None = None) -> None:
        self.seconds = seconds
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


class Deadline(_Deadline):
    """A deadline for threads. The engine checks it at every step. A caller's own `http_client` only has its timeouts,
    which do not end headers that come byte by byte, and an `IdleTimeout` for each read of the body."""

    def limit(self) -> AbstractContextManager[None]:
        """Does nothing: the code in this block checks the deadline by itself."""
        return FREE


class AsyncDeadline(_Deadline):
    """A deadline for tasks: asyncio ends what is awaited."""

    def limit(self) -> AbstractAsyncContextManager[None]:
        """Cancels this block and raises DeadlineExceededError when the time is up."""
        return FREE if self.ends_at is None else _AsyncTimeLimit(self.left(), DeadlineExceededError)


class _AsyncTimeLimit:
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
        return _AsyncTimeLimit(seconds, IdleTimeoutError)

    def end(self) -> None:
        """Does nothing: each block has ended its own timer."""


class IdleTimeout:
    """Ends a read from httpx's own sync transport: a timer shuts down the socket that a thread is reading.

    Args:
        network_stream: httpx's response extension of this name.
    """

    def __init__(self, network_stream: Any) -> None:
        found = network_stream.get_extra_info("socket") if network_stream is not None else None
        self._socket = found if isinstance(found, socket.socket) else None
        self._due: float | None = None
        self._timer: Timer | None = None
        self._wakes_at = 0.0
        self._has_fired = False
        self._lock = Lock()  # guards `_due` and `_timer`

    @contextmanager
    def limit(self, seconds: float | None) -> Generator[None]:
        """Ends the read in this block and raises IdleTimeoutError after this many seconds; never for None, nor if the
        transport has no socket."""
        if seconds is None or self._socket is None:
            yield
            return
        with self._lock:
            self._due = monotonic() + seconds
            if self._timer is None or self._wakes_at > self._due or not self._timer.is_alive():
                self._start(seconds)
        try:
            yield
        finally:
            self._due = None
            if self._has_fired:
                raise IdleTimeoutError

    def end(self) -> None:
        """Ends the timer, whose thread would otherwise wait for a deadline that may be hours away. It takes no lock, as
        a signal handler may call this between any two instructions of `limit`."""
        if (timer := self._timer) is not None:
            timer.cancel()

    def _start(self, seconds: float) -> None:
        """Starts the timer. One timer serves many reads: if it goes off too early, it is started again."""
        if self._timer is not None:
            self._timer.cancel()
        self._wakes_at = monotonic() + seconds
        self._timer = Timer(seconds, self._go_off)
        self._timer.daemon = True
        try:
            self._timer.start()
        except RuntimeError:  # no thread can start while the interpreter exits; httpx's own timeout remains
            self._timer = None

    def _go_off(self) -> None:
        with self._lock:
            due, self._timer = self._due, None
            if due is None or self._socket is None:
                return
            if (left := due - monotonic()) > 0:
                self._start(left)
                return
            self._has_fired = True
        with suppress(OSError):
            # Not SSLSocket.shutdown, which would take the TLS session away from the read.
            socket.socket.shutdown(self._socket, socket.SHUT_RDWR)
