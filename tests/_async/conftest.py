"""The fixtures of the live tests, and a call of every method."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from time import monotonic
from typing import Any

import pytest
from anyio import sleep
from dev_server import DevServer
from langgraph_runs_api.api.threads import create_thread
from langgraph_runs_api.models import Thread

from langgraph_runs import AsyncRunsClient, NotFoundError

# Every method, also on a thread and without; with the required arguments only.
CALLS: dict[str, Callable[[AsyncRunsClient], Any]] = {
    "create": lambda runs: runs.create("t", "agent"),
    "create-stateless": lambda runs: runs.create(None, "agent"),
    "create_batch": lambda runs: runs.create_batch([{"assistant_id": "agent"}]),
    "wait": lambda runs: runs.wait("t", "agent"),
    "wait-stateless": lambda runs: runs.wait(None, "agent"),
    "join": lambda runs: runs.join("t", "r"),
    "list": lambda runs: runs.list("t"),
    "get": lambda runs: runs.get("t", "r"),
    "cancel": lambda runs: runs.cancel("t", "r"),
    "cancel-wait": lambda runs: runs.cancel("t", "r", wait=True),
    "cancel_all": lambda runs: runs.cancel_all("t"),
    "cancel_many": lambda runs: runs.cancel_many(status="all"),
    "delete": lambda runs: runs.delete("t", "r"),
    "stream": lambda runs: anext(runs.stream("t", "agent")),
    "stream-stateless": lambda runs: anext(runs.stream(None, "agent")),
    "join_stream": lambda runs: anext(runs.join_stream("t", "r")),
    "list_all": lambda runs: anext(runs.list_all("t")),
}


@pytest.fixture
def calls() -> dict[str, Callable[[AsyncRunsClient], Any]]:
    """Every method, with the fewest arguments it can take."""
    return CALLS


@pytest.fixture(params=CALLS)
def call(request: pytest.FixtureRequest) -> Callable[[AsyncRunsClient], Any]:
    """One method after the other."""
    return CALLS[request.param]


@pytest.fixture
async def runs(live_server: DevServer) -> AsyncIterator[AsyncRunsClient]:
    """A client of the real server."""
    async with AsyncRunsClient(live_server.url, api_key=None) as client:
        yield client


@pytest.fixture
async def thread_id(runs: AsyncRunsClient) -> str:
    """A new thread on the real server."""
    thread = await create_thread.asyncio(client=runs.api, body={})
    assert isinstance(thread, Thread)
    return thread.thread_id


@pytest.fixture
def becomes(runs: AsyncRunsClient) -> Callable[[str, str, str], Any]:
    """Waits until a run has a status ("gone" if it does not exist), and fails if that takes more than 90 seconds."""

    async def status(thread_id: str, run_id: str) -> str:
        try:
            return str((await runs.get(thread_id, run_id)).status)
        except NotFoundError:
            return "gone"

    async def wait(thread_id: str, run_id: str, expected: str) -> None:
        deadline = monotonic() + 90
        while (now := await status(thread_id, run_id)) != expected:
            assert monotonic() < deadline, f"the run is {now}, and has not become {expected}"
            await sleep(0.02)

    return wait
