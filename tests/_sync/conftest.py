# Derived from _async/conftest.py by `make generate`; edit that one.
"""What the live tests of one colour share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from dev_server import DevServer
from langgraph_runs_api.api.threads import create_thread
from langgraph_runs_api.models import Thread

from langgraph_runs import RunsClient


@pytest.fixture
def runs(server: DevServer) -> Iterator[RunsClient]:
    """A client of the real server."""
    with RunsClient(server.url, api_key=None) as client:
        yield client


@pytest.fixture
def thread_id(runs: RunsClient) -> str:
    """A new thread on the real server."""
    thread = create_thread.sync(client=runs.api, body={})
    assert isinstance(thread, Thread)
    return thread.thread_id
