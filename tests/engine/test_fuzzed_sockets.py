"""Thousands of random responses over real sockets: httpx exceptions only, no hang, and memory bounded.

What a client gets is what the parser makes of the same bytes (test_response_parser_fuzz.py), and the request after
it gets its own answer.
"""

from __future__ import annotations

import asyncio
import gc
import os
import socket
import threading
import time
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from random import Random

import httpx
import pytest
from engine.exchanges import (
    IMPATIENCE,
    PATIENCE,
    Outcome,
    Played,
    asked,
    async_asked,
    async_played,
    parsed,
    played,
)
from engine.random_responses import ENDLESS, Case, case
from servers.byte_server import End, byte_server

from langgraph_runs._async.engine.pool import AsyncPool
from langgraph_runs._sync.engine.pool import Pool

pytestmark = pytest.mark.exhaustive

SEED = int(os.environ.get("SEED", "20261124"))
PARTS = 10
RESPONSES = 400
"""In each part, in each variant."""
MEMORY = 30_000_000
"""By which the process may have grown when all is over, in bytes."""
TRACED = 8_000_000
"""What an endless response may take meanwhile."""
SENT_AT_MOST = 50_000_000


def cases(part: int) -> Iterator[tuple[int, Case, End]]:
    """Random responses, and what follows them: the end of the connection, or its reset, or now and then nothing."""
    for seed in range(SEED * 1000 + part * RESPONSES, SEED * 1000 + (part + 1) * RESPONSES):
        random = Random(seed)
        one = case(random)
        yield seed, one, random.choices(list(End), weights=[1, 6, 3])[0]


def by_parser(one: Case, end: End) -> Outcome:
    """What the parser makes of the same bytes."""
    return parsed(one.method, one.pieces, has_ended=end is End.FIN).outcome


def is_right(result: Played, expected: Outcome, end: End) -> bool:
    """Whether that is what the parser says; a reset may come before what was sent has been read."""
    if end is End.RST and (expected is httpx.ReadTimeout or isinstance(result.first, type)):
        return result.second_has_its_own and result.first in (httpx.ReadError, httpx.RemoteProtocolError)
    return result.second_has_its_own and result.first == expected


def patience(expected: Outcome, end: End) -> float:
    return IMPATIENCE if expected is httpx.ReadTimeout and end is End.OPEN else PATIENCE


class Resources:
    """What this process uses: memory, and descriptors."""

    def __init__(self) -> None:
        self._memory, self._descriptors = self._now()

    def are_free(self) -> bool:
        """Whether they are again what they were, or will be in a moment: sockets are closed by threads and loops."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            memory, descriptors = self._now()
            if memory - self._memory < MEMORY and descriptors <= self._descriptors:
                return True
            time.sleep(0.01)
        return False

    def _now(self) -> tuple[int, int]:
        gc.collect()
        pages = int(Path("/proc/self/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE"), len(os.listdir("/dev/fd"))


@pytest.mark.parametrize("part", range(PARTS))
def test_a_random_response_gives_what_the_parser_says(part: int) -> None:
    with byte_server() as server:
        resources = Resources()
        with httpx.Client(transport=Pool()) as client:
            for seed, one, end in cases(part):
                expected = by_parser(one, end)
                read = patience(expected, end)
                result = played(client, server, one.pieces, end, method=one.method, read=read)
                assert is_right(result, expected, end), f"seed {seed}: {one}, {end}: {result}"
        assert resources.are_free()


@pytest.mark.parametrize("part", range(PARTS))
async def test_a_random_response_gives_it_asynchronously_too(part: int) -> None:
    with byte_server() as server:
        await asyncio.to_thread(int)  # which makes the thread
        resources = Resources()
        async with httpx.AsyncClient(transport=AsyncPool()) as client:
            for seed, one, end in cases(part):
                expected = by_parser(one, end)
                read = patience(expected, end)
                result = await async_played(client, server, one.pieces, end, method=one.method, read=read)
                assert is_right(result, expected, end), f"seed {seed}: {one}, {end}: {result}"
        assert await asyncio.to_thread(resources.are_free)


class EndlessServer:
    """Answers one request, and does not end until the client has gone."""

    def __init__(self, beginning: bytes, goes_on: bytes) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}/"
        self._sent = 0
        self._thread = threading.Thread(target=self._serve, args=(beginning, goes_on), daemon=True)
        self._thread.start()

    def _serve(self, beginning: bytes, goes_on: bytes) -> None:
        piece = goes_on * (65536 // len(goes_on))
        with self._listener, self._listener.accept()[0] as connection, suppress(OSError):
            connection.settimeout(PATIENCE)
            connection.recv(65536)
            connection.sendall(beginning)
            while self._sent < SENT_AT_MOST:
                self._sent += connection.send(piece)

    def was_left(self) -> bool:
        """Whether the client has gone, or goes in a moment, with little read."""
        self._thread.join(PATIENCE)
        return not self._thread.is_alive() and self._sent < SENT_AT_MOST


@contextmanager
def little_traced() -> Iterator[None]:
    """That what Python allocates within is bounded."""
    tracemalloc.start()
    try:
        yield
        assert tracemalloc.get_traced_memory()[1] < TRACED
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("name", ENDLESS)
def test_what_never_ends_is_refused_and_its_connection_closed(name: str) -> None:
    server = EndlessServer(*ENDLESS[name])
    with little_traced(), httpx.Client(transport=Pool()) as client:
        assert asked(client, "GET", server.url, PATIENCE) is httpx.RemoteProtocolError
        assert server.was_left()


@pytest.mark.parametrize("name", ENDLESS)
async def test_what_never_ends_is_refused_asynchronously_too(name: str) -> None:
    server = EndlessServer(*ENDLESS[name])
    with little_traced():
        async with httpx.AsyncClient(transport=AsyncPool()) as client:
            assert await async_asked(client, "GET", server.url, PATIENCE) is httpx.RemoteProtocolError
            assert await asyncio.to_thread(server.was_left)
