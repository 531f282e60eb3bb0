# Derived from _async/test_other_outcomes.py by `make generate`; edit that one.
"""Outcomes over sockets, with the bytes that LangGraph.js 1.5.1 and Aegra 0.11.0 send."""

from __future__ import annotations

import json
import logging
import re
from typing import Any

import pytest
from servers.scripted_server import HANG, PAUSE, answer, events, scripted_server

from langgraph_runs import (
    InternalServerError,
    NotFoundError,
    RunCancelledError,
    RunFailedError,
    RunsClient,
    UnprocessableEntityError,
    WaitTimeoutError,
)

T, R = "01a222d2-48d3-705a-9d1a-558ce9eee790", "01a222d2-4eaa-703d-89db-a617481c11ce"
RUN = f"/threads/{T}/runs/{R}"
JS = {"content_location": RUN}
AEGRA = {
    "location": f"{RUN}/join",
    "content_location": RUN,
    "x_request_id": "e043e2c92f8046feb9c9f3b72e87e9b9",
}
AEGRA_GONE = answer(404, b'{"error":"not_found","message":"Run not found","details":null}')
AEGRA_REFUSES = answer(
    500, b'{"error":"internal_error","message":"Error retrieving thread history","details":null}'
)
ENDED = answer(200, b'{"status":"deleted"}')


def run(status: str, **more: Any) -> bytes:
    """A run."""
    return answer(body=json.dumps({"run_id": R, "thread_id": T, "status": status, **more}).encode())


def states(error: str | None, **task: Any) -> bytes:
    """A history of one state."""
    one = {"values": {"a": 1}, "metadata": {"run_id": R}, "tasks": [{"error": error, **task}]}
    return answer(body=json.dumps([one]).encode())


def failure(error: str, message: str) -> bytes:
    """The body of a failed wait."""
    return json.dumps({"__error__": {"error": error, "message": message}}).encode()


def done(method: str, *answers: bytes, **options: Any) -> tuple[Any, list[str]]:
    """The outcome of a method with these answers, and its requests."""
    with scripted_server(*answers) as server:
        with RunsClient(server.url, api_key=None) as runs:
            try:
                if method == "join":
                    outcome = runs.join(T, R, **options)
                else:
                    outcome = runs.wait(options.pop("thread_id", T), "agent", **options)
            except Exception as error:  # noqa: BLE001  # checked by the test
                outcome = error
    found = [
        f"{request.method} {re.sub('[0-9a-f-]{36}', '…', request.target)}" for request in server.requests
    ]
    assert len(answers) == len(found)
    return outcome, found


JS_FAILED = answer(
    body=b"\n" + failure("Error", '{"error":"TypeError","message":"bad"}'), kind="text/plain", **JS
)
JS_STATE = states('{"message":"bad","name":"TypeError"}')
AEGRA_FAILED = answer(body=b"\n" + failure("Error", "bad"), **AEGRA)
AEGRA_HISTORY = AEGRA_REFUSES, states("TypeError('bad')")


@pytest.mark.parametrize(
    "exchange",
    [
        ("wait", JS_FAILED),
        ("join", run("error"), JS_STATE),
        ("join", run("running"), answer(body=b'{"a":1}'), run("error"), JS_STATE),
        ("wait", AEGRA_FAILED, *AEGRA_HISTORY),
        ("join", run("error", error_message="bad"), *AEGRA_HISTORY),
        ("join", run("running"), AEGRA_FAILED, run("error", error_message="bad"), *AEGRA_HISTORY),
    ],
)
def test_every_method_reports_the_class_and_message_of_the_exception(exchange: Any) -> None:
    """Wait, late join and join, of LangGraph.js and of Aegra."""
    error, _ = done(*exchange)
    assert isinstance(error, RunFailedError)
    assert ("TypeError", "bad", R, T) == (error.error, error.reason, error.run_id, error.thread_id)


def test_a_join_of_aegra_asks_for_the_history_without_a_filter() -> None:
    """Which it refuses with 500."""
    values, sent = done("join", run("success"), AEGRA_REFUSES, states(None))
    assert ({"a": 1}, "POST /threads/…/history") == (values, sent[-1])


def test_a_rollback_of_langgraph_js_raises_run_cancelled_error() -> None:
    """With raise_error=False, the result is the values so far."""
    rolled_back = answer(
        body=failure("Error", '{"error":"Error","message":"rollback"}'), kind="text/plain", **JS
    )
    error, _ = done("wait", rolled_back, states(None))
    assert isinstance(error, RunCancelledError)
    assert {"a": 1} == (done("wait", rolled_back, states(None), raise_error=False))[0]


def test_an_unknown_thread_of_langgraph_js_raises_not_found_error() -> None:
    """It says that the thread is busy."""
    busy = answer(422, b"Thread is already running a task. Wait for it to finish.", kind="text/plain")
    unknown = answer(404, f"Thread with ID {T} not found".encode(), kind="text/plain")
    error, sent = done("wait", busy, unknown)
    assert isinstance(error, NotFoundError)
    assert T in str(error)
    assert ["POST /threads/…/runs/wait", "GET /threads/…"] == sent


def test_a_cancelled_stateless_run_of_aegra_is_not_a_success() -> None:
    """The run is gone when its wait says {}."""
    error, sent = done("wait", answer(body=b"{}", **AEGRA), AEGRA_GONE, thread_id=None)
    assert isinstance(error, RunCancelledError)
    assert ["POST /runs/wait", "GET /threads/…/runs/…"] == sent
    python = answer(404, b'{"detail":"Run not found"}')
    assert {} == (done("wait", answer(body=b"{}", **AEGRA), python, thread_id=None))[0]


def test_a_run_that_was_active_when_aegra_crashed_has_failed() -> None:
    """At once, though its status remains "running"."""
    message = f"Wait ended before run '{R}' completed (status: running)"
    error, _ = done("join", run("running"), answer(body=failure("IncompleteRun", message), **AEGRA))
    assert isinstance(error, RunFailedError)
    assert ("IncompleteRun", message) == (error.error, error.reason)


def test_a_rollback_that_aegra_refuses_is_an_error_of_cancel() -> None:
    """With its status."""
    refused = answer(
        422, b'{"detail":[{"loc":["query","action"],"msg":"Input should be \'cancel\' or \'interrupt\'"}]}'
    )
    with scripted_server(refused) as server:
        with RunsClient(server.url, api_key=None) as runs:
            with pytest.raises(UnprocessableEntityError, match="should be 'cancel'"):
                runs.cancel(T, R, action="rollback")
    assert 1 == len(server.requests)


def test_a_stateless_wait_with_cancel_on_exit_has_the_outcome_of_its_own_run() -> None:
    """Also if it was cancelled, and if its connection was cut; then its thread is deleted."""
    sent = [
        "POST /threads/…/runs/wait",
        "GET /threads/…/runs/…",
        "POST /threads/…/history",
        "DELETE /threads/…",
    ]
    options: Any = {"thread_id": None, "cancel_on_exit": "interrupt"}
    body = answer(body=b"{}", **AEGRA)
    error, found = done("wait", body, run("interrupted"), states(None), ENDED, **options)
    assert (RunCancelledError, sent) == (type(error), found)
    values, found = done("wait", body[:-1], run("success"), states(None), ENDED, **options)
    assert ({"a": 1}, sent) == (values, found)


@pytest.mark.parametrize("refusal", [answer(500, b"no"), answer(409, b"{}"), answer(200, b"<html>")])
def test_a_thread_that_cannot_be_deleted_changes_no_outcome(refusal: bytes) -> None:
    """A success remains one."""
    options: Any = {"thread_id": None, "cancel_on_exit": "interrupt"}
    assert {"a": 1} == (done("wait", answer(body=b'{"a":1}', **JS), run("success"), refusal, **options))[0]


@pytest.mark.parametrize("method", ["wait", "stream"])
def test_leaving_a_stateless_run_cancels_it_and_deletes_its_thread(method: str) -> None:
    """When it has stopped."""
    began = b'event: metadata\ndata: {"run_id":"%s"}\nid: 0\n\n' % R.encode()
    first = (answer(body=PAUSE, **JS) if method == "wait" else events(began, **JS)) + HANG
    idle = answer(body=b'{"thread_id":"%s","status":"idle"}' % T.encode())
    with scripted_server(first, answer(202, b""), run("interrupted"), idle, answer(204, b"")) as server:
        with RunsClient(server.url, api_key=None, cancel_on_exit="interrupt") as runs:
            if method == "wait":
                with pytest.raises(WaitTimeoutError):
                    runs.wait(None, "agent", timeout=1)
            else:
                for _ in runs.stream(None, "agent"):
                    break
    sent = [f"{request.method} {re.sub('[0-9a-f-]{36}', '…', request.target)}" for request in server.requests]
    cancel = "POST /threads/…/runs/…/cancel?action=interrupt"
    assert [cancel, "GET /threads/…/runs/…", "GET /threads/…", "DELETE /threads/…"] == sent[1:]


def test_a_thread_whose_run_does_not_stop_in_time_is_kept(caplog: pytest.LogCaptureFixture) -> None:
    """Deleting it would not stop the graph; the log says so."""
    caplog.set_level(logging.INFO, "langgraph_runs")
    first = events(b'event: metadata\ndata: {"run_id":"r"}\nid: 0\n\n', **JS) + HANG
    with scripted_server(first, answer(202, b""), run("running")) as server:
        with RunsClient(server.url, api_key=None, cancel_on_exit="interrupt") as runs:
            for _ in runs.stream(None, "agent"):
                break
    assert "DELETE" not in [request.method for request in server.requests]
    assert [record for record in caplog.messages if "was not deleted" in record]
    assert not [record for record in caplog.messages if "could not be cancelled" in record]


def test_a_refused_history_of_the_whole_thread_does_not_hide_the_body() -> None:
    """The body of the wait is the outcome."""
    body = answer(body=b'{"a":2,"__interrupt__":[{"id":"i","value":"q"}]}', **AEGRA)
    values, _ = done("wait", body, run("interrupted"), AEGRA_REFUSES, AEGRA_REFUSES)
    assert {"a": 2, "__interrupt__": [{"id": "i", "value": "q"}]} == values


def test_a_server_error_of_another_request_is_raised() -> None:
    """Only the history may be refused."""
    error, _ = done("join", AEGRA_REFUSES)
    assert isinstance(error, InternalServerError)
