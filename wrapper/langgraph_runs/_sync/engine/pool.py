# Derived from _async/engine/pool.py by `make generate`; edit that one.
"""The connections of a client: one for each request under way, and some that are idle."""

from __future__ import annotations

import logging
import ssl
from collections import deque
from collections.abc import Generator
from contextlib import suppress
from time import monotonic

import httpx

from langgraph_runs._sync.engine.connection import Body, Connection
from langgraph_runs.engine.address import Address
from langgraph_runs.engine.owner import PerOwner
from langgraph_runs.engine.request import BODY, WAS_SENT, Origin, Outgoing, timeout_of
from langgraph_runs.engine.sync_socket import Socket

log = logging.getLogger("langgraph_runs.engine")

# If thousands were begun at once, the first would time out while the others are being begun.
_CONNECTING_AT_ONCE = 1000


class Pool(httpx.BaseTransport):
    """A transport for httpx: HTTP/1.1 over TCP or TLS.

    Requests do not wait for each other. Connections belong to the event loop that opened them, or to the process in the
    sync client.

    Args:
        kept: How many idle connections to keep for each server.
        expiry: How many seconds to keep an idle connection.
        ssl_context: The context for TLS connections; None for `httpx.create_ssl_context()`, called on first use.

    Example:
        with httpx.Client(transport=Pool()) as client:
            response = client.get("http://localhost:2024/ok")
    """

    def __init__(
        self, *, kept: int = 100, expiry: float = 4.0, ssl_context: ssl.SSLContext | None = None
    ) -> None:
        self._ssl_context = ssl_context
        self._owned = PerOwner(lambda: _Owned(_Connections(kept, expiry)))

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """The response, as soon as its head has come. Closing the response releases its connection.

        Raises:
            httpx.TransportError: As from httpx's own transport; `WAS_SENT` is among the request's extensions.
        """
        outgoing = Outgoing(request)
        request.extensions[WAS_SENT] = False
        owned = self._owned.get()
        if not owned.has_begun:
            owned.has_begun = True
            next(owned.lifetime)
        connections = owned.connections
        connection = connections.take(outgoing.origin)
        if connection is None:
            connection = self._connect(connections, request, outgoing)
        try:
            head, parser = connection.begin(request, outgoing)
        except BaseException:
            connections.give_back(connection, False)
            raise
        body = Body(connection, request, parser, connections.give_back)
        extensions = {
            "http_version": head.http_version,
            "reason_phrase": head.reason,
            "network_stream": connection.socket,
            BODY: body,
        }
        return httpx.Response(head.status, headers=head.headers, stream=body, extensions=extensions)

    def close(self) -> None:
        """Closes all connections, including those in use."""
        self._owned.pop_all(lambda owned: owned.connections.close())

    def _connect(self, connections: _Connections, request: httpx.Request, outgoing: Outgoing) -> Connection:
        scheme, host, port = outgoing.origin
        context = self._context() if scheme == "https" else None
        name = request.extensions.get("sni_hostname", host) if context else None
        try:
            with connections.connecting:
                timeout = timeout_of(request, "connect")
                socket = Socket.connect(Address(host, port, context, name), timeout)
        except TimeoutError as error:
            raise httpx.ConnectTimeout(f"connecting to {host} timed out", request=request) from error
        except (OSError, OverflowError, UnicodeError) as error:
            raise httpx.ConnectError(str(error), request=request) from error
        return connections.add(Connection(socket, outgoing.origin))

    def _context(self) -> ssl.SSLContext:
        if self._ssl_context is None:
            context = httpx.create_ssl_context()
            context.set_alpn_protocols(["http/1.1"])
            self._ssl_context = context
        return self._ssl_context


class _Connections:
    """The connections of one event loop."""

    def __init__(self, kept: int, expiry: float) -> None:
        self.connecting = PerOwner.limiter(_CONNECTING_AT_ONCE)
        self._kept = kept
        self._expiry = expiry
        self._is_closed = False
        self._is_swept = False  # whether a timer is set for closing idle connections
        # There is no lock: each single operation on a set or a deque is atomic.
        self._open: set[Connection] = set()
        self._idle: dict[Origin, deque[Connection]] = {}

    def add(self, connection: Connection) -> Connection:
        """Adds a new connection, which is in use."""
        self._open.add(connection)
        if self._is_closed:
            self._close(connection)
            raise httpx.ConnectError("the client was closed while this connection was being opened")
        log.debug("connection to %s://%s:%d made", *connection.origin)
        return connection

    def take(self, origin: Origin) -> Connection | None:
        """The idle connection to this server that was used last; None if there is none."""
        self._sweep()
        idle = self._idle.get(origin)
        with suppress(IndexError):  # another thread has taken the last one
            while idle:
                connection = idle.pop()
                if connection.socket.is_usable():
                    log.debug("connection to %s://%s:%d reused", *origin)
                    return connection
                self._close(connection)
        return None

    def give_back(self, connection: Connection, is_reusable: bool) -> None:
        """Takes back a connection after its response, and keeps it if it may carry another request."""
        idle = self._idle.setdefault(connection.origin, deque())
        if is_reusable and not self._is_closed and len(idle) < self._kept:
            connection.idle_since = monotonic()
            idle.append(connection)
            if not self._is_swept:
                self._is_swept = PerOwner.call_later(self._expiry, self._sweep_again)
            if not self._is_closed:  # otherwise another thread has just closed them all
                return
        self._close(connection)

    def close(self) -> None:
        """Closes all connections, including those in use."""
        self._is_closed = True
        for connection in list(self._open):
            self._close(connection)

    def retire(self) -> None:
        """Closes the idle connections at once, and each of the others when it is given back."""
        self._kept = 0
        for idle in self._idle.values():
            with suppress(IndexError):
                while True:
                    self._close(idle.pop())

    def _sweep(self) -> None:
        """Closes the connections that have been idle for too long."""
        oldest = monotonic() - self._expiry
        for idle in list(self._idle.values()):
            with suppress(IndexError):
                while idle[0].idle_since <= oldest:
                    connection = idle.popleft()
                    if connection.idle_since > oldest:  # another thread has taken the one that was too old
                        idle.appendleft(connection)
                        break
                    self._close(connection)

    def _sweep_again(self) -> None:
        self._sweep()
        since = [idle[0].idle_since for idle in self._idle.values() if idle]
        self._is_swept = bool(since) and PerOwner.call_later(
            min(since) + self._expiry - monotonic(), self._sweep_again
        )

    def _close(self, connection: Connection) -> None:
        if connection in self._open:
            self._open.discard(connection)
            connection.socket.close()
            log.debug("connection to %s://%s:%d closed", *connection.origin)


class _Owned:
    """The connections of one event loop, or process, and the generator that retires them in the end."""

    def __init__(self, connections: _Connections) -> None:
        self.connections = connections
        self.lifetime = _lifetime(connections)
        self.has_begun = False


def _lifetime(connections: _Connections) -> Generator[None]:
    """Retires the connections when their event loop ends, which closes its async generators, or when the pool is
    garbage-collected. So idle connections are closed even if nobody closes the client."""
    try:
        yield
    finally:
        connections.retire()
