"""A stream of 4,000 events of 350 B over loopback: CPU time of the client for each event."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import httpx
from clients import aiohttp_client
from langgraph_sdk import get_client, get_sync_client
from measure import FLOOR, OURS, SDK, Cost, compare, compared, on
from server import server

from langgraph_runs import AsyncRunsClient, RunsClient

EVENTS = 4000
MORE = {"input": {"text": "hi"}, "stream_mode": "custom", "stream_resumable": True}
PATH = "/threads/t/runs/stream"


def synchronous(url: str) -> dict[str, Cost]:
    """This client, langgraph-sdk, and httpx reading the same bytes and doing nothing with them."""
    theirs, bare = get_sync_client(url=url, api_key=None), httpx.Client(base_url=url, timeout=60)
    with RunsClient(url, api_key=None) as runs, theirs, bare:

        def ours() -> None:
            assert sum(1 for _ in runs.stream("t", "agent", **MORE)) == EVENTS

        def sdk() -> None:
            assert sum(1 for _ in theirs.runs.stream("t", "agent", **MORE)) == EVENTS

        def floor() -> None:
            with bare.stream("POST", PATH, json=MORE) as response:
                for _ in response.iter_raw():
                    pass

        return compare({OURS: ours, SDK: sdk, FLOOR: floor}, units=EVENTS)


async def count(runs: AsyncRunsClient) -> None:
    """Reads a stream to its end."""
    number = 0
    async for _ in runs.stream("t", "agent", **MORE):
        number += 1
    assert number == EVENTS


def asynchronous(url: str) -> dict[str, Cost]:
    """The same, and with the transport of httpx-aiohttp."""
    theirs, bare = get_client(url=url, api_key=None), httpx.AsyncClient(base_url=url, timeout=60)
    runs = AsyncRunsClient(url, api_key=None)
    other = aiohttp_client()
    over_aiohttp = AsyncRunsClient(url, api_key=None, http_client=other)

    async def sdk() -> None:
        number = 0
        async for _ in theirs.runs.stream("t", "agent", **MORE):
            number += 1
        assert number == EVENTS

    async def floor(http: httpx.AsyncClient) -> None:
        async with http.stream("POST", url + PATH, json=MORE) as response:
            async for _ in response.aiter_raw():
                pass

    works: dict[str, Callable[[], Awaitable[object]]] = {
        OURS: lambda: count(runs),
        SDK: sdk,
        FLOOR: lambda: floor(bare),
        "aiohttp": lambda: count(over_aiohttp),
        "aiohttp floor": lambda: floor(other),
    }
    loop = asyncio.new_event_loop()
    try:
        return compare({name: on(loop, work) for name, work in works.items()}, units=EVENTS)
    finally:
        for close in (runs.aclose, other.aclose, theirs.aclose, bare.aclose):
            loop.run_until_complete(close())
        loop.close()


if __name__ == "__main__":
    with server(event_bytes=350, events=EVENTS) as url:
        compared("sync", synchronous(url), sdk_at_most=0.75).print()
        costs = asynchronous(url)
        compared("async", costs, sdk_at_most=0.75).print()
        costs |= {OURS: costs["aiohttp"], FLOOR: costs["aiohttp floor"]}
        compared("async, [aiohttp]", costs, sdk_at_most=0.35).print()
