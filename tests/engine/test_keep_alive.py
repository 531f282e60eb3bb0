"""Connections that are kept: which one the next request uses, and when they are closed."""

from __future__ import annotations

import asyncio
from time import monotonic, sleep
from typing import Any

import pytest
from engine.variants import Variant, in_a_thread, in_both
from servers.peer import CHUNKED, Connection, chunk, echo, peer, response
from servers.sockets import all_are_closed, connections_to


async def number(variant: Variant, http: Any, url: str) -> int:
    """Sends a request, and returns the number of its connection."""
    answered = (await variant.call(http.get, url)).json()
    return int(answered["connection"])


@in_both
async def test_requests_one_after_another_share_a_connection(variant: Variant) -> None:
    with peer() as server:
        async with variant.http() as http:
            assert [0] * 10 == [await number(variant, http, server.url) for _ in range(10)]
        assert await in_a_thread(server.until, lambda: not server.now)
    assert 1 == server.made


@in_both
async def test_origins_do_not_share_connections(variant: Variant) -> None:
    """Another port, or another name of the same host, is another origin."""
    with peer() as one, peer() as other:
        async with variant.http() as http:
            for url in (one.url, other.url, f"http://localhost:{one.port}", one.url, other.url):
                assert 200 == (await variant.call(http.get, url)).status_code
    assert (2, 1) == (one.made, other.made)


@in_both
async def test_the_connection_that_was_used_last_is_used_next(variant: Variant) -> None:
    """So that connections that are not needed stay idle, and expire."""
    with peer() as server:
        async with variant.http() as http:
            responses = await variant.opened(http, server.url, 4)
            for one in (0, 3, 1, 2):
                await variant.read(responses[one])
            assert [2] * 5 == [await number(variant, http, server.url) for _ in range(5)]
            again = await variant.opened(http, server.url, 4)
            assert [2, 1, 3, 0] == server.numbers[-4:]
            for response in again:
                await variant.read(response)
    assert 4 == server.made


@in_both
@pytest.mark.parametrize("kept", [0, 1, 3])
async def test_no_more_than_kept_connections_are_idle(variant: Variant, kept: int) -> None:
    """Connections in use are not limited."""
    with peer() as server:
        async with variant.http(pool=variant.pool(kept=kept)) as http:
            responses = await variant.opened(http, server.url, 20)
            assert 20 == len(server.now)
            for response in responses:
                await variant.read(response)
            assert await in_a_thread(server.until, lambda: len(server.now) == kept)
            assert kept == connections_to(server.port)
            await variant.call(http.get, server.url)
            assert 20 + (kept == 0) == server.made


@in_both
async def test_kept_counts_for_each_origin(variant: Variant) -> None:
    with peer() as one, peer() as other:
        async with variant.http(pool=variant.pool(kept=1)) as http:
            for _ in range(3):
                assert 0 == await number(variant, http, one.url)
                assert 0 == await number(variant, http, other.url)


async def test_an_idle_connection_of_the_async_client_closes_when_it_expires() -> None:
    """Without another request."""
    variant = Variant("async")
    with peer() as server:
        async with variant.http(pool=variant.pool(expiry=0.3)) as http:
            for response in await variant.opened(http, server.url, 3):
                await response.aread()
            began = monotonic()
            assert await in_a_thread(server.until, lambda: not server.now)
            assert 0.2 < monotonic() - began < 2
            assert await in_a_thread(all_are_closed, server.port)
            assert 3 == await number(variant, http, server.url)


async def test_a_connection_in_use_does_not_expire() -> None:
    """Whether its answer takes long, or it is used again and again."""

    def serve(connection: Connection) -> None:
        while (request := connection.request()) is not None:
            if request.target == "/slow":
                connection.peer.may_continue.wait(10)
            connection.send(response(b'{"connection": %d}' % connection.number))

    variant = Variant("async")
    with peer(serve) as server:
        async with variant.http(pool=variant.pool(expiry=0.3)) as http:
            slow = asyncio.create_task(http.get(server.url + "/slow"))
            assert await in_a_thread(server.until, lambda: server.requests)
            until = monotonic() + 0.8
            while monotonic() < until:
                assert 1 == await number(variant, http, server.url)
            server.may_continue.set()
            assert {"connection": 0} == (await slow).json()


def test_an_idle_connection_of_the_sync_client_closes_at_the_next_call_after_it_expires() -> None:
    """To whichever server the call is. It is not used again."""
    variant = Variant("sync")
    with peer() as one, peer() as other, variant.plain_client(transport=variant.pool(expiry=0.2)) as http:
        responses = [http.send(http.build_request("GET", one.url), stream=True) for _ in range(3)]
        for response in responses:
            response.read()
        assert 2 == http.get(one.url).json()["connection"]  # the last one is younger than the rest
        sleep(0.25)  # the test is about the clock
        assert 3 == http.get(one.url).json()["connection"]
        assert one.until(lambda: one.now == {3})
        sleep(0.25)
        http.get(other.url)
        assert one.until(lambda: not one.now)
        assert 0 == connections_to(one.port)


@in_both
@pytest.mark.parametrize(
    ("answer", "sent"),
    [
        (response(b"x", 200, "connection: close"), {}),
        (response(b"x", 200, "connection: Keep-Alive, Close"), {}),
        (response(b"x"), {"connection": "close"}),
        (response(b"x").replace(b"HTTP/1.1", b"HTTP/1.0"), {}),
        (response(b"x", 200, "connection: keep-alive").replace(b"HTTP/1.1", b"HTTP/1.0"), {}),
        (response(b"x") + b"more", {}),
        (response(b"x") + response(b"another"), {}),
        (b"HTTP/1.1 204 No Content\r\n\r\nbody", {}),
    ],
    ids=[
        "close", "close-in-a-list", "close-by-the-client", "http-1.0", "http-1.0-keep-alive", "bytes-left",
        "answer-left", "body-of-a-204",
    ],
)  # fmt: skip
async def test_a_connection_is_not_kept_after(variant: Variant, answer: bytes, sent: dict[str, str]) -> None:
    """The client closes it, without waiting for the server."""

    def serve(connection: Connection) -> None:
        while connection.request() is not None:
            connection.send(answer)

    with peer(serve) as server:
        async with variant.http(headers=sent) as http:
            for made in (1, 2):
                answered = await variant.call(http.get, server.url)
                assert answered.content == (b"" if answered.status_code == 204 else b"x")
                assert await in_a_thread(server.until, lambda: not server.now)
                assert made == server.made


@in_both
@pytest.mark.parametrize("left", ["unread", "half-read"])
async def test_leaving_a_response_closes_only_its_own_connection(variant: Variant, left: str) -> None:
    def serve(connection: Connection) -> None:
        while (request := connection.request()) is not None:
            if request.target == "/endless":
                connection.send(CHUNKED + chunk(b"first"))
            else:
                connection.send(response())

    with peer(serve) as server:
        async with variant.http() as http:
            await variant.call(http.get, server.url)
            (idle,) = await variant.opened(http, server.url, 1)
            (response_,) = await variant.opened(http, server.url + "/endless", 1)
            assert {0, 1} == server.now
            if left == "half-read":
                assert b"first" == await variant.next(variant.chunks(response_))
            await variant.close(response_)
            assert await in_a_thread(server.until, lambda: server.now == {0})
            await variant.read(idle)
            await variant.call(http.get, server.url)
    assert (2, 0) == (server.made, server.numbers[-1])


@in_both
async def test_closing_a_response_twice_does_no_harm(variant: Variant) -> None:
    """After the first time, another call may be using the connection."""
    with peer() as server:
        async with variant.http() as http:
            (first,) = await variant.opened(http, server.url, 1)
            await variant.read(first)
            (second,) = await variant.opened(http, server.url, 1)
            await variant.close(first)
            await variant.close(first)
            assert b"connection" in await variant.read(second)
            assert 0 == await number(variant, http, server.url)
    assert 1 == server.made


@in_both
async def test_a_closed_client_sends_nothing(variant: Variant) -> None:
    """Closing it twice does no harm."""
    with peer(echo) as server:
        pool = variant.pool()
        http = variant.plain_client(transport=pool)
        await variant.call(http.get, server.url)
        await variant.close(http)
        await variant.close(http)
        await variant.close(pool)
        assert await in_a_thread(server.until, lambda: not server.now)
        with pytest.raises(RuntimeError, match="closed"):
            await variant.call(http.get, server.url)
