"""What every test can use: the real server and the event loop; and the markers that choose which tests run."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from dev_server import DevServer, dev_server

LIVE = Path(__file__).parent / "live"


@pytest.fixture(scope="session")
def live_server() -> Iterator[DevServer]:
    """The real server with the graphs of tests/live/app. Tests must not stop it.

    Each process of pytest-xdist starts its own: some tests cancel every run that their server has.
    """
    with dev_server(LIVE / "app") as running:
        yield running


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """The event loop of every asynchronous test (anyio_mode, in pyproject.toml)."""
    return "asyncio"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks the tests that need the real server, and starts with those that take longest.

    pytest-xdist divides the list among its processes from the start: a long test at the end would run alone.
    """
    for item in items:
        if LIVE in item.path.parents or "live_server" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.live)
    items.sort(key=lambda item: item.get_closest_marker("exhaustive") is None)
