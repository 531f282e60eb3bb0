"""A proxy as HTTP_PROXY names one: it answers requests itself, and opens tunnels."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from dataclasses import dataclass, field

from servers.peer import Connection, Peer


@dataclass
class Proxy:
    """Serves connections for `peer`.

    Attributes:
        tunnel_end: The server to which every tunnel leads, for whatever host it was requested.
        asked: Method, target and password of each request.
    """

    tunnel_end: Peer
    asked: list[tuple[str, str, str | None]] = field(default_factory=list)

    def serve(self, connection: Connection) -> None:
        """Serves one connection."""
        while (head := connection.head()) is not None:
            password = next(iter(head.header("proxy-authorization")), None)
            self.asked.append((head.method, head.target, password))
            if head.method != "CONNECT":
                body = b'{"run_id": "by-proxy", "thread_id": "t"}'
                connection.send(b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n" % len(body) + body)
                continue
            with socket.create_connection(("127.0.0.1", self.tunnel_end.port)) as behind:
                connection.send(b"HTTP/1.1 200 Connected\r\n\r\n")
                back = threading.Thread(target=self._copied, args=(behind, connection.socket), daemon=True)
                back.start()
                self._copied(connection.socket, behind)
                back.join(10)
            return

    @staticmethod
    def _copied(source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                target.sendall(data)
        with suppress(OSError):
            target.shutdown(socket.SHUT_WR)
