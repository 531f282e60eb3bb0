"""Programs that fork while another thread holds a place or a lock.

python fork_lock_scenarios.py SCENARIO sync|async URL
"""

from __future__ import annotations

import asyncio
import os
import threading
from typing import Any

from engine.forking import async_calls, calls, forked, waited
from engine.scenarios import async_client, client, run


def place(url: str) -> None:
    """Another thread of the parent has the only place of max_concurrency."""
    runs = client(url, max_concurrency=1)
    me = str(os.getpid())
    answers: list[Any] = []
    holder = threading.Thread(target=lambda: answers.append(runs.get(me, "slow")))
    holder.start()
    with client(url) as other:
        other.get(me, "after-slow")
        waited(forked(lambda: calls(runs, 3)))
        assert [] == answers
        other.get(me, "continue")
    holder.join()
    assert ["slow"] == [run.run_id for run in answers]
    calls(runs, 2)


def busy(url: str) -> None:
    """Other threads call, connect and close all the time; the child does not inherit a lock that one of them holds."""
    runs = client(url, max_concurrency=3)
    calls(runs, 1)  # imports everything first: the import lock belongs to Python
    is_over = threading.Event()
    failures: list[BaseException] = []

    def work(number: int) -> None:
        try:
            while not is_over.is_set():
                calls(runs, 3, headers={"connection": "close"} if number % 2 else {})
        except BaseException as error:  # noqa: BLE001
            failures.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for _ in range(20):
        waited(forked(lambda: calls(runs, 2)))
    is_over.set()
    for thread in threads:
        thread.join()
    assert [] == failures


def async_place(url: str) -> None:
    """A task of the parent has the only place."""

    async def main() -> None:
        async with async_client(url, max_concurrency=1) as runs, async_client(url) as other:
            me = str(os.getpid())
            holder = asyncio.create_task(runs.get(me, "slow"))
            await other.get(me, "after-slow")
            waited(forked(lambda: asyncio.run(async_calls(runs, 3))))
            await other.get(me, "continue")
            assert "slow" == (await holder).run_id

    asyncio.run(main())


def async_busy(url: str) -> None:
    """Another thread uses the same client in a loop of its own."""
    runs = async_client(url, max_concurrency=3)
    asyncio.run(async_calls(runs, 1))
    is_over = threading.Event()
    failures: list[BaseException] = []

    async def work() -> None:
        while not is_over.is_set():
            await async_calls(runs, 6)

    def run() -> None:
        try:
            asyncio.run(work())
        except BaseException as error:  # noqa: BLE001
            failures.append(error)

    threads = [threading.Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for _ in range(20):
        waited(forked(lambda: asyncio.run(async_calls(runs, 2))))
    is_over.set()
    for thread in threads:
        thread.join()
    assert [] == failures


if __name__ == "__main__":
    run(globals())
