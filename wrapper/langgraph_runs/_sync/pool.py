# Derived from _async/pool.py by `make generate`; edit that one.
"""The connections of a client that may have thousands of calls under way: what one costs does not grow with the rest.

httpcore's own pool looks at every connection whenever a request begins or ends. This one takes its place, has it make
the connections (to the server, or through whatever proxy it is for), and keeps those that are idle in a stack.

Neither httpx nor httpcore has a public place to put it, and httpx would pass over the proxies of the environment if it
were given a transport. So it is put where the other one is, by name; where a version has another name for that, theirs
stays, and all works and costs more.
"""

from __future__ import annotations

from collections import deque
from contextlib import nullcontext, suppress
from functools import partial
from time import monotonic
from types import TracebackType
from typing import Any, Self

import httpcore

from langgraph_runs._sync.network import OneWrite
from langgraph_runs._sync.received import Received


def pooled(client: object, *, kept: int, expiry: float) -> None:
    """Gives every transport of an httpx client, those for proxies included, such a pool.

    Args:
        client: The httpx client.
        kept: How many idle connections each keeps.
        expiry: For how many seconds.
    """
    mounts: dict[Any, object] = vars(client).get("_mounts", {})
    for transport in (vars(client).get("_transport"), *mounts.values()):
        place = vars(transport) if transport is not None else {}
        if isinstance(pool := place.get("_pool"), httpcore.ConnectionPool):
            place["_pool"] = Pool(pool, kept=kept, expiry=expiry)


class Pool:
    """As many connections as there are requests, each for one at a time; some that are idle are kept for the next.

    Args:
        pool: httpcore's, which makes the connections and holds none. It is for HTTP/1.1.
        kept: How many idle ones to keep.
        expiry: For how many seconds.
    """

    def __init__(self, pool: httpcore.ConnectionPool, *, kept: int, expiry: float) -> None:
        self._pool = pool
        self._kept = kept
        self._expiry = expiry
        self._is_closed = False
        # What is done to a set and to a deque is done at once, whatever other threads do: there is no lock.
        self._open: set[httpcore.ConnectionInterface] = set()
        self._idle: dict[_Origin, deque[tuple[httpcore.ConnectionInterface, float]]] = {}
        backend = vars(pool).get("_network_backend")
        if isinstance(backend, httpcore.NetworkBackend):
            vars(pool)["_network_backend"] = OneWrite(backend)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def handle_request(self, request: httpcore.Request) -> httpcore.Response:
        """The response, whose body gives the connection back when it is closed."""
        url = request.url
        origin = url.scheme, url.host, url.port
        while True:
            connection = self._idle_one(origin)
            if connection is None:
                connection = self._pool.create_connection(url.origin)
                self._open.add(connection)
            try:
                response = connection.handle_request(request)
            except httpcore.ConnectionNotAvailable:  # closed just now; nothing was sent
                self._open.discard(connection)
            except BaseException:
                self._give_back(connection, origin)
                raise
            else:
                give_back = partial(self._give_back, connection, origin)
                response.stream = Received(response.stream, give_back)
                return response

    def close(self) -> None:
        """Closes all connections, those in use included."""
        self._is_closed = True
        for connection in list(self._open):
            self._close(connection)

    def _idle_one(self, origin: _Origin) -> httpcore.ConnectionInterface | None:
        """The one that was used last. Those that have been idle for too long, which are at the bottom, are closed."""
        idle = self._idle.setdefault(origin, deque())
        with suppress(IndexError):  # there are no more; another thread may have taken the last one
            while idle[0][1] + self._expiry < monotonic():
                self._close(idle.popleft()[0])
            while True:
                connection, _ = idle.pop()
                if not connection.has_expired():  # closed by the server, that is
                    return connection
                self._close(connection)
        return None

    def _give_back(self, connection: httpcore.ConnectionInterface, origin: _Origin) -> None:
        if connection.is_closed():
            self._open.discard(connection)
            return
        idle = self._idle[origin]
        if connection.is_idle() and len(idle) < self._kept:
            idle.append((connection, monotonic()))
            if not self._is_closed:
                return
        self._close(connection)

    def _close(self, connection: httpcore.ConnectionInterface) -> None:
        self._open.discard(connection)
        with nullcontext():
            connection.close()


_Origin = tuple[bytes, bytes, int | None]
