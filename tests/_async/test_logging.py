"""What the logger `langgraph_runs` gets: a line for every request, a warning before each new attempt, and no key."""

from __future__ import annotations

import logging

import pytest
from servers.scripted_server import answer, events, scripted_server

from langgraph_runs import AsyncRunsClient

KEY = "a-secret-key"
FIRST = events(b"data: 1\nid: 1\n\n", Content_Location="/threads/t/runs/r")
REST = events(b"data: 1\nid: 1\n\ndata: 2\nid: 2\n\n")


def logged(caplog: pytest.LogCaptureFixture, level: int) -> list[str]:
    """The messages of our logger at one level."""
    return [
        record.getMessage()
        for record in caplog.records
        if (record.name, record.levelno) == ("langgraph_runs", level)
    ]


async def test_requests_and_reconnects_are_logged(caplog: pytest.LogCaptureFixture) -> None:
    """At DEBUG and as warnings."""
    caplog.set_level(logging.DEBUG, "langgraph_runs")
    running, ended = (
        answer(body=b'{"run_id": "r", "status": "%s"}' % one) for one in (b"running", b"success")
    )
    with scripted_server(FIRST, running, REST, ended, events(b"data: 2\nid: 2\n\n")) as server:
        async with AsyncRunsClient(server.url, api_key=KEY) as runs:
            assert [1, 2] == [part.data async for part in runs.stream("t", "agent", params={"secret": "x"})]
    run = "/threads/t/runs/r"
    requests = ["POST /threads/t/runs/stream", *[f"GET {run}", f"GET {run}/stream"] * 2]
    assert requests == logged(caplog, logging.DEBUG)
    (warning,) = logged(caplog, logging.WARNING)
    assert warning.startswith(
        "stream of run r was interrupted (the connection ended before the run); attempt 1 in "
    )
    assert KEY not in caplog.text


async def test_a_retry_is_logged_as_a_warning(caplog: pytest.LogCaptureFixture) -> None:
    """With its reason."""
    with scripted_server(answer(503, b"busy"), answer(body=b"[]")) as server:
        async with AsyncRunsClient(server.url, api_key=KEY) as runs:
            assert [] == await runs.list("t")
    (warning,) = logged(caplog, logging.WARNING)
    assert "503 from GET" in warning
    assert "attempt 1 in 0." in warning
    assert KEY not in caplog.text
