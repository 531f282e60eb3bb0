"""500 streams at once, of 200 events each, which arrive interleaved; and how long a `get` takes meanwhile."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from random import Random
from statistics import median, quantiles
from typing import Any

from langgraph_sdk import get_client
from measure import OURS, SDK, Row
from server import server

from langgraph_runs import AsyncRunsClient

STREAMS, EVENTS, PAUSE = 500, 200, 0.1
IDS = "t", "r"


async def measure(name: str, runs: Any) -> Row:
    """Reads all streams, and gets a run twenty times a second."""
    rng, failed, latencies, events = Random(1), Counter[str](), list[float](), 0

    async def one() -> None:
        nonlocal events
        await asyncio.sleep(rng.random() * PAUSE * 10)
        number = 0
        try:
            async for _ in runs.stream(None, "agent", input={"text": "hi"}, stream_mode="custom"):
                number += 1
                events += 1
        except Exception as error:  # noqa: BLE001  # whatever the client raises
            failed[type(error).__name__] += 1
        else:
            failed["incomplete"] += number != EVENTS

    async def getting() -> None:
        while True:
            begun = time.perf_counter()
            try:
                await runs.get(*IDS)
            except Exception as error:  # noqa: BLE001
                failed[f"get: {type(error).__name__}"] += 1
            latencies.append(time.perf_counter() - begun)
            await asyncio.sleep(0.05)

    cpu, meanwhile = time.process_time(), asyncio.create_task(getting())
    await asyncio.gather(*(one() for _ in range(STREAMS)))
    cpu = time.process_time() - cpu
    meanwhile.cancel()
    failed = +failed
    p99 = quantiles(latencies, n=100)[-1]
    cells = {
        "failed": f"{failed.total():,}" + (f" ({', '.join(failed)})" if failed else ""),
        "get, median": f"{median(latencies) * 1e3:.1f} ms",
        "get, p99": f"{p99 * 1e3:.0f} ms",
        "CPU per event": f"{cpu / events * 1e6:.0f} µs",
    }
    goal = "0 failed, p99 of get ≤ 50 ms" if name == OURS else ""
    return Row(name, cells, goal, not failed and p99 <= 0.05 if goal else None)


async def main(url: str) -> None:
    """Measures one client after the other."""
    async with AsyncRunsClient(url, api_key=None) as runs:
        (await measure(OURS, runs)).print()
    async with get_client(url=url, api_key=None) as theirs:
        (await measure(SDK, theirs.runs)).print()


if __name__ == "__main__":
    with server(event_bytes=350, events=EVENTS, pause=PAUSE) as url:
        asyncio.run(main(url))
