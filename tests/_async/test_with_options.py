"""`with_options`: a copy of a client on the same connections."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx
import httpx2
import pytest
from langgraph_runs_api.api.thread_runs import get_run
from servers.keep_alive_server import keep_alive_server
from servers.scripted_server import HANG, answer, scripted_server

from langgraph_runs import (
    APITimeoutError,
    AsyncRunsClient,
    InternalServerError,
    RetryPolicy,
    StreamDecodeError,
)

RUN = answer(body=b'{"run_id": "r", "thread_id": "t", "assistant_id": "a", "status": "success"}')
ONCE = RetryPolicy(attempts=0)


class Tenant(AsyncRunsClient[dict[str, int], Any, Any]):
    """A subclass with an attribute of its own."""

    tenant = "acme"


@pytest.fixture(params=["engine", "httpx", "httpx2"])
async def http_client(request: pytest.FixtureRequest) -> AsyncIterator[Any]:
    """What the client sends with."""
    if request.param == "engine":
        yield None
        return
    async with {"httpx": httpx, "httpx2": httpx2}[request.param].AsyncClient() as client:
        yield client


async def test_a_copy_sends_on_the_same_connections(http_client: Any) -> None:
    """A copy of a copy too, and its `api`."""
    with keep_alive_server() as server:
        async with AsyncRunsClient(server.url, api_key=None, http_client=http_client) as runs:
            await runs.get("t", "r")
            copy = runs.with_options(timeout=5)
            await copy.get("t", "r")
            await copy.with_options(retry=None).get("t", "r")
            await copy.api.get_async_httpx_client().get("/threads/t/runs/r")
            assert 1 == server.made


async def test_headers_are_added_and_replaced() -> None:
    """By name, in any case; for the calls of the copy and of its `api`, and for no others."""
    with scripted_server(RUN) as server:
        async with AsyncRunsClient(server.url, api_key="one", headers={"x-a": "1", "x-b": "1"}) as runs:
            copy = runs.with_options(headers={"X-B": "2", "x-api-key": "two"}).with_options(
                headers={"x-c": "3"}
            )
            await copy.get("t", "r")
            await get_run.asyncio("t", "r", client=copy.api)
            await copy.get("t", "r", headers={"x-c": "4"})
            await runs.get("t", "r")
            assert "two" not in repr(copy) + repr(copy.api) + repr(copy._defaults)
    sent = [
        [request.header(name) for name in ("x-a", "x-b", "x-c", "x-api-key")] for request in server.requests
    ]
    of_the_copy = [["1"], ["2"], ["3"], ["two"]]
    assert [of_the_copy, of_the_copy, [["1"], ["2"], ["4"], ["two"]]] == sent[:3]
    assert [["1"], ["1"], [], ["one"]] == sent[3]


async def test_what_is_not_given_remains() -> None:
    """And what is given is replaced, for the copy only."""
    seen: list[str] = []
    with scripted_server(answer(503, b"busy")) as server:
        async with AsyncRunsClient(
            server.url,
            api_key=None,
            retry=RetryPolicy(call_attempts=1, first_delay=0.01),
            on_retry=lambda *_: seen.append("first retry"),
            on_request=lambda _: seen.append("first"),
        ) as runs:
            copy = runs.with_options(on_retry=lambda *_: seen.append("second retry"))
            other = copy.with_options(on_request=lambda _: seen.append("second"), retry=ONCE)
            silent = runs.with_options(on_request=None, on_retry=None)
            for client, expected in (
                (copy, ["first", "second retry", "first"]),
                (other, ["second"]),
                (runs, ["first", "first retry", "first"]),
                (silent, []),
            ):
                seen.clear()
                with pytest.raises(InternalServerError):
                    await client.get("t", "r")
                assert expected == seen
            assert runs.with_options(timeout=7).with_options(retry=ONCE)._transport.http.timeout.read == 7


async def test_none_means_the_default_of_a_new_client() -> None:
    """For a timeout and a retry policy; for `cancel_on_exit`, that the run continues."""
    runs = AsyncRunsClient(
        "http://127.0.0.1:1", api_key=None, timeout=1, retry=ONCE, cancel_on_exit="rollback"
    )
    new = AsyncRunsClient("http://127.0.0.1:1", api_key=None)
    async with runs, new:
        copy = runs.with_options(timeout=None, retry=None, cancel_on_exit=None, headers=None)
        assert new._transport.http.timeout == copy._transport.http.timeout
        assert RetryPolicy() == copy._defaults.backoff().policy
        assert copy._defaults.action(None) is None
        assert copy._defaults.cancel_on_exit is None
        assert "rollback" == runs._defaults.cancel_on_exit


async def test_the_timeout_of_a_copy_is_its_own(http_client: Any) -> None:
    """Also that of its `api`."""
    with scripted_server(HANG) as server:
        async with AsyncRunsClient(server.url, api_key=None, retry=ONCE, http_client=http_client) as runs:
            copy = runs.with_options(timeout=0.2)
            with pytest.raises(APITimeoutError):
                await copy.get("t", "r")
            with pytest.raises(httpx.ReadTimeout):
                await get_run.asyncio("t", "r", client=copy.api)


async def test_max_event_bytes_of_a_copy_is_its_own() -> None:
    """A larger event cannot be read by the copy."""
    event = b'event: values\ndata: {"text": "%b"}\n\n' % (b"x" * 300_000)
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n"
    with scripted_server(head + event) as server:
        async with AsyncRunsClient(server.url, api_key=None, retry=ONCE) as runs:
            with pytest.raises(StreamDecodeError):
                await anext(runs.with_options(max_event_bytes=1000).stream(None, "agent"))
            async with runs.stream(None, "agent") as stream:
                assert "values" == (await anext(stream)).event


async def test_closing_a_copy_closes_nothing(http_client: Any) -> None:
    """The copy can still be used, and so can the client."""
    with keep_alive_server() as server:
        async with AsyncRunsClient(server.url, api_key=None, http_client=http_client) as runs:
            async with runs.with_options(timeout=5) as copy:
                await copy.get("t", "r")
            await runs.get("t", "r")
            again = runs.with_options()
            await again.aclose()
            await again.get("t", "r")
            assert 1 == server.made


async def test_closing_the_client_closes_it_for_all_copies(http_client: Any) -> None:
    """Their calls raise the same error as those of the client."""
    with keep_alive_server() as server:
        runs = AsyncRunsClient(server.url, api_key=None, http_client=http_client)
        copy = runs.with_options(timeout=5)
        await copy.get("t", "r")
        await runs.aclose()
        for client in (runs, copy, copy.with_options(retry=ONCE)):
            with pytest.raises(RuntimeError, match="this client is closed; open another one"):
                await client.get("t", "r")
            with pytest.raises(RuntimeError, match="closed"):
                await get_run.asyncio("t", "r", client=client.api)
        if http_client is None:
            assert server.until(lambda: not server.now)
        assert 1 == server.made
    if http_client is not None:
        assert not http_client.is_closed


async def test_closing_the_client_cancels_the_runs_of_its_copies() -> None:
    """With the headers of the copy that reads them."""
    head = (
        b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Location: /threads/t/runs/r\r\n\r\n"
    )
    stream = head + b'event: metadata\ndata: {"run_id": "r"}\n\n' + HANG
    with scripted_server(stream, answer(204, b"")) as server:
        runs = AsyncRunsClient(server.url, api_key=None)
        copy = runs.with_options(cancel_on_exit="interrupt", headers={"x-tenant": "acme"})
        parts = copy.stream("t", "agent")
        await anext(parts)
        await copy.aclose()
        assert 1 == len(server.requests)
        await runs.aclose()
    assert "/threads/t/runs/r/cancel?action=interrupt" == server.request.target
    assert ["acme"] == server.request.header("x-tenant")


async def test_cookies_are_shared() -> None:
    """A load balancer keeps a client and its copies on the same server by one."""
    with scripted_server(answer(body=b"[]", Set_Cookie="node=7")) as server:
        async with AsyncRunsClient(server.url, api_key=None) as runs:
            copy = runs.with_options(timeout=5)
            await copy.list("t")
            await runs.list("t")
            await copy.list("t")
    assert [[], ["node=7"], ["node=7"]] == [request.header("cookie") for request in server.requests]


async def test_a_copy_of_a_subclass_is_one_too() -> None:
    """With its attributes."""
    async with Tenant("http://127.0.0.1:1", api_key=None) as runs:
        runs.tenant = "other"
        copy = runs.with_options(timeout=5)
        assert (Tenant, "other") == (type(copy), copy.tenant)


@pytest.mark.parametrize(
    ("options", "kind", "words"),
    [
        ({"timeout": "5"}, TypeError, "timeout must be a number of seconds or an httpx.Timeout, not '5'"),
        ({"timeout": 0}, ValueError, "timeout=0 must be a positive number of seconds"),
        ({"retry": 3}, TypeError, "retry must be a RetryPolicy, not int"),
        ({"headers": {"x-a": "secret\n\n7"}}, ValueError, "header 'x-a' contains"),
        ({"cancel_on_exit": "stop"}, ValueError, "cancel_on_exit='stop'"),
        ({"max_event_bytes": 0}, ValueError, "max_event_bytes=0 must be at least 1"),
        ({"max_event_bytes": None}, TypeError, "max_event_bytes must be a whole number, not None"),
        ({"on_retry": 3}, TypeError, "on_retry must be a sync callable"),
        ({"on_request": 3}, TypeError, "on_request must be a sync callable"),
        ({"url": "http://x"}, TypeError, "unexpected keyword argument 'url'"),
    ],
    ids=str,
)
async def test_invalid_options_are_refused(
    options: dict[str, Any], kind: type[Exception], words: str
) -> None:
    """As by a new client; what belongs to the connections is no option."""
    async with AsyncRunsClient("http://127.0.0.1:1", api_key=None) as runs:
        with pytest.raises(kind, match=words) as refused:
            runs.with_options(**options)
    assert "secret" not in str(refused.value)


async def test_a_copy_keeps_asking_for_the_key() -> None:
    """The same callable, unless the copy has a key of its own."""
    keys = iter(["one", "two", "three"])
    with scripted_server(RUN) as server:
        async with AsyncRunsClient(server.url, api_key=lambda: next(keys)) as runs:
            copy = runs.with_options(timeout=5)
            other = copy.with_options(headers={"X-API-Key": "its own"})
            for client in (runs, copy, other, copy.with_options(retry=ONCE)):
                await client.get("t", "r")
            await get_run.asyncio("t", "r", client=other.api)
    expected = [["one"], ["two"], ["its own"], ["three"], ["its own"]]
    assert expected == [request.header("x-api-key") for request in server.requests]


async def test_on_response_of_a_copy(http_client: Any) -> None:
    """Is that of the client, another one, or none."""
    seen: list[str] = []
    with scripted_server(RUN) as server:
        async with AsyncRunsClient(
            server.url, api_key=None, http_client=http_client, on_response=lambda _: seen.append("first")
        ) as runs:
            copy = runs.with_options(timeout=5)
            other = copy.with_options(on_response=lambda info: seen.append(f"second {info.status}"))
            silent = other.with_options(on_response=None)
            for client, expected in ((copy, "first"), (other, "second 200"), (silent, ""), (runs, "first")):
                seen.clear()
                await client.get("t", "r")
                assert expected == "".join(seen)
                seen.clear()
                await client.api.get_async_httpx_client().get("/threads/t/runs/r")
                assert expected == "".join(seen)
