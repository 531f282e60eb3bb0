"""A server that sends the bytes of one response in pieces, each of which its client receives by itself.

The server runs in the process of its client. It finds the client's end of the connection there, and sends a piece when
the kernel says that everything before it has been read. If it does not find that end, it sends the pieces as fast as it
can, and a client may receive several at once.
"""

from __future__ import annotations

import fcntl
import os
import select
import socket
import stat
import struct
import termios
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from enum import Enum
from functools import partial
from typing import NamedTuple

from servers.http_request import RequestReader
from servers.sockets import accepting, reset_when_closed

FIRST, SECOND = "/first", "/second"
SECOND_BODY = b"the answer to the second request"
_SECOND_RESPONSE = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(SECOND_BODY), SECOND_BODY)
_PATIENCE = 20.0
_PAUSE = 0.0001
"""Seconds between two looks at what the client has read. Without a pause, the looks would take the time of its core."""


class End(Enum):
    """What follows the last byte."""

    OPEN = "nothing: the next request may come"
    FIN = "the connection is closed"
    RST = "the connection is reset"


@dataclass
class Play:
    """What the server sends when FIRST is requested."""

    pieces: Iterable[bytes]
    end: End
    connection: int = 0
    """The number of the connection of that request."""
    answered: threading.Event = field(default_factory=threading.Event)
    """Set by the test when the client has its result, and will read no more."""
    over: threading.Event = field(default_factory=threading.Event)
    """Set when everything has arrived, the end included."""


@dataclass
class ByteServer:
    """Answers FIRST as a test says, and SECOND with SECOND_BODY."""

    url: str
    requests: list[tuple[str, int]] = field(default_factory=list)
    """The path of each, and the number of its connection."""
    connections: int = 0
    _play: Play = field(default_factory=lambda: Play((), End.OPEN))

    def play(self, pieces: Iterable[bytes], end: End = End.OPEN) -> Play:
        """Sets what to send when FIRST is requested."""
        self._play = Play(pieces, end)
        return self._play

    def _serve(self, connection: socket.socket, number: int) -> None:
        with connection, suppress(OSError):
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            client = _client_of(connection)
            reader = RequestReader(socket=connection)
            while (request := reader.request()) is not None:
                self.requests.append((request.target, number))
                if request.target == SECOND:
                    connection.sendall(_SECOND_RESPONSE)
                    continue
                play, play.connection = self._play, number
                try:
                    _perform(play, connection, client)
                finally:
                    play.over.set()
                if play.end is not End.OPEN:
                    return


class _Client(NamedTuple):
    """The client's end of a connection: a descriptor of this process, and the inode that shows whether it is still the
    same."""

    descriptor: int
    inode: int

    def is_open(self) -> bool:
        try:
            return os.fstat(self.descriptor).st_ino == self.inode
        except OSError:
            return False

    def unread(self) -> int:
        """How many bytes have arrived and have not been read."""
        try:
            return _number(self.descriptor, termios.FIONREAD) if self.is_open() else 0
        except OSError:
            return 0

    def until_read(self, play: Play) -> None:
        deadline = time.monotonic() + _PATIENCE
        while self.unread() and not play.answered.is_set() and time.monotonic() < deadline:
            time.sleep(_PAUSE)

    def until_ended(self) -> None:
        """Waits until the end of the connection has arrived."""
        poll = select.poll()
        poll.register(self.descriptor, select.POLLRDHUP)
        deadline = time.monotonic() + _PATIENCE
        while self.is_open() and time.monotonic() < deadline and not poll.poll(10):
            pass


def _client_of(connection: socket.socket) -> _Client:
    """The other end of a connection; one that is not open if that is in another process."""
    name, own = connection.getpeername(), connection.fileno()
    descriptors = map(int, os.listdir("/dev/fd"))
    for descriptor in sorted(
        descriptors, key=lambda one: abs(one - own)
    ):  # the client's was opened just before
        with suppress(OSError):
            status = os.fstat(descriptor)
            if stat.S_ISSOCK(status.st_mode):
                end = socket.socket(fileno=descriptor)
                try:
                    if end.getsockname() == name:
                        return _Client(descriptor, status.st_ino)
                finally:
                    end.detach()
    return _Client(-1, -1)


def _perform(play: Play, connection: socket.socket, client: _Client) -> None:
    for piece in play.pieces:
        connection.sendall(piece)
        client.until_read(play)
    if play.end is End.RST:
        reset_when_closed(connection)
        connection.close()
    elif play.end is End.FIN:
        connection.shutdown(socket.SHUT_WR)
    if play.end is not End.OPEN:
        client.until_ended()
    elif play.answered.is_set():  # the client does not wait for these bytes, so the server does
        while _number(connection.fileno(), termios.TIOCOUTQ) and client.is_open() and not client.unread():
            time.sleep(_PAUSE)


def _number(descriptor: int, request: int) -> int:
    return int(struct.unpack("i", fcntl.ioctl(descriptor, request, bytes(4)))[0])


@contextmanager
def byte_server() -> Iterator[ByteServer]:
    """A server on a free port, stopped afterwards."""
    with socket.create_server(("127.0.0.1", 0), backlog=128) as listener:
        server = ByteServer(f"http://127.0.0.1:{listener.getsockname()[1]}")
        with accepting(listener, partial(_accept, listener, server)):
            yield server


def _accept(listener: socket.socket, server: ByteServer) -> None:
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        server.connections += 1
        threading.Thread(target=server._serve, args=(connection, server.connections), daemon=True).start()
