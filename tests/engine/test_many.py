"""Hundreds of calls at once: none waits for a connection or leaves one open. And the memory of a stream."""

from __future__ import annotations

import asyncio
import gc
import tracemalloc
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from random import Random
from typing import Any

import pytest
from servers.keep_alive_server import KeepAliveServer, keep_alive_server

from langgraph_runs import AsyncRunsClient, RunsClient
from langgraph_runs.engine.async_socket import AsyncSocket
from langgraph_runs.stream.decoding import decode
from langgraph_runs.stream.sse import SSEDecoder

CALLS = 150  # more than httpx's own pool has connections
MIB = 1024 * 1024


@pytest.fixture
def server() -> Iterator[KeepAliveServer]:
    """A server for each test."""
    with keep_alive_server() as running:
        yield running


async def test_many_tasks_have_a_connection_each_and_a_hundred_are_kept(server: KeepAliveServer) -> None:
    """The others are closed afterwards."""
    async with AsyncRunsClient(server.url, api_key=None) as runs:
        waits = [asyncio.create_task(runs.wait(None, "agent")) for _ in range(CALLS)]
        assert await asyncio.to_thread(server.until, lambda: server.waiting == CALLS)
        server.may_answer.set()
        assert [{}] * CALLS == await asyncio.gather(*waits)
        assert await asyncio.to_thread(server.until, lambda: len(server.now) == 100)
        await asyncio.gather(*(runs.get("t", "r") for _ in range(100)))
        assert CALLS == server.made
    assert await asyncio.to_thread(server.until, lambda: not server.now)


def test_many_threads_have_a_connection_each(server: KeepAliveServer) -> None:
    """On one client."""
    with RunsClient(server.url, api_key=None) as runs, ThreadPoolExecutor(CALLS) as threads:
        waits = [threads.submit(runs.wait, None, "agent") for _ in range(CALLS)]
        assert server.until(lambda: server.waiting == CALLS)
        server.may_answer.set()
        assert [{}] * CALLS == [one.result() for one in waits]
        assert server.until(lambda: len(server.now) == 100)
    assert server.until(lambda: not server.now)


async def test_cancelled_calls_leave_no_connection(server: KeepAliveServer) -> None:
    """Whether they were connecting, sending, waiting or streaming. The next call succeeds."""
    rng = Random(20261124)
    async with AsyncRunsClient(server.url, api_key=None) as runs:

        async def stream() -> None:
            async for _ in runs.stream("t", "agent"):
                pass

        async def cancelled(number: int) -> None:
            call = asyncio.create_task(stream() if number % 2 else runs.wait(None, "agent"))
            await asyncio.sleep(rng.random() * 0.2)
            call.cancel()
            with pytest.raises(asyncio.CancelledError):
                await call

        for _ in range(4):
            await asyncio.gather(*map(cancelled, range(CALLS // 2)))
        assert await asyncio.to_thread(server.until, lambda: not server.now)
        assert "r" == (await runs.get("t", "r")).run_id


async def test_not_all_connections_are_opened_at_once(
    server: KeepAliveServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first would time out while the others are being opened."""
    monkeypatch.setattr("langgraph_runs._async.engine.pool._CONNECTING_AT_ONCE", 3)
    connecting: list[int] = [0]
    connect = AsyncSocket.connect

    async def counted(*arguments: Any) -> Any:
        connecting.append(connecting[-1] + 1)
        socket = await connect(*arguments)
        connecting.append(connecting[-1] - 1)
        return socket

    monkeypatch.setattr(AsyncSocket, "connect", counted)
    async with AsyncRunsClient(server.url, api_key=None) as runs:
        assert 20 == len(await asyncio.gather(*(runs.get("t", "r") for _ in range(20))))
    assert 3 == max(connecting)


async def test_a_stream_of_many_events_takes_no_more_memory_than_one_of_few() -> None:
    """Events that were yielded are not kept."""
    one = b'event: custom\r\ndata: "' + b"x" * 100_000 + b'"\r\n\r\n'
    stream = one * 20
    peaks = []
    for times in (1, 5):
        gc.collect()
        tracemalloc.start()
        decoder = SSEDecoder()
        for _ in range(times):
            for start in range(0, len(stream), 65536):
                for event in decoder.feed(stream[start : start + 65536]):
                    decode(event)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] + 100_000


def test_a_large_event_takes_little_more_than_twice_its_size() -> None:
    """Its bytes as they arrive, and once more in one piece. (orjson allocates more, but does not touch it.)"""
    size = 16 * MIB
    piece = b"x" * 65536
    tracemalloc.start()
    decoder = SSEDecoder()
    assert [] == list(decoder.feed(b'event: custom\r\ndata: "'))
    for _ in range(size // len(piece)):
        assert [] == list(decoder.feed(piece))
    (event,) = decoder.feed(b'"\r\n\r\n')
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert size == len(decode(event).data)
    assert peak < 2.5 * size
