"""Without a loop of asyncio, the async client raises one clear error."""

from __future__ import annotations

import gc
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from engine.loops import client
from servers.peer import echo, peer
from servers.runs_peer import runs_server

from langgraph_runs._async.engine.pool import AsyncPool

ASYNCIO_NEEDED = "asyncio"


@pytest.mark.parametrize(
    "use",
    [
        lambda runs: runs.get("t", "r"),
        lambda runs: runs.create("t", "agent"),
        lambda runs: runs.wait("t", "agent"),
        lambda runs: anext(runs.stream("t", "agent")),
        lambda runs: anext(runs.list_all("t")),
        lambda runs: runs.stream("t", "agent").__aenter__(),
    ],
    ids=["get", "create", "wait", "stream", "list_all", "entering-a-stream"],
)
@pytest.mark.parametrize("options", [{}, {"max_concurrency": 1}], ids=["free", "max-concurrency"])
def test_without_an_asyncio_loop_the_first_use_raises(use: Callable[[Any], Any], options: Any) -> None:
    """As under trio: the error is one sentence, and nothing is sent."""
    with peer(runs_server) as server:
        runs = client(server.url, **options)
        awaitable = use(runs)
        with pytest.raises(RuntimeError, match=ASYNCIO_NEEDED) as refused:
            driven(awaitable)
        assert refused.value.__cause__ is None
        assert 0 == server.made
        del awaitable, refused
        gc.collect()  # Python warns of coroutines that were never awaited


def test_without_an_asyncio_loop_leaving_the_client_hides_no_error() -> None:
    """`async with` raises the error of its body, not one of closing the client."""

    async def main() -> None:
        async with client(server.url) as runs:
            await runs.get("t", "r")

    async def plain() -> None:
        async with AsyncPool() as pool:
            await pool.handle_async_request(httpx.Request("GET", server.url))

    with peer(echo) as server:
        for use in (main, plain):
            with pytest.raises(RuntimeError, match=ASYNCIO_NEEDED):
                driven(use())
        assert 0 == server.made


def driven(awaitable: Any) -> Any:
    """Runs it to its end without a loop."""
    steps = awaitable.__await__()
    try:
        while True:
            steps.send(None)
    except StopIteration as end:
        return end.value
