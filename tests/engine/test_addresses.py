"""Which address the engine connects to: IPv6, names with several addresses, and addresses that do not answer."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from contextlib import ExitStack
from time import monotonic
from typing import Any

import httpx
import pytest
import uvloop
from engine.variants import Variant, in_a_thread, in_both
from servers.peer import Peer, echo, peer, unresponsive_port
from servers.runs_peer import runs_server
from servers.sockets import is_connecting

from langgraph_runs import APIConnectionError, APITimeoutError
from langgraph_runs._async.engine.pool import AsyncPool

Addresses = dict[str, list[str]]


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> Addresses:
    """The addresses of some names, in order; other names have none, and no resolver is asked."""
    known: Addresses = {}

    def look_up(host: Any, port: Any, family: int = 0, type: int = 0, proto: int = 0, flags: int = 0) -> Any:  # noqa: A002
        name = host.decode("ascii") if isinstance(host, bytes) else host
        if name not in known and not is_numeric(name):
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return [entry(address, int(port)) for address in known.get(name, [name])]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    return known


def entry(address: str, port: int) -> tuple[Any, ...]:
    """What getaddrinfo returns for one address."""
    if ":" in address:
        return socket.AF_INET6, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", (address, port, 0, 0)
    return socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", (address, port)


def is_numeric(host: str) -> bool:
    """Whether it is an address, not a name."""
    return ":" in host or host.replace(".", "").isdigit()


@pytest.fixture
def refused_port() -> Iterator[int]:
    """A port where no server listens, and which no other process can take."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        yield bound.getsockname()[1]


@in_both
async def test_a_server_on_ipv6_is_reached(variant: Variant) -> None:
    with peer(runs_server, address="::1") as server:
        assert server.url == f"http://[::1]:{server.port}"
        async with variant.runs(server.url) as runs:
            for _ in (1, 2):
                assert "r" == (await variant.call(runs.get, "t", "r")).run_id
        assert 1 == server.made
        assert [f"[::1]:{server.port}"] == server.requests[0].header("host")


@in_both
async def test_a_name_with_ipv6_addresses_only_is_reached(variant: Variant, names: Addresses) -> None:
    names["six.test"] = ["::1"]
    with peer(address="::1") as server:
        async with variant.http() as http:
            answered = await variant.call(http.get, f"http://six.test:{server.port}/")
        assert 200 == answered.status_code
        assert [f"six.test:{server.port}"] == server.requests[0].header("host")


@in_both
async def test_an_international_name_is_looked_up_and_sent_in_its_ascii_form(
    variant: Variant, names: Addresses
) -> None:
    names["xn--bcher-kva.test"] = ["127.0.0.1"]
    with peer() as server:
        async with variant.http() as http:
            assert 200 == (await variant.call(http.get, f"http://bücher.test:{server.port}/")).status_code
        assert [f"xn--bcher-kva.test:{server.port}"] == server.requests[0].header("host")


@in_both
async def test_the_next_address_is_tried_after_one_that_refuses(variant: Variant, names: Addresses) -> None:
    names["two.test"] = ["127.0.0.2", "::1", "127.0.0.1"]
    with peer() as server:
        async with variant.http() as http:
            answered = await variant.call(http.get, f"http://two.test:{server.port}/")
        assert (200, 1) == (answered.status_code, server.made)


@in_both
async def test_a_name_whose_addresses_all_refuse_is_a_connect_error(
    variant: Variant, names: Addresses, refused_port: int
) -> None:
    names["two.test"] = ["127.0.0.1", "127.0.0.2"]
    async with variant.http() as http:
        with pytest.raises(httpx.ConnectError) as failed:
            await variant.call(http.get, f"http://two.test:{refused_port}/")
    assert "two.test" == failed.value.request.url.host


@pytest.fixture
def unresponsive_and_working(names: Addresses) -> Iterator[Peer]:
    """A server whose name has another address first, which does not respond."""
    names["two.test"] = ["127.0.0.2", "127.0.0.1"]
    with ExitStack() as stack:
        server = stack.enter_context(peer())
        stack.enter_context(unresponsive_port("127.0.0.2", server.port))
        yield server


async def test_the_async_client_does_not_wait_for_an_unresponsive_address(
    unresponsive_and_working: Peer,
) -> None:
    """It tries the next one after a quarter of a second, and closes the first. (uvloop has nothing for this.)"""
    async with httpx.AsyncClient(transport=AsyncPool(), timeout=10) as http:
        began = monotonic()
        assert 200 == (await http.get(f"http://two.test:{unresponsive_and_working.port}/")).status_code
        assert 0.1 < monotonic() - began < 2
    assert not await in_a_thread(is_connecting, unresponsive_and_working.port)


def test_the_sync_client_tries_one_address_after_another(unresponsive_and_working: Peer) -> None:
    """An unresponsive address leaves the next one time to connect, as with httpx itself."""
    variant = Variant("sync")
    with variant.plain_client(transport=variant.pool(), timeout=httpx.Timeout(10, connect=0.6)) as http:
        began = monotonic()
        assert 200 == http.get(f"http://two.test:{unresponsive_and_working.port}/").status_code
        assert monotonic() - began < 3
    assert not is_connecting(unresponsive_and_working.port)


@in_both
async def test_an_unresponsive_server_is_a_connect_timeout(variant: Variant) -> None:
    """After the timeout for connecting, whatever the other timeouts are."""
    with unresponsive_port() as port:
        async with variant.http(timeout=httpx.Timeout(20, connect=0.2)) as http:
            began = monotonic()
            with pytest.raises(httpx.ConnectTimeout) as failed:
                await variant.call(http.get, f"http://127.0.0.1:{port}/")
            assert 0.15 < monotonic() - began < 3
            assert port == failed.value.request.url.port
        async with variant.runs(f"http://127.0.0.1:{port}", timeout=httpx.Timeout(20, connect=0.2)) as runs:
            with pytest.raises(APITimeoutError) as translated:
                await variant.call(runs.create, "t", "agent")
            assert not translated.value.run_may_exist
        assert not await in_a_thread(is_connecting, port)


async def test_cancelling_a_connect_leaves_no_connection() -> None:
    with unresponsive_port() as port:
        async with httpx.AsyncClient(transport=AsyncPool(), timeout=20) as http:
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.1):
                    await http.get(f"http://127.0.0.1:{port}/")
        assert not await in_a_thread(is_connecting, port)


@in_both
async def test_a_port_without_a_server_is_a_connect_error(variant: Variant, refused_port: int) -> None:
    url = f"http://127.0.0.1:{refused_port}/"
    async with variant.http() as http:
        began = monotonic()
        with pytest.raises(httpx.ConnectError, match="(?i)refused|connect call failed") as failed:
            await variant.call(http.get, url)
        assert url == str(failed.value.request.url)
        assert monotonic() - began < 2


@in_both
async def test_an_unknown_name_is_a_connect_error(variant: Variant, names: Addresses) -> None:
    """No run can have been started."""
    async with variant.http() as http:
        with pytest.raises(httpx.ConnectError, match="Name or service not known") as failed:
            await variant.call(http.get, "http://nowhere.test/")
        assert "nowhere.test" == failed.value.request.url.host
    async with variant.runs("http://nowhere.test") as runs:
        with pytest.raises(
            APIConnectionError, match="ConnectError: .*Name or service not known"
        ) as translated:
            await variant.call(runs.create, "t", "agent")
        assert not translated.value.run_may_exist


@in_both
@pytest.mark.parametrize("host", ["a" * 64 + ".test", "a..test", ".test"])
async def test_an_invalid_name_is_a_connect_error(variant: Variant, host: str) -> None:
    """Not the UnicodeError of the look-up."""
    async with variant.http() as http:
        with pytest.raises((httpx.ConnectError, httpx.InvalidURL)):
            await variant.call(http.get, f"http://{host}/")


@in_both
@pytest.mark.parametrize(
    "url", ["ftp://127.0.0.1/", "ws://127.0.0.1/", "unix:///socket", "/path", "127.0.0.1:80"]
)
async def test_a_url_of_another_scheme_is_an_unsupported_protocol(variant: Variant, url: str) -> None:
    async with variant.http() as http:
        with pytest.raises(httpx.UnsupportedProtocol) as refused:
            await variant.call(http.get, url)
        assert refused.value.request is not None


@in_both
async def test_a_url_without_a_host_is_refused(variant: Variant) -> None:
    async with variant.http() as http:
        with pytest.raises((httpx.UnsupportedProtocol, httpx.ConnectError, httpx.LocalProtocolError)):
            await variant.call(http.get, "http:///path")


@in_both
async def test_a_port_out_of_range_is_refused(variant: Variant) -> None:
    """No OverflowError, even if the system refuses it."""
    async with variant.http() as http:
        with pytest.raises((httpx.InvalidURL, httpx.ConnectError)):
            await variant.call(http.get, "http://127.0.0.1:65536/")


def test_addresses_on_uvloop() -> None:
    """IPv6, a refused port, and an unresponsive port."""

    async def main() -> None:
        async with httpx.AsyncClient(transport=AsyncPool(), timeout=httpx.Timeout(20, connect=0.3)) as http:
            assert isinstance(asyncio.get_running_loop(), uvloop.Loop)
            assert 200 == (await http.get(server.url)).status_code
            with pytest.raises(httpx.ConnectTimeout):
                await http.get(f"http://127.0.0.1:{port}/")
        with pytest.raises(httpx.ConnectError):
            async with httpx.AsyncClient(transport=AsyncPool()) as http:
                await http.get("http://127.0.0.1:1/")

    with (
        peer(echo, address="::1") as server,
        unresponsive_port() as port,
        asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner,
    ):
        runner.run(main())
