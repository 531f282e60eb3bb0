"""The extra `[aiohttp]`: the async client over httpx-aiohttp, as docs/scale.md describes it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest
from httpx_aiohttp import HttpxAiohttpClient
from servers.keep_alive_server import EVENTS, keep_alive_server
from servers.scripted_server import HANG, RESET, answer, events, scripted_server

from langgraph_runs import APIConnectionError, APITimeoutError, AsyncRunsClient

CALLS = 150  # more than aiohttp's own limit


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    """The client of the documentation."""
    limits = httpx.Limits(max_connections=0, keepalive_expiry=4.0)
    async with HttpxAiohttpClient(limits=limits) as client:
        yield client


async def test_the_number_of_calls_is_not_limited(http: httpx.AsyncClient) -> None:
    """All wait at once, and a stream is read to its end."""
    with keep_alive_server() as server:
        runs = AsyncRunsClient(server.url, api_key=None, http_client=http, timeout=60)
        waits = [asyncio.create_task(runs.wait(None, "agent")) for _ in range(CALLS)]
        assert await asyncio.to_thread(server.until, lambda: server.waiting == CALLS)
        server.may_answer.set()
        assert [{}] * CALLS == await asyncio.gather(*waits)
        assert len(EVENTS) == len([part async for part in runs.stream(None, "agent")])


async def test_a_stream_that_is_left_is_closed(http: httpx.AsyncClient) -> None:
    """As over httpx's own transport."""
    with scripted_server(events(b"data: 1\n\n") + HANG) as server:
        runs = AsyncRunsClient(server.url, api_key=None, http_client=http)
        async with runs.stream("t", "agent") as stream:
            assert 1 == (await anext(stream)).data
        assert await asyncio.to_thread(server.closed.acquire, timeout=10)


@pytest.mark.parametrize("ending", [b"", RESET])
@pytest.mark.parametrize("thread_id", [None, "t"])
async def test_a_lost_answer_starts_no_second_run(
    http: httpx.AsyncClient, thread_id: str | None, ending: bytes
) -> None:
    """httpx-aiohttp reports it as a failure to connect, after which a request would be sent again."""
    with scripted_server(ending, answer(body=b"[]")) as server:
        runs = AsyncRunsClient(server.url, api_key=None, http_client=http)
        with pytest.raises(APIConnectionError) as lost:
            await runs.create(thread_id, "agent")
    assert (1, True) == (
        [request.method for request in server.requests].count("POST"),
        lost.value.run_may_exist,
    )
    assert not isinstance(lost.value, APITimeoutError)


async def test_its_failures_are_errors_of_this_package(http: httpx.AsyncClient) -> None:
    """A server that does not exist, and one that does not answer."""
    with scripted_server(answer() + HANG) as server:
        url = server.url
    with pytest.raises(APIConnectionError) as refused:
        await AsyncRunsClient(url, api_key=None, http_client=http).create("t", "r")
    assert not refused.value.run_may_exist
    with scripted_server(HANG) as server:
        runs = AsyncRunsClient(server.url, api_key=None, http_client=http, timeout=0.3)
        with pytest.raises(APITimeoutError):
            await runs.get("t", "r")


async def test_a_proxy_of_the_environment_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    """By the client of the documentation."""
    with scripted_server(answer(body=b"[]")) as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        monkeypatch.setenv("NO_PROXY", "")
        async with HttpxAiohttpClient() as http:
            runs = AsyncRunsClient("http://example.invalid", api_key=None, http_client=http)
            assert [] == await runs.list("t")
    assert proxy.request.target.startswith("http://example.invalid/")
