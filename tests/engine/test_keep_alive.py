"""Connections that are kept: which one the next request uses, and when they are closed."""

from __future__ import annotations

import asyncio
import logging
from contextlib import AsyncExitStack
from time import monotonic, sleep
from typing import Any

import httpx
import pytest
from engine.variants import Variant, in_a_thread, in_both
from servers.peer import CHUNKED, Connection, chunk, echo, peer, response
from servers.sockets import all_are_closed, connections_to


async def opened(variant: Variant, http: Any, url: str, count: int) -> list[httpx.Response]:
    """So many open responses at once, with their bodies still to be read."""
    return [await variant.call(http.send, http.build_request("GET", url), stream=True) for _ in range(count)]


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
            responses = await opened(variant, http, server.url, 4)
            for one in (0, 3, 1, 2):
                await variant.read(responses[one])
            assert [2] * 5 == [await number(variant, http, server.url) for _ in range(5)]
            again = await opened(variant, http, server.url, 4)
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
            responses = await opened(variant, http, server.url, 20)
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
            for response in await opened(variant, http, server.url, 3):
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
@pytest.mark.parametrize("last_words", ["nothing", "an-answer", "half-an-answer", "reset"])
async def test_a_dead_connection_is_not_used(variant: Variant, last_words: str) -> None:
    """However the server has ended it, also if it sent an answer first, such as a 408. The request, a POST, uses
    another."""
    words = {"an-answer": response(b"late", 408, "connection: close"), "half-an-answer": b"HTTP/1.1 408 Req"}

    def serve(connection: Connection) -> None:
        if connection.request() is None:
            return
        connection.send(response(b"%d" % connection.number))
        if connection.number < 3:
            connection.peer.may_continue.wait(10)
            connection.send(words.get(last_words, b""))
            if last_words == "reset":
                connection.reset()
        else:
            connection.until_closed()

    with peer(serve) as server:
        async with variant.http() as http:
            for one in await opened(variant, http, server.url, 3):
                await variant.read(one)
            server.may_continue.set()
            assert await in_a_thread(server.until, lambda: not server.now)
            assert (200, b"3") == await posted(variant, http, server.url)
            assert await in_a_thread(lambda: connections_to(server.port) == 1)
    assert 4 == len(server.requests)


async def posted(variant: Variant, http: Any, url: str) -> tuple[int, bytes]:
    """The answer to a POST."""
    answered = await variant.call(http.post, url, content=b"body")
    return answered.status_code, answered.content


@in_both
async def test_bytes_on_an_idle_connection_are_not_an_answer(variant: Variant) -> None:
    """The connection stays open, but is not used again."""

    def serve(connection: Connection) -> None:
        while connection.request() is not None:
            connection.send(response(b"%d" % connection.number))
            if connection.number == 0:
                connection.peer.may_continue.wait(10)
                connection.send(response(b"for somebody else"))
                with connection.peer.changed:
                    connection.peer.numbers.append(-1)
                    connection.peer.changed.notify_all()

    with peer(serve) as server:
        async with variant.http() as http:
            assert b"0" == (await variant.call(http.get, server.url)).content
            server.may_continue.set()
            assert await in_a_thread(server.until, lambda: -1 in server.numbers)
            assert (200, b"1") == await posted(variant, http, server.url)
            assert await in_a_thread(server.until, lambda: server.now == {1})


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
            (idle,) = await opened(variant, http, server.url, 1)
            (response_,) = await opened(variant, http, server.url + "/endless", 1)
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
            (first,) = await opened(variant, http, server.url, 1)
            await variant.read(first)
            (second,) = await opened(variant, http, server.url, 1)
            await variant.close(first)
            await variant.close(first)
            assert b"connection" in await variant.read(second)
            assert 0 == await number(variant, http, server.url)
    assert 1 == server.made


@in_both
async def test_made_reused_and_closed_are_one_debug_line_each(
    variant: Variant, caplog: pytest.LogCaptureFixture
) -> None:
    def lines() -> list[str]:
        found = [one for one in caplog.records if one.name.partition(".")[0] == "langgraph_runs"]
        assert {logging.DEBUG} >= {one.levelno for one in found}
        messages = [one.getMessage() for one in found]
        caplog.clear()
        return messages

    caplog.set_level(logging.DEBUG, "langgraph_runs")
    with peer(tls=None) as server:
        async with AsyncExitStack() as stack:
            http = await stack.enter_async_context(variant.http())
            for word in ("made", "reused", "reused"):
                await variant.call(http.get, server.url + "/secret-path", headers={"x-api-key": "secret"})
                (line,) = lines()
                assert word in line
                assert f"127.0.0.1:{server.port}" in line
                assert "secret" not in line
        (line,) = lines()
        assert "closed" in line
        assert f"127.0.0.1:{server.port}" in line


@in_both
async def test_nothing_is_logged_above_debug(variant: Variant, caplog: pytest.LogCaptureFixture) -> None:
    """Not even for a dead connection."""
    caplog.set_level(logging.INFO, "langgraph_runs")

    def serve(connection: Connection) -> None:
        connection.request()
        connection.send(CHUNKED + chunk(b"first"))

    with peer(serve) as server:
        async with variant.http() as http:
            with pytest.raises(httpx.RemoteProtocolError):
                await variant.call(http.get, server.url)
    assert [] == [one for one in caplog.records if one.name.startswith("langgraph_runs")]


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


async def test_a_connection_that_died_while_the_loop_was_busy_is_not_used() -> None:
    """The loop has not processed its end yet."""

    def serve(connection: Connection) -> None:
        assert connection.request() is not None
        connection.send(response(b"%d" % connection.number))
        if connection.number == 0:
            connection.peer.may_continue.wait(10)
        else:
            connection.until_closed()

    variant = Variant("async")
    with peer(serve) as server:
        async with variant.http() as http:
            assert b"0" == (await http.get(server.url)).content
            server.may_continue.set()
            assert server.until(lambda: not server.now)  # blocks
            assert (200, b"1") == await posted(variant, http, server.url)
