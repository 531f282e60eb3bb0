"""A proxy that cuts each connection after a random number of bytes of the response, by FIN or by RST."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from random import Random
from urllib.parse import urlsplit

from servers.sockets import accepting, next_bytes, reset_when_closed


class CuttingProxy:
    """A proxy of one server.

    Attributes:
        url: Its URL.
        cuts: How many connections it has cut.
    """

    def __init__(self, listener: socket.socket, server: str, random: Random, least: int, most: int) -> None:
        self.url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        self.cuts = 0
        address = urlsplit(server)
        self._server = (str(address.hostname), int(address.port or 80))
        self._random = random
        self._range = least, most

    def accept(self, listener: socket.socket) -> None:
        """Accepts connections until the listener is closed."""
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            length, is_reset = self._random.randint(*self._range), self._random.random() < 0.5
            threading.Thread(target=self._serve, args=(client, length, is_reset), daemon=True).start()

    def _serve(self, client: socket.socket, length: int, is_reset: bool) -> None:
        with client, socket.create_connection(self._server) as server:
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=_forward, args=(client, server), daemon=True).start()
            while chunk := next_bytes(server):
                with suppress(OSError):
                    client.sendall(chunk[:length])
                length -= len(chunk)
                if length <= 0:
                    self.cuts += 1
                    if is_reset:
                        reset_when_closed(client)
                    break
            for end in (client, server):
                with suppress(
                    OSError
                ):  # SHUT_RD sends nothing, but wakes the other thread, which holds the socket
                    end.shutdown(socket.SHUT_RD if end is client and is_reset else socket.SHUT_RDWR)


def _forward(client: socket.socket, server: socket.socket) -> None:
    while chunk := next_bytes(client):
        with suppress(OSError):
            server.sendall(chunk)
    with suppress(OSError):
        server.shutdown(socket.SHUT_WR)


@contextmanager
def cutting_proxy(
    server: str, random: Random, *, least: int = 1, most: int = 8_000
) -> Iterator[CuttingProxy]:
    """A proxy on a free port, stopped afterwards. Each connection is cut after `least` to `most` bytes."""
    with socket.create_server(("127.0.0.1", 0), backlog=256) as listener:
        proxy = CuttingProxy(listener, server, random, least, most)
        with accepting(listener, partial(proxy.accept, listener)):
            yield proxy
