"""One call, `create`, one after another on a connection that is kept: CPU time of the client for each."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import orjson
from clients import aiohttp_client
from langgraph_sdk import get_client, get_sync_client
from measure import FLOOR, OURS, SDK, Cost, compare, compared, on
from server import server

from langgraph_runs import AsyncRunsClient, RunsClient

CALLS = 300
INPUT = {"text": "hi"}
BODY = {"assistant_id": "agent", "input": INPUT}
JSON = {"content-type": "application/json"}


def repeated(work: Callable[[], object]) -> Callable[[], None]:
    """So many of these calls."""

    def calls() -> None:
        for _ in range(CALLS):
            work()

    return calls


def synchronous(url: str) -> dict[str, Cost]:
    """This client, langgraph-sdk, and httpx with orjson."""
    theirs, bare = get_sync_client(url=url, api_key=None), httpx.Client(base_url=url, timeout=60)
    with RunsClient(url, api_key=None) as runs, theirs, bare:
        works: dict[str, Callable[[], object]] = {
            OURS: lambda: runs.create(None, "agent", input=INPUT),
            SDK: lambda: theirs.runs.create(None, "agent", input=INPUT),
            FLOOR: lambda: orjson.loads(bare.post("/runs", content=orjson.dumps(BODY), headers=JSON).content),
        }
        return compare({name: repeated(work) for name, work in works.items()}, units=CALLS)


def asynchronous(url: str) -> dict[str, Cost]:
    """The same."""
    theirs, bare = get_client(url=url, api_key=None), httpx.AsyncClient(base_url=url, timeout=60)
    runs = AsyncRunsClient(url, api_key=None)
    other = aiohttp_client()
    over_aiohttp = AsyncRunsClient(url, api_key=None, http_client=other)

    async def floor() -> Any:
        response = await bare.post("/runs", content=orjson.dumps(BODY), headers=JSON)
        return orjson.loads(response.content)

    works: dict[str, Callable[[], Awaitable[object]]] = {
        OURS: lambda: runs.create(None, "agent", input=INPUT),
        SDK: lambda: theirs.runs.create(None, "agent", input=INPUT),
        FLOOR: floor,
        "aiohttp": lambda: over_aiohttp.create(None, "agent", input=INPUT),
    }

    async def calls(work: Callable[[], Awaitable[object]]) -> None:
        for _ in range(CALLS):
            await work()

    loop = asyncio.new_event_loop()
    try:
        turns = {name: on(loop, lambda work=work: calls(work)) for name, work in works.items()}
        return compare(turns, units=CALLS)
    finally:
        for close in (runs.aclose, other.aclose, theirs.aclose, bare.aclose):
            loop.run_until_complete(close())
        loop.close()


if __name__ == "__main__":
    with server() as url:
        compared("sync", synchronous(url), floor_at_most=1.15).print()
        costs = asynchronous(url)
        compared("async", costs, sdk_at_most=0.75, floor_at_most=1.15).print()
        compared("async, [aiohttp]", costs | {OURS: costs["aiohttp"]}).print()
