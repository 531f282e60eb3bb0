"""Proxies of the environment: the same requests go through a proxy as with httpx itself."""

from __future__ import annotations

import base64
import socket
import ssl
import traceback
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from engine.variants import Variant, in_both
from servers.certificates import Authority
from servers.http_proxy import Proxy
from servers.peer import Connection, Peer, peer
from servers.runs_peer import runs_server

from langgraph_runs import APIConnectionError, APIError

HOSTS = ["api.example.test", "example.test", "other.test", "localhost", "notexample.test"]
VARIABLES = ["http_proxy", "https_proxy", "all_proxy", "no_proxy", "ftp_proxy"]


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """An authority that is trusted."""
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module")
def server_context(authority: Authority) -> ssl.SSLContext:
    """The TLS context of a server with all names."""
    return authority.context("127.0.0.1", "::1", *HOSTS)


@pytest.fixture(autouse=True)
def clean(authority: Authority, monkeypatch: pytest.MonkeyPatch) -> None:
    """An environment that trusts the authority, has no proxy, and resolves every name to this machine."""
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))
    look_up = socket.getaddrinfo

    def here(host: Any, *arguments: Any, **options: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else host
        return look_up("127.0.0.1" if name in HOSTS else host, *arguments, **options)

    monkeypatch.setattr(socket, "getaddrinfo", here)


@dataclass
class Network:
    """A proxy, and two servers that can be reached without it."""

    proxy: Proxy
    front: Peer
    plain: Peer
    secure: Peer

    def reached(self) -> tuple[list[tuple[str, str, str | None]], int, int]:
        """The requests that the proxy got, and the number that the servers got, since the last time."""
        found = list(self.proxy.asked), len(self.plain.requests), len(self.secure.requests)
        self.proxy.asked.clear()
        self.plain.requests.clear()
        self.secure.requests.clear()
        return found


@pytest.fixture
def network(server_context: ssl.SSLContext) -> Iterator[Network]:
    """A network that has not been used."""
    with peer(runs_server) as plain, peer(runs_server, tls=server_context) as secure:
        proxy = Proxy(secure)
        with peer(proxy.serve) as front:
            yield Network(proxy, front, plain, secure)


# The environment, with {proxy} and {port} for those of the test; the URL with {port}; whether the proxy is used.
CASES: list[tuple[str, dict[str, str], str, bool]] = [
    ("nothing", {}, "http://example.test:{port}", False),
    ("http", {"HTTP_PROXY": "{proxy}"}, "http://example.test:{port}", True),
    ("http-lower-case", {"http_proxy": "{proxy}"}, "http://example.test:{port}", True),
    (
        "lower-case-wins",
        {"HTTP_PROXY": "{dead}", "http_proxy": "{proxy}"},
        "http://example.test:{port}",
        True,
    ),
    ("without-a-scheme", {"HTTP_PROXY": "{proxy_host}"}, "http://example.test:{port}", True),
    ("http-for-https", {"HTTP_PROXY": "{dead}"}, "https://example.test:{port}", False),
    ("https", {"HTTPS_PROXY": "{proxy}"}, "https://example.test:{port}", True),
    ("https-lower-case", {"https_proxy": "{proxy}"}, "https://example.test:{port}", True),
    ("https-for-http", {"HTTPS_PROXY": "{dead}"}, "http://example.test:{port}", False),
    ("all-for-http", {"ALL_PROXY": "{proxy}"}, "http://example.test:{port}", True),
    ("all-for-https", {"ALL_PROXY": "{proxy}"}, "https://example.test:{port}", True),
    ("http-over-all", {"ALL_PROXY": "{dead}", "HTTP_PROXY": "{proxy}"}, "http://example.test:{port}", True),
    ("empty", {"HTTP_PROXY": ""}, "http://example.test:{port}", False),
    ("another-scheme", {"FTP_PROXY": "{dead}"}, "http://example.test:{port}", False),
    ("this-machine-too", {"HTTP_PROXY": "{proxy}"}, "http://127.0.0.1:{port}", True),
    ("with-a-password", {"HTTP_PROXY": "{password}"}, "http://example.test:{port}", True),
    ("with-a-password-for-https", {"HTTPS_PROXY": "{password}"}, "https://example.test:{port}", True),
]
PROXY = {"HTTP_PROXY": "{proxy}", "HTTPS_PROXY": "{proxy}"}
CASES += [
    (f"no-{name}", PROXY | {"NO_PROXY": value}, url, asked)
    for name, value, url, asked in [
        ("empty", "", "http://example.test:{port}", True),
        ("star", "*", "http://example.test:{port}", False),
        ("star-among-others", "other.test, *", "https://example.test:{port}", False),
        ("host", "example.test", "http://example.test:{port}", False),
        ("host-https", "example.test", "https://example.test:{port}", False),
        ("host-below", "example.test", "http://api.example.test:{port}", False),
        ("host-alike", "example.test", "http://notexample.test:{port}", True),
        ("another-host", "other.test", "http://example.test:{port}", True),
        ("domain", ".example.test", "http://api.example.test:{port}", False),
        ("domain-itself", ".example.test", "http://example.test:{port}", True),
        ("list", "a.test ,  example.test,b.test", "http://example.test:{port}", False),
        ("upper-case", "EXAMPLE.TEST", "http://example.test:{port}", None),
        ("port", "example.test:{port}", "http://example.test:{port}", False),
        ("another-port", "example.test:1", "http://example.test:{port}", True),
        ("address", "127.0.0.1", "http://127.0.0.1:{port}", False),
        ("address-with-port", "127.0.0.1:{port}", "http://127.0.0.1:{port}", None),
        ("another-address", "127.0.0.2", "http://127.0.0.1:{port}", True),
        ("network", "127.0.0.0/8", "http://127.0.0.1:{port}", None),
        ("address-6", "::1", "http://127.0.0.1:{port}", True),
        ("localhost", "localhost", "http://localhost:{port}", False),
        ("localhost-is-no-domain", "localhost", "http://example.test:{port}", True),
        ("scheme", "http://example.test", "http://example.test:{port}", False),
        ("another-scheme", "https://example.test", "http://example.test:{port}", True),
        ("all-schemes", "all://example.test", "https://example.test:{port}", False),
        ("scheme-alone", "https://", "https://example.test:{port}", None),
    ]
]


@in_both
@pytest.mark.parametrize(
    ("environment", "url", "asked"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
async def test_a_proxy_is_used_when_httpx_would_use_it(
    variant: Variant,
    environment: dict[str, str],
    url: str,
    asked: bool | None,
    network: Network,
    refused_port: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The same requests reach the proxy, with the same password, and the same the servers. (`asked` is the expected
    result of both; None if httpx alone decides.)"""
    port = (network.secure if url.startswith("https") else network.plain).port
    host = f"127.0.0.1:{network.front.port}"
    words = {
        "proxy": f"http://{host}",
        "proxy_host": host,
        "password": f"http://us%40er:pass%2Fword@{host}",
        "dead": f"http://127.0.0.1:{refused_port}",
        "port": str(port),
    }
    for name, value in environment.items():
        monkeypatch.setenv(name, value.format(**words))
    url = url.format(**words)
    async with variant.plain() as http:
        await variant.call(http.get, f"{url}/threads/t/runs/r")
    by_httpx = network.reached()
    async with variant.runs(url) as runs:
        run = await variant.call(runs.get, "t", "r")
    by_us = network.reached()
    assert by_httpx == by_us
    assert len(by_us[0]) in ([0, 1] if asked is None else [asked])
    assert ("by-proxy" if by_us[0] and by_us[0][0][0] == "GET" else "r") == run.run_id


@pytest.fixture(scope="module")
def refused_port() -> Iterator[int]:
    """A port where no server listens, and which no other process can take."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        yield bound.getsockname()[1]


@in_both
async def test_the_environment_is_read_when_the_client_is_made(
    variant: Variant, network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with variant.runs(network.plain.url) as runs:
        monkeypatch.setenv("HTTP_PROXY", network.front.url)
        assert "r" == (await variant.call(runs.get, "t", "r")).run_id
    async with variant.runs(network.plain.url) as runs:
        monkeypatch.delenv("HTTP_PROXY")
        assert "by-proxy" == (await variant.call(runs.get, "t", "r")).run_id


@in_both
async def test_a_stream_comes_through_a_tunnel(
    variant: Variant, network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    network.secure.may_continue.set()
    monkeypatch.setenv("HTTPS_PROXY", network.front.url)
    async with variant.runs(f"https://example.test:{network.secure.port}") as runs:
        parts = await variant.rest(runs.stream("t", "agent"))
    assert ["metadata", *["values"] * 5] == [part.event for part in parts]
    assert {("CONNECT", f"example.test:{network.secure.port}", None)} == set(network.proxy.asked)


SECRET = "p4ss/w0rd"
SHOWN_AS = [SECRET, "p4ss%2Fw0rd", base64.b64encode(f"user:{SECRET}".encode()).decode()]


@in_both
@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("failure", ["dead", "refuses", "closes", "unheard-of"])
async def test_the_password_of_a_proxy_is_in_no_error(
    variant: Variant,
    failure: str,
    scheme: str,
    network: Network,
    refused_port: int,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """APIConnectionError, or ValueError if the proxy's URL is invalid. Neither the traceback nor the log has it."""

    def serve(connection: Connection) -> None:
        """Serves one connection."""
        connection.head()
        if failure == "refuses":
            connection.send(b"HTTP/1.1 407 Who are you\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")

    caplog.set_level("DEBUG", "langgraph_runs")
    with peer(serve) as proxy:
        port = refused_port if failure == "dead" else proxy.port
        address = f"user:p4ss%2Fw0rd@127.0.0.1:{port}"
        kind = "ftp" if failure == "unheard-of" else "http"
        monkeypatch.setenv(f"{scheme.upper()}_PROXY", f"{kind}://{address}")
        with pytest.raises((APIError, ValueError)) as failed:
            async with variant.runs(f"{scheme}://example.test:{network.plain.port}") as runs:
                await variant.call(runs.get, "t", "r")
    text = "".join(traceback.format_exception(failed.value)) + repr(failed.value) + caplog.text
    assert not [shown for shown in SHOWN_AS if shown in text]
    if failure == "unheard-of":
        assert isinstance(failed.value, ValueError)
    elif (failure, scheme) != ("refuses", "http"):
        assert isinstance(failed.value, APIConnectionError)
    assert [] == network.plain.requests
