"""Mocks and patches of httpx receive the requests, and nothing reaches the network."""

from __future__ import annotations

import functools
import logging
from typing import Any
from unittest import mock

import httpx
import pytest
import pytest_httpx
import respx
import wrapt
from engine.engine_in_use import by_engine, is_served
from engine.variants import Variant, in_both
from servers.peer import Peer

from langgraph_runs import APIConnectionError, APITimeoutError


@in_both
async def test_pytest_httpx_answers_and_nothing_reaches_the_network(
    variant: Variant, server: Peer, httpx_mock: pytest_httpx.HTTPXMock
) -> None:
    """A call and a stream."""
    events = [b"event: values\r\ndata: 1\r\n\r\n", b"event: values\r\ndata: 2\r\n\r\n"]
    httpx_mock.add_response(url=f"{server.url}/threads/t/runs/r", json={"run_id": "mocked"})
    httpx_mock.add_response(
        method="POST",
        url=f"{server.url}/runs/stream",
        headers={"content-type": "text/event-stream"},
        stream=pytest_httpx.IteratorStream(events),
    )
    async with variant.runs(server.url) as runs:
        assert "mocked" == (await variant.call(runs.get, "t", "r")).run_id
        assert [1, 2] == [part.data for part in await variant.rest(runs.stream(None, "agent"))]
    assert 0 == server.made
    assert 2 == len(httpx_mock.get_requests())


@in_both
async def test_an_exception_of_pytest_httpx_becomes_an_error_of_this_package(
    variant: Variant, server: Peer, httpx_mock: pytest_httpx.HTTPXMock
) -> None:
    """As with any transport. It refuses requests that were not mocked, and they are not sent."""
    httpx_mock.add_exception(httpx.ReadTimeout("mocked"))
    async with variant.runs(server.url) as runs:
        with pytest.raises(APITimeoutError, match="mocked"):
            await variant.call(runs.get, "t", "r")
        with pytest.raises(APIConnectionError, match="No response can be found"):
            await variant.call(runs.get, "t", "r")
    assert 0 == server.made
    httpx_mock.reset()


@in_both
async def test_the_engine_is_back_when_the_mock_is_gone(
    variant: Variant, server: Peer, caplog: pytest.LogCaptureFixture
) -> None:
    """The patches of the last two tests are undone."""
    caplog.set_level(logging.DEBUG, "langgraph_runs")
    async with variant.runs(server.url) as runs:
        await is_served(variant, runs)
    assert by_engine(caplog)


@in_both
@pytest.mark.parametrize("using", ["httpx", "httpcore-by-a-client", "httpcore-by-the-environment"])
async def test_respx_answers_and_nothing_reaches_the_network(
    variant: Variant, server: Peer, using: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It patches httpcore, which the engine does not use, or httpx itself if asked to."""
    if using.endswith("environment"):
        monkeypatch.setenv("LANGGRAPH_RUNS_ENGINE", "httpx")
    async with variant.plain() as http:
        given = {"http_client": http} if using.endswith("client") else {}
        with respx.mock(using=using.partition("-")[0]) as mock:
            route = mock.get(f"{server.url}/threads/t/runs/r").respond(json={"run_id": "mocked"})
            async with variant.runs(server.url, **given) as runs:
                assert "mocked" == (await variant.call(runs.get, "t", "r")).run_id
            assert route.called
    assert 0 == server.made


@in_both
async def test_a_mock_transport_answers(variant: Variant) -> None:
    """httpx's own, in a client of the caller."""

    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json={"run_id": request.url.path.rsplit("/", 1)[1]})

    async with (
        variant.plain(transport=httpx.MockTransport(answer)) as http,
        variant.runs("http://nowhere.test", http_client=http) as runs,
    ):
        assert "r7" == (await variant.call(runs.get, "t", "r7")).run_id


@in_both
@pytest.mark.parametrize("patch", ["function", "partial", "wrapt", "mock", "subclass"])
async def test_a_patched_transport_of_httpx_is_used(
    variant: Variant, server: Peer, patch: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However it was patched: by another function, a wrapper that looks like the original, a mock, another class."""
    kind = httpx.AsyncHTTPTransport if variant.is_async else httpx.HTTPTransport
    name = "handle_async_request" if variant.is_async else "handle_request"
    original: Any = getattr(kind, name)
    asked: list[httpx.URL] = []

    @functools.wraps(original)
    def sync_patched(self: Any, request: httpx.Request) -> Any:
        asked.append(request.url)
        return original(self, request)

    @functools.wraps(original)
    async def async_patched(self: Any, request: httpx.Request) -> Any:
        asked.append(request.url)
        return await original(self, request)

    patched: Any = async_patched if variant.is_async else sync_patched

    def wrapper(wrapped: Any, instance: Any, args: Any, kwargs: Any) -> Any:
        asked.append(args[0].url)
        return wrapped(*args, **kwargs)

    if patch == "function":
        monkeypatch.setattr(kind, name, patched)
    elif patch == "partial":
        monkeypatch.setattr(kind, name, functools.partialmethod(patched))
    elif patch == "wrapt":
        monkeypatch.setattr(kind, name, wrapt.FunctionWrapper(original, wrapper))
    elif patch == "mock":
        monkeypatch.setattr(kind, name, mock.create_autospec(original, side_effect=patched))
    else:
        other = type("Other", (kind,), {name: patched})
        monkeypatch.setattr(httpx, kind.__name__, other)
        monkeypatch.setattr(f"httpx._client.{kind.__name__}", other)
    async with variant.runs(server.url) as runs:
        assert "r" == (await variant.call(runs.get, "t", "r")).run_id
    assert [f"{server.url}/threads/t/runs/r"] == list(map(str, asked))
