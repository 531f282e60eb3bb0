"""TLS: which certificates the engine trusts, what it offers in the handshake, and how a connection ends."""

from __future__ import annotations

import asyncio
import ssl
from pathlib import Path
from typing import Any

import httpx
import pytest
from engine.variants import Variant, in_a_thread, in_both
from servers.certificates import Authority
from servers.peer import Connection, echo, peer
from servers.sockets import all_are_closed

from langgraph_runs import APIConnectionError

HOST = "127.0.0.1"


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
    """Then one for all requests. To load its certificates would take most of the time of making a client."""
    made: list[object] = []
    load = ssl.SSLContext.load_verify_locations

    def counted(*arguments: Any, **options: Any) -> None:
        made.append(arguments)
        load(*arguments, **options)

    monkeypatch.setattr(ssl.SSLContext, "load_verify_locations", counted)
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
