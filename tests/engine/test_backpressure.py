"""The memory of large bodies and long streams: the faster side waits for the slower one."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any, Self

import pytest
from engine.variants import LIMIT, Variant, in_a_thread, in_both
from servers.peer import CHUNKED, Connection, Peer, chunk, peer, response

MIB = 1024 * 1024
HERE = Path(__file__).parent


class Measured:
    """A process that runs memory_script.py."""

    def __init__(self, *arguments: str) -> None:
        command = [sys.executable, str(HERE / "memory_script.py"), *arguments]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self._limit = threading.Timer(2 * LIMIT, self._process.kill)
        self._limit.start()

    def line(self, key: str) -> dict[str, Any]:
        """The line with this key, when it arrives."""
        for text in self._process.stdout or ():
            if key in (facts := json.loads(text)):
                return facts  # type: ignore[no-any-return]
        raise AssertionError(f"it ended before {key}")

    def resume(self) -> None:
        """Tells it to resume."""
        assert self._process.stdin is not None
        self._process.stdin.write("\n")
        self._process.stdin.flush()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, error: object, traceback: object) -> None:
        if error is not None:
            self._process.kill()
        self._process.communicate()
        self._limit.cancel()
        if error is None:
            assert 0 == self._process.returncode


@in_both
@pytest.mark.parametrize("kind", ["generator", "bytes"])
async def test_a_large_body_waits_for_a_server_that_reads_slowly(variant: Variant, kind: str) -> None:
    """Sending 64 MiB takes little more memory than the body: the server starts to read when no more is sent."""

    def serve(connection: Connection) -> None:
        connection.head()
        connection.peer.may_continue.wait(LIMIT)
        size, last = len(connection.received), bytes(connection.received[-5:])
        while size < 64 * MIB or (kind == "generator" and last != b"0\r\n\r\n"):
            data = connection.socket.recv(1 << 20)
            assert data
            size, last = size + len(data), (last + data)[-5:]
        connection.send(response(b"read"))

    def run() -> None:
        with peer(serve) as server, Measured("upload", variant.name, server.url, kind) as sender:
            begun = sender.line("begun")["peak"]
            if kind == "generator":
                assert sender.line("stopped_at")["stopped_at"] < 16  # of 64
            else:
                assert server.until(lambda: server.made)
            server.may_continue.set()
            answer = sender.line("answer")
            assert "read" == answer["answer"]
            assert answer["peak"] - begun < 16

    await in_a_thread(run)


@in_both
async def test_a_reader_that_stops_stops_the_sender(variant: Variant) -> None:
    """The first event of a stream of 256 MiB is read: the rest waits at the server."""
    event = b"event: custom\r\ndata: " + json.dumps("x" * 65536).encode() + b"\r\n\r\n"
    sent = [0]

    def serve(connection: Connection) -> None:
        connection.request()
        connection.send(CHUNKED.replace(b"\r\n\r\n", b"\r\ncontent-type: text/event-stream\r\n\r\n"))
        while sent[0] < 256 * MIB:
            connection.send(chunk(event))
            with connection.peer.changed:
                sent[0] += len(event)
                connection.peer.changed.notify_all()

    def has_stopped(server: Peer) -> bool:
        before = -1
        while before != sent[0]:
            before = sent[0]
            server.until(lambda: sent[0] != before, seconds=0.4)  # noqa: B023  # awaited at once
        return before < 256 * MIB

    def run() -> None:
        with peer(serve) as server, Measured("download", variant.name, server.url, "") as reader:
            begun = reader.line("begun")["peak"]
            assert "custom" == reader.line("first")["first"]
            assert has_stopped(server)
            assert sent[0] < 32 * MIB
            reader.resume()
            assert reader.line("left")["peak"] - begun < 16

    await in_a_thread(run)
