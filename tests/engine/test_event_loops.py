"""One client in several event loops, in turn and at the same time; and closing it while it is in use."""

from __future__ import annotations

import asyncio
import gc
import threading
from collections import defaultdict
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import httpx
import pytest
from engine.variants import LIMIT, ONCE, Variant, in_a_thread, in_both
from servers.peer import CHUNKED, Connection, chunk, echo, peer
from servers.runs_peer import FIRST, LAST, runs_server
from servers.sockets import all_are_closed, connections_become, connections_to

from langgraph_runs import APIConnectionError, AsyncRunsClient
from langgraph_runs._async.engine.pool import AsyncPool

# A loop that ends without its client being closed leaves unclosed resources, and Python warns of them.
unclosed = pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")


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


# Streams


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


# Closing


async def test_closing_from_another_loop_closes_the_connections_of_this_one() -> None:
    """Idle connections, streams, and calls that wait for an answer."""
    with peer(runs_server) as server:
        runs = client(server.url)
        await calls(runs, "one", 1)
        stream = runs.stream("one", "agent")
        await anext(stream)
        waiting = asyncio.create_task(runs.get("one", "slow"))
        await calls(runs, "one", 1)
        assert await in_a_thread(server.until, lambda: len(server.now) == 3)
        await in_a_thread(in_a_loop, runs.aclose())
        async with asyncio.timeout(LIMIT):
            with pytest.raises((APIConnectionError, RuntimeError)):
                await waiting
        assert await in_a_thread(all_are_closed, server.port)
        with pytest.raises(RuntimeError, match="closed"):
            await runs.get("one", "r")
        await stream.aclose()


@unclosed
def test_closing_after_the_loop_has_ended_works() -> None:
    """Also if a stream was left open in it."""

    async def left(runs: AsyncRunsClient[Any, Any, Any]) -> Any:
        stream = runs.stream("one", "agent")
        await anext(stream)
        return stream

    with peer(runs_server) as server:
        runs = client(server.url, cancel_on_exit="interrupt")
        stream = in_a_loop(left(runs))
        in_a_loop(runs.aclose())
        with pytest.raises(RuntimeError):
            in_a_loop(runs.get("one", "r"))
        del stream
        gc.collect()
        assert all_are_closed(server.port)


@in_both
async def test_closing_a_client_ends_its_calls(variant: Variant) -> None:
    """With an error, at once: one that waits for an answer, one that reads a stream, one that sends a body which the
    server does not read. No connection is left."""

    def serve(connection: Connection) -> None:
        head = connection.head()
        if head is not None and head.target == "/stream":
            connection.send(CHUNKED + chunk(b"first"))
        connection.peer.may_continue.wait(LIMIT)

    with peer(serve) as server:
        http = variant.plain_client(transport=variant.pool(), timeout=LIMIT)
        (streamed,) = [
            await variant.call(http.send, http.build_request("GET", server.url + "/stream"), stream=True)
        ]
        chunks = variant.chunks(streamed)
        assert b"first" == await variant.next(chunks)
        under_way = [
            asyncio.create_task(variant.call(http.get, server.url)),
            asyncio.create_task(variant.call(http.post, server.url, content=b"x" * 30_000_000)),
            asyncio.create_task(variant.next(chunks)),
        ]
        assert await in_a_thread(server.until, lambda: server.made == 3)
        assert await in_a_thread(connections_become, server.port, 3)
        await asyncio.sleep(0.1)  # the body may be stuck by then or not: both must work
        await variant.close(http)
        for result in await asyncio.gather(*under_way, return_exceptions=True):
            assert isinstance(result, httpx.TransportError | RuntimeError), result
        assert await in_a_thread(all_are_closed, server.port)
        with suppress(httpx.TransportError, RuntimeError):
            await variant.close(streamed)


@in_both
async def test_closing_a_client_ends_calls_that_wait_for_a_place(variant: Variant) -> None:
    with peer(runs_server) as server:
        runs = variant.runs_client(server.url, max_concurrency=1)
        tasks = [asyncio.create_task(variant.call(runs.get, "one", "slow")) for _ in range(3)]
        assert await in_a_thread(server.until, lambda: len(server.requests) == 1)
        await variant.close(runs)
        for result in await asyncio.gather(*tasks, return_exceptions=True):
            assert isinstance(result, APIConnectionError | RuntimeError), result
        assert await in_a_thread(all_are_closed, server.port)
        assert 1 == len(server.requests)


async def test_an_async_client_that_is_collected_leaves_no_connection() -> None:
    """After one iteration of its loop, not only when the connections expire."""
    with peer(runs_server) as server:
        runs = client(server.url)
        await calls(runs, "one", 3)
        assert 3 == connections_to(server.port)
        del runs
        gc.collect()
        await asyncio.sleep(0.05)
        assert 0 == connections_to(server.port)


@unclosed
def test_a_sync_client_that_is_collected_leaves_no_connection() -> None:
    """At once."""
    variant = Variant("sync")
    with peer(runs_server) as server:
        runs = variant.runs_client(server.url)
        stream = runs.stream("t", "agent")
        next(stream)
        runs.get("t", "r")
        assert 2 == connections_to(server.port)
        del runs, stream
        gc.collect()
        assert 0 == connections_to(server.port)


# Other event loops than asyncio's


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
        async with httpx.AsyncClient(transport=AsyncPool()) as http:
            await http.get(server.url)

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
