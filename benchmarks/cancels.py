"""2,000 calls, each cancelled at a random moment: how many sockets are open afterwards, and whether the next call
succeeds."""

from __future__ import annotations

import asyncio
import os
from contextlib import suppress
from random import Random
from typing import Any

from langgraph_sdk import get_client
from measure import OURS, SDK, Row
from server import server

from langgraph_runs import AsyncRunsClient

CALLS, AT_ONCE = 2000, 100


def sockets() -> int:
    """Counts the open sockets of this process."""
    found = 0
    for name in os.listdir("/proc/self/fd"):
        with suppress(OSError):  # the descriptor of the listing itself
            found += os.readlink(f"/proc/self/fd/{name}").startswith("socket:")
    return found


async def measure(name: str, runs: Any, idle: int) -> Row:
    """Cancels waits and streams, started or not, at random within 100 ms."""
    rng = Random(20261124)

    async def stream() -> None:
        async for _ in runs.stream("t", "agent", input={"text": "hi"}, stream_mode="custom"):
            pass

    async def cancelled(number: int) -> int:
        work = stream() if number % 2 else runs.wait(None, "agent", input={"text": "hi"})
        call = asyncio.create_task(work)
        await asyncio.sleep(rng.random() * 0.1)
        call.cancel()
        (found,) = await asyncio.gather(call, return_exceptions=True)
        return isinstance(found, asyncio.CancelledError)

    count = 0
    for start in range(0, CALLS, AT_ONCE):
        count += sum(await asyncio.gather(*map(cancelled, range(start, start + AT_ONCE))))
    await asyncio.sleep(0.2)  # let the event loop clean up
    left = sockets() - idle
    try:
        succeeds = (await asyncio.wait_for(runs.create(None, "agent", input={"text": "hi"}), 10)) is not None
    except Exception:  # noqa: BLE001  # whatever the client raises
        succeeds = False
    cells = {
        "cancelled": f"{count:,}",
        "open sockets": f"{left}",
        "the next call": "succeeds" if succeeds else "fails",
    }
    goal = "0 open sockets, and it succeeds" if name == OURS else ""
    return Row(name, cells, goal, left == 0 and succeeds if goal else None)


async def main(url: str) -> None:
    """Measures one client after the other."""
    idle = sockets()
    async with AsyncRunsClient(url, api_key=None) as runs:
        (await measure(OURS, runs, idle)).print()
    async with get_client(url=url, api_key=None) as theirs:
        (await measure(SDK, theirs.runs, sockets())).print()


if __name__ == "__main__":
    with server(seconds=60, event_bytes=350, events=1000, pause=0.01) as url:
        asyncio.run(main(url))
