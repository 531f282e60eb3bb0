"""A server whose responses come byte by byte and never end: the heads, or the bodies."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial

from servers.http_request import RequestReader
from servers.sockets import accepting

HEAD = b"HTTP/1.1 200 OK\r\nx-a: "
"""The beginning of a response whose head never ends."""
BODY = b"HTTP/1.1 200 OK\r\ncontent-type: %b\r\n\r\n"
"""The beginning of a response whose body never ends."""
GOOD = b'{"run_id": "r", "thread_id": "t", "assistant_id": "a", "status": "success"}'

_INTERVAL = 0.02  # seconds
_LIMIT = 30.0  # seconds, until the server closes the connection


@contextmanager
def dribbling_server(beginning: bytes, *, good: int = 0) -> Iterator[str]:
    """The URL of a server on a free port, stopped afterwards.

    Args:
        beginning: What it sends at once, `HEAD` or `BODY`; then there come spaces, one by one.
        good: How many requests of each connection it answers with a run first, as long as they ask for one.
    """
    stopped = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        try:
            with accepting(listener, partial(_accept, listener, stopped, beginning, good)):
                yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            stopped.set()


def _accept(listener: socket.socket, stopped: threading.Event, beginning: bytes, good: int) -> None:
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        threading.Thread(target=_serve, args=(connection, stopped, beginning, good), daemon=True).start()


def _serve(connection: socket.socket, stopped: threading.Event, beginning: bytes, good: int) -> None:
    with connection, suppress(OSError):
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        reader = RequestReader(socket=connection)
        request = reader.request()
        for _ in range(good):
            if request is None or request.method != "GET":
                break
            kind = b"content-type: application/json\r\n"
            connection.sendall(b"HTTP/1.1 200 OK\r\n%bcontent-length: %d\r\n\r\n%b" % (kind, len(GOOD), GOOD))
            request = reader.request()
        if request is None:
            return
        is_stream = request.target.partition("?")[0].endswith("/stream")
        kind = b"text/event-stream" if is_stream else b"application/json"
        connection.sendall(beginning.replace(b"%b", kind))
        for _ in range(round(_LIMIT / _INTERVAL)):
            if stopped.wait(_INTERVAL):
                return
            connection.sendall(b" ")
