"""A server for one test: a function of the test serves each connection, in a thread."""

from __future__ import annotations

import json
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from servers.http_request import Request, RequestReader
from servers.sockets import reset_when_closed

CHUNKED = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n"


def chunk(data: bytes) -> bytes:
    """One chunk of a chunked body."""
    return b"%x\r\n%b\r\n" % (len(data), data)


def response(body: bytes = b"{}", status: int = 200, *headers: str) -> bytes:
    """A whole answer on a connection that is kept."""
    lines = [f"HTTP/1.1 {status} Words", f"content-length: {len(body)}", *headers, "", ""]
    return "\r\n".join(lines).encode() + body


@dataclass(kw_only=True)
class Connection(RequestReader):
    """One connection to a client.

    Attributes:
        peer: The server.
        number: How many connections there were before it.
    """

    peer: Peer
    number: int

    def request(self) -> Request | None:
        """The next request with its body; added to `peer.requests`."""
        if (request := super().request()) is not None:
            with self.peer.changed:
                self.peer.requests.append(request)
                self.peer.numbers.append(self.number)
                self.peer.changed.notify_all()
        return request

    def send(self, data: bytes) -> None:
        self.socket.sendall(data)

    def reset(self) -> None:
        """Ends the connection by RST."""
        reset_when_closed(self.socket)
        self.socket.close()

    def until_closed(self) -> None:
        """Waits for the client to close the connection, and ignores what it sends."""
        with suppress(OSError):
            while self.socket.recv(65536):
                pass


@dataclass
class Peer:
    """A server.

    Attributes:
        url: Its URL.
        port: Its port.
        made: How many connections there have been.
        now: The numbers of those that are open.
        requests: The requests, in the order in which they arrived.
        numbers: For each of them, the number of its connection.
        changed: Notified of every change of these.
        may_continue: For the test to set, and for the server to wait for.
    """

    url: str
    port: int
    made: int = 0
    now: set[int] = field(default_factory=set)
    requests: list[Request] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    changed: threading.Condition = field(default_factory=threading.Condition)
    may_continue: threading.Event = field(default_factory=threading.Event)
    failures: list[Exception] = field(default_factory=list)
    open: dict[int, Any] = field(default_factory=dict)

    def until(self, condition: Callable[[], object], seconds: float = 60.0) -> bool:
        """Whether the condition becomes true in time."""
        with self.changed:
            return bool(self.changed.wait_for(condition, timeout=seconds))

    def close_all(self) -> None:
        """Closes the connections, as a restarting server does."""
        for one in list(self.open.values()):
            with suppress(OSError):
                socket.socket.shutdown(one, socket.SHUT_RDWR)


def echo(connection: Connection) -> None:
    """Answers every request with its method, its target and the number of its connection, and keeps the connection."""
    while (request := connection.request()) is not None:
        seen = {"method": request.method, "target": request.target, "connection": connection.number}
        body = b"" if request.method == "HEAD" else json.dumps(seen).encode()
        connection.send(response(body, 200, "content-type: application/json"))


@contextmanager
def peer(
    serve: Callable[[Connection], None] = echo,
    *,
    tls: ssl.SSLContext | None = None,
    address: str = "127.0.0.1",
    port: int = 0,
) -> Iterator[Peer]:
    """A server on a free port, stopped afterwards. A connection is closed when `serve` returns."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.create_server((address, port), family=family, backlog=512) as listener:
        port = listener.getsockname()[1]
        shown = f"[{address}]" if ":" in address else address
        server = Peer(f"http{'s' if tls else ''}://{shown}:{port}", port)
        threads: list[threading.Thread] = []
        accepting = threading.Thread(
            target=_accept, args=(listener, server, serve, tls, threads), daemon=True
        )
        accepting.start()
        try:
            yield server
        finally:
            server.may_continue.set()
            listener.shutdown(socket.SHUT_RDWR)  # wakes the thread up
            accepting.join(10)
            server.close_all()
            for thread in threads:
                thread.join(10)
    if server.failures:
        raise server.failures[0]


def _accept(
    listener: socket.socket,
    server: Peer,
    serve: Any,
    tls: ssl.SSLContext | None,
    threads: list[threading.Thread],
) -> None:
    while True:
        try:
            accepted, _ = listener.accept()
        except OSError:
            return
        with server.changed:
            number = server.made
            server.made += 1
            server.now.add(number)
            server.open[number] = accepted
            server.changed.notify_all()
        thread = threading.Thread(target=_serve, args=(server, number, accepted, serve, tls), daemon=True)
        threads.append(thread)
        thread.start()


def _serve(
    server: Peer, number: int, accepted: socket.socket, serve: Any, tls: ssl.SSLContext | None
) -> None:
    accepted.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    one: Any = accepted
    try:
        with suppress(OSError):
            if tls is not None:
                one = tls.wrap_socket(accepted, server_side=True)
                with server.changed:
                    server.open[number] = one
            serve(Connection(socket=one, peer=server, number=number))
    except Exception as error:  # noqa: BLE001
        server.failures.append(error)
    finally:
        one.close()
        with server.changed:
            server.now.discard(number)
            del server.open[number]
            server.changed.notify_all()


@contextmanager
def unresponsive_port(address: str = "127.0.0.1", port: int = 0) -> Iterator[int]:
    """A port that neither accepts nor refuses a connection: its queue is full."""
    with socket.create_server((address, port), backlog=0) as listener:
        port = listener.getsockname()[1]
        with socket.create_connection((address, port)):
            yield port
