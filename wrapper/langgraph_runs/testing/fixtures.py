"""Fixtures for pytest. In the top-level conftest.py: `pytest_plugins = ["langgraph_runs.testing.fixtures"]`."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from langgraph_runs.testing.server import RunsServer


@pytest.fixture
def runs_server() -> Iterator[RunsServer]:
    """A `RunsServer` for one test, which fails if a request came that it has not scripted."""
    server = RunsServer()
    yield server
    assert not server.unscripted, "unscripted: " + "; ".join(server.unscripted)


@pytest.fixture
def runs_server_url(runs_server: RunsServer) -> Iterator[str]:
    """The URL of the `runs_server` of this test, on a real port."""
    with runs_server.listening() as url:
        yield url
