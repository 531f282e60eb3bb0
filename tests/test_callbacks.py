"""Callbacks: one that raises, and one that calls the client again, in each method that calls it.

Afterwards the slots are free, the connections are released, and the client works.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from engine.variants import VARIANTS, Variant
from servers.faltering_server import AGAIN, faltering
from servers.peer import Peer, peer

from langgraph_runs import APIConnectionError, APIError, NotFoundError, RetryPolicy

FAST = RetryPolicy(first_delay=0.01, longest_delay=0.01)

CALLS: dict[str, Callable[..., Any]] = {
    "create": lambda runs, **options: runs.create("t", "agent", **options),
    "create-stateless": lambda runs, **options: runs.create(None, "agent", **options),
    "create_batch": lambda runs, **options: runs.create_batch([{"assistant_id": "agent"}], **options),
    "wait": lambda runs, **options: runs.wait("t", "agent", **options),
    "wait-stateless": lambda runs, **options: runs.wait(None, "agent", **options),
    "join": lambda runs, **options: runs.join("t", "r", **options),
    "list": lambda runs, **options: runs.list("t", **options),
    "get": lambda runs, **options: runs.get("t", "r", **options),
    "cancel": lambda runs, **options: runs.cancel("t", "r", **options),
    "cancel_all": lambda runs, **options: runs.cancel_all("t", **options),
    "cancel_many": lambda runs, **options: runs.cancel_many(status="all", **options),
    "delete": lambda runs, **options: runs.delete("t", "r", **options),
}
ITERATORS: dict[str, Callable[..., Any]] = {
    "stream": lambda runs, **options: runs.stream("t", "agent", **options),
    "stream-stateless": lambda runs, **options: runs.stream(None, "agent", **options),
    "join_stream": lambda runs, **options: runs.join_stream("t", "r", last_event_id="-1", **options),
    "list_all": lambda runs, **options: runs.list_all("t", **options),
}
STARTING = ("create", "create-stateless", "wait", "wait-stateless", "stream", "stream-stateless")
OF_CLIENT = ("on_request", "on_response", "on_retry", "api_key")
MATRIX = [
    *[(name, method) for name in OF_CLIENT for method in CALLS | ITERATORS],
    *[("on_run_created", method) for method in STARTING],
    *[("on_reconnect", method) for method in ("stream", "join_stream")],
]
FAULTS = {"on_retry": "refused", "on_reconnect": "cut"}


class Interruption(BaseException):
    """Not an Exception, like KeyboardInterrupt."""


EVERY_KIND_IN = ("wait", "stream")


def errors(method: str) -> list[BaseException]:
    """Exceptions that would be retried, taken for an answer or missed if they were not the caller's; for the methods of
    EVERY_KIND_IN also others that this package or httpx raises, since the transport is the same for all methods."""
    facts: dict[str, Any] = {"method": "GET", "url": "mine"}
    few = [
        APIConnectionError("mine", **facts),
        NotFoundError("mine", status=404, **facts),
        Interruption("mine"),
    ]
    if method not in EVERY_KIND_IN:
        return few
    return [
        *few,
        KeyError("mine"),
        httpx.ConnectError("mine"),
        httpx.InvalidURL("mine"),
        UnicodeEncodeError("ascii", "\xe9", 0, 1, "mine"),
        TimeoutError("mine"),
    ]


@pytest.fixture(params=VARIANTS, ids=str)
def variant(request: pytest.FixtureRequest) -> Variant:
    """The sync client, and the async one."""
    found: Variant = request.param
    return found


async def called(variant: Variant, server: Peer, name: str, method: str, callback: Any, then: Any) -> None:
    """Calls a method with a callback, and then `then` with the client; checks that nothing is left behind."""
    of_client = {name: callback} if name in OF_CLIENT else {}
    options = {} if of_client else {name: callback}
    client = variant.runs(server.url, max_concurrency=1, retry=FAST, **of_client)
    async with client as runs:
        try:
            if method in ITERATORS:
                await variant.rest(ITERATORS[method](runs, **options))
            else:
                await variant.call(CALLS[method], runs, **options)
        finally:
            await then(runs)
            assert "r" == (await variant.call(runs.get, "again", "r")).run_id
            assert server.until(lambda: len(server.now) <= 2)
    assert server.until(lambda: not server.now)


@pytest.mark.parametrize(("name", "method"), MATRIX)
async def test_an_exception_of_a_callback_is_raised_unchanged(
    variant: Variant, name: str, method: str
) -> None:
    """Not retried, not taken for an answer of the server, and with no exception of this package chained to it."""

    async def nothing(runs: Any) -> None: ...

    for error in errors(method):
        calls = 0

        def callback(*arguments: Any) -> None:
            nonlocal calls
            calls += 1
            if calls == 1:
                raise error  # noqa: B023

        with peer(faltering(FAULTS.get(name, ""))) as server, pytest.raises(type(error)) as raised:
            await called(variant, server, name, method, callback, nothing)
        assert raised.value is error
        # on_retry and on_reconnect are called while an error is handled, which Python notes.
        assert error.__cause__ is None
        assert error.__context__ is None or (name in FAULTS and isinstance(error.__context__, APIError))
        sent = [request for request in server.requests if request.target != AGAIN]
        assert len(sent) == (0 if name in ("on_request", "api_key") else 1), (error, sent)


@pytest.mark.parametrize(("name", "method"), MATRIX)
async def test_a_callback_may_call_the_client_again(variant: Variant, name: str, method: str) -> None:
    """Even with max_concurrency=1. In the async client, a task does it: the callback is a sync callable."""
    tasks, results = list[asyncio.Task[Any]](), list[Any]()
    client: list[Any] = []

    def callback(*arguments: Any) -> None:
        if results or tasks:
            return
        if variant.is_async:
            tasks.append(asyncio.ensure_future(client[0].get("again", "r")))
        else:
            results.append(None)  # a nested call of on_request does nothing
            results[0] = client[0].get("again", "r")

    async def then(runs: Any) -> None:
        async with asyncio.timeout(10):
            results.extend(await asyncio.gather(*tasks))

    class Noting(Variant):
        def runs_client(self, url: str, **options: Any) -> Any:
            client.append(super().runs_client(url, **options))
            return client[0]

    with peer(faltering(FAULTS.get(name, ""))) as server:
        await called(Noting(variant.name), server, name, method, callback, then)
    assert ["r"] == [run.run_id for run in results]


HELD = [
    ("on_retry", "join"), ("on_run_created", "wait"), ("on_run_created", "stream"),
    ("on_reconnect", "stream"), ("on_reconnect", "join_stream"),
    ("on_response", "wait"), ("on_response", "join"), ("on_response", "stream"), ("on_response", "join_stream"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "method"), HELD)
async def test_a_run_is_cancelled_if_a_callback_raises_and_that_is_configured(
    variant: Variant, name: str, method: str
) -> None:
    """Even if the exception is one of this package: the caller leaves, whichever exception it is."""

    async def nothing(runs: Any) -> None: ...

    class Cancelling(Variant):
        def runs_client(self, url: str, **options: Any) -> Any:
            return super().runs_client(url, cancel_on_exit="interrupt", **options)

    for error in errors(method):
        calls = 0

        def callback(*arguments: Any) -> None:
            nonlocal calls
            calls += 1
            if calls == 1:
                raise error  # noqa: B023

        with peer(faltering(FAULTS.get(name, ""))) as server, pytest.raises(type(error)) as raised:
            await called(Cancelling(variant.name), server, name, method, callback, nothing)
        assert raised.value is error
        assert 1 == sum("/threads/t/runs/r/cancel?" in request.target for request in server.requests)


@pytest.mark.parametrize("name", ["on_request", "on_response", "api_key"])
async def test_the_generated_api_raises_the_exception_of_a_callback_unchanged(
    variant: Variant, name: str
) -> None:
    from langgraph_runs_api.api.thread_runs import get_run

    for error in errors("wait"):

        def callback(*arguments: Any) -> None:
            raise error  # noqa: B023

        with peer() as server:
            async with variant.runs(server.url, **{name: callback}) as runs:
                function = get_run.asyncio if variant.is_async else get_run.sync
                with pytest.raises(type(error)) as raised:
                    await variant.call(function, "t", "r", client=runs.api)
        assert raised.value is error
        assert (1 if name == "on_response" else 0) == len(server.requests)
