"""TLS records and the end of a connection: only the end of TLS ends a body."""

from __future__ import annotations

import socket
import ssl
from contextlib import suppress
from pathlib import Path
from time import monotonic
from typing import Any

import httpx
import pytest
from engine.variants import Variant, in_a_thread, in_both
from servers.peer import CHUNKED, Connection, chunk, peer
from servers.sockets import all_are_closed


@in_both
@pytest.mark.parametrize("state", ["idle", "streaming"])
async def test_closing_does_not_wait_for_the_peer(
    variant: Variant, server_context: ssl.SSLContext, trusted: Path, state: str
) -> None:
    """If the peer no longer reads, and so never answers the end of TLS, connection and socket are closed at once."""

    def serve(connection: Connection) -> None:
        connection.request()
        body = CHUNKED + chunk(b"first")
        connection.send(body if state == "streaming" else body + chunk(b""))
        connection.peer.may_continue.wait(20)

    with peer(serve, tls=server_context) as server:
        http = variant.plain_client(transport=variant.pool())
        request = http.build_request("GET", server.url)
        response = await variant.call(http.send, request, stream=True)
        if state == "idle":
            assert b"first" == await variant.read(response)
        else:
            assert b"first" == await variant.next(variant.chunks(response))
        began = monotonic()
        if state == "streaming":
            await variant.close(response)
            assert await in_a_thread(all_are_closed, server.port)
        await variant.close(http)
        assert await in_a_thread(all_are_closed, server.port)
        assert monotonic() - began < 2


class TLSBytes:
    """TLS in memory, so that a test can send a part of a record."""

    def __init__(self, connection: socket.socket, context: ssl.SSLContext) -> None:
        self._incoming, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._tls = context.wrap_bio(self._incoming, self._outgoing, server_side=True)
        self._socket = connection
        self._done(self._tls.do_handshake)

    def read(self) -> bytes:
        """The bytes that the client has sent."""
        return bytes(self._done(lambda: self._tls.read(65536)))

    def encrypted(self, data: bytes) -> bytes:
        """The records of this data."""
        self._tls.write(data)
        return self._outgoing.read()

    def ended(self) -> bytes:
        """The record for the end of TLS."""
        with suppress(ssl.SSLWantReadError):
            self._tls.unwrap()
        return self._outgoing.read()

    def _done(self, step: Any) -> Any:
        while True:
            try:
                return step()
            except ssl.SSLWantReadError:
                self._socket.sendall(self._outgoing.read())
                data = self._socket.recv(65536)
                if not data:
                    raise ConnectionError("the client has closed the connection") from None
                self._incoming.write(data)
            finally:
                if self._outgoing.pending:
                    self._socket.sendall(self._outgoing.read())


FRAMED = {
    "length": b"HTTP/1.1 200 OK\r\ncontent-length: 2000\r\n\r\n" + b"x" * 1000,
    "chunks": CHUNKED + chunk(b"x" * 1000),
    "connection": b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n" + b"x" * 1000,
}


@in_both
@pytest.mark.parametrize("framing", FRAMED)
@pytest.mark.parametrize("ending", ["cut-record", "cut-record-and-reset"])
async def test_a_connection_that_ends_mid_record_is_an_error(
    variant: Variant, server_context: ssl.SSLContext, trusted: Path, framing: str, ending: str
) -> None:
    """Also if the body ends with the connection: an attacker may have cut it."""

    def serve(connection: Connection) -> None:
        tls = TLSBytes(connection.socket, server_context)
        tls.read()
        connection.send(tls.encrypted(FRAMED[framing]))
        connection.send(tls.encrypted(b"y" * 1000)[:500])
        connection.peer.may_continue.wait(20)
        if ending.endswith("reset"):
            connection.reset()

    with peer(serve) as server:
        async with variant.http() as http:
            request = http.build_request("GET", f"https://127.0.0.1:{server.port}/")
            response = await variant.call(http.send, request, stream=True)
            chunks = variant.chunks(response)
            assert (await variant.next(chunks)).startswith(b"x")
            server.may_continue.set()
            with pytest.raises((httpx.ReadError, httpx.RemoteProtocolError)) as failed:
                await variant.rest(chunks)
            assert request is failed.value.request
            await variant.close(response)
            assert await in_a_thread(all_are_closed, server.port)


@in_both
async def test_a_body_may_end_with_the_connection_if_tls_has_ended(
    variant: Variant, server_context: ssl.SSLContext, trusted: Path
) -> None:
    def serve(connection: Connection) -> None:
        tls = TLSBytes(connection.socket, server_context)
        tls.read()
        connection.send(tls.encrypted(FRAMED["connection"]) + tls.ended())

    with peer(serve) as server:
        async with variant.http() as http:
            response = await variant.call(http.get, f"https://127.0.0.1:{server.port}/")
            assert b"x" * 1000 == response.content


@in_both
@pytest.mark.parametrize("size", [1, 100, 16384, 300_000])
async def test_a_large_body_arrives_whole_however_its_records_are_cut(
    variant: Variant, server_context: ssl.SSLContext, trusted: Path, size: int
) -> None:
    """One byte per packet at first, then pieces of this size: no byte waits in the TLS layer for the next packet."""
    body = bytes(range(256)) * (40 if size == 1 else 2000)

    def serve(connection: Connection) -> None:
        tls = TLSBytes(connection.socket, server_context)
        tls.read()
        head = b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n" % len(body)
        sent = tls.encrypted(head + body)
        for start in range(200):
            connection.send(sent[start : start + 1])
        for start in range(200, len(sent), size):
            connection.send(sent[start : start + size])
        connection.peer.may_continue.wait(20)

    with peer(serve) as server:
        async with variant.http() as http:
            assert body == (await variant.call(http.get, f"https://127.0.0.1:{server.port}/")).content
