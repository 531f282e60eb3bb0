"""Reads HTTP requests from a socket, for the servers of this folder that send their responses byte by byte."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Request:
    """A request as it was received."""

    method: str
    target: str
    headers: list[tuple[str, str]]
    body: bytes

    def header(self, name: str) -> list[str]:
        """The values of a header, in the order in which they were received."""
        return [value for key, value in self.headers if key.lower() == name]

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(kw_only=True)
class RequestReader:
    """Reads one request after another from a connection.

    Attributes:
        socket: The connection; an ssl.SSLSocket with TLS.
        received: What has been received and is not part of a request yet.
    """

    socket: Any
    received: bytearray = field(default_factory=bytearray)

    def more(self) -> bool:
        """Waits for more bytes; False at the end of the connection."""
        data = self.socket.recv(65536)
        self.received += data
        return bool(data)

    def head(self) -> Request | None:
        """The next request without its body; None if the client has closed the connection."""
        while b"\r\n\r\n" not in self.received:
            if not self.more():
                return None
        first, *lines = self._up_to(b"\r\n\r\n").decode("latin-1").split("\r\n")
        headers = [(name, value.strip()) for name, _, value in (line.partition(":") for line in lines)]
        method, target, _ = first.split(" ")
        return Request(method, target, headers, b"")

    def request(self) -> Request | None:
        """The next request with its body; None if the client has closed the connection."""
        if (head := self.head()) is None:
            return None
        if "chunked" in head.header("transfer-encoding"):
            body = b"".join(self._chunks())
        else:
            body = self._exactly(int((head.header("content-length") or ["0"])[0]))
        return Request(head.method, head.target, head.headers, body)

    def _chunks(self) -> Iterator[bytes]:
        while (size := int(self._up_to(b"\r\n"), 16)) > 0:
            yield self._exactly(size)
            assert b"" == self._up_to(b"\r\n")
        assert b"" == self._up_to(b"\r\n")

    def _up_to(self, end: bytes) -> bytes:
        while end not in self.received:
            self._more_of_the_body()
        data, _, rest = bytes(self.received).partition(end)
        self.received[:] = rest
        return data

    def _exactly(self, size: int) -> bytes:
        while len(self.received) < size:
            self._more_of_the_body()
        data = bytes(self.received[:size])
        del self.received[:size]
        return data

    def _more_of_the_body(self) -> None:
        if not self.more():
            raise ConnectionError("the client closed the connection in the body")
