"""Programs that fork while they have a client.

    python fork_scenarios.py SCENARIO sync|async URL

Each call gets a run that only its own process asks for, and checks that it gets that one. A scenario that succeeds
prints nothing, in any of its processes.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable
from typing import Any

from engine.forking import async_calls, calls, dropped, forked, waited
from engine.scenarios import async_client, client, run
from servers.runs_peer import LAST

from langgraph_runs import AsyncRunsClient


def idle(url: str) -> None:
    """Parent, child and grandchild call at the same time; the parent had an idle connection before."""
    runs = client(url)
    calls(runs, 2)

    def child() -> None:
        calls(runs, 5)
        grandchild = forked(lambda: calls(runs, 20))
        calls(runs, 20)
        waited(grandchild)

    pid = forked(child)
    calls(runs, 20)
    waited(pid)
    calls(runs, 2)


def leaves(url: str) -> None:
    """Children leave the `with` of the parent, close its client, or drop it; one exits like a program."""
    held = [client(url)]
    with held[0]:
        calls(held[0], 2)
        if not (pid := os.fork()):
            return
        waited(pid)
        calls(held[0], 2)
        waited(forked(held[0].close))
        calls(held[0], 2)
        waited(forked(lambda: dropped(held)))
        calls(held[0], 2)


def open_stream(url: str) -> None:
    """The child cannot read the parent's stream; leaving it there does not cancel the run."""
    with client(url, cancel_on_exit="interrupt") as runs:
        me = str(os.getpid())
        held = [runs.stream(me, "agent")]
        first = next(held[0])

        def child() -> None:
            for _ in (1, 2):
                refused(lambda: next(held[0]))
            calls(runs, 2)
            held[0].close()
            runs.close()

        def another() -> None:
            refused(lambda: list(held[0]))
            with held[0]:
                calls(runs, 1)

        for work in (child, another, lambda: dropped(held)):
            waited(forked(work))
        calls(runs, 1)
        runs.get(me, "continue")
        assert list(map(str, range(LAST))) == [first.id, *(part.id for part in held[0])]


def refused(call: Callable[[], object]) -> None:
    """Checks that it raises RuntimeError with the reason."""
    try:
        call()
    except RuntimeError as error:
        assert "process" in str(error), error
    else:
        raise AssertionError("the child has read the parent's stream")


def async_idle(url: str) -> None:
    """The same; the parent runs a loop with connections of its own."""

    async def main() -> None:
        async with async_client(url) as runs:
            await async_calls(runs, 4)

            def child() -> None:
                asyncio.run(async_calls(runs, 5))
                grandchild = forked(lambda: asyncio.run(async_calls(runs, 20)))
                asyncio.run(async_calls(runs, 20))
                waited(grandchild)

            pid = forked(child)
            await async_calls(runs, 20)
            await asyncio.to_thread(waited, pid)
            await async_calls(runs, 2)

    asyncio.run(main())


def async_leaves(url: str) -> None:
    """Children close the client, leave it, or drop it."""

    async def used_and_left(runs: AsyncRunsClient[Any, Any, Any]) -> None:
        async with runs:
            await async_calls(runs, 2)

    async def main() -> None:
        held = [async_client(url)]
        await async_calls(held[0], 1)
        for work in (
            lambda: asyncio.run(held[0].aclose()),
            lambda: asyncio.run(used_and_left(held[0])),
            lambda: dropped(held),
        ):
            waited(forked(work))
            await async_calls(held[0], 1)
        await held[0].aclose()

    asyncio.run(main())


def async_after_a_loop(url: str) -> None:
    """The loop of the parent has ended before the fork; one child exits like a program."""
    runs = async_client(url)
    asyncio.run(async_calls(runs, 3))
    pid = forked(lambda: asyncio.run(async_calls(runs, 3)), by_exit=True)
    asyncio.run(async_calls(runs, 3))
    waited(pid)
    asyncio.run(runs.aclose())


def async_open_stream(url: str) -> None:
    """As above."""

    async def child(runs: Any, stream: Any) -> None:
        for _ in (1, 2):
            await async_refused(anext(stream))
        await async_calls(runs, 2)
        await stream.aclose()
        await runs.aclose()

    async def another(runs: Any, stream: Any) -> None:
        await async_refused(anext(stream))
        async with stream:
            await async_calls(runs, 1)

    async def main() -> None:
        async with async_client(url, cancel_on_exit="interrupt") as runs:
            me = str(os.getpid())
            held = [runs.stream(me, "agent")]
            first = await anext(held[0])
            for work in (
                lambda: asyncio.run(child(runs, held[0])),
                lambda: asyncio.run(another(runs, held[0])),
                lambda: dropped(held),
            ):
                waited(forked(work))
            await async_calls(runs, 1)
            await runs.get(me, "continue")
            assert list(map(str, range(LAST))) == [first.id, *[part.id async for part in held[0]]]

    asyncio.run(main())


async def async_refused(call: Awaitable[object]) -> None:
    """It raises RuntimeError, and says why."""
    try:
        await call
    except RuntimeError as error:
        assert "process" in str(error), error
    else:
        raise AssertionError("the child has read the parent's stream")


if __name__ == "__main__":
    run(globals())
