"""Waiting for many runs at once, each of which takes 7 s (2 s for 50 at once): how many fail, and the client's CPU time
and memory per run.

python benchmarks/waits.py CLIENT NUMBER
"""

from __future__ import annotations

import asyncio
import gc
import json
import subprocess
import sys
import time
from collections import Counter, defaultdict
from contextlib import suppress
from statistics import median
from typing import Any

import httpx
from clients import NO_LIMITS, aiohttp_client
from langgraph_sdk import get_client
from measure import EXTRA, OURS, SDK, Row, memory, peak_memory
from server import server

from langgraph_runs import AsyncRunsClient

FEW = 50
SELDOM = f"{OURS}, infrequent garbage collection"
HTTPX = "httpx, no limits"
# langgraph-sdk's pool starts 100 and fails the others; httpx without limits takes minutes for 5,000.
NUMBERS = {
    OURS: [FEW, 150, 1000, 5000],
    SELDOM: [FEW, 5000],
    EXTRA: [FEW, 1000, 5000],
    SDK: [FEW, 150, 1000],
    HTTPX: [FEW, 1000],
}
ROUNDS = {FEW: 5, 5000: 3}  # cases that are compared: in turns, and the median; one round of the others


async def wait(client: str, number: int) -> dict[str, Any]:
    """Waits for `number` runs at once."""
    runs: Any
    with server(seconds=2 if number == FEW else 7) as url:
        if client == SDK:
            theirs = get_client(url=url, api_key=None)
            runs, close = theirs.runs, theirs.aclose
        elif client == HTTPX:
            bare = httpx.AsyncClient(base_url=url, timeout=60, limits=NO_LIMITS)
            runs, close = Bare(bare), bare.aclose
        else:
            lent = aiohttp_client() if client == EXTRA else None
            ours = AsyncRunsClient(url, api_key=None, http_client=lent)
            runs, close = ours, lent.aclose if lent else ours.aclose
        with suppress(Exception):  # imports during the first call do not count
            await runs.get("t", "r")
        before, begun, cpu = memory(), time.perf_counter(), time.process_time()
        waits = (runs.wait(None, "agent", input={"text": "hi"}) for _ in range(number))
        found = await asyncio.gather(*waits, return_exceptions=True)
        cpu = time.process_time() - cpu
        failed = Counter(type(one).__name__ for one in found if isinstance(one, BaseException))
        seconds = time.perf_counter() - begun
        await close()
    taken = max(0, peak_memory() - before)
    return {"cpu": cpu / number, "failed": failed, "seconds": seconds, "memory": taken / number}


class Bare:
    """Bare httpx."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self._http = http

    async def get(self, thread_id: str, run_id: str) -> Any:
        return (await self._http.get(f"/threads/{thread_id}/runs/{run_id}")).json()

    async def wait(self, thread_id: None, assistant_id: str, **body: Any) -> Any:
        response = await self._http.post("/runs/wait", json={"assistant_id": assistant_id, **body})
        return response.raise_for_status().json()


def run(client: str, number: int) -> dict[str, Any]:
    """Calls `wait` in a separate process."""
    arguments = [sys.executable, __file__, client, str(number)]
    found: dict[str, Any] = json.loads(subprocess.run(arguments, stdout=subprocess.PIPE, check=True).stdout)
    return found


def shown(client: str, number: int, rounds: dict[tuple[str, int], list[dict[str, Any]]]) -> Row:
    """The row for `number` waits of a client, compared with 50 of its own and 50 of langgraph-sdk."""
    found = rounds[client, number]
    failed = sum((Counter(one["failed"]) for one in found), Counter[str]())
    cpu, own, sdk = (
        median(one["cpu"] for one in rounds[case]) for case in ((client, number), (client, FEW), (SDK, FEW))
    )
    cells = {
        "failed": f"{failed.total():,}" + (f" ({', '.join(failed)})" if failed else ""),
        "CPU per run": f"{cpu * 1e3:.2f} ms",
        "ratio to 50 at once": f"{cpu / own:.2f}",
        "ratio to langgraph-sdk, 50 at once": f"{cpu / sdk:.2f}",
        "memory per run": f"{median(one['memory'] for one in found) / 1024:.0f} KiB",
        "wall time": f"{median(one['seconds'] for one in found):.1f} s",
    }
    goals = {"0 failed": not failed} if client in (OURS, SELDOM, EXTRA) else {}
    if goals and number == 5000:
        goals["≤ 1.5 of 50 at once"] = cpu / own <= 1.5
    if client == OURS and number == 5000:
        goals["≤ 0.5 of langgraph-sdk, 50 at once"] = cpu / sdk <= 0.5
    return Row(
        f"{number:,} at once, {client}", cells, ", ".join(goals), all(goals.values()) if goals else None
    )


def main() -> None:
    """Runs all cases, in turns."""
    cases = [(client, number) for client, numbers in NUMBERS.items() for number in numbers]
    rounds = defaultdict[tuple[str, int], list[dict[str, Any]]](list)
    for turn in range(max(ROUNDS.values())):
        for client, number in cases:
            if turn < ROUNDS.get(number, 1):
                rounds[client, number].append(run(client, number))
    for client, number in cases:
        shown(client, number, rounds).print()


if __name__ == "__main__":
    if len(sys.argv) > 2:
        if sys.argv[1] == SELDOM:
            gc.set_threshold(100_000)
        print(json.dumps(asyncio.run(wait(sys.argv[1], int(sys.argv[2])))))
    else:
        main()
