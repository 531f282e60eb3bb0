"""Limits how long the head of a response may take over httpx's own transports, for tasks and for threads."""

from __future__ import annotations

import socket
import weakref
from collections.abc import Callable, Generator, MutableMapping
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from time import monotonic, sleep
from typing import Any

from langgraph_runs.deadline import FREE, shut_down
from langgraph_runs.engine.request import DEADLINE, UNTRACED
from langgraph_runs.watchdog import Alarm

_AGAIN = 0.05  # seconds


class AsyncHeadLimit:
    """Does nothing: asyncio ends what is awaited."""

    def __init__(self, *, owns_pool: bool) -> None: ...

    def limit(self, extensions: MutableMapping[str, Any]) -> AbstractContextManager[None]:
        """Does nothing."""
        return FREE

    def came(self, response: Any) -> None:
        """Does nothing."""


class HeadLimit:
    """Shuts down the socket of a thread that waits for the head of a response, when the deadline of its request has
    passed. A timeout of httpx would not: it is about each read, and a server may send byte by byte.

    httpx's extension `trace` shows the socket of a new connection. Nothing shows which idle connection is used again.
    In a pool of our own, it is one of those that are idle otherwise. They are all shut down, unless a request that is
    not late may be on one of them: then it is tried again a little later. A caller's client may send their own requests
    on them, so it only has the timeouts of httpx then.

    Args:
        owns_pool: Whether only requests that pass here use the connections.
    """

    def __init__(self, *, owns_pool: bool) -> None:
        self._owns_pool = owns_pool
        self._waiting: dict[_Head, None] = {}
        self._is_ending_idle = False
        self._responses: weakref.WeakKeyDictionary[socket.socket, weakref.ref[Any]] = (
            weakref.WeakKeyDictionary()
        )

    @contextmanager
    def limit(self, extensions: MutableMapping[str, Any]) -> Generator[None]:
        """Ends the wait in this block at the deadline in the extensions of its request, if there is one."""
        head = _Head(extensions.get(DEADLINE), extensions.get("trace"))
        self._waiting[head] = None
        while self._is_ending_idle:  # it may not have seen this head
            sleep(0)
        extensions["trace"] = head.trace
        if head.traced is None:
            extensions[UNTRACED] = True  # a caller's client may send by the engine
        try:
            if head.due is not None:
                self._watch(head, head.due)
            yield
        finally:
            self._waiting.pop(head, None)
            head.has_come = True
            if head.alarm is not None:
                head.alarm.cancel()
            extensions.pop("trace", None)
            extensions.pop(UNTRACED, None)
            if head.traced is not None:
                extensions["trace"] = head.traced

    def came(self, response: Any) -> None:
        """Takes a response whose head has come."""
        if not self._owns_pool:
            return
        stream = response.extensions.get("network_stream")
        found = stream.get_extra_info("socket") if stream is not None else None
        if isinstance(found, socket.socket):
            self._responses[found] = weakref.ref(response)

    def _watch(self, head: _Head, due: float) -> None:
        head.alarm = Alarm(due, partial(self._go_off, head))

    def _go_off(self, head: _Head) -> None:
        if head.has_come:  # and its alarm could not be cancelled
            return
        if head.socket is not None:
            shut_down(head.socket)
        elif self._owns_pool:
            self._end_idle()
        if not head.has_come:
            self._watch(head, monotonic() + _AGAIN)  # a connection may have been made just now

    def _end_idle(self) -> None:
        self._is_ending_idle = True
        try:
            now = monotonic()
            if all(head.socket is not None or head.is_late(now) for head in list(self._waiting)):
                for reference in self._responses.keyrefs():
                    if (idle := reference()) is not None and self._is_idle(idle):
                        shut_down(idle)
        finally:
            self._is_ending_idle = False

    def _is_idle(self, connected: socket.socket) -> bool:
        response = self._responses.get(connected)
        last = response() if response is not None else None
        return last is None or last.is_closed


class _Head:
    """The head that a thread waits for.

    Args:
        due: The deadline, in seconds of `time.monotonic`; None for none.
        traced: The caller's own `trace`.

    Attributes:
        due: The same.
        traced: The same.
        socket: The socket of its connection; None for one that was made before, or that other requests share.
        alarm: Goes off at the deadline.
        has_come: Whether the wait is over.
    """

    def __init__(self, due: float | None, traced: Callable[[str, Any], object] | None) -> None:
        self.due = due
        self.traced = traced
        self.socket: socket.socket | None = None
        self.alarm: Alarm | None = None
        self.has_come = False

    def is_late(self, now: float) -> bool:
        """Whether its deadline has passed."""
        return self.due is not None and self.due <= now

    def trace(self, event: str, info: Any) -> None:
        """Takes the events of httpx's transport."""
        if event.endswith(("connect_tcp.complete", "start_tls.complete", "connect_unix_socket.complete")):
            found = info["return_value"].get_extra_info("socket")
            self.socket = found if isinstance(found, socket.socket) else None
        elif event.startswith(("http2.", "http11.response_closed")):
            # Other requests are on this connection, or may be from now on: an `auth` of the client's sends again.
            self.socket = None
        if self.traced is not None:
            self.traced(event, info)
