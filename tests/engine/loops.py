"""Calls in event loops of their own, on one client."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

from engine.variants import LIMIT, ONCE

from langgraph_runs import AsyncRunsClient


def client(url: str, **options: Any) -> AsyncRunsClient[Any, Any, Any]:
    """A client that sends each request once."""
    return AsyncRunsClient(url, api_key=None, retry=ONCE, **options)


async def calls(runs: AsyncRunsClient[Any, Any, Any], name: str, count: int) -> None:
    """Makes so many calls at once, and checks that each gets its own answer."""

    async def one(number: int) -> None:
        run = await runs.get(name, f"{name}-{number}")
        assert (name, f"{name}-{number}") == (run.thread_id, run.run_id)

    await asyncio.gather(*map(one, range(count)))


def in_a_loop(work: Coroutine[Any, Any, Any]) -> Any:
    """Runs it in a new loop, and fails if it hangs."""

    async def limited() -> Any:
        async with asyncio.timeout(LIMIT):
            return await work

    return asyncio.run(limited())
