"""A proxy of the real server that has calls fail in every way there is, as planned by a seed.

Its hook `on_request` plans each request before it is sent: by the thread in its path, and by the number of requests of
that thread. So it does not matter which of many concurrent calls is faster.
"""

from __future__ import annotations

import re
import socket
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from random import Random
from urllib.parse import urlsplit

import httpx
from servers.http_request import RequestReader
from servers.sockets import next_bytes, reset_when_closed

FAULT = "x-fault"  # for the proxy, which does not forward it

REFUSALS = ["429", "502", "503", "504"]  # each with Retry-After and without
NOT_FORWARDED = ["refused", "reset unread", "reset read", *REFUSALS, *(f"{one} later" for one in REFUSALS)]
FORWARDED = ["reset sent", "reset committed", "half", "half reset"]
FORWARDED += ["502 behind", "502 behind later", "504 behind", "504 behind later"]
FAULTS = NOT_FORWARDED + FORWARDED

_THREAD = re.compile(r"/threads/([^/]+)")
_LONGEST_HALF = 900  # bytes: a part of the headers or of the body; a stream is longer


class FaultyProxy:
    """A proxy of one server.

    Attributes:
        url: Its URL.
        faults: How often each fault has occurred.
    """

    def __init__(self, listeners: list[socket.socket], server: str, seed: str, often: float) -> None:
        self._port, self._slammed, self._closed = (one.getsockname()[1] for one in listeners)
        self.url = f"http://127.0.0.1:{self._port}"
        self.faults: Counter[str] = Counter()
        address = urlsplit(server)
        self._server = (str(address.hostname), int(address.port or 80))
        self._seed, self._often = seed, often
        self._requests: Counter[str] = Counter()
        self._serving: list[threading.Thread] = []

    def on_request(self, request: httpx.Request) -> None:
        """Decides what happens to a request: the first of each thread fails, and of the others so many."""
        match = _THREAD.search(request.url.path)
        assert match is not None
        number = self._requests[match[1]]
        self._requests[match[1]] += 1
        random = Random(f"{self._seed} {match[1]} {number}")
        if number and random.random() >= self._often:
            return
        fault = random.choice(FAULTS)
        self.faults[fault] += 1
        if fault in ("refused", "reset unread"):
            request.url = request.url.copy_with(port=self._closed if fault == "refused" else self._slammed)
        request.headers[FAULT] = f"{fault}:{random.randint(1, _LONGEST_HALF)}"

    def accept(self, listener: socket.socket, *, slams: bool) -> None:
        """Accepts connections until the listener is closed."""
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            if slams:
                _reset(client)
                continue
            thread = threading.Thread(target=self._serve, args=(client,), daemon=True)
            self._serving.append(thread)
            thread.start()

    def settle(self) -> None:
        """Returns when the server has received and answered all that was forwarded."""
        for thread in self._serving:
            thread.join(30)
            assert not thread.is_alive()

    def _serve(self, client: socket.socket) -> None:
        with client:
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            request, fault, length = _read(client)
            if fault == "reset read":
                _reset(client)
            elif fault in NOT_FORWARDED:
                _refuse(client, fault)
            elif request:
                self._forward(client, request, fault, length)

    def _forward(self, client: socket.socket, request: bytes, fault: str, length: int) -> None:
        with socket.create_connection(self._server) as server:
            server.sendall(request)
            if fault == "reset sent":
                _reset(client)
            if fault:  # the server must do its work, whatever happens to its answer
                answer = _answer(server, length if fault.startswith("half") else 0)
                if fault.startswith("half"):
                    with suppress(OSError):
                        client.sendall(answer[:length])
                if fault in ("reset committed", "half reset"):
                    _reset(client)
                elif fault.startswith("50"):
                    _refuse(client, fault)
                client.close()
                while next_bytes(server):
                    pass
                return
            gone = threading.Thread(target=_forward_end, args=(client, server), daemon=True)
            gone.start()
            while chunk := next_bytes(server):
                with suppress(OSError):
                    client.sendall(chunk)
            for end in (client, server):
                with suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)
            gone.join(5)


def _read(client: socket.socket) -> tuple[bytes, str, int]:
    """A request to forward, the fault that is planned for it, and the length that belongs to the fault."""
    request = None
    with suppress(OSError):
        request = RequestReader(socket=client).request()
    if request is None:
        return b"", "", 0
    headers = {name.lower(): value for name, value in request.headers}
    fault, _, length = headers.pop(FAULT, "").partition(":")
    headers["connection"] = "close"
    lines = [f"{request.method} {request.target} HTTP/1.1", *map(": ".join, headers.items()), "", ""]
    return "\r\n".join(lines).encode("latin-1") + request.body, fault, int(length or 0)


def _answer(server: socket.socket, least: int) -> bytes:
    """The beginning of an answer: its headers, which show that the run has been started, and so many bytes."""
    received = b""
    while (b"\r\n\r\n" not in received or len(received) < least) and (chunk := next_bytes(server)):
        received += chunk
    return received[: max(1, min(least, len(received) - 1))]


def _refuse(client: socket.socket, fault: str) -> None:
    later = "Retry-After: 1\r\n" if fault.endswith("later") else ""
    head = f"HTTP/1.1 {fault[:3]} Not Now\r\nContent-Length: 2\r\n{later}Connection: close\r\n\r\n"
    with suppress(OSError):
        client.sendall(head.encode() + b"{}")


def _reset(client: socket.socket) -> None:
    reset_when_closed(client)
    client.close()


def _forward_end(client: socket.socket, server: socket.socket) -> None:
    while next_bytes(client):
        pass
    with suppress(OSError):
        server.shutdown(socket.SHUT_WR)


@contextmanager
def faulty_proxy(server: str, seed: str, *, often: float = 0.2) -> Iterator[FaultyProxy]:
    """A proxy on a free port, stopped afterwards. The share `often` of the later requests of a thread fails."""
    listeners = [socket.create_server(("127.0.0.1", 0), backlog=256) for _ in range(2)]
    closed = socket.socket()  # no server listens there, and no other process can take the port
    closed.bind(("127.0.0.1", 0))
    proxy = FaultyProxy([*listeners, closed], server, seed, often)
    threads = [
        threading.Thread(target=proxy.accept, args=(one,), kwargs={"slams": bool(number)}, daemon=True)
        for number, one in enumerate(listeners)
    ]
    for thread in threads:
        thread.start()
    try:
        yield proxy
    finally:
        for listener, thread in zip(listeners, threads, strict=True):
            listener.shutdown(socket.SHUT_RDWR)
            thread.join(5)
            listener.close()
        closed.close()
