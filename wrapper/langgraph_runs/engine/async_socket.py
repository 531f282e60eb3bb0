"""The bytes of a connection of an event loop: an `asyncio.Protocol`. The sync counterpart is `sync_socket`.

What goes wrong is an OSError, a timeout included (TimeoutError is one). A read that is cancelled or times out loses
nothing: what comes meanwhile stays in a buffer. asyncio is imported where it is used: the sync client does not need it.
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

_MAX_RECEIVED = 262144  # bytes that may wait for a reader, before the peer is made to wait

_BROKEN = "the TLS connection was cut: no close_notify was received"

_HAPPY_EYEBALLS_DELAY = 0.25  # seconds, as https://www.rfc-editor.org/rfc/rfc8305#section-5 recommends


class AsyncSocket:
    """A connection of one event loop. (An `asyncio.Protocol`; asyncio is imported where it is used, as the sync client
    has no need of it.)"""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._process = process.now
        self._transport: asyncio.Transport | None = None
        self._received: list[bytes] = []
        self._size = 0  # of what was received
        self._is_held = False  # the peer is: too much was received
        self._is_over = False
        self._has_ended = False  # as the peer has said, and not because the connection broke
        self._error: Exception | None = None
        self._reader: asyncio.Future[None] | None = None
        self._writer: asyncio.Future[None] | None = None
        self._is_late = False  # the reader's time was over
        self._is_full = False  # what was written waits to be sent
        self._due = 0.0  # when the reader's time is over
        self._alarm: asyncio.TimerHandle | None = None

    @classmethod
    async def connect(cls, address: Address, timeout: float | None) -> Self:
        """A connection to this address, its TLS handshake done."""
        import asyncio

        loop = asyncio.get_running_loop()
        more: dict[str, Any] = {}
        has_happy_eyeballs = isinstance(loop, asyncio.BaseEventLoop)  # uvloop tries one address after another
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
        """Whether something has come that was not read: bytes, or the end of the connection."""
        return self._size > 0 or self._is_over or self._transport is None or self._transport.is_closing()

    def is_usable(self) -> bool:
        """Whether a request may be sent after some idle time: the peer has not closed the connection. The system is
        asked, as the loop may not have had its turn since."""
        return not self.has_input() and not is_readable(self.get_extra_info("socket"))

    async def read(self, timeout: float | None) -> bytes:
        """The next bytes; b"" at the end of the connection."""
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
                raise TimeoutError("nothing came in time")
            return b""
        received = self._received
        data = received[0] if len(received) == 1 else b"".join(received)
        received.clear()
        self._size = 0
        if self._is_held and self._transport is not None:
            self._is_held = False
            self._transport.resume_reading()
        return data

    async def write(self, data: bytes | memoryview, timeout: float | None) -> bool:
        """Sends bytes, and waits while the peer takes none; False where it answers instead."""
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
        """What the asyncio transport knows by this name, such as "socket", "ssl_object" or "peername"."""
        return self._transport.get_extra_info(info) if self._transport is not None else None

    def close(self) -> None:
        """Closes the connection, without waiting for the peer. A read under way raises an OSError."""
        if not self._is_over:
            self._is_over, self._error = True, ConnectionAbortedError("the connection was closed")
            self._wake()
        if self._alarm is not None:
            self._alarm.cancel()
            self._alarm = None
        transport, self._transport = self._transport, None
        if transport is not None and self._process is process.now:
            _shut_down(transport.get_extra_info("socket"))  # now: the loop closes it in its next turn
            transport.abort()

    def _set_due(self, timeout: float | None) -> None:
        """Says how long the reader may wait from now on."""
        if timeout is None:
            self._due = float("inf")
            return
        self._due = self._loop.time() + timeout
        if self._alarm is None or self._alarm.when() > self._due:
            self._set_alarm()

    def _set_alarm(self) -> None:
        """One timer serves many reads: it costs less to let it go off too early than to make one for each read."""
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

    # What asyncio calls

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        self._received.append(data)
        self._size += len(data)
        if self._size > _MAX_RECEIVED and not self._is_held and self._transport is not None:
            self._is_held = True
            self._transport.pause_reading()
        if self._reader is not None and self._writer is None:  # nearly always: no call for that
            if not self._reader.done():
                self._reader.set_result(None)
        else:
            self._wake()

    def eof_received(self) -> None:
        """asyncio closes the connection then, a little later."""
        self._has_ended = _has_announced_its_end(self.get_extra_info("ssl_object"))
        if not self._has_ended:
            self._error = ssl.SSLError(_BROKEN)
        self._is_over = True
        self._wake()

    def connection_lost(self, error: Exception | None) -> None:
        if error is None and not self._has_ended and not self._is_over and self.get_extra_info("ssl_object"):
            error = ssl.SSLError(_BROKEN)  # uvloop
        self._error, self._is_over = self._error or error, True
        self._transport = None
        self._wake()

    def pause_writing(self) -> None:
        self._is_full = True

    def resume_writing(self) -> None:
        self._is_full = False
        self._wake()


def _has_announced_its_end(ssl_object: ssl.SSLObject | None) -> bool:
    """Whether the peer has closed TLS before it has closed TCP; always true without TLS."""
    try:
        return ssl_object is None or not ssl_object.read(1)
    except ssl.SSLError:  # it waits for more
        return False


def _shut_down(connected: Any) -> None:
    with suppress(OSError):
        try:
            connected.shutdown(socket.SHUT_RDWR)
        except TypeError:  # uvloop does not let it be done so
            with socket.fromfd(connected.fileno(), connected.family, connected.type) as same:
                same.shutdown(socket.SHUT_RDWR)
