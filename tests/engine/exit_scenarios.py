"""Programs that end, or are interrupted, while they use a client.

    python exit_scenarios.py SCENARIO sync|async URL

A program that the test interrupts prints "now" when it is working, or is about to.
"""

from __future__ import annotations

import asyncio
import faulthandler
import gc
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from langgraph_runs import AsyncRunsClient, RetryPolicy, RunsClient

ONCE = RetryPolicy(attempts=0)


def say(word: str) -> None:
    """Prints it."""
    sys.stdout.write(word + "\n")
    sys.stdout.flush()


def client(url: str, **options: Any) -> RunsClient[Any, Any, Any]:
    """A client that sends each request once."""
    return RunsClient(url, api_key=None, retry=ONCE, **options)


def async_client(url: str, **options: Any) -> AsyncRunsClient[Any, Any, Any]:
    """The same."""
    return AsyncRunsClient(url, api_key=None, retry=ONCE, **options)


def tcp_sockets() -> int:
    """The number of TCP sockets that this process has open."""
    count = 0
    for name in os.listdir("/proc/self/fd"):
        with suppress(OSError):  # the descriptor of this listing is gone
            if not os.readlink(f"/proc/self/fd/{name}").startswith("socket:"):
                continue
            with socket.socket(fileno=os.dup(int(name))) as one:
                count += one.family != socket.AF_UNIX  # such as the pair by which a loop wakes itself
    return count


def until_there_are(sockets: int) -> None:
    """Waits until there are so many threads."""
    while tcp_sockets() < sockets:
        threading.Event().wait(0.01)


# Programs that end

LEFT: list[Any] = []


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
    """The thread is a daemon, which must die with the program."""
    runs = client(url)
    LEFT.append(runs)
    threading.Thread(target=lambda: runs.get("t", "slow"), daemon=True).start()
    threading.Thread(target=lambda: list(runs.stream("t", "agent")), daemon=True).start()
    until_there_are(2)


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


# Programs that are interrupted


def call(runs: RunsClient[Any, Any, Any], where: str) -> None:
    """The call that is interrupted."""
    if where == "reading":
        with runs.stream("t", "agent") as stream:
            for part in stream:
                if part.event == "metadata":
                    say("now")
    elif where == "reading_without_with":
        for part in runs.stream("t", "agent"):
            if part.event == "metadata":
                say("now")
    else:
        say("now")
        runs.get("t", "slow")


async def async_call(runs: AsyncRunsClient[Any, Any, Any], where: str) -> None:
    """The same."""
    if where == "reading":
        async with runs.stream("t", "agent") as stream:
            async for part in stream:
                if part.event == "metadata":
                    say("now")
    elif where == "reading_without_with":
        async for part in runs.stream("t", "agent"):
            if part.event == "metadata":
                say("now")
    else:
        say("now")
        await runs.get("t", "slow")


def interrupted(url: str, where: str) -> None:
    """The program continues: the call has left no connection open, and the client can still be used."""
    runs = client(url)
    try:
        call(runs, where)
    except KeyboardInterrupt:
        say("interrupted")
    gc.collect()
    say(f"{tcp_sockets()} sockets")
    if where != "connecting":
        assert "r" == runs.get("t", "r").run_id
    runs.close()
    say(f"{tcp_sockets()} sockets")


def async_interrupted(url: str, where: str) -> None:
    """The program continues in another loop."""
    runs = async_client(url)
    try:
        asyncio.run(async_call(runs, where))
    except KeyboardInterrupt:
        say("interrupted")
    gc.collect()
    say(f"{tcp_sockets()} sockets")

    async def again() -> None:
        if where != "connecting":
            assert "r" == (await runs.get("t", "r")).run_id
        await runs.aclose()
        await asyncio.sleep(0)
        say(f"{tcp_sockets()} sockets")

    asyncio.run(again())


def killed(url: str, where: str) -> None:
    """The program ends by the interrupt."""
    with client(url) as runs:
        call(runs, where)


def async_killed(url: str, where: str) -> None:
    """The same."""

    async def main() -> None:
        async with async_client(url) as runs:
            await async_call(runs, where)

    asyncio.run(main())


if __name__ == "__main__":
    faulthandler.enable()  # the test sends SIGABRT if this hangs
    # As in a terminal, even if the parent ignores the signal, as a shell does for background jobs.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    scenario, variant, *arguments = sys.argv[1:]
    work: Callable[..., None] = globals()[scenario if variant == "sync" else f"async_{scenario}"]
    work(*arguments)
