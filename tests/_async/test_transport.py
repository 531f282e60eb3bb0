"""A client's connections: hooks, a client of the caller, proxies, and the generated layer."""

from __future__ import annotations

from typing import Any

import httpx
import httpx2
import pytest
from langgraph_runs_api.api.thread_runs import get_run
from langgraph_runs_api.models import Run
from servers.scripted_server import HANG, answer, events, scripted_server

from langgraph_runs import APIConnectionError, APITimeoutError, AsyncRunsClient, NotFoundError
from langgraph_runs.deadline import AsyncDeadline

RUN = answer(body=b'{"run_id": "r"}')

of_each_family = pytest.mark.parametrize("family", [httpx, httpx2], ids=lambda family: family.__name__)
"""Runs a test with a client of httpx as `http_client`, and with one of httpx2."""


async def test_on_request_sees_and_may_change_every_request() -> None:
    """Also those of streams, of redirects and of the generated layer."""
    seen = []

    def on_request(request: httpx.Request) -> None:
        seen.append(f"{request.method} {request.url.path}")
        request.headers["x-seen"] = str(len(seen))

    moved = answer(307, b"", Location="/elsewhere")
    with scripted_server(RUN, events(b""), moved, RUN) as server:
        async with AsyncRunsClient(server.url, api_key=None, on_request=on_request) as runs:
            await runs.get("t", "r")
            assert [] == [part async for part in runs.stream(None, "agent")]
            await runs.create(None, "agent")
            await get_run.asyncio("t", "r", client=runs.api)
    paths = [
        "GET /threads/t/runs/r",
        "POST /runs/stream",
        "POST /runs",
        "POST /elsewhere",
        "GET /threads/t/runs/r",
    ]
    assert paths == seen
    assert [["1"], ["2"], ["3"], ["4"], ["5"]] == [request.header("x-seen") for request in server.requests]


async def test_a_timeout_of_the_generated_client_is_not_that_of_the_methods() -> None:
    """Though both send through the same httpx client."""
    with scripted_server(RUN) as server:
        async with AsyncRunsClient(server.url, api_key=None) as runs:
            runs.api.with_timeout(httpx.Timeout(1e-6))
            assert "r" == (await runs.get("t", "r")).run_id


async def test_a_hook_that_raises_stops_the_request() -> None:
    """With its own error."""

    def on_request(request: httpx.Request) -> None:
        raise KeyError(request.method)

    with scripted_server(RUN) as server:
        async with AsyncRunsClient(server.url, api_key=None, on_request=on_request) as runs:
            with pytest.raises(KeyError):
                await runs.get("t", "r")
    assert [] == server.requests


@of_each_family
async def test_a_client_of_the_callers_sends_and_stays_open(family: Any) -> None:
    """With its own headers, hooks and authentication; ours are added, and headers= overrides both."""
    hooked = []

    async def hook(request: Any) -> None:
        hooked.append(request.url.path)

    theirs = {"X-Theirs": "1", "User-Agent": "mine", "X-Api-Key": "theirs", "X-More": "theirs"}
    with scripted_server(RUN, events(b""), RUN) as server:
        lent = family.AsyncClient(headers=theirs, auth=("user", "pass"), event_hooks={"request": [hook]})
        async with AsyncRunsClient(
            server.url, api_key="ours", headers={"x-more": "both"}, http_client=lent
        ) as runs:
            await runs.get("t", "r")
            assert [] == [part async for part in runs.stream(None, "agent")]
            assert isinstance(await get_run.asyncio("t", "r", client=runs.api), Run)
        assert not lent.is_closed
        await lent.aclose()
    assert ["/threads/t/runs/r", "/runs/stream", "/threads/t/runs/r"] == hooked
    for request in server.requests:
        sent = [request.header(name) for name in ("x-theirs", "user-agent", "x-api-key", "x-more")]
        assert [["1"], ["mine"], ["theirs"], ["both"]] == sent
        assert ["Basic dXNlcjpwYXNz"] == request.header("authorization")


@of_each_family
async def test_cookies_parameters_and_timeout_of_a_client_of_the_callers_stay_in_force(family: Any) -> None:
    """If the caller has set them; httpx's default timeout of 5 s is ignored."""
    lent = family.AsyncClient(cookies={"session": "1"}, params={"tenant": ["x", "y"]}, timeout=0.2)
    with scripted_server(RUN, HANG) as server:
        async with lent, AsyncRunsClient(server.url, api_key=None, http_client=lent) as runs:
            await runs.get("t", "r", params={"a": "1"})
            with pytest.raises(APITimeoutError):
                await runs.get("t", "r")
    assert "/threads/t/runs/r?tenant=x&tenant=y&a=1" == server.requests[0].target
    assert ["session=1"] == server.requests[0].header("cookie")


@of_each_family
async def test_a_hook_of_the_callers_that_raises_for_a_status_raises_our_error(family: Any) -> None:
    """httpx's own error has less information, and is not one of this package."""

    async def hook(response: Any) -> None:
        response.raise_for_status()

    lent = family.AsyncClient(event_hooks={"response": [hook]})
    with scripted_server(answer(404)) as server:
        async with lent, AsyncRunsClient(server.url, api_key="secret", http_client=lent) as runs:
            with pytest.raises(NotFoundError) as failed:
                await runs.get("t", "r")
    assert "secret" not in f"{failed.value.__cause__!r}{vars(failed.value)}"


@of_each_family
async def test_a_client_of_the_callers_without_headers_adds_none(family: Any) -> None:
    """httpx's default headers do not count as headers of the caller."""
    with scripted_server(RUN) as server:
        async with family.AsyncClient() as lent:
            await AsyncRunsClient(server.url, api_key="ours", http_client=lent).get("t", "r")
    assert server.request.header("user-agent")[0].startswith("langgraph-runs/")
    assert ["ours"] == server.request.header("x-api-key")


@of_each_family
async def test_a_stream_through_a_client_of_the_callers_is_closed_when_left(family: Any) -> None:
    """As through our own."""
    with scripted_server(events(b"data: 1\n\n") + HANG) as server:
        async with family.AsyncClient() as lent:
            runs = AsyncRunsClient(server.url, api_key=None, http_client=lent)
            async with runs.stream("t", "agent") as stream:
                assert 1 == (await anext(stream)).data
            assert server.closed.acquire(timeout=10)


async def test_a_proxy_of_the_environment_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    """As httpx does; its password is in no error."""
    with scripted_server(RUN, b"") as proxy:
        monkeypatch.setenv("HTTP_PROXY", f"http://user:secret@127.0.0.1:{proxy.port}")
        monkeypatch.setenv("NO_PROXY", "")
        async with AsyncRunsClient("http://example.invalid", api_key=None) as runs:
            assert "r" == (await runs.get("t", "r")).run_id
            with pytest.raises(APIConnectionError) as failed:
                await runs.get("t", "r")
    assert "http://example.invalid/threads/t/runs/r" == proxy.request.target
    assert "secret" not in f"{failed.value!r}{failed.value.__cause__!r}"


async def test_the_generated_client_uses_the_same_connections() -> None:
    """With the same headers. `api` is the same object each time, and its repr shows no key."""
    with scripted_server(RUN) as server:
        async with AsyncRunsClient(server.url + "/prefix", api_key="secret", headers={"x-a": "1"}) as runs:
            assert isinstance(await get_run.asyncio("t", "r", client=runs.api), Run)
            assert runs.api is runs.api
            assert "secret" not in repr(runs.api)
        assert runs.api.get_async_httpx_client().is_closed
    assert ("/prefix/threads/t/runs/r", ["secret"], ["1"]) == (
        server.request.target,
        server.request.header("x-api-key"),
        server.request.header("x-a"),
    )


async def test_on_run_created_may_cancel_its_run() -> None:
    """Even with max_concurrency=1: the cancel does not wait for the call that started the run."""
    reported = answer(200, b"{}", Content_Location="/threads/t/runs/r")
    with scripted_server(reported, answer(204, b"")) as server:
        runs = AsyncRunsClient(server.url, api_key=None, max_concurrency=1)
        async with runs:
            await runs._driver._limiter.slot().take(AsyncDeadline())  # as if a wait were in progress
            await runs.cancel("t", "r")
            await runs.cancel_many(thread_id="t", run_ids=["r"])
    assert 2 == len(server.requests)


@pytest.mark.parametrize("value", ["Bearer secret\n", " secret", "a\x00secret", "se\rcret"])
async def test_an_invalid_header_of_on_request_is_refused_without_its_value(value: str) -> None:
    """It may be a key, which h11 would show in its error; nothing is sent, and nothing retried."""
    reported: list[Any] = []
    with scripted_server(answer(body=b"[]")) as server:
        async with AsyncRunsClient(
            server.url,
            api_key=None,
            on_request=lambda request: request.headers.update({"authorization": value}),
            on_retry=lambda *what: reported.append(what),
        ) as runs:
            with pytest.raises(
                ValueError, match="header 'authorization' has a value that no header can"
            ) as no:
                await runs.create("t", "agent")
    assert ([], [], None) == (server.requests, reported, no.value.__context__)
    assert "secret" not in f"{no.value!r}"
