"""Programs whose children of multiprocessing use a client that was created on import.

python multiprocessing_scenarios.py SCENARIO sync|async URL
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
from collections.abc import Callable
from functools import partial
from typing import Any

from engine.forking import async_calls, calls
from engine.scenarios import async_client, client, run

from langgraph_runs import RunsClient

# Created on import, as in many programs: here, and again in each child that is spawned.
RUNS = client(os.environ.get("SCENARIO_URL", "http://127.0.0.1:1"))
ASYNC_RUNS = async_client(os.environ.get("SCENARIO_URL", "http://127.0.0.1:1"))


def use() -> None:
    """The work of a child with the client of the module."""
    calls(RUNS, 5)


def async_use() -> None:
    """The same."""
    asyncio.run(async_calls(ASYNC_RUNS, 5))


def take(runs: Any) -> None:
    """The work of a child with a client that was passed to it."""
    calls(runs, 5) if isinstance(runs, RunsClient) else asyncio.run(async_calls(runs, 5))


def in_children(method: str, work: Callable[[], None]) -> None:
    """Does work of this module in children of multiprocessing."""
    context: Any = multiprocessing.get_context(method)
    children = [context.Process(target=work) for _ in range(2)]
    for child in children:
        child.start()
    work()
    for child in children:
        child.join()
        assert 0 == child.exitcode, child


def fork(url: str) -> None:
    """The children are forked."""
    use()
    in_children("fork", use)
    use()


def async_fork(url: str) -> None:
    """Also from within a loop."""

    async def main() -> None:
        await async_calls(ASYNC_RUNS, 2)
        child: Any = multiprocessing.get_context("fork").Process(target=async_use)
        child.start()
        await async_calls(ASYNC_RUNS, 2)
        child.join()
        assert 0 == child.exitcode

    asyncio.run(main())
    in_children("fork", async_use)


def spawned(runs: Any, work: Callable[[], None]) -> None:
    """The children start from scratch, with a client of their own or one that is passed to them."""
    in_children("spawn", partial(take, runs))
    in_children("spawn", work)


def spawn(url: str) -> None:
    """The children start from scratch."""
    spawned(RUNS, use)


def async_spawn(url: str) -> None:
    """The same."""
    spawned(ASYNC_RUNS, async_use)


if __name__ == "__main__":
    run(globals())
