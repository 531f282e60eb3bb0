"""A process that sends or receives a lot, and reports how much memory it uses.

    python memory_script.py upload|download sync|async URL KIND

It prints its progress and its memory, one line of JSON each.
"""

from __future__ import annotations

import asyncio
import json
import resource
import sys
import threading
from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx

from langgraph_runs import AsyncRunsClient, RunsClient
from langgraph_runs._async.engine.pool import AsyncPool
from langgraph_runs._sync.engine.pool import Pool

MIB = 1024 * 1024
SIZE = 64 * MIB
PIECE = b"x" * 65536


def say(**facts: Any) -> None:
    """Prints a line of JSON, with the peak memory so far in MiB."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sys.stdout.write(json.dumps(facts | {"peak": peak}) + "\n")
    sys.stdout.flush()


class Sent:
    """Counts what is taken from a body, and prints it when nothing more has been taken for a while."""

    def __init__(self) -> None:
        self.size = 0
        threading.Thread(target=self._watch, daemon=True).start()

    def _watch(self) -> None:
        before, pause = 0, threading.Event()
        while not before or self.size != before:
            before = self.size
            pause.wait(0.3)
        say(stopped_at=self.size / MIB)

    def pieces(self) -> Iterator[bytes]:
        """The body."""
        for _ in range(SIZE // len(PIECE)):
            self.size += len(PIECE)
            yield PIECE

    async def async_pieces(self) -> AsyncIterator[bytes]:
        """The same."""
        for piece in self.pieces():
            yield piece


def upload(url: str, kind: str) -> None:
    """Sends 64 MiB."""
    with httpx.Client(transport=Pool(), timeout=60) as http:
        content = b"x" * SIZE if kind == "bytes" else None
        say(begun=True)
        response = http.post(url, content=Sent().pieces() if content is None else content)
        say(answer=response.text)


async def async_upload(url: str, kind: str) -> None:
    """The same."""
    async with httpx.AsyncClient(transport=AsyncPool(), timeout=60) as http:
        content = b"x" * SIZE if kind == "bytes" else None
        say(begun=True)
        response = await http.post(url, content=Sent().async_pieces() if content is None else content)
        say(answer=response.text)


def download(url: str, kind: str) -> None:
    """Reads the first event of a long stream, and leaves it when a line arrives on stdin."""
    with RunsClient(url, api_key=None) as runs, runs.stream("t", "agent") as stream:
        say(begun=True)
        say(first=next(stream).event)
        sys.stdin.readline()
        say(left=True)


async def async_download(url: str, kind: str) -> None:
    """The same, with an event loop that has nothing else to do."""
    async with AsyncRunsClient(url, api_key=None) as runs, runs.stream("t", "agent") as stream:
        say(begun=True)
        say(first=(await anext(stream)).event)
        await asyncio.to_thread(sys.stdin.readline)
        say(left=True)


if __name__ == "__main__":
    direction, variant, *arguments = sys.argv[1:]
    if variant == "sync":
        {"upload": upload, "download": download}[direction](*arguments)
    else:
        asyncio.run({"upload": async_upload, "download": async_download}[direction](*arguments))
