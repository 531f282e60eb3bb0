"""Five hundred calls of each client that start runs on the real server, each of which fails at least once.

Each ends with its result or an error of this package, and no run is ever started twice.
"""

from __future__ import annotations

import asyncio
import logging
import os
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from random import Random
from typing import Any
from uuid import UUID

from dev_server import DevServer
from langgraph_runs_api.api.threads import create_thread
from servers.faulty_proxy import FAULTS, FaultyProxy, faulty_proxy

from langgraph_runs import (
    APIError,
    AsyncRunsClient,
    RetryPolicy,
    Run,
    RunsClient,
)

log = logging.getLogger(__name__)

SEED = os.environ.get("SEED", "20261124")
CALLS = 500
AT_ONCE = 20
METHODS = ("create", "wait", "stream")
POLICY = RetryPolicy(call_attempts=5, first_delay=0.02, longest_delay=0.2, longest_retry_after=0.05)


def call(number: int) -> tuple[str, dict[str, Any]]:
    """The method of a call, and its arguments."""
    method = METHODS[number % len(METHODS)]
    more = {"stream_mode": "custom"} if method == "stream" else {}
    return method, {"assistant_id": "agent", "input": {"text": str(number)}, **more}


def check(number: int, thread_id: str, result: Any, runs: list[Run]) -> None:
    """Checks one call: if it succeeded, its result and that there is one run; if not, that the error says whether there
    may be one."""
    about = f"call {number} on {thread_id}, SEED={SEED}: {result!r}, {[run.to_dict() for run in runs]}"
    if isinstance(result, BaseException):
        assert isinstance(result, APIError), about
        assert len(runs) <= 1, about
        assert thread_id == result.thread_id, about
        assert result.run_id is None, f"the id of a known run can be used: {about}"
        assert result.run_may_exist or not runs, about
        return
    assert len(runs) == 1, about
    method, _ = call(number)
    if method == "create":
        assert (runs[0].run_id, thread_id) == (result.run_id, result.thread_id), about
    elif method == "wait":
        assert {"text": f"Hello, {number}", "steps": ["greet", "finish"]} == result, about
    else:
        expected = [("metadata", runs[0].run_id), ("custom", {"progress": "greeting"})]
        shown = [
            (part.event, part.data["run_id"] if part.event == "metadata" else part.data) for part in result
        ]
        assert expected == shown, about


def threads(url: str, variant: str) -> list[str]:
    """New threads. The seed makes their ids, by which the proxy knows what is to fail."""
    random = Random(f"{SEED} {variant}")
    ids = [str(UUID(int=random.getrandbits(128), version=4)) for _ in range(CALLS)]
    with RunsClient(url, api_key=None) as runs:
        for thread_id in ids:
            assert create_thread.sync(client=runs.api, body={"thread_id": thread_id})
    return ids


def check_all(url: str, proxy: FaultyProxy, ids: list[str], results: list[Any]) -> None:
    """Compares the results with the runs on the server, without the proxy."""
    proxy.settle()
    with RunsClient(url, api_key=None) as runs:
        for number, (thread_id, result) in enumerate(zip(ids, results, strict=True)):
            check(number, thread_id, result, runs.list(thread_id))
    ends = Counter(type(result).__name__ for result in results)
    log.warning("SEED=%s: %d faults, %s; %s", SEED, proxy.faults.total(), dict(proxy.faults), dict(ends))
    assert proxy.faults.total() >= CALLS
    assert set(FAULTS) == set(proxy.faults)
    failed = sum(isinstance(result, BaseException) for result in results)
    assert CALLS / 4 < failed < CALLS / 2, "neither side of the rule was tried enough"


async def test_five_hundred_faults_in_tasks_start_no_run_twice(live_server: DevServer) -> None:
    """One run for each call that succeeds, at most one for each that fails."""
    ids = await asyncio.to_thread(threads, live_server.url, "tasks")
    places = asyncio.Semaphore(AT_ONCE)
    with faulty_proxy(live_server.url, f"{SEED} tasks") as proxy:
        client = AsyncRunsClient(proxy.url, api_key=None, retry=POLICY, on_request=proxy.on_request)

        async def one(number: int) -> Any:
            method, given = call(number)
            async with places:
                if method == "create":
                    return await runs.create(ids[number], **given)
                if method == "wait":
                    return await runs.wait(ids[number], **given)
                return [part async for part in runs.stream(ids[number], **given)]

        async with client as runs:
            results = await asyncio.gather(*map(one, range(CALLS)), return_exceptions=True)
        await asyncio.to_thread(check_all, live_server.url, proxy, ids, results)


def test_five_hundred_faults_in_threads_start_no_run_twice(live_server: DevServer) -> None:
    """The same."""
    ids = threads(live_server.url, "threads")
    with (
        faulty_proxy(live_server.url, f"{SEED} threads") as proxy,
        RunsClient(proxy.url, api_key=None, retry=POLICY, on_request=proxy.on_request) as runs,
        ThreadPoolExecutor(AT_ONCE) as pool,
    ):

        def one(number: int) -> Any:
            method, given = call(number)
            if method == "create":
                return runs.create(ids[number], **given)
            if method == "wait":
                return runs.wait(ids[number], **given)
            return list(runs.stream(ids[number], **given))

        calls = [pool.submit(one, number) for number in range(CALLS)]
        results = [done.exception() or done.result() for done in calls]
        check_all(live_server.url, proxy, ids, results)
