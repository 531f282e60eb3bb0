"""What every test can use: the real server and the event loop; and the markers that choose which tests run."""

import copy
from collections.abc import Iterator
from inspect import iscoroutinefunction
from pathlib import Path
from typing import Any

import drift
import pytest
from contract.contract import Contract
from contract.traffic import fail_if_broken, held_to, the_test
from dev_server import DevServer, dev_server
from servers.recording_proxy import RecordingProxy, recording_proxy

LIVE = Path(__file__).parent / "live"


@pytest.fixture(scope="session")
def unrecorded_server() -> Iterator[DevServer]:
    """The real server with the graphs of tests/live/app. Tests must not stop it.

    Each process of pytest-xdist starts its own: some tests cancel every run that their server has.
    """
    with dev_server(LIVE / "app") as running:
        yield running


@pytest.fixture(scope="session")
def contract() -> Contract:
    """openapi.yaml."""
    return Contract(drift.read(drift.SPEC))


@pytest.fixture(scope="session")
def traffic(unrecorded_server: DevServer, contract: Contract) -> Iterator[RecordingProxy]:
    """What goes over the wire between the tests and the real server."""
    with recording_proxy(unrecorded_server.url) as proxy:
        yield proxy
    fail_if_broken(contract, proxy.take())


@pytest.fixture(scope="session")
def live_server(unrecorded_server: DevServer, traffic: RecordingProxy) -> DevServer:
    """The real server, behind a proxy. What goes over the wire is held against openapi.yaml."""
    recorded = copy.copy(unrecorded_server)
    recorded.url = traffic.url
    return recorded


@pytest.fixture(autouse=True)
def _keeps_the_contract(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fails a test if a request or a response is not as openapi.yaml describes it, but for `breaks_contract`."""
    if "live_server" not in request.fixturenames:
        yield
        return
    proxy, contract = request.getfixturevalue("traffic"), request.getfixturevalue("contract")
    with held_to(contract, proxy, the_test(request.node)):
        yield


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """The event loop of every asynchronous test."""
    return "asyncio"


@pytest.hookimpl(tryfirst=True)
def pytest_pycollect_makeitem(collector: pytest.Module | pytest.Class, name: str, obj: Any) -> None:
    """Marks every asynchronous test, so that anyio runs it.

    `anyio_mode = "auto"` would do the same, but the lowest version of anyio that we test with does not know it.
    """
    if collector.istestfunction(obj, name) and iscoroutinefunction(obj):
        pytest.mark.anyio(obj)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks the tests that need the real server, and starts with those that take longest.

    pytest-xdist divides the list among its processes from the start: a long test at the end would run alone.
    """
    for item in items:
        if item.path.is_relative_to(LIVE) or "unrecorded_server" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.live)
    items.sort(key=lambda item: item.get_closest_marker("exhaustive") is None)
