"""Many calls at once: tasks on the async client, threads on the sync one."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from servers.gated_server import gated_server
from servers.scripted_server import HANG, answer, events, scripted_server

from langgraph_runs import AsyncRunsClient, RunsClient, WaitTimeoutError

CALLS = 40


@pytest.mark.parametrize(("bound", "expected"), [(None, CALLS), (3, 3), (1, 1)])
async def test_only_max_concurrency_limits_the_tasks(bound: int | None, expected: int) -> None:
    """All run at once without it, never more than it with it; all get their answer."""
    with gated_server(expected) as (url, gate):
        async with AsyncRunsClient(url, api_key=None, max_concurrency=bound) as runs:
            results = await asyncio.gather(*(runs.list("t") for _ in range(CALLS)))
    assert ([[]] * CALLS, expected) == (results, gate.most)


@pytest.mark.parametrize(("bound", "expected"), [(None, CALLS), (3, 3), (1, 1)])
def test_only_max_concurrency_limits_the_threads(bound: int | None, expected: int) -> None:
    """The same on one sync client."""
    with (
        gated_server(expected) as (url, gate),
        RunsClient(url, api_key=None, max_concurrency=bound) as runs,
        ThreadPoolExecutor(CALLS) as threads,
    ):
        results = list(threads.map(runs.list, ["t"] * CALLS))
    assert ([[]] * CALLS, expected) == (results, gate.most)


async def test_a_call_does_not_wait_for_a_stream_that_is_being_read() -> None:
    """A stream counts only until it has started."""
    stream = events(b"data: 1\n\n") + HANG
    with scripted_server(stream, answer(body=b"[]")) as server:
        async with AsyncRunsClient(server.url, api_key=None, max_concurrency=1) as runs:
            async for _ in runs.stream("t", "agent"):
                async with asyncio.timeout(10):
                    assert [] == await runs.list("t")
                break


async def test_a_cancelled_task_closes_its_connection_and_frees_its_place() -> None:
    """Whether it waits for an answer, reads a stream, or waits for its place."""
    with scripted_server(HANG, events(b"data: 1\n\n") + HANG, answer(body=b"[]")) as server:
        async with AsyncRunsClient(server.url, api_key=None, max_concurrency=1) as runs:

            async def read() -> None:
                async for _ in runs.stream("t", "agent"):
                    reading.set()

            reading = asyncio.Event()
            waiting = asyncio.create_task(runs.wait("t", "agent"))
            queued = asyncio.create_task(runs.wait("t", "agent"))
            await asyncio.to_thread(_until, lambda: len(server.requests) == 1)
            assert [True, True] == [queued.cancel(), waiting.cancel()]
            assert [asyncio.CancelledError] * 2 == [
                type(one) for one in await asyncio.gather(queued, waiting, return_exceptions=True)
            ]
            assert await asyncio.to_thread(server.closed.acquire, timeout=10)

            streaming = asyncio.create_task(read())
            await reading.wait()
            streaming.cancel()
            with pytest.raises(asyncio.CancelledError):
                await streaming
            assert await asyncio.to_thread(server.closed.acquire, timeout=10)
            assert [] == await runs.list("t")


async def test_a_timeout_of_asyncio_closes_the_connection() -> None:
    """The TimeoutError is raised unchanged."""
    with scripted_server(HANG) as server:
        async with AsyncRunsClient(server.url, api_key=None) as runs:
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.2):
                    await runs.wait("t", "agent")
        assert await asyncio.to_thread(server.closed.acquire, timeout=10)


def _until(condition: Any) -> None:
    done = threading.Event()
    for _ in range(1000):
        if condition():
            return
        done.wait(0.01)
    raise AssertionError("it did not happen")


async def test_a_call_that_is_left_while_it_waits_for_a_slot_starts_no_run_and_cancels_the_one_it_joins() -> (
    None
):
    """A run that was not started is not looked for."""
    cancel = "/threads/t/runs/r/cancel?action=interrupt"
    with scripted_server(HANG, answer(202)) as server:
        async with AsyncRunsClient(
            server.url, api_key=None, max_concurrency=1, cancel_on_exit="interrupt"
        ) as runs:
            other = asyncio.create_task(runs.get("t", "r"))
            await asyncio.to_thread(_until, lambda: len(server.requests) == 1)
            for left in (
                runs.wait("t", "agent", timeout=0.1),
                anext(runs.stream("t", "agent", timeout=0.1)),
            ):
                with pytest.raises(WaitTimeoutError):
                    await left
            assert 1 == len(server.requests)
            for left in (
                runs.join("t", "r", timeout=0.1),
                anext(runs.join_stream("t", "r", timeout=0.1)),
            ):
                with pytest.raises(WaitTimeoutError):
                    await left
            other.cancel()
            await asyncio.wait([other])
    assert [cancel, cancel] == [request.target for request in server.requests[1:]]


def test_a_callback_may_call_the_sync_client_while_its_method_has_the_only_slot() -> None:
    """Another slot would never become free."""
    run = answer(
        body=b'{"run_id": "r", "thread_id": "t", "status": "pending"}', Content_Location="/threads/t/runs/r"
    )
    found: list[Any] = []
    with scripted_server(answer(503), run) as server:
        runs = RunsClient(
            server.url, api_key=None, max_concurrency=1, on_retry=lambda *_: found.append(runs.get("t", "r"))
        )
        calling = threading.Thread(
            target=lambda: (
                runs.get("t", "r"),
                runs.create("t", "agent", on_run_created=lambda *_: found.append(runs.get("t", "r"))),
                runs.wait("t", "agent", on_run_created=lambda *_: found.append(runs.get("t", "r"))),
            ),
            daemon=True,
        )
        calling.start()
        calling.join(20)
        assert not calling.is_alive()
        runs.close()
    assert ["r", "r", "r"] == [run.run_id for run in found]
