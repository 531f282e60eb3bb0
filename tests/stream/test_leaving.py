"""Leaving a stream in any way leaves no connection open, as counted by the kernel."""

from __future__ import annotations

import asyncio
import gc
from typing import Any

import pytest
from servers.scripted_server import HANG, events, scripted_server
from servers.sockets import all_are_closed, connections_to

from langgraph_runs import AsyncRunsClient, AsyncRunStream, RunsClient, RunStream

FIRST = b'event: metadata\ndata: {"run_id": "r", "attempt": 1}\nid: 1\n\n'
ENDLESS = events(FIRST, Content_Location="/threads/t/runs/r") + HANG
STREAMS = 10


async def by_break(stream: AsyncRunStream[Any, Any, Any]) -> None:
    async for _ in stream:
        break


async def by_an_exception(stream: AsyncRunStream[Any, Any, Any]) -> None:
    with pytest.raises(KeyError):
        async for _ in stream:
            raise KeyError


async def by_task_cancellation(stream: AsyncRunStream[Any, Any, Any]) -> None:
    async def read() -> None:
        async for _ in stream:
            reading.set()

    reading = asyncio.Event()
    task = asyncio.create_task(read())
    await reading.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def by_cancellation_while_leaving(stream: AsyncRunStream[Any, Any, Any]) -> None:
    """The task is cancelled while leaving the `with` closes the connection."""

    async def read() -> None:
        async with stream:
            await anext(stream)
            read_one.set()

    read_one = asyncio.Event()
    task = asyncio.create_task(read())
    await read_one.wait()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def by_a_timeout(stream: AsyncRunStream[Any, Any, Any]) -> None:
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(2.0):
            async for _ in stream:
                pass


async def by_a_deadline(stream: AsyncRunStream[Any, Any, Any]) -> None:
    """The timeout of the stream itself."""
    with pytest.raises(TimeoutError):
        async for _ in stream:
            pass


async def by_garbage_collection(stream: AsyncRunStream[Any, Any, Any]) -> None:
    await anext(stream)


WAYS = [
    by_break, by_an_exception, by_task_cancellation, by_cancellation_while_leaving, by_a_timeout, by_a_deadline,
    by_garbage_collection,
]  # fmt: skip


@pytest.mark.parametrize("leave", WAYS)
async def test_a_task_that_leaves_a_stream_leaves_no_connection_open(leave: Any) -> None:
    """Many at once; the client stays open."""
    with scripted_server(ENDLESS) as server:
        async with AsyncRunsClient(server.url, api_key=None) as runs:
            deadline = 2.0 if leave is by_a_deadline else None
            await asyncio.gather(
                *(leave(runs.stream("t", "agent", timeout=deadline)) for _ in range(STREAMS))
            )
            gc.collect()
            assert await asyncio.to_thread(all_are_closed, server.port)
    assert STREAMS == len(server.requests)


def sync_by_break(stream: RunStream[Any, Any, Any]) -> None:
    for _ in stream:
        break


def sync_by_an_exception(stream: RunStream[Any, Any, Any]) -> None:
    with pytest.raises(KeyError):
        for _ in stream:
            raise KeyError


def sync_by_a_deadline(stream: RunStream[Any, Any, Any]) -> None:
    with pytest.raises(TimeoutError):
        for _ in stream:
            pass


def sync_by_garbage_collection(stream: RunStream[Any, Any, Any]) -> None:
    next(stream)


@pytest.mark.parametrize(
    "leave", [sync_by_break, sync_by_an_exception, sync_by_a_deadline, sync_by_garbage_collection]
)
def test_a_thread_that_leaves_a_stream_leaves_no_connection_open(leave: Any) -> None:
    """At once, unless it is left to the garbage collector."""
    with scripted_server(ENDLESS) as server, RunsClient(server.url, api_key=None) as runs:
        deadline = 2.0 if leave is sync_by_a_deadline else None
        for _ in range(3):
            leave(runs.stream("t", "agent", timeout=deadline))
            gc.collect()
            assert 0 == connections_to(server.port)
