"""Thousands of random responses over real sockets: only httpx exceptions, no hang, and bounded memory.

The client gets what the parser makes of the same bytes (test_response_parser_fuzz.py), and the next request gets its
own answer.
"""

from __future__ import annotations

import asyncio
import gc
import os
import time
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
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
from servers.endless_server import EndlessServer

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
"""How much memory an endless response may take."""
SENT_AT_MOST = 50_000_000


def cases(part: int) -> Iterator[tuple[int, Case, End]]:
    """Random responses, and what follows them: the end of the connection, its reset, or sometimes nothing."""
    for seed in range(SEED * 1000 + part * RESPONSES, SEED * 1000 + (part + 1) * RESPONSES):
        random = Random(seed)
        one = case(random)
        yield seed, one, random.choices(list(End), weights=[1, 6, 3])[0]


def by_parser(one: Case, end: End) -> Outcome:
    """The result of the parser for the same bytes."""
    return parsed(one.method, one.pieces, has_ended=end is End.FIN).outcome


def is_right(result: Played, expected: Outcome, end: End) -> bool:
    """Whether it is the result of the parser; a reset may arrive before the client has read all that was sent."""
    if end is End.RST and (expected is httpx.ReadTimeout or isinstance(result.first, type)):
        return result.second_has_its_own_answer and result.first in (
            httpx.ReadError,
            httpx.RemoteProtocolError,
        )
    return result.second_has_its_own_answer and result.first == expected


def patience(expected: Outcome, end: End) -> float:
    return IMPATIENCE if expected is httpx.ReadTimeout and end is End.OPEN else PATIENCE


class Resources:
    """The memory and the descriptors that this process uses."""

    def __init__(self) -> None:
        self._memory, self._descriptors = self._now()

    def are_free(self) -> bool:
        """Whether they are what they were before, now or soon: threads and loops close the sockets."""
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
def test_a_random_response_has_the_result_of_the_parser(part: int) -> None:
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
async def test_a_random_response_has_the_result_of_the_parser_for_the_async_client(part: int) -> None:
    with byte_server() as server:
        await asyncio.to_thread(int)  # it starts the thread
        resources = Resources()
        async with httpx.AsyncClient(transport=AsyncPool()) as client:
            for seed, one, end in cases(part):
                expected = by_parser(one, end)
                read = patience(expected, end)
                result = await async_played(client, server, one.pieces, end, method=one.method, read=read)
                assert is_right(result, expected, end), f"seed {seed}: {one}, {end}: {result}"
        assert await asyncio.to_thread(resources.are_free)


@contextmanager
def little_traced() -> Iterator[None]:
    """Checks that Python allocates little within."""
    tracemalloc.start()
    try:
        yield
        assert tracemalloc.get_traced_memory()[1] < TRACED
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("name", ENDLESS)
def test_an_endless_response_is_refused_and_its_connection_closed(name: str) -> None:
    server = EndlessServer(*ENDLESS[name], most=SENT_AT_MOST)
    with little_traced(), httpx.Client(transport=Pool()) as client:
        assert asked(client, "GET", server.url, PATIENCE) is httpx.RemoteProtocolError
        assert server.was_left()


@pytest.mark.parametrize("name", ENDLESS)
async def test_an_endless_response_is_refused_by_the_async_client(name: str) -> None:
    server = EndlessServer(*ENDLESS[name], most=SENT_AT_MOST)
    with little_traced():
        async with httpx.AsyncClient(transport=AsyncPool()) as client:
            assert await async_asked(client, "GET", server.url, PATIENCE) is httpx.RemoteProtocolError
            assert await asyncio.to_thread(server.was_left)
