"""A stream of 4,000 events of 350 B over loopback, 64 KiB at a time: the client's CPU time per event."""

from __future__ import annotations

import asyncio

from clients import readers, sync_readers
from measure import EXTRA, SDK, Cost, compare, compare_async, compared
from server import server

EVENTS = 4000


async def asynchronous(url: str) -> dict[str, Cost]:
    """Measures all async clients in turns on one event loop."""
    async with readers(url, EVENTS) as works:
        return await compare_async(works, units=EVENTS)


if __name__ == "__main__":
    with server(event_bytes=350, events=EVENTS) as url:
        with sync_readers(url, EVENTS) as works:
            compared("sync", compare(works, units=EVENTS), {SDK: 0.35}).print()
        costs = asyncio.run(asynchronous(url))
        compared("async", costs, {SDK: 0.35}).print()
        compared("async, [aiohttp]", costs, {SDK: 0.35}, name=EXTRA).print()
