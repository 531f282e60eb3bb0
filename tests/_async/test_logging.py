"""What the logger `langgraph_runs` gets: a line for every response, a warning before each new attempt, and no key."""

from __future__ import annotations

import logging

import pytest
from servers.scripted_server import answer, events, scripted_server

from langgraph_runs import AsyncRunsClient, NotFoundError, ResponseInfo

KEY = "a-secret-key"
FIRST = events(b"data: 1\nid: 0\n\n", Content_Location="/threads/t/runs/r")
REST = events(b"data: 1\nid: 0\n\ndata: 2\nid: 1\n\n")


def logged(caplog: pytest.LogCaptureFixture, level: int) -> list[str]:
    """The messages of our logger at one level."""
    return [
        record.getMessage()
        for record in caplog.records
        if (record.name, record.levelno) == ("langgraph_runs", level)
    ]


async def test_responses_and_reconnects_are_logged(caplog: pytest.LogCaptureFixture) -> None:
    """At DEBUG and as warnings."""
    caplog.set_level(logging.DEBUG, "langgraph_runs")
    running, ended = (
        answer(body=b'{"run_id": "r", "status": "%s"}' % one) for one in (b"running", b"success")
    )
    with scripted_server(FIRST, running, REST, ended, events(b"data: 2\nid: 1\n\n")) as server:
        async with AsyncRunsClient(server.url, api_key=KEY) as runs:
            assert [1, 2] == [part.data async for part in runs.stream("t", "agent", params={"secret": "x"})]
    run = f"{server.url}/threads/t/runs/r"
    requests = [f"POST {server.url}/threads/t/runs/stream", *[f"GET {run}", f"GET {run}/stream"] * 2]
    lines = logged(caplog, logging.DEBUG)
    assert [f"{request}: 200 in" for request in requests] == [
        line[: line.index(" in ") + 3] for line in lines
    ]
    ids = "run_id='r' thread_id='t' request_id="
    assert all(ids in line for line in lines)
    assert [0, 0, 1, 0, 0] == [int(line.partition("attempt=")[2][0]) for line in lines]
    assert "secret" not in caplog.text
    (warning,) = logged(caplog, logging.WARNING)
    assert warning.startswith(
        "stream of run r was interrupted (the connection ended before the run); attempt 1 in "
    )
    assert KEY not in caplog.text


async def test_a_line_has_the_record_of_the_response(caplog: pytest.LogCaptureFixture) -> None:
    """The same that `on_response` gets, for handlers that write its fields; and an error has a line like a success."""
    caplog.set_level(logging.DEBUG, "langgraph_runs")
    infos = list[ResponseInfo]()
    with scripted_server(answer(404, b"{}")) as server:
        async with AsyncRunsClient(server.url, api_key=KEY, on_response=infos.append) as runs:
            with pytest.raises(NotFoundError):
                await runs.get("t", "r")
    (record,) = (one for one in caplog.records if one.name == "langgraph_runs")
    assert (infos[0], str(infos[0])) == (vars(record)["response"], record.getMessage())
    assert str(infos[0]).startswith(f"GET {server.url}/threads/t/runs/r: 404 in 0.")


async def test_without_a_handler_and_a_callback_no_record_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    """It would cost time."""
    monkeypatch.setattr("langgraph_runs._async.hooks.ResponseInfo", None)
    with scripted_server(answer(body=b"[]")) as server:
        async with AsyncRunsClient(server.url, api_key=KEY) as runs:
            assert [] == await runs.list("t")


async def test_a_retry_is_logged_as_a_warning(caplog: pytest.LogCaptureFixture) -> None:
    """With its reason."""
    with scripted_server(answer(503, b"busy"), answer(body=b"[]")) as server:
        async with AsyncRunsClient(server.url, api_key=KEY) as runs:
            assert [] == await runs.list("t")
    (warning,) = logged(caplog, logging.WARNING)
    assert "503 from GET" in warning
    assert "attempt 1 in 0." in warning
    assert KEY not in caplog.text
