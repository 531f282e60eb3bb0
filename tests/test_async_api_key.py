"""`api_key=` as an async callable: awaited by the async client, refused by the sync one."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import Any

import pytest
from servers.scripted_server import answer, scripted_server

from langgraph_runs import AsyncRunsClient, AuthenticationError, RunsClient, WaitTimeoutError

RUN = answer(body=b'{"run_id": "r", "thread_id": "t", "status": "success"}')
REFUSED = answer(401, b"{}")


async def ask(key: str = "mine") -> str:
    """A key, after the event loop has had control."""
    await asyncio.sleep(0)
    return key


class Asking:
    """An object that is called like an async function."""

    async def __call__(self) -> str:
        return await ask()


ASYNC_FUNCTIONS = [ask, partial(ask, "mine"), Asking()]


@pytest.mark.parametrize("function", [*ASYNC_FUNCTIONS, lambda: ask("mine")])
async def test_the_async_client_awaits_the_key(function: Any) -> None:
    with scripted_server(RUN) as server:
        async with AsyncRunsClient(server.url, api_key=function) as runs:
            await runs.get("t", "r")
    assert ["mine"] == server.request.header("x-api-key")


@pytest.mark.parametrize("function", ASYNC_FUNCTIONS)
def test_the_sync_client_refuses_an_async_function(function: Any) -> None:
    """By name, and says what to use."""
    with pytest.raises(
        TypeError, match="api_key must be .* not an async function; AsyncRunsClient takes one"
    ):
        RunsClient(api_key=function)


def test_the_sync_client_refuses_what_must_be_awaited() -> None:
    """Python does not warn about a coroutine that was never awaited."""
    key: Any = lambda: ask("mine")  # noqa: E731
    refused = pytest.raises(TypeError, match=r"api_key\(\) returned an awaitable: use AsyncRunsClient")
    with scripted_server(RUN) as server, RunsClient(server.url, api_key=key) as runs, refused:
        runs.get("t", "r")
    assert [] == server.requests


async def test_a_deadline_ends_an_async_function() -> None:
    """Nothing is sent."""
    is_cancelled = False

    async def never() -> str:
        nonlocal is_cancelled
        try:
            await asyncio.sleep(1000)
        except asyncio.CancelledError:
            is_cancelled = True
            raise
        return ""

    with scripted_server(RUN) as server:
        async with AsyncRunsClient(server.url, api_key=never) as runs:
            with pytest.raises(WaitTimeoutError):
                await runs.wait("t", "agent", timeout=0.1)
            assert is_cancelled
            with pytest.raises(WaitTimeoutError):
                [part async for part in runs.stream("t", "agent", timeout=0.1)]
    assert [] == server.requests


async def test_a_call_that_is_cancelled_while_it_asks_sends_nothing() -> None:
    """After a 401, too: the response is closed."""
    asked, has_asked, never = 0, asyncio.Event(), asyncio.Event()

    async def slow() -> str:
        nonlocal asked
        asked += 1
        if asked == 2:
            has_asked.set()
            await never.wait()
        return f"key-{asked}"

    with scripted_server(REFUSED) as server:
        async with AsyncRunsClient(server.url, api_key=slow) as runs:
            task = asyncio.ensure_future(runs.create("t", "agent"))
            async with asyncio.timeout(20):
                await has_asked.wait()
                task.cancel()
                with pytest.raises(asyncio.CancelledError):
                    await task
            with pytest.raises(AuthenticationError):  # the client still works
                await runs.get("t", "r")
    assert ["/threads/t/runs", "/threads/t/runs/r", "/threads/t/runs/r"] == [
        request.target for request in server.requests
    ]


async def test_an_exception_of_an_async_function_is_raised_unchanged() -> None:
    """Before the first request, and after a 401."""
    error, asked = ConnectionError("no token today"), 0

    async def failing() -> str:
        nonlocal asked
        asked += 1
        if asked in (1, 3):
            raise error
        return "key"

    with scripted_server(REFUSED) as server:
        async with AsyncRunsClient(server.url, api_key=failing) as runs:
            for count in (0, 1):
                with pytest.raises(ConnectionError) as raised:
                    await runs.get("t", "r")
                assert raised.value is error
                assert raised.value.__context__ is None
                assert count == len(server.requests)


@pytest.mark.parametrize("client", [RunsClient, AsyncRunsClient])
def test_an_async_on_response_is_refused(client: Any) -> None:
    """In both clients, as the other callbacks."""
    with pytest.raises(TypeError, match="on_response must be a sync callable .*, not an async function"):
        client(on_response=ask)
