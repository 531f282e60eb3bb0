"""The proxy in front of the real server passes everything on, and notes it."""

from __future__ import annotations

import gc
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest
from servers.peer import CHUNKED, Connection, Peer, chunk, peer, response
from servers.recording_proxy import Exchange, RecordingProxy, recording_proxy
from servers.sockets import all_are_closed, reset_when_closed
from wait_until import wait_until

REQUEST = b"POST /a?b=1 HTTP/1.1\r\nhost: x\r\nX-Key: 1\r\ncontent-length: 2\r\n\r\n{}"


@contextmanager
def between(serve: Callable[[Connection], None]) -> Iterator[tuple[Peer, RecordingProxy, socket.socket]]:
    """A server, the proxy, and a connection to the proxy."""
    with peer(serve) as server, recording_proxy(server.url) as proxy:
        address = urlsplit(proxy.url)
        with socket.create_connection((str(address.hostname), address.port or 0), timeout=10) as client:
            yield server, proxy, client


def read(client: socket.socket, end: bytes) -> bytes:
    """Everything up to this end."""
    received = b""
    while not received.endswith(end):
        received += (piece := client.recv(65536))
        assert piece, received
    return received


def test_each_request_is_recorded_with_its_response() -> None:
    """Also two at once on one connection, and those of several chunks."""

    def serve(connection: Connection) -> None:
        assert connection.request()
        assert connection.request()
        connection.send(
            response(b"[1]", 200, "X-Kind: y") + CHUNKED + chunk(b"[2") + chunk(b"]") + chunk(b"")
        )
        connection.until_closed()

    with between(serve) as (_, proxy, client):
        proxy.context = "first"
        client.sendall(REQUEST + REQUEST.replace(b"/a", b"/c"))
        assert b"[1]" in read(client, b"0\r\n\r\n")
        first, second = proxy.take()
    assert ("first", "POST", "/a?b=1", b"{}") == (first.context, first.method, first.target, first.body)
    assert ("1", 200, "y") == (first.headers["x-key"], first.status, first.response_headers["x-kind"])
    assert (b"[1]", b"[2]", "/c?b=1") == (first.response_body, second.response_body, second.target)
    assert first.is_answered
    assert second.is_answered


def test_a_stream_that_is_left_is_recorded_as_far_as_it_came() -> None:
    """And the server notices that it was left."""

    def serve(connection: Connection) -> None:
        assert connection.request()
        connection.send(CHUNKED + chunk(b"abc"))
        connection.until_closed()
        connection.peer.may_continue.set()

    with between(serve) as (server, proxy, client):
        client.sendall(REQUEST)
        read(client, chunk(b"abc"))
        assert [] == proxy.take()
        client.close()
        assert server.may_continue.wait(10)
        assert server.until(lambda: not server.now)
        assert all_are_closed(server.port)
        taken: list[Exchange] = []
        wait_until(lambda: bool(taken.extend(proxy.take()) or taken))
        (exchange,) = taken
    assert (200, b"abc", False) == (exchange.status, exchange.response_body, exchange.is_answered)


@pytest.mark.parametrize("is_reset", [True, False])
def test_the_end_of_a_connection_is_forwarded_as_it_was(is_reset: bool) -> None:
    """A reset by the server as a reset, a close as a close."""

    def serve(connection: Connection) -> None:
        assert connection.request()
        if is_reset:
            connection.reset()

    with between(serve) as (_, proxy, client):
        client.sendall(REQUEST)
        if is_reset:
            with pytest.raises(ConnectionResetError):
                client.recv(1)
        else:
            assert b"" == client.recv(1)
        assert [] == proxy.take()


def test_a_response_comes_after_the_client_has_ended_its_side() -> None:
    """Also if the garbage collector runs meanwhile: the event loop alone does not keep what waits for the server."""

    def serve(connection: Connection) -> None:
        assert connection.request()
        assert not connection.more()
        connection.peer.may_continue.wait(10)
        connection.send(response(b"[1]"))

    with between(serve) as (server, _, client):
        client.sendall(REQUEST)
        client.shutdown(socket.SHUT_WR)
        assert server.until(lambda: server.requests)
        gc.collect()
        server.may_continue.set()
        assert read(client, b"[1]")


def test_a_reset_by_the_client_reaches_the_server() -> None:
    """Which otherwise would go on sending."""

    def serve(connection: Connection) -> None:
        assert connection.request()
        with pytest.raises(ConnectionError):
            while True:
                connection.send(b"x" * 65536)
        connection.peer.may_continue.set()

    with between(serve) as (server, _, client):
        client.sendall(REQUEST)
        client.recv(1)
        reset_when_closed(client)
        client.close()
        assert server.may_continue.wait(10)


def test_what_is_not_http_is_forwarded_and_not_recorded() -> None:
    def serve(connection: Connection) -> None:
        connection.send(connection.socket.recv(100).upper())
        connection.until_closed()

    with between(serve) as (_, proxy, client):
        client.sendall(b"hello\r\n\r\n")
        assert b"HELLO\r\n\r\n" == read(client, b"\r\n\r\n")
        assert [] == proxy.take()


def test_a_server_that_does_not_answer_is_a_reset() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        url = f"http://127.0.0.1:{closed.getsockname()[1]}"
    with recording_proxy(url) as proxy:
        address = urlsplit(proxy.url)
        with (
            pytest.raises(ConnectionResetError),  # it may come before the connection is complete here
            socket.create_connection((str(address.hostname), address.port or 0), timeout=10) as client,
        ):
            client.recv(1)
