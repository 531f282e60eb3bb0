"""Requests, failures and resuming over every transport but the engine on asyncio: given, chosen, or patched by the
caller."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import httpx2
import pytest
from engine.engine_in_use import by_engine, is_served
from engine.variants import Variant, in_both
from servers.peer import Peer, peer

from langgraph_runs import RetryPolicy

TESTS = Path(__file__).parents[1]
FILES = ["test_requests.py", "test_faults.py", "test_redirects.py", "test_unexpected_responses.py"]
ASYNC = [f"_async/{name}" for name in FILES]
SYNC = [f"_sync/{name}" for name in FILES]
ENGINE = [
    "engine/test_keep_alive.py",
    "engine/test_dead_connections.py",
    "engine/test_connection_log.py",
    "engine/test_tls.py",
    "engine/test_tls_records.py",
]
RESUME = "engine/test_resume_over_sockets.py"

# The transports, and the tests that run over them; of the request table a part, as httpx builds the requests.
RUNS = {
    "http-client": [*ASYNC, *SYNC, RESUME],
    "httpx2": [*ASYNC, *SYNC, RESUME],
    "environment": [*SYNC, RESUME],
    "no-httptools": [*ASYNC, RESUME],
    "opentelemetry": [*ASYNC, *SYNC, RESUME],
    "uvloop": [*ASYNC, RESUME, *ENGINE],
}
EVERY = 24

FAMILIES = [httpx, httpx2]


@pytest.mark.exhaustive
@pytest.mark.parametrize("over", RUNS)
def test_requests_faults_and_resuming_are_the_same_over_another_transport(over: str) -> None:
    """Runs their tests in another process; see other_transport_plugin.py."""
    end = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:cacheprovider",
            "-p",
            "engine.other_transport_plugin",
            "--tb=short",
        ]
        + [str(TESTS / name) for name in RUNS[over]]
        + (["-k", "not sync- and not sync] or async"] if over == "uvloop" else []),
        capture_output=True,
        text=True,
        timeout=120,
        cwd=TESTS.parent,
        env={
            **{name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")},
            "PYTHONPATH": os.pathsep.join(sys.path),
            "LANGGRAPH_RUNS_TESTS_OVER": over,
            "LANGGRAPH_RUNS_TESTS_EVERY": str(EVERY),
        },
        check=False,
    )
    assert 0 == end.returncode, end.stdout + end.stderr


@in_both
async def test_the_engine_sends_by_default(
    variant: Variant, server: Peer, caplog: pytest.LogCaptureFixture
) -> None:
    """Otherwise the tests below would prove nothing."""
    caplog.set_level(logging.DEBUG, "langgraph_runs")
    async with variant.runs(server.url) as runs:
        await is_served(variant, runs)
    assert by_engine(caplog)


@in_both
@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.__name__)
async def test_a_client_of_the_callers_sends_and_stays_open(
    variant: Variant, server: Peer, family: Any, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "langgraph_runs")
    async with variant.plain(family=family) as http:
        async with variant.runs(server.url, http_client=http) as runs:
            await is_served(variant, runs)
        assert not by_engine(caplog)
        assert 200 == (await variant.call(http.get, f"{server.url}/threads/t/runs/r")).status_code


@in_both
@pytest.mark.parametrize("value", ["httpx", " httpx ", ""])
async def test_the_environment_chooses_the_transport(
    variant: Variant,
    server: Peer,
    value: str,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG, "langgraph_runs")
    monkeypatch.setenv("LANGGRAPH_RUNS_ENGINE", value)
    async with variant.runs(server.url) as runs:
        await is_served(variant, runs)
    assert by_engine(caplog) == (value == "")


@in_both
def test_another_value_in_the_environment_is_refused(
    variant: Variant, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A typo must not select the engine silently."""
    monkeypatch.setenv("LANGGRAPH_RUNS_ENGINE", "htpx")
    with pytest.raises(ValueError, match="LANGGRAPH_RUNS_ENGINE='htpx'"):
        variant.runs_client("http://127.0.0.1:1")


# Over a client of the caller, failures are retried and streams resumed as over the engine


@in_both
@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.__name__)
async def test_a_get_is_retried_over_a_client_of_the_callers(variant: Variant, family: Any) -> None:
    """If the connection was lost without an answer."""

    def serve(connection: Any) -> None:
        while connection.request() is not None:
            if connection.number == 0:
                return
            connection.send(
                b"HTTP/1.1 200 OK\r\ncontent-length: 15\r\n\r\n" + json.dumps({"run_id": "r"}).encode()
            )

    make: Callable[..., Any] = variant.plain
    with peer(serve) as server:
        async with make(family=family) as http:
            policy = RetryPolicy(attempts=1, first_delay=0.001)
            async with variant.runs(server.url, http_client=http, retry=policy) as runs:
                assert "r" == (await variant.call(runs.get, "t", "r")).run_id
    assert 2 == len(server.requests)
