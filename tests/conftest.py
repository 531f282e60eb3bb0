"""What every test can ask for: one real server for all, and the event loop of the asynchronous ones."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from dev_server import DevServer, dev_server


@pytest.fixture(scope="session")
def server() -> Iterator[DevServer]:
    """The real server with the graphs of tests/server, started once; not to be stopped by a test."""
    with dev_server(Path(__file__).parent / "server") as running:
        yield running


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """The event loop of the tests marked `anyio`."""
    return "asyncio"
