"""LangGraph.js and Aegra: their stand-ins and, with OTHER_SERVERS=real (`make test-servers`), also themselves."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import other_servers
import pytest
from servers.aegra_server import aegra_server
from servers.langgraphjs_server import langgraphjs_server

WHICH = ["stand-in", "real"] if os.environ.get("OTHER_SERVERS") == "real" else ["stand-in"]
STAND_INS: dict[str, Any] = {"langgraphjs": langgraphjs_server, "aegra": aegra_server}
REAL: dict[str, Any] = {"langgraphjs": other_servers.langgraphjs_server, "aegra": other_servers.aegra_server}
BEAT = 0.2  # seconds between two heartbeats of a stand-in


@dataclass
class Server:
    """A server under test.

    Attributes:
        kind: "langgraphjs" or "aegra".
        is_real: Whether it is the server itself, not its stand-in.
        was_restarted: Whether the test has restarted it.
    """

    kind: str
    is_real: bool
    running: Any
    was_restarted: bool = False

    @property
    def url(self) -> str:
        return str(self.running.url)

    def restart(self, run_id: str) -> None:
        """Kills the server while this run is active, and starts it again."""
        if self.is_real and self.kind == "langgraphjs":
            self._until_saved(run_id)
        self.was_restarted = True
        self.running.restart()

    def _until_saved(self, run_id: str) -> None:
        """LangGraph.js writes its runs to a file when none has been read or changed for 3 seconds."""
        saved = self.running.folder / ".langgraph_api/.langgraphjs_ops.json"
        deadline = time.monotonic() + 90
        while not (saved.exists() and run_id.encode() in saved.read_bytes()):
            assert time.monotonic() < deadline, "LangGraph.js has not saved the run"
            time.sleep(0.1)


Start = Callable[[str], Any]


@pytest.fixture(scope="session")
def start_real() -> Iterator[Start]:
    """Starts a real server when the first test needs it; all are stopped at the end."""
    with ExitStack() as stack:
        started: dict[str, Any] = {}

        def start(kind: str) -> Any:
            if kind not in started:
                started[kind] = stack.enter_context(REAL[kind]())
            return started[kind]

        yield start


def _params(*kinds: str) -> list[str]:
    """What a fixture is called in the id of a test. `make test-matrix` selects by it: `-k aegra-real`."""
    return [f"{kind}-{which}" for which in WHICH for kind in kinds]


def _server(param: str, start_real: Start) -> Iterator[Server]:
    kind, _, which = param.partition("-")
    if which == "real":
        server = Server(kind, True, start_real(kind))
        yield server
        if server.was_restarted:  # it may still poll a run that never ends, for listeners that have left
            server.running.restart()
    else:
        with STAND_INS[kind](BEAT) as running:
            yield Server(kind, False, running)


@pytest.fixture(params=_params("langgraphjs"))
def langgraphjs(request: pytest.FixtureRequest, start_real: Start) -> Iterator[Server]:
    """LangGraph.js."""
    yield from _server(request.param, start_real)


@pytest.fixture(params=_params("aegra"))
def aegra(request: pytest.FixtureRequest, start_real: Start) -> Iterator[Server]:
    """Aegra."""
    yield from _server(request.param, start_real)


@pytest.fixture(params=_params("langgraphjs", "aegra"))
def server(request: pytest.FixtureRequest, start_real: Start) -> Iterator[Server]:
    """Both, one after the other."""
    yield from _server(request.param, start_real)
