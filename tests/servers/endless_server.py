"""A server whose response never ends."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress

_LIMIT = 20.0  # seconds


class EndlessServer:
    """Answers one request with a beginning and an endless repetition, until the client closes the connection."""

    def __init__(self, beginning: bytes, repeated: bytes, *, most: int) -> None:
        self._most = most
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}/"
        self._sent = 0
        self._thread = threading.Thread(target=self._serve, args=(beginning, repeated), daemon=True)
        self._thread.start()

    def _serve(self, beginning: bytes, repeated: bytes) -> None:
        piece = repeated * (65536 // len(repeated))
        with self._listener, self._listener.accept()[0] as connection, suppress(OSError):
            connection.settimeout(_LIMIT)
            connection.recv(65536)
            connection.sendall(beginning)
            while self._sent < self._most:
                self._sent += connection.send(piece)

    def was_left(self, seconds: float = _LIMIT) -> bool:
        """Whether the client closes the connection within so many seconds, before it was sent `most` bytes."""
        self._thread.join(seconds)
        return not self._thread.is_alive() and self._sent < self._most
