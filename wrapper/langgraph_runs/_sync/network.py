# Derived from _async/network.py by `make generate`; edit that one.
"""What a connection does on the network, beyond what httpcore has it do."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from contextlib import suppress
from ssl import SSLContext
from typing import Any

import httpcore

from langgraph_runs.colours import OverdueError, Remaining

_WAITING_AT_MOST = 65536  # bytes
_CONNECTING_AT_ONCE = 1000


class OneWrite(httpcore.NetworkBackend):
    """Has another backend make the connections, and sends a request over them in one piece.

    httpcore writes its head and its body each by itself, which costs a system call more, and a packet. What is written
    waits for the next read here; httpcore always reads when all is written.

    Thousands of connections are not begun all at once: the first would time out for the time that the others take.
    """

    def __init__(self, backend: httpcore.NetworkBackend) -> None:
        self._backend = backend
        self._turn = threading.BoundedSemaphore(_CONNECTING_AT_ONCE)

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        with self._turn:
            stream = self._backend.connect_tcp(host, port, timeout, local_address, socket_options)
        return _Stream(stream)

    def connect_unix_socket(
        self, path: str, timeout: float | None = None, socket_options: Iterable[Any] | None = None
    ) -> httpcore.NetworkStream:
        with self._turn:
            stream = self._backend.connect_unix_socket(path, timeout, socket_options)
        return _Stream(stream)

    def sleep(self, seconds: float) -> None:
        self._backend.sleep(seconds)


class _Stream(httpcore.NetworkStream):
    def __init__(self, stream: httpcore.NetworkStream) -> None:
        self._stream = stream
        self._waiting = b""
        self._timeout: float | None = None

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        if self._waiting:
            with suppress(httpcore.WriteError):  # as httpcore does: there may be an answer all the same
                self._flush()
        return self._stream.read(max_bytes, _now(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._waiting, self._timeout = self._waiting + buffer, timeout
        if len(self._waiting) > _WAITING_AT_MOST:
            self._flush()

    def _flush(self) -> None:
        waiting, self._waiting = self._waiting, b""
        self._stream.write(waiting, self._timeout)

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return _Stream(self._stream.start_tls(ssl_context, server_hostname, timeout))

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _now(timeout: float | None) -> float | None:
    """What is left of a timeout.

    Raises:
        httpcore.ReadTimeout: Nothing is.
    """
    try:
        return timeout.now() if isinstance(timeout, Remaining) else timeout
    except OverdueError as error:
        raise httpcore.ReadTimeout("timed out") from error
