"""Closing a client while it is in use, from any loop, and dropping it."""

from __future__ import annotations

import asyncio
import gc
from contextlib import suppress
from typing import Any

import httpx
import pytest
from engine.loops import calls, client, in_a_loop
from engine.variants import LIMIT, Variant, in_a_thread, in_both
from servers.peer import CHUNKED, Connection, chunk, peer
from servers.runs_peer import runs_server
from servers.sockets import all_are_closed, connections_become, connections_to

from langgraph_runs import APIConnectionError, AsyncRunsClient

# A loop that ends without its client being closed leaves unclosed resources, and Python warns of them.
unclosed = pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")


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
