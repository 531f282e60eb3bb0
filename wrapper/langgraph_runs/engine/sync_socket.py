"""A TCP or TLS connection that belongs to one process. The async counterpart is `async_socket`.

Every failure is an OSError; a timeout is a TimeoutError, which is one too. A read that times out loses nothing: bytes
that come later stay in a buffer of the system.
"""

from __future__ import annotations

import selectors
import socket
import ssl
import threading
from contextlib import suppress
from time import monotonic
from typing import Any, Self

from langgraph_runs.engine.address import Address, is_readable
from langgraph_runs.engine.owner import is_exiting, process

_MAX_READ = 65536

_OTHER_PROCESS = "this connection belongs to the process that opened it"


class Socket:
    """A connection of one process, for one thread at a time; any thread may close it."""

    def __init__(self, connected: socket.socket) -> None:
        self._socket = connected
        self._process = process.now
        self._timeout = connected.gettimeout()
        self._received: bytes | None = None  # read by `has_input`, and not returned by `read` yet
        self._error: OSError | None = None
        self._is_closed = False
        # Held while the socket is used: if its descriptor were closed during a read, the system could give the number
        # to another connection at once. `close` does not wait for the lock.
        self._in_use = threading.Lock()

    @classmethod
    def connect(cls, address: Address, timeout: float | None) -> Self:
        """A connection to this address, after its TLS handshake. The timeout does not apply to looking up the name,
        as the system has no call that takes one."""
        due = None if timeout is None else monotonic() + timeout
        failed = OSError(f"no address was found for {address.host}")
        places = socket.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM)
        for number, (family, kind, _, _, place) in enumerate(places):
            connected = socket.socket(family, kind)
            try:
                left = _left(due)  # shared equally: the first address may be one that does not answer
                connected.settimeout(None if left is None else left / (len(places) - number))
                connected.connect(place)
                connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                return cls(_secured(connected, address, due))
            except BaseException as error:
                connected.close()
                if not isinstance(error, OSError) or isinstance(error, ssl.SSLError):
                    raise
                failed = error
        raise failed

    def has_input(self) -> bool:
        """Whether anything has come that has not been read: bytes, or the end of the connection."""
        try:
            self._acquire(0.0)
        except ConnectionAbortedError:
            return True
        try:
            return self._has_input()
        finally:
            self._release()

    def is_usable(self) -> bool:
        """Whether a request may be sent after some idle time: the peer has not closed the connection."""
        if not self._in_use.acquire(blocking=False):
            return False
        try:
            return not self._is_closed and self._received is None and not is_readable(self._socket)
        finally:
            self._release()

    def read(self, timeout: float | None) -> bytes:
        """The next bytes; b"" at the end of the connection.

        Args:
            timeout: How many seconds to wait for them; None for no limit.
        """
        if self._is_closed or self._received is not None or self._error is not None:
            return self._without_reading()
        if self._process is not process.now:
            raise RuntimeError(_OTHER_PROCESS)
        try:
            with self._in_use:  # instead of `_acquire`: a token costs a tenth less
                if timeout != self._timeout:
                    self._set_timeout(timeout)
                data = self._socket.recv(_MAX_READ)
        except (BlockingIOError, ssl.SSLWantReadError) as error:
            raise TimeoutError("no data came in time") from error
        finally:
            if self._is_closed:
                self._close_when_idle()
        return data if data or not self._is_closed else self._without_reading()

    def write(self, data: bytes | memoryview, timeout: float | None) -> bool:
        """Sends bytes, and waits while the peer accepts none. Returns False if the peer answers before it has all.

        Args:
            data: The bytes.
            timeout: How many seconds the peer may accept none; None for no limit.
        """
        self._acquire(0.0)
        try:
            view = memoryview(data)
            while view:
                try:
                    view = view[self._socket.send(view) :]
                except (BlockingIOError, ssl.SSLWantWriteError):
                    if not self._wait_to_send(timeout):
                        return False
            return True
        finally:
            self._release()

    def get_extra_info(self, info: str) -> Any:
        """The socket for "socket", and for "ssl_object" if it uses TLS; None for anything else."""
        if info == "ssl_object":
            return self._socket if isinstance(self._socket, ssl.SSLSocket) else None
        return self._socket if info == "socket" else None

    def close(self) -> None:
        """Closes the connection without waiting for the peer. A read that is under way raises an OSError."""
        self._is_closed = True
        # A forked child would end the connection of its parent.
        if self._process is process.now and not (self._in_use.locked() and is_exiting()):
            with suppress(OSError):
                # Not SSLSocket.shutdown, which would take the TLS session away from a read that is under way.
                socket.socket.shutdown(self._socket, socket.SHUT_RDWR)
        self._close_when_idle()

    def _without_reading(self) -> bytes:
        """The result of `read` if that is known already: bytes that have come, or an error."""
        if self._is_closed:
            raise ConnectionAbortedError("the connection was closed")
        if self._error is not None:
            raise self._error
        data, self._received = self._received, None
        return data or b""

    def _has_input(self) -> bool:
        if self._received is None and self._error is None:
            try:
                self._received = self._socket.recv(_MAX_READ)
            except (BlockingIOError, ssl.SSLWantReadError):
                return False
            except OSError as error:
                self._error = error
        return True

    def _wait_to_send(self, timeout: float | None) -> bool:
        """Waits until more can be sent. Returns False if the peer answers first."""
        due = None if timeout is None else monotonic() + timeout
        with selectors.DefaultSelector() as selector:
            selector.register(self._socket, selectors.EVENT_READ | selectors.EVENT_WRITE)
            while ready := selector.select(_left(due)):
                if self._has_input():
                    return False
                if ready[0][1] & selectors.EVENT_WRITE:
                    return True
        raise TimeoutError("nothing could be sent in time")

    def _acquire(self, timeout: float | None) -> None:
        if self._process is not process.now:
            raise RuntimeError(_OTHER_PROCESS)
        self._in_use.acquire()
        if self._is_closed:
            self._release()
            raise ConnectionAbortedError("the connection was closed")
        self._set_timeout(timeout)

    def _release(self) -> None:
        self._in_use.release()
        if self._is_closed:
            self._close_when_idle()

    def _set_timeout(self, timeout: float | None) -> None:
        if timeout != self._timeout:
            self._socket.settimeout(timeout)
            self._timeout = timeout

    def _close_when_idle(self) -> None:
        if self._in_use.acquire(blocking=False):  # otherwise the thread that uses the socket closes it
            try:
                self._socket.close()
            finally:
                self._in_use.release()


def _secured(connected: socket.socket, address: Address, due: float | None) -> socket.socket:
    """The connection, with TLS if the address has a context. An end without close_notify is an error with TLS."""
    connected.settimeout(_left(due))
    if address.ssl_context is None:
        return connected
    return address.ssl_context.wrap_socket(
        connected, server_hostname=address.server_hostname, suppress_ragged_eofs=False
    )


def _left(due: float | None) -> float | None:
    if due is None:
        return None
    if (left := due - monotonic()) <= 0:
        raise TimeoutError("timed out")
    return left
