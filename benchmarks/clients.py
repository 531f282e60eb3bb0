"""The clients that are measured: this one, langgraph-sdk, and bare httpx and aiohttp."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import aiohttp
import httpx
from httpx_aiohttp import AiohttpTransport
from langgraph_sdk import get_client, get_sync_client
from measure import AIOHTTP, EXTRA, HTTPX, OURS, SDK

from langgraph_runs import AsyncRunsClient, RunsClient

PATH = "/threads/t/runs/stream"
MORE: dict[str, Any] = {"input": {"text": "hi"}, "stream_mode": "custom", "stream_resumable": True}

NO_LIMITS = httpx.Limits(max_connections=None)


def aiohttp_client() -> httpx.AsyncClient:
    """The client of docs/scale.md: aiohttp's transport without a connection limit (which is 0 in aiohttp)."""
    limits = httpx.Limits(max_connections=0, keepalive_expiry=4.0)
    return httpx.AsyncClient(transport=AiohttpTransport(limits=limits), timeout=60)


@contextmanager
def sync_readers(url: str, events: int) -> Iterator[dict[str, Callable[[], None]]]:
    """Functions that read a stream of `events` events to its end, by client. The bare clients read the same bytes and
    discard them."""
    with (
        RunsClient(url, api_key=None) as runs,
        get_sync_client(url=url, api_key=None) as theirs,
        httpx.Client(base_url=url, timeout=60) as bare,
    ):

        def ours() -> None:
            assert sum(1 for _ in runs.stream("t", "agent", **MORE)) == events

        def sdk() -> None:
            assert sum(1 for _ in theirs.runs.stream("t", "agent", **MORE)) == events

        def by_httpx() -> None:
            with bare.stream("POST", PATH, json=MORE) as response:
                for _ in response.iter_raw():
                    pass

        yield {OURS: ours, SDK: sdk, HTTPX: by_httpx}


@asynccontextmanager
async def readers(url: str, events: int) -> AsyncIterator[dict[str, Callable[[], Awaitable[None]]]]:
    """The same for async clients, with bare aiohttp and with this client on the transport of httpx-aiohttp."""

    async def parts(runs: Any) -> None:
        number = 0
        async for _ in runs.stream("t", "agent", **MORE):
            number += 1
        assert number == events

    async with (
        AsyncRunsClient(url, api_key=None) as runs,
        aiohttp_client() as lent,
        AsyncRunsClient(url, api_key=None, http_client=lent) as over_aiohttp,
        get_client(url=url, api_key=None) as theirs,
        httpx.AsyncClient(base_url=url, timeout=60, limits=NO_LIMITS) as bare,
        aiohttp.ClientSession(url, connector=aiohttp.TCPConnector(limit=0)) as session,
    ):

        async def by_httpx() -> None:
            async with bare.stream("POST", PATH, json=MORE) as response:
                async for _ in response.aiter_raw():
                    pass

        async def by_aiohttp() -> None:
            async with session.post(PATH, json=MORE) as response:
                async for _ in response.content.iter_any():
                    pass

        yield {
            OURS: lambda: parts(runs),
            SDK: lambda: parts(theirs.runs),
            HTTPX: by_httpx,
            AIOHTTP: by_aiohttp,
            EXTRA: lambda: parts(over_aiohttp),
        }
