"""Counts the events that this client and langgraph-sdk lose, duplicate or reorder when connections are cut.

    python benchmarks/lost_events.py [RUNS] [SERVER ...]

The clients read from a server, at full speed, through a proxy that cuts each connection at random, in its headers too.
SERVER is langgraph-api (the default), langgraphjs or aegra; tools/other_servers.py says what the last two need. SEED in
the environment seeds the random numbers.
"""

import asyncio
import os
import sys
from collections import Counter
from collections.abc import Awaitable, Callable
from importlib.metadata import version
from pathlib import Path
from random import Random
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "tools"), str(ROOT / "tests")]

import httpx  # noqa: E402
import langgraph_sdk  # noqa: E402
from dev_server import dev_server  # noqa: E402
from other_servers import aegra_server, langgraphjs_server  # noqa: E402
from servers.cutting_proxy import cutting_proxy  # noqa: E402

from langgraph_runs import AsyncRunsClient, CustomPart  # noqa: E402

EVENTS = 300
AT_ONCE = 10
RUN_SECONDS = 120.0
GIVEN = {"count": EVENTS}
# How each server is started, and its graph that writes so many events.
SERVERS: dict[str, tuple[Callable[[], Any], str]] = {
    "langgraph-api": (lambda: dev_server(ROOT / "tests/live/app"), "custom"),
    "langgraphjs": (langgraphjs_server, "agent"),
    "aegra": (aegra_server, "agent"),
}
CLIENTS = ["langgraph-runs", "langgraph-sdk"]

Read = Callable[[str, list[int]], Awaitable[None]]


async def count(read: Read, url: str, runs: int) -> Counter[str]:
    """Reads `runs` runs, and counts their faults."""
    found: Counter[str] = Counter()
    places = asyncio.Semaphore(AT_ONCE)

    async def one(thread_id: str) -> None:
        seen: list[int] = []
        has_raised = False
        async with places:
            try:
                async with asyncio.timeout(RUN_SECONDS):
                    await read(thread_id, seen)
            except Exception as error:  # noqa: BLE001  # whatever the client raises after a cut
                has_raised = True
                found[f"raised {type(error).__name__}"] += 1
        lost = EVENTS - len(set(seen))
        found["lost in silence"] += 0 if has_raised else lost
        found["lost in runs with an error"] += lost if has_raised else 0
        found["runs with a loss in silence"] += lost > 0 and not has_raised
        found["duplicated"] += len(seen) - len(set(seen))
        found["out of order"] += seen != sorted(seen)

    async with httpx.AsyncClient(base_url=url) as http:
        made = [(await http.post("/threads", json={})).json()["thread_id"] for _ in range(runs)]
    await asyncio.gather(*map(one, made))
    return found


def ours(http: httpx.AsyncClient, url: str, graph: str) -> Read:
    """Reads with this client."""
    client = AsyncRunsClient(url, api_key=None, http_client=http)

    async def read(thread_id: str, seen: list[int]) -> None:
        async for part in client.stream(thread_id, graph, input=GIVEN, stream_mode="custom"):
            if isinstance(part, CustomPart):
                seen.append(part.data["i"])

    return read


def theirs(http: httpx.AsyncClient, url: str, graph: str) -> Read:
    """Reads with langgraph-sdk."""
    client = langgraph_sdk.client.LangGraphClient(http)

    async def read(thread_id: str, seen: list[int]) -> None:
        more: Any = {"stream_mode": "custom", "stream_resumable": True}
        async for part in client.runs.stream(thread_id, graph, input=GIVEN, **more):
            if part.event == "custom":
                seen.append(part.data["i"])

    return read


async def compare(name: str, runs: int, seed: int) -> None:
    """Prints a line for each client, on one server."""
    start, graph = SERVERS[name]
    with start() as server:
        for client in CLIENTS:
            with cutting_proxy(server.url, Random(seed)) as proxy:
                # One connection per request, so that each request has cuts of its own.
                one_each = httpx.Limits(max_keepalive_connections=0)
                async with httpx.AsyncClient(base_url=proxy.url, limits=one_each, timeout=60) as http:
                    read = (ours if client == "langgraph-runs" else theirs)(http, proxy.url, graph)
                    found = await count(read, server.url, runs)
            counts = ", ".join(f"{number} {what}" for what, number in sorted(found.items()))
            print(
                f"{name}, {client} {version(client)}: {runs} runs, {runs * EVENTS} events, {proxy.cuts} cuts: {counts}",
                flush=True,
            )


def main() -> None:
    """Compares the clients on the servers that are named."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    for name in sys.argv[2:] or ["langgraph-api"]:
        asyncio.run(compare(name, runs, int(os.environ.get("SEED", "20261124"))))


if __name__ == "__main__":
    main()
