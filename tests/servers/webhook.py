"""A URL for webhooks that notes what is posted to it."""

from __future__ import annotations

import json
import queue
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Webhook:
    """A webhook, and what was posted to it."""

    url: str
    posted: queue.Queue[Any]

    def next(self) -> Any:
        """The next body; waits for it if necessary."""
        return self.posted.get(timeout=20)


@contextmanager
def webhook() -> Iterator[Webhook]:
    """A webhook on a free port, stopped afterwards."""
    posted: queue.Queue[Any] = queue.Queue()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            posted.put(json.loads(self.rfile.read(int(self.headers["content-length"]))))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *args: Any) -> None:
            """Says nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield Webhook(f"http://127.0.0.1:{server.server_port}/done", posted)
        finally:
            server.shutdown()
