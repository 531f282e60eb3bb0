"""Leaving a stream whose response has not begun cancels the run, whatever cancels the task meanwhile."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any

import anyio
import pytest
from servers.peer import Connection, Peer, peer, response

from langgraph_runs import AsyncRunsClient, RetryPolicy

RETRY = RetryPolicy(first_delay=0.01, longest_delay=0.01)
Work = Callable[[], Coroutine[Any, Any, None]]


def mute(connection: Connection, before_cancel: Callable[[], object] = int) -> None:
    """Starts the run, and sends no response to that; answers everything else about it."""
    while (request := connection.request()) is not None:
        path = request.target.partition("?")[0].split("/")
        ids = {"run_id": "r", "thread_id": path[2]}
        if path[-1] in ("stream", "wait"):
            connection.peer.may_continue.set()
            connection.until_closed()
            return
        if path[-1] == "runs":
            start = next(one for one in connection.peer.requests if one.method == "POST")
            nonce = {"langgraph_request_id": start.header("x-request-id")[0]}
            runs = [{**ids, "status": "running", "kwargs": {"config": {"configurable": nonce}}}]
            connection.send(response(json.dumps(runs).encode()))
        elif path[-1] == "cancel" or request.method == "DELETE":
            if path[-1] == "cancel":
                before_cancel()
            connection.send(response())
        else:
            status = "interrupted" if "runs" in path else "idle"
            connection.send(response(json.dumps({**ids, "status": status}).encode()))


def sent(server: Peer, what: str) -> int:
    """How many requests there were for this."""
    return sum(what in f"{request.method} {request.target}" for request in server.requests)


async def begun(server: Peer) -> None:
    """Waits for the request that starts the run."""
    assert await asyncio.to_thread(server.may_continue.wait, 10)


async def by_a_scope_of_anyio(server: Peer, work: Work) -> None:
    """It cancels again in every iteration of the loop, as web frameworks do."""
    async with anyio.create_task_group() as group:
        group.start_soon(work)
        await begun(server)
        group.cancel_scope.cancel()


async def by_cancelling_twice(server: Peer, work: Work) -> None:
    """The second time while the first is handled."""
    task = asyncio.create_task(work())
    await begun(server)
    for _ in range(2):
        task.cancel()
        await asyncio.sleep(0)
    with pytest.raises(asyncio.CancelledError):
        await task


@pytest.mark.parametrize("leave", [by_a_scope_of_anyio, by_cancelling_twice])
@pytest.mark.parametrize("is_entered", [True, False], ids=["with", "next"])
async def test_a_stream_that_is_left_before_its_response_cancels_its_run(
    leave: Callable[[Peer, Work], Coroutine[Any, Any, None]], is_entered: bool
) -> None:
    async def read(runs: AsyncRunsClient) -> None:
        stream = runs.stream("t", "agent", cancel_on_exit="interrupt")
        if is_entered:
            async with stream:
                await anext(stream)
        try:
            await anext(stream)
        finally:
            await stream.aclose()

    with peer(mute) as server:
        async with AsyncRunsClient(server.url, api_key=None, retry=RETRY) as runs:
            await leave(server, partial(read, runs))
            assert 1 == sent(server, "POST /threads/t/runs/r/cancel")


async def test_a_thread_made_for_a_run_is_deleted_even_if_its_caller_is_cancelled_again() -> None:
    """While the run is being cancelled."""
    is_cancelled, may_cancel = threading.Event(), threading.Event()

    def before_cancel() -> None:
        is_cancelled.set()
        may_cancel.wait(10)

    with peer(partial(mute, before_cancel=before_cancel)) as server:
        async with AsyncRunsClient(server.url, api_key=None, retry=RETRY) as runs:
            task = asyncio.create_task(runs.wait(None, "agent", cancel_on_exit="interrupt"))
            await begun(server)
            task.cancel()
            assert await asyncio.to_thread(is_cancelled.wait, 10)
            task.cancel()
            await asyncio.sleep(0)
            may_cancel.set()
            with pytest.raises(asyncio.CancelledError):
                await task
            assert 1 == sent(server, "DELETE /threads/")
