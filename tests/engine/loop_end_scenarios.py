"""Programs whose event loop ends while a stream is open.

python loop_end_scenarios.py SCENARIO async URL CANCEL_ON_EXIT
"""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any

from engine.scenarios import async_client, run

import langgraph_runs._async.driver
from langgraph_runs import AsyncRunsClient

kept: list[Any] = []
"""What lives until the interpreter exits."""


def _client(url: str, cancel: str) -> AsyncRunsClient[Any, Any, Any]:
    return async_client(url, cancel_on_exit=cancel or None)


def _run(main: Callable[[], Coroutine[Any, Any, None]]) -> None:
    async def patient() -> None:
        # A slow machine is not a fault: neither in debug mode nor for the request that cancels the run.
        asyncio.get_running_loop().slow_callback_duration = 60
        langgraph_runs._async.driver.TIME_TO_LEAVE = 60
        await main()

    asyncio.run(patient())


def async_half_read(url: str, cancel: str) -> None:
    """Neither the stream nor the client is closed."""

    async def main() -> None:
        runs = _client(url, cancel)
        stream = runs.stream("t", "agent")
        await anext(stream)
        kept.extend((runs, stream))

    _run(main)


def async_half_iterated(url: str, cancel: str) -> None:
    """The iterator over the stream is not closed either."""

    async def main() -> None:
        runs = _client(url, cancel)
        iterator = aiter(runs.stream("t", "agent"))
        await anext(iterator)
        kept.extend((runs, iterator))

    _run(main)


def async_dropped(url: str, cancel: str) -> None:
    """Nothing refers to them any more."""

    async def main() -> None:
        async for _ in _client(url, cancel).stream("t", "agent"):
            break

    _run(main)
    gc.collect()


def async_never_read(url: str, cancel: str) -> None:
    """The stream is only made, also while another is open."""

    async def main() -> None:
        runs = _client(url, cancel)
        kept.append(runs.stream("t", "agent"))
        await anext(runs.stream("t", "agent"))

    _run(main)


def async_in_a_with_block(url: str, cancel: str) -> None:
    """A task is inside of `async with` when the loop ends."""

    async def read() -> None:
        async with _client(url, cancel) as runs, runs.stream("t", "agent") as stream:
            async for _ in stream:
                begun.set()

    async def main() -> None:
        kept.append(asyncio.create_task(read()))
        await begun.wait()

    begun = asyncio.Event()
    _run(main)


def async_in_a_loop(url: str, cancel: str) -> None:
    """A task is waiting in a loop over a stream when the loop ends."""

    async def read() -> None:
        async for _ in _client(url, cancel).stream("t", "agent"):
            begun.set()

    async def main() -> None:
        kept.append(asyncio.create_task(read()))
        await begun.wait()

    begun = asyncio.Event()
    _run(main)


def async_abandoned_read(url: str, cancel: str) -> None:
    """A read of a stream was cancelled, so that its requests may be under way."""

    async def main() -> None:
        runs = _client(url, cancel)
        stream = runs.stream("t", "agent")
        await anext(stream)
        with suppress(TimeoutError):
            async with asyncio.timeout(0.05):
                await anext(stream)
        kept.extend((runs, stream))

    _run(main)


def async_never_closed(url: str, cancel: str) -> None:
    """Only the client is left open."""

    async def main() -> None:
        runs = _client(url, cancel)
        async with runs.stream("t", "agent") as stream:
            await anext(stream)
        kept.append(runs)

    _run(main)


if __name__ == "__main__":
    run(globals())
