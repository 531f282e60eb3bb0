"""The fixtures of the traces."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from otel.traces import Traces, traced

from langgraph_runs.testing import RunsServer


@pytest.fixture
def traces() -> Iterator[Traces]:
    """Traces all clients during a test."""
    with traced() as found:
        yield found


@pytest.fixture
def server() -> RunsServer:
    """A server of the test kit, each of whose runs brings three events of the graph."""
    server = RunsServer()
    server.run(("updates", {"plan": 1}), ("updates", {"act": 2}), ("values", {"n": 2}), times=None)
    return server


@pytest.fixture
def url(server: RunsServer) -> Iterator[str]:
    """Its URL on a real port, to which the engine connects."""
    with server.listening() as found:
        yield found
