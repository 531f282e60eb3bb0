"""Many runs waited for at once, each for 7 s: how many fail, and the CPU time of the client for each.

python benchmarks/waits.py CLIENT NUMBER
"""

from __future__ import annotations

import asyncio
import gc
import json
import subprocess
import sys
import time
from collections import Counter
from contextlib import suppress
from typing import Any

import httpx
from clients import aiohttp_client
from langgraph_sdk import get_client
from measure import OURS, SDK, Row
from server import server

from langgraph_runs import AsyncRunsClient

SECONDS = 7.0
SELDOM = f"{OURS}, garbage collected seldom"
AIOHTTP, HTTPX = "[aiohttp]", "httpx, no limits"
# langgraph-sdk's pool lets 100 begin, and fails the others; httpx without limits takes minutes for 5,000.
NUMBERS = {
    OURS: [50, 150, 1000, 5000],
    SELDOM: [50, 5000],
    AIOHTTP: [50, 1000, 5000],
    SDK: [50, 150, 1000],
    HTTPX: [50, 1000],
}
ROUNDS = {50: 3, 5000: 3}  # what is compared; the median


async def wait(client: str, number: int) -> dict[str, Any]:
    """Waits for so many at once."""
    with server(seconds=SECONDS) as url:
        if client == SDK:
            theirs = get_client(url=url, api_key=None)
            runs, close = theirs.runs, theirs.aclose
        elif client == HTTPX:
            bare = httpx.AsyncClient(base_url=url, timeout=60, limits=httpx.Limits(max_connections=None))
            runs, close = Bare(bare), bare.aclose
        else:
            lent = aiohttp_client() if client == AIOHTTP else None
            ours = AsyncRunsClient(url, api_key=None, http_client=lent)
            runs, close = ours, lent.aclose if lent else ours.aclose
        with suppress(Exception):  # what is imported at the first call does not count
            await runs.get("t", "r")
        begun, cpu = time.perf_counter(), time.process_time()
        waits = (runs.wait(None, "agent", input={"text": "hi"}) for _ in range(number))
        found = await asyncio.gather(*waits, return_exceptions=True)
        cpu = time.process_time() - cpu
        failed = Counter(type(one).__name__ for one in found if isinstance(one, BaseException))
        seconds = time.perf_counter() - begun
        await close()
    return {"cpu": cpu / number, "failed": failed, "seconds": seconds}


class Bare:
    """httpx and nothing else."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self._http = http

    async def get(self, thread_id: str, run_id: str) -> Any:
        return (await self._http.get(f"/threads/{thread_id}/runs/{run_id}")).json()

    async def wait(self, thread_id: None, assistant_id: str, **body: Any) -> Any:
        response = await self._http.post("/runs/wait", json={"assistant_id": assistant_id, **body})
        return response.raise_for_status().json()


def run(client: str, number: int) -> dict[str, Any]:
    """The same in a process of its own."""
    arguments = [sys.executable, __file__, client, str(number)]
    found: dict[str, Any] = json.loads(subprocess.run(arguments, stdout=subprocess.PIPE, check=True).stdout)
    return found


def main() -> None:
    """One after the other."""
    cpu: dict[tuple[str, int], float] = {}
    for client, numbers in NUMBERS.items():
        for number in numbers:
            rounds = [run(client, number) for _ in range(ROUNDS.get(number, 1))]
            found = sorted(rounds, key=lambda one: one["cpu"])[len(rounds) // 2]
            cpu[client, number] = found["cpu"]
            growth = found["cpu"] / cpu[client, 50]
            cells = {
                "failed": f"{sum(found['failed'].values()):,}"
                + (f" ({', '.join(found['failed'])})" if found["failed"] else ""),
                "CPU a run": f"{found['cpu'] * 1e3:.2f} ms",
                "to that at 50": f"{growth:.2f}",
                "on the clock": f"{found['seconds']:.1f} s",
            }
            goal, is_met = "", None
            if client in (OURS, SELDOM, AIOHTTP):
                goal, is_met = "0 failed", not found["failed"]
                if number == 5000:
                    goal, is_met = f"{goal}, ≤ 1.5 of that at 50", is_met and growth <= 1.5
            Row(f"{number:,} at once, {client}", cells, goal, is_met).print()


if __name__ == "__main__":
    if len(sys.argv) > 2:
        if sys.argv[1] == SELDOM:
            gc.set_threshold(100_000)
        print(json.dumps(asyncio.run(wait(sys.argv[1], int(sys.argv[2])))))
    else:
        main()
