"""What the live tests of one colour share."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from dev_server import DevServer
from langgraph_runs_api.api.threads import create_thread
from langgraph_runs_api.models import Thread

from langgraph_runs import AsyncRunsClient


@pytest.fixture
async def runs(server: DevServer) -> AsyncIterator[AsyncRunsClient]:
    """A client of the real server."""
    async with AsyncRunsClient(server.url, api_key=None) as client:
        yield client


@pytest.fixture
async def thread_id(runs: AsyncRunsClient) -> str:
    """A new thread on the real server."""
    thread = await create_thread.asyncio(client=runs.api, body={})
    assert isinstance(thread, Thread)
    return thread.thread_id
