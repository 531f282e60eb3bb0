"""The server of the benchmarks. It responds as a LangGraph server does, and does as little as possible.

    with server(event_bytes=350, events=1000) as url: ...

It is plain asyncio in a process of its own, so that the measurements show the cost of the client.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

BACKLOG = 16384
RUN = {
    "run_id": "1f0c9d9e-0000-6000-8000-000000000001",
    "thread_id": "7d4b9a52-0000-4000-8000-000000000001",
    "assistant_id": "fe096781-5601-53d2-b2f6-0d3403f7e9ca",
    "created_at": "2026-11-24T10:00:00.000000+00:00",
    "updated_at": "2026-11-24T10:00:00.000000+00:00",
    "status": "success",
    "metadata": {"created_by": "system", "graph_id": "agent"},
    "kwargs": {"input": {"text": "hi"}, "config": {"configurable": {}}, "stream_mode": ["values"]},
    "multitask_strategy": "enqueue",
}
PLACE = f"/threads/{RUN['thread_id']}/runs/{RUN['run_id']}"


def event(number: int, size: int) -> bytes:
    """One event of a stream, `size` bytes long, with its fields in the order that the server uses."""
    head, tail = b"event: custom\r\ndata: ", f"\r\nid: {1760000000000 + number}-0\r\n\r\n".encode()
    token = {"type": "AIMessageChunk", "content": 'some words "of" a model', "id": "run-0", "usage": None}
    data: dict[str, Any] = {"i": number, "tokens": [], "pad": ""}
    room = size - len(head) - len(tail) - len(json.dumps(data))
    data["tokens"] = [token] * (room // (len(json.dumps(token)) + 2))
    data["pad"] = "x" * (size - len(head) - len(tail) - len(json.dumps(data)))
    return head + json.dumps(data).encode() + tail


class Connection(asyncio.Protocol):
    """One connection. Requests arrive one at a time, each with its whole body."""

    def __init__(self, options: argparse.Namespace, pieces: list[bytes]) -> None:
        self._options = options
        self._pieces = pieces
        self._received = b""
        self._may_write = asyncio.Event()
        self._may_write.set()
        self._task: asyncio.Task[None] | None = None
        self._asleep = 0  # how often the reader had gone to sleep at the time of the last write

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def connection_lost(self, exc: Exception | None) -> None:
        self._may_write.set()
        if self._task is not None:
            self._task.cancel()

    def pause_writing(self) -> None:
        self._may_write.clear()

    def resume_writing(self) -> None:
        self._may_write.set()

    def data_received(self, data: bytes) -> None:
        self._received += data
        head, end, body = self._received.partition(b"\r\n\r\n")
        if not end:
            return
        _, _, after = head.lower().partition(b"content-length:")
        if len(body) < int(after.split(b"\r\n", 1)[0] or 0):
            return
        self._received = b""
        method, target, _ = head.split(b" ", 2)
        path = target.partition(b"?")[0].decode()
        if path.endswith("/wait") and self._options.seconds:
            loop = asyncio.get_running_loop()
            loop.call_later(self._options.seconds, self._answer, b'{"text": "Hello"}')
        elif path.endswith("/wait"):
            self._answer(b'{"text": "Hello"}')
        elif path.endswith("/stream") and method == b"POST":
            self._task = asyncio.create_task(self._stream())
        elif path.endswith("/stream"):
            self._transport.write(self._head() + b"0\r\n\r\n")
        else:
            self._answer(json.dumps(RUN).encode())

    def _answer(self, body: bytes) -> None:
        if not self._transport.is_closing():
            head = f"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {len(body)}\r\n"
            self._transport.write(head.encode() + b"\r\n" + body)

    def _head(self) -> bytes:
        lines = ["HTTP/1.1 200 OK", "content-type: text/event-stream; charset=utf-8"]
        lines += [f"content-location: {PLACE}", f"location: {PLACE}/stream", "transfer-encoding: chunked"]
        return "\r\n".join([*lines, "", ""]).encode()

    async def _stream(self) -> None:
        self._transport.write(self._head())
        for piece in self._pieces:
            if self._options.pause:
                await asyncio.sleep(self._options.pause)
            if self._options.reader:
                await self._until_read()
            await self._may_write.wait()
            self._transport.write(piece)
        self._transport.write(b"0\r\n\r\n")

    async def _until_read(self) -> None:
        """Waits until the reader, which the last write woke up, is asleep again."""
        while (now := sleeps(self._options.reader)) <= self._asleep:  # noqa: ASYNC110
            await asyncio.sleep(0)
        self._asleep = now


def sleeps(pid: int) -> int:
    """How often the main thread of a process has gone to sleep; 0 while it is awake. (Linux only.)"""
    with open(f"/proc/{pid}/status", encoding="ascii") as status:
        found = dict(line.split(":\t", 1) for line in status)
    return int(found["voluntary_ctxt_switches"]) if found["State"].startswith("S") else 0


def large(size: int) -> bytes:
    """One event with one long string in it."""
    return b'event: custom\r\ndata: {"pad": "' + b"x" * size + b'"}\r\n\r\n'


def pieces(options: argparse.Namespace) -> list[bytes]:
    """The stream. Each event is an HTTP chunk. If the server waits before each event, it sends them one by one, and
    otherwise as many at once as fit into 64 KiB."""
    size, count = options.event_bytes, options.events
    if size > 65536:  # the same event again and again
        one = event(0, size) if size < 1_000_000 else large(size)
        return [b"%x\r\n%b\r\n" % (len(one), one)] * count
    chunks = [b"%x\r\n%b\r\n" % (len(one), one) for one in (event(number, size) for number in range(count))]
    at_once = 1 if options.pause or options.reader else max(1, 65536 // size)
    return [b"".join(chunks[start : start + at_once]) for start in range(0, count, at_once)]


async def serve(options: argparse.Namespace) -> None:
    """Prints the port, and serves until it is stopped."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=BACKLOG)
    loop = asyncio.get_running_loop()
    stream = pieces(options)
    server = await loop.create_server(lambda: Connection(options, stream), sock=listener, backlog=BACKLOG)
    print(listener.getsockname()[1], flush=True)
    await server.serve_forever()


@contextmanager
def server(
    *,
    seconds: float = 0.0,
    event_bytes: int = 350,
    events: int = 0,
    pause: float = 0.0,
    lockstep: bool = False,
) -> Iterator[str]:
    """Runs a server, yields its URL, and stops it afterwards.

    Args:
        seconds: The duration of a wait.
        event_bytes: The size of an event; each is one HTTP chunk.
        events: The number of events of a stream.
        pause: The pause before each event, in seconds.
        lockstep: Whether to wait before each event until this process has read the previous one and is asleep.
    """
    reader = os.getpid() if lockstep else 0
    given = {
        "seconds": seconds,
        "event-bytes": event_bytes,
        "events": events,
        "pause": pause,
        "reader": reader,
    }
    arguments = [f"--{name}={value}" for name, value in given.items()]
    process = subprocess.Popen([sys.executable, __file__, *arguments], stdout=subprocess.PIPE)
    try:
        assert process.stdout is not None
        yield f"http://127.0.0.1:{int(process.stdout.readline())}"
    finally:
        process.terminate()
        process.wait()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float)
    parser.add_argument("--event-bytes", type=int)
    parser.add_argument("--events", type=int)
    parser.add_argument("--pause", type=float)
    parser.add_argument("--reader", type=int)
    with suppress(KeyboardInterrupt):
        asyncio.run(serve(parser.parse_args()))
