"""Streams that arrive token by token, as from a model: each event of 350 B is a separate TCP write, and is read before
the next one is written. The table shows the client's CPU time per event: for one stream as fast as it is read (the
server writes when the client has gone to sleep), for one stream with an event every millisecond, and for many streams
at once with about 100 events per second each. The bare socket shows the share of the operating system, which wakes the
process and passes it the bytes: 3 to 20 µs, depending on the machine."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable
from statistics import median
from typing import Any
from urllib.parse import urlsplit

from clients import PATH, readers, sync_readers
from measure import AIOHTTP, EXTRA, HTTPX, OURS, SDK, SOCKET, Cost, compare, compare_async, compared
from server import server

# The events of a stream, and the pause before each. (An event loop rounds half a millisecond up to one.)
ONE, FAST = 1500, 0.0005
EACH, STEADY = 120, 0.009


class Reads:
    """Counts the reads of all sockets that return data. One read per event shows that no events were coalesced, which
    would save work for a reader that is late."""

    def __init__(self) -> None:
        self.number = 0
        for name in ("recv", "recv_into"):
            setattr(socket.socket, name, self._counted(getattr(socket.socket, name)))

    def _counted(self, read: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*args: Any) -> Any:
            found = read(*args)
            self.number += 1
            return found

        return counted


reads = Reads()


def shown(case: str, costs: dict[str, Cost], at_most: dict[str, float], name: str = OURS) -> None:
    """Prints the row, with the number of reads."""
    row = compared(case, costs, at_most, name=name)
    row.cells["reads per event"] = f"{median(costs[name].counted):.2f}"
    row.cells["reads of the other clients"] = (
        f"{min(median(cost.counted) for cost in costs.values()):.2f} or more"
    )
    row.print()


def by_socket(url: str) -> None:
    """Reads a stream, and only checks for its end."""
    place = urlsplit(url)
    with socket.create_connection((place.hostname, place.port)) as connection:
        connection.sendall(f"POST {PATH} HTTP/1.1\r\n\r\n".encode())
        while not connection.recv(65536).endswith(b"0\r\n\r\n"):  # an event, as a chunk, ends in more
            pass


def together(work: Callable[[], Awaitable[None]], number: int) -> Callable[[], Awaitable[object]]:
    """Runs `number` of these at once."""
    return lambda: asyncio.gather(*(work() for _ in range(number)))


async def read(url: str, *names: str, events: int, at_once: int = 1) -> dict[str, Cost]:
    """Lets these clients read `at_once` streams at once."""
    async with readers(url, events) as works:
        contestants = {name: together(works[name], at_once) for name in names}
        return await compare_async(contestants, units=events * at_once, count=lambda: reads.number)


def one(pace: str, url: str) -> None:
    """Measures one stream at a time."""
    with sync_readers(url, ONE) as works:
        works[SOCKET] = lambda: by_socket(url)
        costs = compare(works, units=ONE, count=lambda: reads.number)
    shown(f"sync, {pace}", costs, {SDK: 0.5, HTTPX: 1})
    costs = asyncio.run(read(url, OURS, SDK, HTTPX, AIOHTTP, EXTRA, events=ONE))
    shown(f"async, {pace}", costs, {SDK: 0.42, HTTPX: 1, AIOHTTP: 1.2})
    shown(f"async, {pace}, [aiohttp]", costs, {}, name=EXTRA)


if __name__ == "__main__":
    with server(event_bytes=350, events=ONE, lockstep=True) as url:
        one("as fast as it is read", url)
    with server(event_bytes=350, events=ONE, pause=FAST) as url:
        one("one per ms", url)
    with server(event_bytes=350, events=EACH, pause=STEADY) as url:
        costs = asyncio.run(read(url, OURS, SDK, HTTPX, AIOHTTP, events=EACH, at_once=90))
        shown("async, 90 at once", costs, {SDK: 0.5})
        # langgraph-sdk fails beyond 100.
        costs = asyncio.run(read(url, OURS, HTTPX, AIOHTTP, events=EACH, at_once=200))
        shown("async, 200 at once", costs, {})
