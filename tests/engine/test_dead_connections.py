"""A connection that has ended or received something while it was idle is not used again."""

from __future__ import annotations

from typing import Any

import pytest
from engine.variants import Variant, in_a_thread, in_both
from servers.peer import Connection, peer, response
from servers.sockets import connections_to


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
            for one in await variant.opened(http, server.url, 3):
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
