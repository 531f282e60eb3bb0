"""Calls of `create`, one after another on a connection that is kept alive: the client's CPU time per call. The bare
clients encode and decode JSON with orjson."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
import httpx
import orjson
from clients import aiohttp_client
from langgraph_sdk import get_client, get_sync_client
from measure import AIOHTTP, EXTRA, HTTPX, OURS, SDK, Cost, compare, compare_async, compared
from server import server

from langgraph_runs import AsyncRunsClient, RunsClient

CALLS = 300
INPUT = {"text": "hi"}
BODY = {"assistant_id": "agent", "input": INPUT}
JSON = {"content-type": "application/json"}


def repeated(work: Callable[[], object]) -> Callable[[], None]:
    """Makes CALLS of these calls."""

    def calls() -> None:
        for _ in range(CALLS):
            work()

    return calls


def repeated_async(work: Callable[[], Awaitable[object]]) -> Callable[[], Awaitable[None]]:
    """The same for coroutines."""

    async def calls() -> None:
        for _ in range(CALLS):
            await work()

    return calls


def synchronous(url: str) -> dict[str, Cost]:
    """This client, langgraph-sdk, and httpx."""
    theirs, bare = get_sync_client(url=url, api_key=None), httpx.Client(base_url=url, timeout=60)
    with RunsClient(url, api_key=None) as runs, theirs, bare:
        works: dict[str, Callable[[], object]] = {
            OURS: lambda: runs.create(None, "agent", input=INPUT),
            SDK: lambda: theirs.runs.create(None, "agent", input=INPUT),
            HTTPX: lambda: orjson.loads(bare.post("/runs", content=orjson.dumps(BODY), headers=JSON).content),
        }
        return compare({name: repeated(work) for name, work in works.items()}, units=CALLS)


async def asynchronous(url: str) -> dict[str, Cost]:
    """The same, and aiohttp."""
    async with (
        AsyncRunsClient(url, api_key=None) as runs,
        aiohttp_client() as lent,
        AsyncRunsClient(url, api_key=None, http_client=lent) as over_aiohttp,
        get_client(url=url, api_key=None) as theirs,
        httpx.AsyncClient(base_url=url, timeout=60) as bare,
        aiohttp.ClientSession(url) as session,
    ):

        async def by_httpx() -> Any:
            response = await bare.post("/runs", content=orjson.dumps(BODY), headers=JSON)
            return orjson.loads(response.content)

        async def by_aiohttp() -> Any:
            async with session.post("/runs", data=orjson.dumps(BODY), headers=JSON) as response:
                return orjson.loads(await response.read())

        works: dict[str, Callable[[], Awaitable[object]]] = {
            OURS: lambda: runs.create(None, "agent", input=INPUT),
            SDK: lambda: theirs.runs.create(None, "agent", input=INPUT),
            HTTPX: by_httpx,
            AIOHTTP: by_aiohttp,
            EXTRA: lambda: over_aiohttp.create(None, "agent", input=INPUT),
        }
        return await compare_async({name: repeated_async(work) for name, work in works.items()}, units=CALLS)


if __name__ == "__main__":
    with server() as url:
        compared("sync", synchronous(url), {SDK: 0.75, HTTPX: 0.85}).print()
        costs = asyncio.run(asynchronous(url))
        compared("async", costs, {SDK: 0.5, HTTPX: 0.7}).print()
        compared("async, [aiohttp]", costs, name=EXTRA).print()
