"""One test for both variants: what the sync client does is done in a thread, and awaited like the rest."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

import langgraph_runs
from langgraph_runs.retry import RetryPolicy

LIMIT = 90.0  # seconds; a hang is a failure, a busy machine is not
ONCE = RetryPolicy(attempts=0)


@dataclass(frozen=True)
class Variant:
    """The sync or the async client.

    Attributes:
        name: Which of them.
    """

    name: str

    def __str__(self) -> str:
        return self.name

    @property
    def is_async(self) -> bool:
        return self.name == "async"

    async def call(self, function: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
        """What the method of a client returns; a TimeoutError when it hangs."""
        async with asyncio.timeout(LIMIT):
            if self.is_async:
                return await function(*arguments, **options)
            return await in_a_thread(function, *arguments, **options)

    async def next(self, iterator: Any) -> Any:
        """The next item; StopAsyncIteration at the end."""
        if self.is_async:
            return await self.call(iterator.__anext__)
        if (item := await self.call(next, iterator, None)) is None:
            raise StopAsyncIteration
        return item

    async def rest(self, iterator: Any) -> list[Any]:
        """What is still to come."""
        if self.is_async:

            async def items() -> list[Any]:
                return [item async for item in iterator]

            return await self.call(items)  # type: ignore[no-any-return]
        return await self.call(list, iterator)  # type: ignore[no-any-return]

    async def close(self, one: Any) -> None:
        """Closes a client, a response or a stream."""
        await self.call(one.aclose if self.is_async else one.close)

    async def read(self, response: httpx.Response) -> bytes:
        """The body of a response that was opened as a stream."""
        return await self.call(response.aread if self.is_async else response.read)  # type: ignore[no-any-return]

    async def opened(self, http: Any, url: str, count: int) -> list[httpx.Response]:
        """So many open responses at once, with their bodies still to be read."""
        requests = [http.build_request("GET", url) for _ in range(count)]
        return [await self.call(http.send, request, stream=True) for request in requests]

    def chunks(self, response: httpx.Response) -> Any:
        """The body of a response, chunk by chunk; for `next` and `rest`."""
        return response.aiter_raw() if self.is_async else response.iter_raw()

    def pool(self, **options: Any) -> Any:
        """The engine's transport."""
        # Imported here, because RunsClient is tested without httptools, too.
        if self.is_async:
            from langgraph_runs._async.engine.pool import AsyncPool

            return AsyncPool(**options)
        from langgraph_runs._sync.engine.pool import Pool

        return Pool(**options)

    def plain_client(self, *, family: Any = httpx, **options: Any) -> Any:
        """A client of httpx's own, or of httpx2's."""
        return family.AsyncClient(**options) if self.is_async else family.Client(**options)

    def runs_client(self, url: str, **options: Any) -> Any:
        """A client of this library that sends each request once."""
        options = {"api_key": None, "retry": ONCE} | options
        kind = langgraph_runs.AsyncRunsClient if self.is_async else langgraph_runs.RunsClient
        return kind(url, **options)

    @asynccontextmanager
    async def closing(self, one: Any) -> AsyncGenerator[Any]:
        """Closes it at the end of the block."""
        try:
            yield one
        finally:
            await self.close(one)

    def http(self, *, pool: Any = None, **options: Any) -> Any:
        """An httpx client over the engine, closed at the end of the block."""
        return self.closing(self.plain_client(transport=pool or self.pool(), **options))

    def plain(self, **options: Any) -> Any:
        """An httpx client over httpx's own transport, closed at the end of the block."""
        return self.closing(self.plain_client(**options))

    def runs(self, url: str, **options: Any) -> Any:
        """A client of this library, closed at the end of the block."""
        return self.closing(self.runs_client(url, **options))


VARIANTS = [Variant("sync"), Variant("async")]

in_both = pytest.mark.parametrize("variant", VARIANTS, ids=str)
"""Runs a test for the sync client and for the async one."""


async def in_a_thread(function: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
    """What a blocking function returns. In a daemon thread: one that hangs does not keep the test run from ending."""
    loop = asyncio.get_running_loop()
    done: asyncio.Future[Any] = loop.create_future()

    def report(result: Any, error: BaseException | None) -> None:
        if done.cancelled():
            return
        if error is None:
            done.set_result(result)
        else:
            done.set_exception(error)

    def run() -> None:
        result, error = None, None
        try:
            result = function(*arguments, **options)
        except BaseException as raised:  # noqa: BLE001
            error = raised
        if not loop.is_closed():
            loop.call_soon_threadsafe(report, result, error)

    threading.Thread(target=run, daemon=True).start()
    return await done
