"""Programs that end while they use a client.

python exit_scenarios.py SCENARIO sync|async URL
"""

from __future__ import annotations

import asyncio
import sys
import threading
import time
import weakref
from typing import Any

from engine.scenarios import async_client, client, run, tcp_sockets

LEFT: list[Any] = []


def until_there_are(sockets: int) -> None:
    """Waits until there are so many threads."""
    while tcp_sockets() < sockets:
        threading.Event().wait(0.01)


def with_an_open_client(url: str) -> None:
    """The client is not closed."""
    LEFT.append(client(url))
    LEFT[0].get("t", "r")


def with_an_open_stream(url: str) -> None:
    """Nor is the stream."""
    LEFT.append(client(url, cancel_on_exit="interrupt").stream("t", "agent"))
    next(LEFT[0])


def in_a_loop_over_a_stream(url: str) -> None:
    """Both are open."""
    with client(url) as runs, runs.stream("t", "agent") as stream:
        for _ in stream:
            sys.exit()


def in_a_generator(url: str) -> None:
    """The stream is held by a generator of the caller."""

    def ids() -> Any:
        with client(url) as runs:
            for part in runs.stream("t", "agent"):
                yield part.id

    LEFT.append(ids())
    next(LEFT[0])


def while_a_thread_waits(url: str) -> None:
    """The thread is a daemon, which must die with the program, even if it has the time to say something."""
    runs = client(url)
    weakref.finalize(runs, time.sleep, 0.3)  # finalizers run in reverse order: after that of the stream
    LEFT.append(runs)
    threading.Thread(target=lambda: runs.get("t", "slow"), daemon=True).start()
    has_begun = threading.Event()

    def read() -> None:
        for _ in runs.stream("t", "agent"):
            has_begun.set()

    threading.Thread(target=read, daemon=True).start()
    until_there_are(2)
    has_begun.wait()
    time.sleep(0.2)  # until it waits for more, as no condition can tell


def while_a_cycle_holds_it(url: str) -> None:
    """The garbage collector finds the client at interpreter shutdown."""
    runs: Any = client(url)
    stream: Any = runs.stream("t", "agent")
    next(stream)
    cycle = [runs, stream]
    cycle.append(cycle)


def async_with_an_open_client(url: str) -> None:
    """asyncio.run closes the loop."""

    async def main() -> None:
        LEFT.append(async_client(url))
        await LEFT[0].get("t", "r")

    asyncio.run(main())


def async_with_an_open_stream(url: str) -> None:
    """As above."""

    async def main() -> None:
        LEFT.append(async_client(url, cancel_on_exit="interrupt").stream("t", "agent"))
        await anext(LEFT[0])

    asyncio.run(main())


def async_in_a_loop_over_a_stream(url: str) -> None:
    """As above."""

    async def main() -> None:
        async with async_client(url) as runs, runs.stream("t", "agent") as stream:
            async for _ in stream:
                sys.exit()

    asyncio.run(main())


def async_in_a_generator(url: str) -> None:
    """As above."""

    async def ids() -> Any:
        async with async_client(url) as runs:
            async for part in runs.stream("t", "agent"):
                yield part.id

    async def main() -> None:
        LEFT.append(ids())
        await anext(LEFT[0])

    asyncio.run(main())


def async_while_a_thread_waits(url: str) -> None:
    """A daemon thread with a running loop."""

    async def main() -> None:
        async with async_client(url) as runs, runs.stream("t", "agent"):
            await runs.get("t", "slow")

    threading.Thread(target=lambda: asyncio.run(main()), daemon=True).start()
    until_there_are(2)


def async_while_a_cycle_holds_it(url: str) -> None:
    """As above."""

    async def main() -> None:
        runs: Any = async_client(url)
        stream: Any = runs.stream("t", "agent")
        await anext(stream)
        cycle = [runs, stream]
        cycle.append(cycle)

    asyncio.run(main())


def async_with_a_loop_that_is_not_closed(url: str) -> None:
    """As in a program that creates the loop itself."""
    loop = asyncio.new_event_loop()
    LEFT.extend((loop, async_client(url)))
    loop.run_until_complete(LEFT[1].get("t", "r"))


if __name__ == "__main__":
    run(globals())
