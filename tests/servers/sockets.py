"""The connections that the kernel knows of, and how to reset one."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep
from typing import Any

_ESTABLISHED, _SYN_SENT, _CLOSE_WAIT = "01", "02", "08"
_LIMIT = 10.0  # seconds


def connections_to(port: int) -> int:
    """How many connections this machine has open to a port: those whose near end has not been closed."""
    return _count(port, (_ESTABLISHED, _CLOSE_WAIT))


def is_connecting(port: int) -> bool:
    """Whether a connection to this port is being made."""
    return _count(port, (_SYN_SENT,)) > 0


def all_are_closed(port: int) -> bool:
    """Whether no connection to this port is left, within ten seconds."""
    return connections_become(port, 0)


def connections_become(port: int, count: int) -> bool:
    """Whether this machine has so many connections open to a port, within ten seconds."""
    return _becomes_true(lambda: connections_to(port) == count)


def reset_when_closed(connection: Any) -> None:
    """Has the next close of a socket reset its connection: RST in place of FIN."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def next_bytes(connection: socket.socket) -> bytes:
    """The next bytes; none at the end, or when the connection is lost."""
    try:
        return connection.recv(65536)
    except OSError:
        return b""


@contextmanager
def accepting(listener: socket.socket, accept: Callable[[], None]) -> Iterator[None]:
    """Runs a function that accepts connections in a thread, which ends with this block, as the listener does."""
    thread = threading.Thread(target=accept, daemon=True)
    thread.start()
    try:
        yield
    finally:
        listener.shutdown(socket.SHUT_RDWR)  # wakes the thread up
        thread.join(5)


def _count(port: int, states: tuple[str, ...]) -> int:
    lines = Path("/proc/net/tcp").read_text().splitlines()[1:]
    ends = [line.split() for line in lines]
    return sum(int(end[2].split(":")[1], 16) == port and end[3] in states for end in ends)


def _becomes_true(condition: Callable[[], bool]) -> bool:
    deadline = monotonic() + _LIMIT
    while not condition():
        if monotonic() > deadline:
            return False
        sleep(0.01)
    return True
