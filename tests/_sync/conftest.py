# Derived from _async/conftest.py by `make generate`; edit that one.
"""The fixtures of the live tests, and a call of every method."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from time import monotonic, sleep
from typing import Any

import pytest
from dev_server import DevServer
from langgraph_runs_api.api.threads import create_thread
from langgraph_runs_api.models import Thread

from langgraph_runs import NotFoundError, RunsClient

# Every method, also on a thread and without; with the required arguments only.
CALLS: dict[str, Callable[[RunsClient], Any]] = {
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
    "stream": lambda runs: next(runs.stream("t", "agent")),
    "stream-stateless": lambda runs: next(runs.stream(None, "agent")),
    "join_stream": lambda runs: next(runs.join_stream("t", "r")),
    "list_all": lambda runs: next(runs.list_all("t")),
}


@pytest.fixture
def calls() -> dict[str, Callable[[RunsClient], Any]]:
    """Every method, with the fewest arguments it can take."""
    return CALLS


@pytest.fixture(params=CALLS)
def call(request: pytest.FixtureRequest) -> Callable[[RunsClient], Any]:
    """One method after the other."""
    return CALLS[request.param]


@pytest.fixture
def runs(live_server: DevServer) -> Iterator[RunsClient]:
    """A client of the real server."""
    with RunsClient(live_server.url, api_key=None) as client:
        yield client


@pytest.fixture
def thread_id(runs: RunsClient) -> str:
    """A new thread on the real server."""
    thread = create_thread.sync(client=runs.api, body={})
    assert isinstance(thread, Thread)
    return thread.thread_id


@pytest.fixture
def becomes(runs: RunsClient) -> Callable[[str, str, str], Any]:
    """Waits until a run has a status ("gone" if it does not exist), and fails if that takes more than 90 seconds."""

    def status(thread_id: str, run_id: str) -> str:
        try:
            return str((runs.get(thread_id, run_id)).status)
        except NotFoundError:
            return "gone"

    def wait(thread_id: str, run_id: str, expected: str) -> None:
        deadline = monotonic() + 90
        while (now := status(thread_id, run_id)) != expected:
            assert monotonic() < deadline, f"the run is {now}, and has not become {expected}"
            sleep(0.02)

    return wait
