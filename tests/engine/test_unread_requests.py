"""Requests that the server does not read to their end: early answers, timeouts, and lost connections."""

from __future__ import annotations

import asyncio
import logging
from time import monotonic

import httpx
import pytest
from engine.bodies import body
from engine.variants import LIMIT, Variant, in_a_thread, in_both
from servers.peer import CHUNKED, Connection, chunk, peer, response
from servers.sockets import all_are_closed, connections_become

LARGE = bytes(range(256)) * 4096


@in_both
@pytest.mark.parametrize("kind", ["bytes", "generator"])
@pytest.mark.parametrize("then", ["keeps-open", "closes", "resets", "shuts-down"])
@pytest.mark.parametrize("connection_header", ["close", "keep-alive"])
async def test_an_early_answer_is_the_answer(
    variant: Variant, kind: str, then: str, connection_header: str, caplog: pytest.LogCaptureFixture
) -> None:
    """A 413, for example. The connection is not used again: the rest of the body would be read as a request.

    A server that closes the connection with unread bytes resets it. asyncio then closes it without looking for an
    answer that has arrived before, so the answer may be lost, as with httpx.
    """
    may_be_lost = variant.is_async and then in ("closes", "resets")

    def serve(connection: Connection) -> None:
        if (head := connection.head()) is not None and head.method == "GET":
            connection.send(response())
            connection.until_closed()
            return
        connection.send(response(b"too large", 413, f"connection: {connection_header}"))
        if then == "keeps-open":
            connection.peer.may_continue.wait(LIMIT)  # without reading any more
        elif then == "resets":
            connection.reset()
        elif then == "shuts-down":
            connection.socket.shutdown(1)
            connection.until_closed()

    content = LARGE * 32
    pieces = [LARGE] * 32
    with peer(serve) as server:
        async with variant.http(timeout=10) as http:
            began = monotonic()
            given = content if kind == "bytes" else body(variant, *pieces)
            try:
                answered = await variant.call(http.post, server.url, content=given)
            except (httpx.ReadError, httpx.WriteError):
                assert may_be_lost
            else:
                assert (413, b"too large") == (answered.status_code, answered.content)
            assert monotonic() - began < 5
            assert 200 == (await variant.call(http.get, server.url)).status_code
            assert 2 == server.made
            assert await in_a_thread(connections_become, server.port, 1)
    assert [] == [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]


@in_both
async def test_an_early_answer_may_be_a_stream(variant: Variant) -> None:
    """It is read to its end while the server reads no more of the request."""

    def serve(connection: Connection) -> None:
        connection.head()
        connection.send(CHUNKED + chunk(b"one"))
        connection.peer.may_continue.wait(LIMIT)
        connection.send(chunk(b"two") + chunk(b""))
        connection.until_closed()

    with peer(serve) as server:
        async with variant.http() as http:
            request = http.build_request("POST", server.url, content=LARGE * 32)
            answered = await variant.call(http.send, request, stream=True)
            chunks = variant.chunks(answered)
            assert b"one" == await variant.next(chunks)
            server.may_continue.set()
            assert [b"two"] == await variant.rest(chunks)
            await variant.close(answered)
            assert await in_a_thread(all_are_closed, server.port)


@in_both
@pytest.mark.parametrize("kind", ["bytes", "generator", "length"])
async def test_a_server_that_does_not_read_is_a_write_timeout(variant: Variant, kind: str) -> None:
    def serve(connection: Connection) -> None:
        connection.peer.may_continue.wait(LIMIT)

    content = LARGE * 32 if kind == "bytes" else body(variant, *[LARGE] * 32)
    headers = {"content-length": str(32 * len(LARGE))} if kind == "length" else {}
    with peer(serve) as server:
        async with variant.http(timeout=httpx.Timeout(LIMIT, write=0.3)) as http:
            began = monotonic()
            with pytest.raises(httpx.WriteTimeout) as failed:
                await variant.call(http.post, server.url, content=content, headers=headers)
            assert 0.25 < monotonic() - began < 5
            assert "POST" == failed.value.request.method
            assert await in_a_thread(all_are_closed, server.port)


@in_both
async def test_a_connection_that_breaks_while_sending_is_a_write_or_read_error(variant: Variant) -> None:
    """If there was no answer. The next request uses another connection."""

    def serve(connection: Connection) -> None:
        if (head := connection.head()) is not None and head.method == "POST":
            connection.reset()
        else:
            connection.send(response())

    with peer(serve) as server:
        async with variant.http() as http:
            with pytest.raises((httpx.WriteError, httpx.ReadError, httpx.RemoteProtocolError)) as failed:
                await variant.call(http.post, server.url, content=LARGE * 32)
            assert "POST" == failed.value.request.method
            assert 200 == (await variant.call(http.get, server.url)).status_code


async def test_a_request_that_is_cancelled_while_it_is_sent_leaves_no_connection() -> None:
    def serve(connection: Connection) -> None:
        connection.head()
        connection.peer.may_continue.wait(LIMIT)

    variant = Variant("async")
    with peer(serve) as server:
        async with variant.http() as http:
            sending = asyncio.create_task(http.post(server.url, content=LARGE * 32))
            assert await in_a_thread(server.until, lambda: server.made)
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.1):
                    await sending
            assert await in_a_thread(all_are_closed, server.port)
