"""Streams of the real server at full speed, through a proxy that cuts connections: every event once, in order."""

from __future__ import annotations

import asyncio
import os
from concurrent.futures import ThreadPoolExecutor
from random import Random
from typing import Any

import httpx
from dev_server import DevServer
from langgraph_runs_api.api.threads import create_thread
from langgraph_runs_api.models import Thread
from servers.cutting_proxy import cutting_proxy

from langgraph_runs import AsyncRunsClient, CustomPart, MetadataPart, RetryPolicy, RunsClient

SEED = int(os.environ.get("SEED", "20261124"))
RUNS = 100
EVENTS = 300
AT_ONCE = 20
# A connection for each request, so that none is cut before the headers of the answer that starts the run.
ONE_EACH = httpx.Limits(max_keepalive_connections=0)
# No run is stopped for a connection that is lost.
MORE: dict[str, Any] = {
    # The proxy cuts a response of 2 KB in three times out of ten, that to a search for a lost run as well.
    "retry": RetryPolicy(attempts=20, call_attempts=20, first_delay=0.02),
    "cancel_on_exit": "interrupt",
}


def given(number: int) -> dict[str, Any]:
    """Every third run's events are all alike: only their number shows whether one is missing."""
    return {"count": EVENTS, "alike": number % 3 == 0}


def check(number: int, parts: list[Any]) -> None:
    """Checks that all parts arrived, in order, each once."""
    assert isinstance(parts[0], MetadataPart), number
    assert all(isinstance(part, CustomPart) for part in parts[1:]), number
    expected = [0] * EVENTS if number % 3 == 0 else list(range(EVENTS))
    assert expected == [part.data["i"] for part in parts[1:]], number


def threads(url: str) -> list[str]:
    """A new thread for each run, created without the proxy."""
    with RunsClient(url, api_key=None) as runs:
        made = [create_thread.sync(client=runs.api, body={}) for _ in range(RUNS)]
    return [thread.thread_id for thread in made if isinstance(thread, Thread)]


async def test_a_hundred_cut_runs_in_tasks_lose_and_double_nothing(live_server: DevServer) -> None:
    """Several cuts each."""
    places = asyncio.Semaphore(AT_ONCE)
    with cutting_proxy(live_server.url, Random(SEED)) as proxy:
        lent = httpx.AsyncClient(limits=ONE_EACH)
        async with lent, AsyncRunsClient(proxy.url, api_key=None, http_client=lent, **MORE) as runs:

            async def one(number: int, thread_id: str) -> None:
                async with places:
                    stream = runs.stream(thread_id, "custom", input=given(number), stream_mode="custom")
                    check(number, [part async for part in stream])

            ids = await asyncio.to_thread(threads, live_server.url)
            await asyncio.gather(*(one(number, thread_id) for number, thread_id in enumerate(ids)))
    assert proxy.cuts > 2 * RUNS


def test_a_hundred_cut_runs_in_threads_lose_and_double_nothing(live_server: DevServer) -> None:
    """The same."""
    with (
        cutting_proxy(live_server.url, Random(SEED)) as proxy,
        httpx.Client(limits=ONE_EACH) as lent,
        RunsClient(proxy.url, api_key=None, http_client=lent, **MORE) as runs,
        ThreadPoolExecutor(AT_ONCE) as pool,
    ):

        def one(number: int, thread_id: str) -> None:
            stream = runs.stream(thread_id, "custom", input=given(number), stream_mode="custom")
            check(number, list(stream))

        for done in [pool.submit(one, *pair) for pair in enumerate(threads(live_server.url))]:
            done.result()
    assert proxy.cuts > 2 * RUNS
