"""What every test can ask for: a real server, one for all tests of a process, and the event loop."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from dev_server import DevServer, dev_server


@pytest.fixture(scope="session")
def server() -> Iterator[DevServer]:
    """The real server with the graphs of tests/live/app, started once; not to be stopped by a test.

    `make test` runs three processes, each with a server of its own: most of the time is spent waiting for runs that
    the server looks for once in half a second.
    """
    with dev_server(Path(__file__).parent / "live/app") as running:
        yield running


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """The event loop of every asynchronous test (anyio_mode, in pyproject.toml)."""
    return "asyncio"
