"""A server that holds its answers back until a number of requests are waiting at the same time."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Gate:
    """What the server waits for.

    Attributes:
        most: The largest number of requests that were waiting at the same time.
    """

    def __init__(self, waits_for: int) -> None:
        self.most = 0
        self._now = 0
        self._waits_for = waits_for
        self._changed = threading.Condition()

    def pass_through(self) -> None:
        with self._changed:
            self._now += 1
            self.most = max(self.most, self._now)
            self._changed.notify_all()
            assert self._changed.wait_for(lambda: self.most >= self._waits_for, timeout=20)

    def leave(self) -> None:
        with self._changed:
            self._now -= 1


@contextmanager
def gated_server(waits_for: int) -> Iterator[tuple[str, Gate]]:
    """The URL of a server on a free port, stopped afterwards, and its gate. It answers every GET with an empty list."""
    gate = Gate(waits_for)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            gate.pass_through()
            gate.leave()
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"[]")

        def log_message(self, *args: Any) -> None:
            """Says nothing."""

    class Server(ThreadingHTTPServer):
        request_queue_size = 128
        daemon_threads = True

    with Server(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}", gate
        finally:
            server.shutdown()
