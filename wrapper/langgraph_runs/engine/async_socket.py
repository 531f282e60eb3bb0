"""A TCP or TLS connection that belongs to one event loop. The sync counterpart is `sync_socket`.

Every failure is an OSError; a timeout is a TimeoutError, which is one too. A read that is cancelled or times out loses
nothing: bytes that come later stay in a buffer. asyncio is imported where it is used: the sync client does not need it.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Self, cast

from langgraph_runs.engine.address import Address, is_ip, is_readable
from langgraph_runs.engine.owner import process

if TYPE_CHECKING:
    import asyncio

_MAX_RECEIVED = 262144  # bytes that may wait for a reader before the peer has to wait

_BROKEN = "the TLS connection was cut: no close_notify was received"

_HAPPY_EYEBALLS_DELAY = 0.25  # seconds, as https://www.rfc-editor.org/rfc/rfc8305#section-5 recommends


class AsyncSocket:
    """A connection of one event loop. It has the methods of `asyncio.Protocol`, but does not inherit from it, because
    the sync client does without asyncio."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._process = process.now
        self._transport: asyncio.Transport | None = None
        self._received: list[bytes] = []
        self._size = 0  # the number of bytes in `_received`
        self._is_paused = False  # whether the peer has to wait, because too much was received
        self._is_over = False
        self._has_ended = False  # whether the peer ended it, rather than the connection being cut
        self._error: Exception | None = None
        self._reader: asyncio.Future[None] | None = None
        self._writer: asyncio.Future[None] | None = None
        self._is_late = False  # whether the reader's timeout has passed
        self._is_full = False  # whether asyncio still has too many bytes to send
        self._due = 0.0  # when the reader's timeout passes
        self._alarm: asyncio.TimerHandle | None = None

    @classmethod
    async def connect(cls, address: Address, timeout: float | None) -> Self:
        """A connection to this address, after its TLS handshake."""
        import asyncio

        loop = asyncio.get_running_loop()
        more: dict[str, Any] = {}
        # uvloop does not take the option: it tries one address after another.
        has_happy_eyeballs = isinstance(loop, asyncio.BaseEventLoop)
        if has_happy_eyeballs and not is_ip(address.host):
            more["happy_eyeballs_delay"] = _HAPPY_EYEBALLS_DELAY
        async with asyncio.timeout(timeout):
            _, protocol = await loop.create_connection(
                cast("Callable[[], asyncio.Protocol]", lambda: cls(loop)),
                address.host,
                address.port,
                ssl=address.ssl_context,
                server_hostname=address.server_hostname,
                **more,
            )
        return cast(Self, protocol)

    def has_input(self) -> bool:
        """Whether anything has come that has not been read: bytes, or the end of the connection."""
        return self._size > 0 or self._is_over or self._transport is None or self._transport.is_closing()

    def is_usable(self) -> bool:
        """Whether a request may be sent after some idle time: the peer has not closed the connection. This asks the
        system, because the event loop may not have run since the peer did."""
        return not self.has_input() and not is_readable(self.get_extra_info("socket"))

    async def read(self, timeout: float | None) -> bytes:
        """The next bytes; b"" at the end of the connection.

        Args:
            timeout: How many seconds to wait for them; None for no limit.
        """
        if not self._size and not self._is_over:
            if self._reader is not None:
                raise RuntimeError("another task is reading from this connection")
            if timeout is not None or self._alarm is not None:
                self._set_due(timeout)
            self._is_late = False
            self._reader = self._loop.create_future()
            try:
                await self._reader
            finally:
                self._reader = None
        if not self._size:
            if self._error is not None:
                raise self._error
            if self._is_late and not self._is_over:
                raise TimeoutError("no data came in time")
            return b""
        received = self._received
        data = received[0] if len(received) == 1 else b"".join(received)
        received.clear()
        self._size = 0
        if self._is_paused and self._transport is not None:
            self._is_paused = False
            self._transport.resume_reading()
        return data

    async def write(self, data: bytes | memoryview, timeout: float | None) -> bool:
        """Sends bytes, and waits while the peer accepts none. Returns False if the peer answers before it has all.

        Args:
            data: The bytes.
            timeout: How many seconds the peer may accept none; None for no limit.
        """
        if self._is_over or self._transport is None or self._transport.is_closing():
            raise self._error or BrokenPipeError("the connection was closed by the peer")
        self._transport.write(data)
        if self._is_full:
            import asyncio

            async with asyncio.timeout(timeout):
                while self._is_full and not self.has_input():
                    self._writer = self._loop.create_future()
                    await self._writer
        return not self._is_full

    def get_extra_info(self, info: str) -> Any:
        """asyncio's information about the connection: "socket", "ssl_object" or "peername", for example."""
        return self._transport.get_extra_info(info) if self._transport is not None else None

    def close(self) -> None:
        """Closes the connection without waiting for the peer. A read that is under way raises an OSError."""
        if not self._is_over:
            self._is_over, self._error = True, ConnectionAbortedError("the connection was closed")
            self._wake()
        if self._alarm is not None:
            self._alarm.cancel()
            self._alarm = None
        transport, self._transport = self._transport, None
        if transport is not None and self._process is process.now:
            # `abort` alone would close the socket only in the next iteration of the loop.
            _shut_down(transport.get_extra_info("socket"))
            transport.abort()

    def _set_due(self, timeout: float | None) -> None:
        """Sets how long the reader may wait from now on."""
        if timeout is None:
            self._due = float("inf")
            return
        self._due = self._loop.time() + timeout
        if self._alarm is None or self._alarm.when() > self._due:
            self._set_alarm()

    def _set_alarm(self) -> None:
        """Sets the timer, which serves many reads: going off too early costs less than a new timer for each read."""
        if self._alarm is not None:
            self._alarm.cancel()
        self._alarm = self._loop.call_at(self._due, self._ring)

    def _ring(self) -> None:
        self._alarm = None
        if self._reader is None or self._reader.done() or self._due == float("inf"):
            return
        if self._loop.time() < self._due:
            self._set_alarm()
        else:
            self._is_late = True
            self._reader.set_result(None)

    def _wake(self) -> None:
        for waiter in (self._reader, self._writer):
            if waiter is not None and not waiter.done():
                waiter.set_result(None)

    # The callbacks of asyncio.Protocol

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        self._received.append(data)
        self._size += len(data)
        if self._size > _MAX_RECEIVED and not self._is_paused and self._transport is not None:
            self._is_paused = True
            self._transport.pause_reading()
        if self._reader is not None and self._writer is None:  # nearly always so; this saves a call
            if not self._reader.done():
                self._reader.set_result(None)
        else:
            self._wake()

    def eof_received(self) -> None:
        """The peer sends no more. asyncio closes the connection a little later."""
        self._has_ended = _has_announced_its_end(self.get_extra_info("ssl_object"))
        if not self._has_ended:
            self._error = ssl.SSLError(_BROKEN)
        self._is_over = True
        self._wake()

    def connection_lost(self, error: Exception | None) -> None:
        # uvloop does not call `eof_received` if a TLS connection ends without close_notify.
        if error is None and not self._has_ended and not self._is_over and self.get_extra_info("ssl_object"):
            error = ssl.SSLError(_BROKEN)
        self._error, self._is_over = self._error or error, True
        self._transport = None
        self._wake()

    def pause_writing(self) -> None:
        self._is_full = True

    def resume_writing(self) -> None:
        self._is_full = False
        self._wake()


def _has_announced_its_end(ssl_object: ssl.SSLObject | None) -> bool:
    """Whether the peer has sent close_notify before the end of the TCP connection; always true without TLS."""
    try:
        return ssl_object is None or not ssl_object.read(1)
    except ssl.SSLError:  # the TLS session is still waiting for data
        return False


def _shut_down(connected: Any) -> None:
    with suppress(OSError):
        try:
            connected.shutdown(socket.SHUT_RDWR)
        except TypeError:  # uvloop wraps the socket, and the wrapper has no shutdown
            with socket.fromfd(connected.fileno(), connected.family, connected.type) as same:
                same.shutdown(socket.SHUT_RDWR)
