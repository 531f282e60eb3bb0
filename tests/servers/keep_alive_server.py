"""A server that keeps connections alive, as the real one does, and counts them."""

from __future__ import annotations

import select
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

RUN = b'{"run_id": "r"}'
EVENTS = [b"event: custom\r\ndata: %d\r\n\r\n" % number for number in range(50)]


@dataclass
class KeepAliveServer:
    """Answers a GET with a run, a stream with EVENTS, and a wait when released; then a thread's stream ends."""

    url: str = ""
    made: int = 0
    """How many connections there have been."""
    now: set[socket.socket] = field(default_factory=set)
    """Those that are open."""
    waiting: int = 0
    """How many waits have not been answered."""
    may_answer: threading.Event = field(default_factory=threading.Event)
    """Releases them, and all that follow."""
    changed: threading.Condition = field(default_factory=threading.Condition)

    def until(self, is_so: Any) -> bool:
        """Whether the condition becomes true within a minute."""
        with self.changed:
            return self.changed.wait_for(is_so, timeout=60)

    def close_all(self) -> None:
        """Closes the connections, as a restarting server does."""
        for one in list(self.now):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)


class _HTTPServer(ThreadingHTTPServer):
    request_queue_size = 512
    daemon_threads = True
    state: KeepAliveServer


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    server: _HTTPServer

    @property
    def state(self) -> KeepAliveServer:
        return self.server.state

    def setup(self) -> None:
        super().setup()
        with self.state.changed:
            self.state.made += 1
            self.state.now.add(self.connection)

    def finish(self) -> None:
        with suppress(OSError):
            super().finish()
        with self.state.changed:
            self.state.now.discard(self.connection)
            self.state.changed.notify_all()

    def handle(self) -> None:
        with suppress(OSError):
            super().handle()

    def do_GET(self) -> None:
        self._answer(RUN)

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["content-length"]))
        if self.path.endswith("/stream"):
            self._stream()
            return
        with self.state.changed:
            self.state.waiting += 1
            self.state.changed.notify_all()
        if self._is_released():
            self._answer(b"{}")

    def _answer(self, body: bytes) -> None:
        self.send_response(200)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _stream(self) -> None:
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.send_header("transfer-encoding", "chunked")
        self.end_headers()
        self.wfile.write(b"".join(b"%x\r\n%b\r\n" % (len(one), one) for one in EVENTS))
        if not self.path.startswith("/threads/") or self._is_released():
            self.wfile.write(b"0\r\n\r\n")

    def _is_released(self) -> bool:
        """Whether it may answer; not if the client has disconnected before."""
        while not self.state.may_answer.is_set():
            if select.select([self.connection], [], [], 0.02)[0]:
                self.close_connection = True
                return False
        return True

    def log_message(self, *args: Any) -> None:
        """Says nothing."""


@contextmanager
def keep_alive_server(tls: ssl.SSLContext | None = None) -> Iterator[KeepAliveServer]:
    """A server on a free port, stopped afterwards."""
    keeping = KeepAliveServer()
    with _HTTPServer(("127.0.0.1", 0), _Handler) as server:
        server.state = keeping
        if tls is not None:
            server.socket = tls.wrap_socket(server.socket, server_side=True)
        keeping.url = f"http{'s' if tls else ''}://127.0.0.1:{server.server_port}"
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        try:
            yield keeping
        finally:
            keeping.may_answer.set()
            keeping.close_all()
            server.shutdown()
