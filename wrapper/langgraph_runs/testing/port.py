"""A server in memory on a real port: threads that read requests from sockets, and write its responses."""

from __future__ import annotations

import select
import socket
import struct
import threading
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, cast

from langgraph_runs.testing.exchange import DroppedError, Reply, Request, lower

_SLICE = 0.02  # seconds after which it looks whether the client has left


class _LeftError(Exception):
    """The client has closed the connection, or the server has been stopped."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, respond: Callable[[Request], Reply]) -> None:
        self.respond = respond
        self.is_stopped = threading.Event()
        self.connections: set[socket.socket] = set()
        super().__init__(("127.0.0.1", 0), _Handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        self.connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self.connections.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """The client has left; it knows why."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    @property
    def _ours(self) -> _Server:
        return cast(_Server, self.server)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("do_"):
            return self._answer
        raise AttributeError(name)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Nothing is printed."""

    def _answer(self) -> None:
        content = self.rfile.read(int(self.headers.get("content-length", 0)))
        request = Request(self.command, self.path, lower(self.headers.items()), content)
        try:
            reply = self._ours.respond(request)
        except Exception as error:  # noqa: BLE001  # of the test's own script; the client must hear of it
            text = f"the script has raised {type(error).__name__}: {error}"
            reply = Reply(500, {"content-type": "text/plain"}, text.encode())
        try:
            self._pause(reply.delay)
            if reply.lost is not None:
                raise DroppedError(reply.lost)
            self._send(reply)
        except (_LeftError, OSError):
            self.close_connection = True
        except DroppedError as error:
            self.close_connection = True
            if error.how == "reset":
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        finally:
            if not isinstance(reply.body, bytes):
                reply.body.close()

    def _send(self, reply: Reply) -> None:
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        if isinstance(reply.body, bytes):
            if reply.status != 204:
                self.send_header("content-length", str(len(reply.body)))
            self.end_headers()
            self.wfile.write(reply.body)
            return
        self.send_header("transfer-encoding", "chunked")
        self.end_headers()
        for piece in reply.body:
            if isinstance(piece, bytes):
                self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece) if piece else b"")
            else:
                self._pause(piece)
        self.wfile.write(b"0\r\n\r\n")

    def _pause(self, seconds: float) -> None:
        """Waits, unless the client leaves."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            readable, _, _ = select.select([self.connection], [], [], min(left, _SLICE))
            if readable and not self.connection.recv(1, socket.MSG_PEEK):
                raise _LeftError
            if self._ours.is_stopped.is_set():
                raise _LeftError
            if readable:  # the next request, which has to wait
                time.sleep(min(left, _SLICE))


@contextmanager
def listening(respond: Callable[[Request], Reply]) -> Generator[str]:
    """Serves on a free port of this machine, and yields the URL. Closes all connections at the end of the block."""
    with _Server(respond) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.is_stopped.set()
            server.shutdown()
            thread.join()
            for connection in list(server.connections):
                with suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)
