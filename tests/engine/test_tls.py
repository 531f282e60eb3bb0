"""TLS: which certificates the engine trusts, what it offers in the handshake, and how a connection ends."""

from __future__ import annotations

import asyncio
import socket
import ssl
from contextlib import suppress
from pathlib import Path
from time import monotonic
from typing import Any

import httpx
import pytest
from engine.variants import Variant, in_a_thread, in_both
from servers.certificates import Authority
from servers.peer import CHUNKED, Connection, chunk, echo, peer
from servers.sockets import all_are_closed

from langgraph_runs import APIConnectionError

HOST = "127.0.0.1"


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """An authority that is not trusted yet."""
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module")
def server_context(authority: Authority) -> ssl.SSLContext:
    """The TLS context of a server with a valid certificate."""
    return authority.context(HOST, "localhost", "named.test")


@pytest.fixture
def trusted(authority: Authority, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Has the environment name the authority."""
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))
    return authority.file


def runs_server(connection: Connection) -> None:
    """Answers every request with a run."""
    while connection.request() is not None:
        connection.send(b'HTTP/1.1 200 OK\r\ncontent-length: 15\r\n\r\n{"run_id": "r"}')


@in_both
async def test_an_authority_in_ssl_cert_file_is_trusted(
    variant: Variant, server_context: ssl.SSLContext, trusted: Path
) -> None:
    with peer(runs_server, tls=server_context) as server:
        async with variant.runs(server.url) as runs:
            assert "r" == (await variant.call(runs.get, "t", "r")).run_id
            assert "r" == (await variant.call(runs.get, "t", "r")).run_id
    assert 1 == server.made


@in_both
async def test_an_authority_in_ssl_cert_dir_is_trusted(
    variant: Variant,
    authority: Authority,
    server_context: ssl.SSLContext,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    monkeypatch.setenv("SSL_CERT_DIR", str(authority.hashed(tmp_path)))
    with peer(runs_server, tls=server_context) as server:
        async with variant.runs(server.url) as runs:
            assert "r" == (await variant.call(runs.get, "t", "r")).run_id


@in_both
@pytest.mark.parametrize("names", ["nobody-known", "another-authority"])
async def test_a_certificate_of_an_unknown_authority_is_refused(
    variant: Variant,
    server_context: ssl.SSLContext,
    names: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    if names == "another-authority":
        monkeypatch.setenv("SSL_CERT_FILE", str(Authority(tmp_path, "another").file))
    with peer(runs_server, tls=server_context) as server:
        async with variant.runs(server.url) as runs:
            with pytest.raises(APIConnectionError, match="certificate verify failed") as refused:
                await variant.call(runs.create, "t", "agent")
        assert isinstance(refused.value.__cause__, httpx.ConnectError)
        assert not refused.value.run_may_exist
        assert [] == server.requests
        assert await in_a_thread(all_are_closed, server.port)


@in_both
@pytest.mark.parametrize(
    ("hosts", "expired", "reason"),
    [
        (("other.test",), False, "(Hostname|IP address) mismatch"),
        (("127.0.0.2",), False, "(Hostname|IP address) mismatch"),
        ((HOST,), True, "certificate has expired"),
    ],
    ids=["another-name", "another-address", "expired"],
)
async def test_a_wrong_certificate_is_a_connect_error(
    variant: Variant, authority: Authority, trusted: Path, hosts: tuple[str, ...], expired: bool, reason: str
) -> None:
    with peer(runs_server, tls=authority.context(*hosts, expired=expired)) as server:
        async with variant.http() as http:
            with pytest.raises(httpx.ConnectError, match=reason) as failed:
                await variant.call(http.get, server.url)
        assert server.url == str(failed.value.request.url)
        async with variant.runs(server.url) as runs:
            with pytest.raises(APIConnectionError, match=reason):
                await variant.call(runs.get, "t", "r")
        assert [] == server.requests
        assert await in_a_thread(all_are_closed, server.port)


@in_both
@pytest.mark.parametrize(
    ("host", "extensions", "sent"),
    [
        ("localhost", {}, "localhost"),
        (HOST, {}, None),
        (HOST, {"sni_hostname": "named.test"}, "named.test"),
        ("localhost", {"sni_hostname": "named.test"}, "named.test"),
    ],
    ids=["name", "address", "extension", "extension-over-name"],
)
async def test_the_server_name_is_the_host_or_that_of_the_extension(
    variant: Variant, authority: Authority, trusted: Path, host: str, extensions: Any, sent: str | None
) -> None:
    """No name is sent for an IP address. The certificate is checked against the name of the extension."""
    asked: list[str | None] = []
    context = authority.context(sent or host)
    context.sni_callback = lambda _socket, name, _context: asked.append(name)
    with peer(echo, tls=context) as server:
        async with variant.http() as http:
            url = f"https://{host}:{server.port}/"
            response = await variant.call(http.get, url, extensions=extensions)
            assert (200, [sent]) == (response.status_code, asked)
        assert [f"{host}:{server.port}"] == server.requests[0].header("host")


@in_both
async def test_http_1_1_is_offered_and_nothing_else(
    variant: Variant, authority: Authority, trusted: Path
) -> None:
    chosen: list[str | None] = []

    def serve(connection: Connection) -> None:
        chosen.append(connection.socket.selected_alpn_protocol())
        echo(connection)

    context = authority.context(HOST)
    context.set_alpn_protocols(["h2", "http/1.1"])  # in the server's order
    with peer(serve, tls=context) as server:
        async with variant.http() as http:
            response = await variant.call(http.get, server.url)
    assert (["http/1.1"], "HTTP/1.1") == (chosen, response.http_version)


@in_both
async def test_no_tls_context_is_made_before_the_first_https_request(
    variant: Variant, server_context: ssl.SSLContext, trusted: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Then one for all requests. Making one would take most of the time of making a client."""
    made: list[object] = []
    make = ssl.create_default_context

    def counted(*arguments: Any, **options: Any) -> ssl.SSLContext:
        made.append(arguments)
        return make(*arguments, **options)

    monkeypatch.setattr(ssl, "create_default_context", counted)
    with peer(runs_server) as plain, peer(runs_server, tls=server_context) as secure:
        async with variant.runs(plain.url) as runs:
            await variant.call(runs.get, "t", "r")
        assert [] == made
        async with variant.runs(secure.url) as runs:
            assert [] == made
            secure_url = f"https://localhost:{secure.port}"
            await variant.call(runs.get, "t", "r")
            await variant.call(runs.get, "t", "r")
            assert 1 == len(made)
        async with variant.http() as http:
            await variant.call(http.get, secure.url)
            await variant.call(http.get, secure_url)  # another origin
            assert 2 == len(made)


@in_both
async def test_a_context_of_the_callers_is_used(
    variant: Variant, authority: Authority, server_context: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    context = ssl.create_default_context(cafile=authority.file)
    with peer(echo, tls=server_context) as server:
        async with variant.http(pool=variant.pool(ssl_context=context)) as http:
            assert 200 == (await variant.call(http.get, server.url)).status_code


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


@in_both
@pytest.mark.parametrize("greeting", [b"HTTP/1.1 400 Bad Request\r\n\r\n", b"", b"SSH-2.0-OpenSSH_9.6\r\n"])
async def test_a_server_without_tls_is_a_connect_error(
    variant: Variant, trusted: Path, greeting: bytes
) -> None:
    def serve(connection: Connection) -> None:
        connection.more()
        connection.send(greeting)

    with peer(serve) as server:
        async with variant.http() as http:
            with pytest.raises(httpx.ConnectError) as failed:
                await variant.call(http.get, f"https://127.0.0.1:{server.port}/")
        assert failed.value.request.url.port == server.port
        assert await in_a_thread(all_are_closed, server.port)


@in_both
async def test_a_handshake_that_is_not_answered_is_a_connect_timeout(variant: Variant, trusted: Path) -> None:
    def serve(connection: Connection) -> None:
        connection.until_closed()

    with peer(serve) as server:
        async with variant.http(timeout=httpx.Timeout(20, connect=0.2)) as http:
            with pytest.raises(httpx.ConnectTimeout) as failed:
                await variant.call(http.get, f"https://127.0.0.1:{server.port}/")
        assert failed.value.request.url.port == server.port
        assert await in_a_thread(all_are_closed, server.port)


async def test_a_handshake_that_is_cancelled_leaves_no_connection(trusted: Path) -> None:
    variant = Variant("async")

    def serve(connection: Connection) -> None:
        connection.until_closed()

    with peer(serve) as server:
        async with variant.http() as http:
            call = asyncio.create_task(http.get(f"https://127.0.0.1:{server.port}/"))
            assert await in_a_thread(server.until, lambda: server.made)
            call.cancel()
            with pytest.raises(asyncio.CancelledError):
                await call
            assert await in_a_thread(all_are_closed, server.port)
