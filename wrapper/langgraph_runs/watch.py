"""Gives up a read that hears nothing for too long: a clock for each colour.

httpx fixes the time that a read may take when the request is sent, and whether a server sends heartbeats, and how
often, is known only later. asyncio can end a read from without; for the synchronous half one thread looks after all
connections, and shuts down the socket of one that has been silent too long.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Generator
from contextlib import AbstractAsyncContextManager, contextmanager, suppress
from time import monotonic
from typing import Any
from weakref import WeakSet

from langgraph_runs.colours import AsyncLimit


class SilentError(Exception):
    """Nothing came in time."""


class AsyncWatch:
    """Looks after one connection of an asynchronous client. (`network_stream` is what httpx has of it.)"""

    def __init__(self, network_stream: Any) -> None: ...

    def limit(self, seconds: float | None) -> AbstractAsyncContextManager[None]:
        """Ends what is awaited in this block after so many seconds, by a SilentError; never for None."""
        return AsyncLimit(seconds, SilentError)


class Watch:
    """Looks after one connection of a synchronous client. (`network_stream` is what httpx has of it.)"""

    def __init__(self, network_stream: Any) -> None:
        found = network_stream.get_extra_info("socket") if network_stream is not None else None
        self._socket = found if isinstance(found, socket.socket) else None
        self._has_fired = False
        self.due: float | None = None

    @contextmanager
    def limit(self, seconds: float | None) -> Generator[None]:
        """Ends the read in this block after so many seconds, by a SilentError; never for None, nor where there is no
        socket to be had, as with a transport that is none of httpx's own."""
        if seconds is None or self._socket is None:
            yield
            return
        self.due = monotonic() + seconds
        _watchman.look_after(self)
        try:
            yield
        finally:
            self.due = None
            if self._has_fired:
                raise SilentError

    def fire(self) -> None:
        """The time is over: whoever reads sees the end of the connection."""
        self._has_fired = True
        if self._socket is not None:
            with suppress(
                OSError
            ):  # of the base class: an SSLSocket's own would pull the session from under a read
                socket.socket.shutdown(self._socket, socket.SHUT_RDWR)


class _Watchman:
    """One thread for the connections of all clients, begun when the first is to be looked after."""

    def __init__(self) -> None:
        self._watches: WeakSet[Watch] = WeakSet()
        self._changed = threading.Condition()
        self._wakes_at = 0.0
        self._thread: threading.Thread | None = None

    def look_after(self, watch: Watch) -> None:
        due = watch.due
        if due is not None and watch in self._watches and due >= self._wakes_at and self._is_alive():
            return  # it will be looked at in time: the usual case, without a lock
        with self._changed:
            self._watches.add(watch)
            if not self._is_alive():  # not begun, or left behind by a fork
                self._thread = threading.Thread(target=self._run, name="langgraph-runs-watch", daemon=True)
                self._thread.start()
            self._changed.notify()

    def _is_alive(self) -> bool:
        return self._thread is not None and self._thread.is_alive()

    def _run(self) -> None:
        with self._changed:
            while True:
                self._wakes_at = float(
                    "inf"
                )  # whoever is due from here on asks for the lock, and is not overlooked
                waiting = [(watch, due) for watch in self._watches if (due := watch.due) is not None]
                now = monotonic()  # read once: what falls due from here on is pending
                for watch, due in waiting:
                    if due <= now:
                        watch.due = None
                        watch.fire()
                pending = [due for _, due in waiting if due > now]
                self._wakes_at = min(pending, default=float("inf"))
                del waiting
                self._changed.wait(None if not pending else max(0.0, self._wakes_at - monotonic()))


_watchman = _Watchman()
