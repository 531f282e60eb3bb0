"""Counts the events that this client and langgraph-sdk lose, duplicate or reorder when connections are cut.

    python benchmarks/lost_events.py [RUNS]

The clients read from the development server, at full speed, through a proxy that cuts each connection at random. SEED
in the environment seeds the random numbers.
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
from servers.cutting_proxy import cutting_proxy  # noqa: E402

from langgraph_runs import AsyncRunsClient, CustomPart  # noqa: E402

EVENTS = 300
AT_ONCE = 10
GIVEN = {"count": EVENTS}

Read = Callable[[str, list[int]], Awaitable[None]]


async def count(read: Read, url: str, runs: int) -> Counter[str]:
    """Reads `runs` runs, and counts their faults."""
    found: Counter[str] = Counter()
    places = asyncio.Semaphore(AT_ONCE)

    async def one(thread_id: str) -> None:
        seen: list[int] = []
        async with places:
            try:
                await read(thread_id, seen)
            except Exception as error:  # noqa: BLE001  # whatever the client raises after a cut
                found[f"raised {type(error).__name__}"] += 1
        found["lost"] += EVENTS - len(set(seen))
        found["duplicated"] += len(seen) - len(set(seen))
        found["out of order"] += seen != sorted(seen)
        found["faulty runs"] += seen != list(range(EVENTS))

    async with httpx.AsyncClient(base_url=url) as http:
        made = [(await http.post("/threads", json={})).json()["thread_id"] for _ in range(runs)]
    await asyncio.gather(*map(one, made))
    return found


async def main(runs: int) -> None:
    """Prints a line for each client."""
    seed = int(os.environ.get("SEED", "20261124"))
    with dev_server(ROOT / "tests/live/app") as server:
        for name in ("langgraph-runs", "langgraph-sdk"):
            with cutting_proxy(server.url, Random(seed)) as proxy:
                # One connection per request, so that no request that starts a run is cut before its response headers.
                one_each = httpx.Limits(max_keepalive_connections=0)
                async with httpx.AsyncClient(base_url=proxy.url, limits=one_each, timeout=60) as http:
                    runs_client = AsyncRunsClient(proxy.url, api_key=None, http_client=http)
                    sdk = langgraph_sdk.client.LangGraphClient(http)

                    async def ours(thread_id: str, seen: list[int], client: Any = runs_client) -> None:
                        async for part in client.stream(
                            thread_id, "custom", input=GIVEN, stream_mode="custom"
                        ):
                            if isinstance(part, CustomPart):
                                seen.append(part.data["i"])

                    async def theirs(thread_id: str, seen: list[int], client: Any = sdk) -> None:
                        more = {"stream_mode": "custom", "stream_resumable": True}
                        async for part in client.runs.stream(thread_id, "custom", input=GIVEN, **more):
                            if part.event == "custom":
                                seen.append(part.data["i"])

                    found = await count(ours if name == "langgraph-runs" else theirs, server.url, runs)
                counts = ", ".join(f"{number} {what}" for what, number in sorted(found.items()))
                print(
                    f"{name} {version(name)}: {runs} runs, {runs * EVENTS} events, {proxy.cuts} cuts: {counts}"
                )


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 100))
