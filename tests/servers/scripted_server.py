"""A server that notes each request, and answers with the bytes that a test has written."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial

from servers.http_request import Request, RequestReader
from servers.sockets import accepting, reset_when_closed

HANG = b"<hang>"
"""At the end of an answer: nothing more, until the client disconnects."""
RESET = b"<reset>"
"""At the end of an answer: the connection is reset."""
PAUSE = b"<pause>"
"""In an answer: a pause of PAUSE_SECONDS."""
PAUSE_SECONDS = 0.5


@dataclass
class ScriptedServer:
    """Answers the first connection with the first of `answers`, and so on; the last is repeated."""

    url: str
    port: int
    answers: list[bytes]
    requests: list[Request] = field(default_factory=list)
    closed: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    """Released when a client has closed a connection whose answer was to HANG."""

    @property
    def request(self) -> Request:
        """The last request."""
        return self.requests[-1]

    def _serve(self, connection: socket.socket, number: int) -> None:
        with connection:
            try:
                request = RequestReader(socket=connection).request()
            except ConnectionError:  # the client has left before it had sent all of the request
                return
            if request is not None:
                self.requests.append(request)
            answer = self.answers[min(number, len(self.answers) - 1)]
            first, *rest = answer.removesuffix(HANG).removesuffix(RESET).split(PAUSE)
            with suppress(ConnectionError):  # the client may have disconnected
                connection.sendall(first)
                for piece in rest:
                    time.sleep(PAUSE_SECONDS)
                    connection.sendall(piece)
            if answer.endswith(HANG):
                _until_closed(connection)
                self.closed.release()
            if answer.endswith(RESET):
                reset_when_closed(connection)


def answer(
    status: int = 200, body: bytes = b"{}", *, kind: str = "application/json", **headers: str
) -> bytes:
    """An HTTP response; the names of headers are written with underscores."""
    lines = [f"HTTP/1.1 {status} Some Words", f"Content-Type: {kind}", f"Content-Length: {len(body)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "Connection: close", "", ""]).encode() + body


def events(body: bytes, **headers: str) -> bytes:
    """A stream of events that ends with the connection."""
    lines = ["HTTP/1.1 200 OK", "Content-Type: text/event-stream; charset=utf-8", "Connection: close"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + body


@contextmanager
def scripted_server(*answers: bytes) -> Iterator[ScriptedServer]:
    """A server on a free port, stopped afterwards."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        server = ScriptedServer(f"http://127.0.0.1:{port}", port, list(answers) or [answer()])
        with accepting(listener, partial(_accept, listener, server)):
            yield server


def _accept(listener: socket.socket, server: ScriptedServer) -> None:
    number = 0
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        threading.Thread(target=server._serve, args=(connection, number), daemon=True).start()
        number += 1


def _until_closed(connection: socket.socket) -> None:
    connection.settimeout(30)
    try:
        while connection.recv(65536):
            pass
    except OSError:
        pass
