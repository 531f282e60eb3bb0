"""Requests that must be sent while their task is being cancelled."""

from __future__ import annotations

import asyncio
from typing import Any

import anyio
import pytest

from langgraph_runs.concurrency import async_shield


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Notes each wait for the work."""
    noted: list[Any] = []
    real = asyncio.wait

    async def wait(tasks: Any) -> Any:
        noted.append(tasks)
        return await real(tasks)

    monkeypatch.setattr(asyncio, "wait", wait)
    return noted


async def work() -> str:
    """Takes a moment."""
    await asyncio.sleep(0.1)
    return "done"


async def test_a_scope_of_anyio_cancels_only_once(waits: list[Any]) -> None:
    """As in web frameworks. It would otherwise cancel again in every iteration of the loop, and keep it busy."""
    done: list[str] = []
    with anyio.move_on_after(0.01) as scope:
        try:
            await anyio.sleep(10)
        finally:
            done.append(await async_shield(work))
    assert (["done"], True, 1) == (done, scope.cancelled_caught, len(waits))


async def test_a_task_that_is_cancelled_again_is_cancelled_when_the_work_is_done(waits: list[Any]) -> None:
    """The work survives every cancellation, and none is swallowed."""
    done: list[str] = []

    async def noting() -> str:
        done.append(await work())
        return "done"

    task = asyncio.create_task(async_shield(noting))
    for _ in range(2):
        await asyncio.sleep(0.01)
        task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert (["done"], 3) == (done, len(waits))
