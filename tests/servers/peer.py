"""A server for one test: a function serves each connection, in a thread, over real sockets."""

from __future__ import annotations

import json
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic, sleep
from typing import Any

from servers.open_connections import connections_to
from servers.scripted_server import Request

CHUNKED = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n"


def chunk(data: bytes) -> bytes:
    """One chunk of a chunked body."""
    return b"%x\r\n%b\r\n" % (len(data), data)


def response(body: bytes = b"{}", status: int = 200, *headers: str) -> bytes:
    """A whole answer, on a connection that is kept."""
    lines = [f"HTTP/1.1 {status} Words", f"content-length: {len(body)}", *headers, "", ""]
    return "\r\n".join(lines).encode() + body


@dataclass
class Connection:
    """One connection to a client.

    Attributes:
        peer: The server.
        number: How many there were before it.
        socket: Its socket, an ssl.SSLSocket with TLS.
    """

    peer: Peer
    number: int
    socket: Any
    received: bytearray = field(default_factory=bytearray)

    def more(self) -> bool:
        """Waits for more bytes; False at the end."""
        data = self.socket.recv(65536)
        self.received += data
        return bool(data)

    def head(self) -> Request | None:
        """The next request without its body; None when the client has closed the connection."""
        while b"\r\n\r\n" not in self.received:
            if not self.more():
                return None
        head, _, rest = bytes(self.received).partition(b"\r\n\r\n")
        self.received[:] = rest
        first, *lines = head.decode("latin-1").split("\r\n")
        headers = [(name, value.strip()) for name, _, value in (line.partition(":") for line in lines)]
        method, target, _ = first.split(" ")
        return Request(method, target, headers, b"")

    def request(self) -> Request | None:
        """The next request with its body; noted in `peer.requests`."""
        if (head := self.head()) is None:
            return None
        whole = Request(head.method, head.target, head.headers, self._body(head))
        with self.peer.changed:
            self.peer.requests.append(whole)
            self.peer.numbers.append(self.number)
            self.peer.changed.notify_all()
        return whole

    def _body(self, head: Request) -> bytes:
        if "chunked" in head.header("transfer-encoding"):
            body = b""
            while (size := int(self._line(), 16)) > 0:
                body += self._exactly(size)
                assert b"" == self._line()
            assert b"" == self._line()
            return body
        return self._exactly(int((head.header("content-length") or ["0"])[0]))

    def _line(self) -> bytes:
        while b"\r\n" not in self.received:
            if not self.more():
                raise ConnectionError("the client closed the connection in the body")
        line, _, rest = bytes(self.received).partition(b"\r\n")
        self.received[:] = rest
        return line

    def _exactly(self, size: int) -> bytes:
        while len(self.received) < size:
            if not self.more():
                raise ConnectionError("the client closed the connection in the body")
        data = bytes(self.received[:size])
        del self.received[:size]
        return data

    def send(self, data: bytes) -> None:
        self.socket.sendall(data)

    def reset(self) -> None:
        """Ends the connection by RST."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
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
        url: Where it listens.
        port: The same.
        made: How many connections there have been.
        now: The numbers of those that are open.
        requests: The requests, in the order in which they came.
        numbers: For each of them, the number of its connection.
        changed: Is notified with every change of these.
        may_go_on: For the test to set, and the server to wait for.
    """

    url: str
    port: int
    made: int = 0
    now: set[int] = field(default_factory=set)
    requests: list[Request] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    changed: threading.Condition = field(default_factory=threading.Condition)
    may_go_on: threading.Event = field(default_factory=threading.Event)
    failures: list[Exception] = field(default_factory=list)
    open: dict[int, Any] = field(default_factory=dict)

    def until(self, condition: Callable[[], object], seconds: float = 10.0) -> bool:
        """Whether it has become true in time."""
        with self.changed:
            return bool(self.changed.wait_for(condition, timeout=seconds))

    def close_all(self) -> None:
        """Closes the connections, as a restarting server does."""
        for one in list(self.open.values()):
            with suppress(OSError):
                socket.socket.shutdown(one, socket.SHUT_RDWR)


def connections_become(port: int, count: int) -> bool:
    """Whether this machine comes to have so many connections open to a port, within ten seconds."""
    deadline = monotonic() + 10
    while connections_to(port) != count:
        if monotonic() > deadline:
            return False
        sleep(0.01)
    return True


def echo(connection: Connection) -> None:
    """Answers every request with what it was and the number of its connection, and keeps the connection."""
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
    """A server on a free port, gone afterwards. A connection is closed when `serve` returns."""
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
            server.may_go_on.set()
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
            serve(Connection(server, number, one))
    except Exception as error:  # noqa: BLE001
        server.failures.append(error)
    finally:
        one.close()
        with server.changed:
            server.now.discard(number)
            del server.open[number]
            server.changed.notify_all()


@contextmanager
def deaf_port(address: str = "127.0.0.1", port: int = 0) -> Iterator[int]:
    """A port that accepts no connection and refuses none: its queue is full."""
    with socket.create_server((address, port), backlog=0) as listener:
        port = listener.getsockname()[1]
        with socket.create_connection((address, port)):
            yield port


def is_connecting(port: int) -> bool:
    """Whether a connection to this port is being made."""
    ends = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    return any(end[3] == "02" and int(end[2].split(":")[1], 16) == port for end in ends)  # SYN_SENT
