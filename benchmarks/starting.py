"""The cost of starting: an import and the first call, each in a process of its own (minus the time of a bare Python
process), and creating a client in a process that has already created others."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import tempfile
from collections.abc import Awaitable, Callable
from dataclasses import replace
from statistics import median
from typing import Any

import aiohttp
import httpx
from langgraph_sdk import get_client, get_sync_client
from measure import AIOHTTP, HTTPX, OURS, SDK, Cost, Row, compare, compare_async, compared, milli
from server import server

from langgraph_runs import AsyncRunsClient, RunsClient

BARE, SYNC, ASYNC, PACKAGES = "bare Python", "sync client", "async client", "httpx, attrs, orjson"
IMPORTS = {
    BARE: "pass",
    OURS: "import langgraph_runs",
    SYNC: "from langgraph_runs import RunsClient",
    ASYNC: "from langgraph_runs import AsyncRunsClient",
    SDK: "import langgraph_sdk",
    PACKAGES: "import httpx, attrs, orjson",
}
FIRST_CALLS = {
    BARE: "pass",
    OURS: "from langgraph_runs import RunsClient; RunsClient(URL, api_key=None).get('t', 'r')",
    SDK: "from langgraph_sdk import get_sync_client as get; get(url=URL, api_key=None).runs.get('t', 'r')",
    HTTPX: "import httpx; httpx.Client().get(URL + '/threads/t/runs/r').json()",
}
CLIENTS = 10
NOBODY = "http://127.0.0.1:9"


def processes(statements: dict[str, str], url: str) -> dict[str, Cost]:
    """Runs each statement in a process of its own, with compiled bytecode, as an installed package has it."""

    def run(statement: str, environment: dict[str, str]) -> Callable[[], object]:
        command = [sys.executable, "-c", f"URL = {url!r}; {statement}"]
        return lambda: subprocess.run(command, env=environment, check=True)

    with tempfile.TemporaryDirectory() as cache:  # the first round, which does not count, fills it
        environment = {**os.environ, "PYTHONPYCACHEPREFIX": cache, "PYTHONDONTWRITEBYTECODE": ""}
        works = {name: run(statement, environment) for name, statement in statements.items()}
        costs = compare(works, units=1, rounds=12)
    bare = costs.pop(BARE)
    return {name: cost.less(bare) for name, cost in costs.items()}


def synchronous() -> dict[str, Cost]:
    """Creates clients and closes them."""

    def made(client: Callable[[], Any]) -> Callable[[], None]:
        def work() -> None:
            for _ in range(CLIENTS):
                with client():
                    pass

        return work

    works = {
        OURS: made(lambda: RunsClient(NOBODY, api_key=None)),
        SDK: made(lambda: get_sync_client(url=NOBODY, api_key=None)),
        HTTPX: made(lambda: httpx.Client(base_url=NOBODY)),
    }
    return compare(works, units=CLIENTS)


async def asynchronous() -> dict[str, Cost]:
    """The same for async clients."""

    def made(client: Callable[[], Any]) -> Callable[[], Awaitable[None]]:
        async def work() -> None:
            for _ in range(CLIENTS):
                async with client():
                    pass

        return work

    works = {
        OURS: made(lambda: AsyncRunsClient(NOBODY, api_key=None)),
        SDK: made(lambda: get_client(url=NOBODY, api_key=None)),
        HTTPX: made(lambda: httpx.AsyncClient(base_url=NOBODY)),
        AIOHTTP: made(lambda: aiohttp.ClientSession(NOBODY)),
    }
    return await compare_async(works, units=CLIENTS)


def at_most(row: Row, cost: Cost, seconds: float) -> Row:
    """The row with a limit on the CPU time as its goal."""
    return replace(row, goal=f"≤ {seconds * 1e3:g} ms", is_met=median(cost.cpu) <= seconds)


if __name__ == "__main__":
    with server() as url:
        costs = processes(IMPORTS, url)
        clients = {name: costs.pop(name) for name in (SYNC, ASYNC)}
        compared(IMPORTS[OURS], costs, {PACKAGES: 1.25, SDK: 0.35}, show=milli).print()
        for name, cost in clients.items():
            compared(IMPORTS[name], costs | {OURS: cost}, {PACKAGES: 1.3}, show=milli).print()
        compared("first call of a process, sync", processes(FIRST_CALLS, url), show=milli).print()
    for name, costs in (("sync", synchronous()), ("async", asyncio.run(asynchronous()))):
        row = compared(f"creating a client for http://, {name}", costs, show=milli)
        at_most(row, costs[OURS], 0.002).print()
