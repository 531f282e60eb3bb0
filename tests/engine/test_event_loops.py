"""One client in several event loops, in turn and at the same time; and closing it while it is in use."""

from __future__ import annotations

import asyncio
import gc
import threading
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from engine.loops import calls, client, in_a_loop
from engine.variants import LIMIT, in_a_thread
from servers.peer import peer
from servers.runs_peer import FIRST, LAST, runs_server
from servers.sockets import all_are_closed, connections_to

from langgraph_runs import AsyncRunsClient

# A loop that ends without its client being closed leaves unclosed resources, and Python warns of them.
unclosed = pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")


@unclosed
@pytest.mark.parametrize("options", [{}, {"max_concurrency": 2}], ids=["free", "max-concurrency"])
def test_loops_one_after_another_share_a_client(options: Any) -> None:
    """Each opens its own connections; those of a loop that has ended are dropped."""
    with peer(runs_server) as server:
        runs = client(server.url, **options)
        for name in ("one", "two", "three"):
            in_a_loop(calls(runs, name, 5))
            in_a_loop(calls(runs, name, 1))
        in_a_loop(runs.aclose())
        gc.collect()
        assert server.until(lambda: not server.now)
        by_connection = defaultdict(set)
        for number, request in zip(server.numbers, server.requests, strict=True):
            by_connection[number].add(request.target.split("/")[2])
        assert {1} == {len(names) for names in by_connection.values()}


def test_a_loop_that_ends_leaves_no_connection_open() -> None:
    """Without closing the client, and without a warning of Python."""
    with peer(runs_server) as server:
        runs = client(server.url)
        in_a_loop(calls(runs, "one", 3))
        assert server.until(lambda: not server.now)
        assert 0 == connections_to(server.port)
        in_a_loop(runs.aclose())


def test_calls_that_were_cancelled_by_the_end_of_a_loop_do_not_delay_the_next_loop() -> None:
    """They had all places of max_concurrency, or were waiting for one."""

    async def left(runs: AsyncRunsClient[Any, Any, Any]) -> list[asyncio.Task[Any]]:
        tasks = [asyncio.create_task(runs.get("one", "slow")) for _ in range(4)]
        assert await in_a_thread(server.until, lambda: len(server.requests) == 2)
        return tasks  # asyncio.run cancels them

    with peer(runs_server) as server:
        runs = client(server.url, max_concurrency=2)
        for task in in_a_loop(left(runs)):
            assert task.cancelled()
        in_a_loop(calls(runs, "two", 4))
        assert server.until(lambda: len(server.now) <= 2)
        in_a_loop(runs.aclose())
        assert all_are_closed(server.port)


@pytest.mark.parametrize("options", [{}, {"max_concurrency": 3}], ids=["free", "max-concurrency"])
def test_loops_at_the_same_time_share_a_client(options: Any) -> None:
    """In threads; no answer goes to another loop."""
    both_run = threading.Barrier(3)

    async def work(runs: AsyncRunsClient[Any, Any, Any], name: str) -> None:
        await calls(runs, name, 1)
        await in_a_thread(both_run.wait, LIMIT)
        for _ in range(20):
            await calls(runs, name, 10)
        await in_a_thread(both_run.wait, LIMIT)

    with peer(runs_server) as server, ThreadPoolExecutor(3) as threads:
        runs = client(server.url, **options)
        loops = [threads.submit(in_a_loop, work(runs, name)) for name in ("one", "two", "three")]
        for one in loops:
            one.result()
        in_a_loop(runs.aclose())
        assert all_are_closed(server.port)
    by_connection = defaultdict(set)
    for number, request in zip(server.numbers, server.requests, strict=True):
        by_connection[number].add(request.target.split("/")[2])
    assert {1} == {len(names) for names in by_connection.values()}
    assert 3 * 201 == len(server.requests)
    if options:
        assert 9 >= server.made


def test_max_concurrency_counts_for_each_loop() -> None:
    """A call that has the only place in one loop does not delay another loop, which it could not wake."""

    async def holding(runs: AsyncRunsClient[Any, Any, Any]) -> None:
        assert "slow" == (await runs.get("one", "slow")).run_id

    with peer(runs_server) as server, ThreadPoolExecutor(1) as threads:
        runs = client(server.url, max_concurrency=1)
        holder = threads.submit(in_a_loop, holding(runs))
        assert server.until(lambda: server.requests)
        in_a_loop(calls(runs, "two", 3))
        assert not holder.done()
        server.may_continue.set()
        holder.result()
        in_a_loop(runs.aclose())


@unclosed
@pytest.mark.parametrize("loop", ["has-ended", "is-running"])
def test_a_stream_belongs_to_the_loop_that_opened_it(loop: str) -> None:
    """Reading it from another loop raises RuntimeError, and loses nothing; closing it from there works."""

    async def opened(runs: AsyncRunsClient[Any, Any, Any]) -> Any:
        stream = await runs.stream("one", "agent").__aenter__()
        parts = [await anext(stream) for _ in range(FIRST)]  # all that have come
        if loop == "has-ended":
            return stream, parts
        other = await in_a_thread(in_a_loop, elsewhere(stream))
        assert other is None
        await runs.get("one", "continue")
        parts += [part async for part in stream]
        assert [str(number) for number in range(LAST)] == [part.id for part in parts]
        await stream.aclose()
        await runs.aclose()
        return None

    async def elsewhere(stream: Any) -> None:
        words = "closed" if loop == "has-ended" else "loop"
        for _ in (1, 2):
            with pytest.raises(RuntimeError, match=words):
                await anext(stream)

    with peer(runs_server) as server:
        runs = client(server.url)
        if (left := in_a_loop(opened(runs))) is not None:
            in_a_loop(elsewhere(left[0]))
            in_a_loop(left[0].aclose())
            in_a_loop(runs.aclose())
        gc.collect()
        assert all_are_closed(server.port)
