"""A server with one run that never ends: it sends heartbeats forever, or until it drops the connection."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

HERE = "/threads/t/runs/r"
EVERY = 0.05  # seconds between two heartbeats


class HeartbeatServer:
    """A server on a free port.

    Attributes:
        url: Its URL.
        requests: The requests: "GET /threads/t/runs/r".
        open: How many answers are being sent.
        drips: Whether the headers of every answer never end.
        may_begin: The server waits for it before it answers the request that starts the run.
        may_cancel: The server waits for it before it answers a cancel.
    """

    def __init__(self, drops_after: float | None) -> None:
        self.url = ""
        self.requests: list[str] = []
        self.open = 0
        self.drips = False
        self.request_id = ""  # of the request that has started the run
        self.may_begin, self.may_cancel = threading.Event(), threading.Event()
        self.may_begin.set()
        self.may_cancel.set()
        self.lock = threading.Lock()
        self.drops_after = drops_after

    @property
    def cancels(self) -> list[str]:
        """Those of `requests` that cancel the run."""
        return [request for request in self.requests if "/cancel?" in request]


class _HTTPServer(ThreadingHTTPServer):
    daemon_threads = True
    state: HeartbeatServer


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    server: _HTTPServer

    @property
    def state(self) -> HeartbeatServer:
        return self.server.state

    def do_GET(self) -> None:
        self._noted(self._get)

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("content-length", 0)))
        self._noted(self._post)

    def _noted(self, answer: Any) -> None:
        self.state.requests.append(f"{self.command} {self.path}")
        with self.state.lock:
            self.state.open += 1
        self.close_connection = True
        try:
            with suppress(OSError):
                if self.state.drips:
                    self._drip()
                answer()
        finally:
            with self.state.lock:
                self.state.open -= 1

    def _get(self) -> None:
        if "/join" in self.path:
            self._beat(b"\n", "application/json")
        elif "/stream" in self.path:
            self._beat(b": heartbeat\r\n\r\n", "text/event-stream")
        else:
            settings = {"config": {"configurable": {"langgraph_request_id": self.state.request_id}}}
            run = {"run_id": "r", "thread_id": "t", "status": "running", "kwargs": settings}
            self._say(200, json.dumps(run if self.path == HERE else [run]).encode())

    def _post(self) -> None:
        if "/cancel" in self.path:
            self.state.may_cancel.wait(20)
            self._say(202, b"")
            return
        self.state.request_id = self.headers["x-request-id"]
        self.state.may_begin.wait(20)
        if self.path.endswith("/wait"):
            self._beat(b"\n", "application/json")
        else:
            begun = b'event: metadata\r\ndata: {"run_id":"r"}\r\nid: 1-0\r\n\r\n'
            self._beat(b": heartbeat\r\n\r\n", "text/event-stream", begun)

    def _drip(self) -> None:
        self.wfile.write(b"HTTP/1.1 200 OK\r\n")
        until = time.monotonic() + 5
        while time.monotonic() < until:
            self.wfile.write(b"X: y\r\n")
            time.sleep(EVERY)

    def _say(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Connection", "close")
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _beat(self, beat: bytes, kind: str, first: bytes = b"") -> None:
        self.send_response(200)
        self.send_header("Connection", "close")
        self.send_header("Content-Type", kind)
        self.send_header("Content-Location", HERE)
        self.send_header("Location", HERE + ("/stream" if "event" in kind else "/join"))
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        ends = time.monotonic() + self.state.drops_after if self.state.drops_after else float("inf")
        piece = first + beat
        while time.monotonic() < ends:
            self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))
            piece = beat
            time.sleep(EVERY)

    def log_message(self, *args: Any) -> None:
        """Says nothing."""


@contextmanager
def heartbeat_server(drops_after: float | None = None) -> Iterator[HeartbeatServer]:
    """A server, stopped afterwards. It drops each connection after so many seconds, or never."""
    server = HeartbeatServer(drops_after)
    http = _HTTPServer(("127.0.0.1", 0), _Handler)
    http.state = server
    server.url = f"http://127.0.0.1:{http.server_port}"
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        http.shutdown()
        thread.join(5)
        http.server_close()
