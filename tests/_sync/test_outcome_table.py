# Derived from _async/test_outcome_table.py by `make generate`; edit that one.
"""Each method that holds a run, with each way in which that can end: the error it raises, and the fields of it."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import pytest
from dev_server import DevServer
from live.second_client import canceller
from servers.scripted_server import answer, scripted_server

from langgraph_runs import (
    AuthenticationError,
    InternalServerError,
    LangGraphRunsError,
    NotFoundError,
    RateLimitError,
    RetryPolicy,
    RunCancelledError,
    RunFailedError,
    RunsClient,
    ThreadBusyError,
)

STARTING, JOINING = ("wait", "stream"), ("join", "join_stream")
UNKNOWN = str(UUID(int=7))
BUSY = "Thread is already running a task. Wait for it to finish or choose a different multitask strategy."
ONCE = RetryPolicy(attempts=0)


@dataclass(frozen=True)
class Row:
    """One way to end.

    Attributes:
        kind: The error; None if there is none.
        fields: Its fields, other than the run and its thread.
        graph, given: The graph and its input.
        action: What a second client does to the run.
        key: The key of the caller.
        written: The scripted answer if the real server cannot produce this end, and why it cannot: for all methods, or
            for the named ones.
    """

    kind: type[LangGraphRunsError] | None
    fields: dict[str, Any] = field(default_factory=dict)
    graph: str = "agent"
    given: dict[str, Any] = field(default_factory=dict)
    action: str | None = None
    key: str | None = None
    written: bytes = b""
    why: dict[str, str] = field(default_factory=dict)


def row_of(status: int, written: bytes, kind: type[LangGraphRunsError], why: str, **more: Any) -> Row:
    """A row that holds for every method."""
    headers = {"Retry_After": "7"} if "retry_after" in more else {}
    return Row(
        kind,
        {"status": status, **more},
        written=answer(status, written, **headers),
        why=dict.fromkeys((*STARTING, *JOINING), why),
    )


TABLE = {
    "failed": Row(
        RunFailedError,
        {"status": "error", "error": "ValueError", "reason": "no luck"},
        graph="failing",
        given={"message": "no luck"},
    ),
    "interrupted": Row(None, graph="interrupting", given={"question": "Sure?"}),
    "cancelled": Row(
        RunCancelledError, {"status": "interrupted"}, "slow", {"seconds": 60}, action="interrupt"
    ),
    "rolled back": Row(NotFoundError, {"status": 404}, "slow", {"seconds": 60}, action="rollback"),
    "deleted": Row(NotFoundError, {"status": 404}, "slow", {"seconds": 2}, action="delete"),
    "unknown": Row(NotFoundError, {"status": 404, "run_may_exist": False}),
    "409 busy": Row(
        ThreadBusyError,
        {"status": 409, "body": {"detail": BUSY}, "run_may_exist": False},
        written=answer(409, b'{"detail": "%s"}' % BUSY.encode()),
        why=dict.fromkeys(JOINING, "a join starts no run, so that it meets no other; by a proxy at most"),
    ),
    "422 busy": row_of(
        422,
        BUSY.encode(),
        ThreadBusyError,
        "so the JavaScript server puts it",
        body=BUSY,
        run_may_exist=False,
    ),
    "401": Row(
        AuthenticationError,
        {"status": 401, "body": {"detail": "The API key is not valid."}, "run_may_exist": False},
        key="wrong-key",
    ),
    "429": row_of(
        429,
        b'{"detail": "slow down"}',
        RateLimitError,
        "the development server has no limits",
        body={"detail": "slow down"},
        retry_after=7.0,
        run_may_exist=False,
    ),
    "500": row_of(
        500,
        b"Internal Server Error",
        InternalServerError,
        "it takes a defect of the server",
        body="Internal Server Error",
    ),
}


@pytest.mark.parametrize("method", [*STARTING, *JOINING])
@pytest.mark.parametrize("end", TABLE)
def test_every_method_raises_the_same_error_for_the_same_end(
    live_server: DevServer, thread_id: str, end: str, method: str
) -> None:
    """Class and fields, run and thread if there are any; and the same again after pickling."""
    row, reported = TABLE[end], list[str]()
    if method in row.why:
        with scripted_server(row.written) as other:
            with RunsClient(other.url, api_key=None, retry=ONCE) as runs:
                with pytest.raises(LangGraphRunsError) as ended:
                    held(runs, method, thread_id, UNKNOWN, "agent")
    else:
        with canceller(live_server.url, row.action) as stop:
            with RunsClient(live_server.url, api_key=row.key) as runs:

                def begun(run_id: str, thread_id: str | None) -> None:
                    reported.append(run_id)
                    if row.action:
                        stop(run_id, thread_id)

                if row.kind is None:
                    asked_for(begin(runs, row, end, method, thread_id, begun))
                    return
                with pytest.raises(LangGraphRunsError) as ended:
                    begin(runs, row, end, method, thread_id, begun)
                if end == "409 busy":
                    reported.clear()
                    runs.cancel_all(thread_id)
    ids = {"run_id": UNKNOWN if method in JOINING else None, "thread_id": thread_id}
    if end == "unknown" and method in STARTING:
        ids["thread_id"] = UNKNOWN
    if reported:
        ids["run_id"] = reported[0]
    if end == "500":
        ids["run_may_exist"] = method in STARTING
    error: Any = ended.value
    assert row.kind is type(error)
    assert row.fields | ids == {name: getattr(error, name) for name in row.fields | ids}
    copy = pickle.loads(pickle.dumps(error))
    assert (type(error), error.args, vars(error)) == (type(copy), copy.args, vars(copy))


def begin(runs: RunsClient, row: Row, end: str, method: str, thread_id: str, tell: Callable[..., Any]) -> Any:
    """Starts a run with this end on the real server."""
    if end == "unknown":
        return held(runs, method, UNKNOWN if method in STARTING else thread_id, UNKNOWN, "agent")
    if end == "401":
        return held(runs, method, thread_id, UNKNOWN, "agent")
    new: dict[str, Any] = {"input": row.given, "on_run_created": tell}
    if end == "409 busy":
        runs.create(thread_id, "slow", input={"seconds": 60})
        new["multitask_strategy"] = "reject"
    if method in STARTING:
        return held(runs, method, thread_id, "", row.graph, **new)
    run = runs.create(thread_id, row.graph, stream_resumable=True, **new)
    return held(runs, method, thread_id, run.run_id, "")


def held(runs: RunsClient, method: str, thread_id: str, run_id: str, graph: str, **new: Any) -> Any:
    """The values of a run, or its parts."""
    if method == "wait":
        return runs.wait(thread_id, graph, **new)
    if method == "join":
        return runs.join(thread_id, run_id)
    if method == "stream":
        return [part for part in runs.stream(thread_id, graph, **new)]
    return [part for part in runs.join_stream(thread_id, run_id, last_event_id="-1")]


def asked_for(reported: Any) -> None:
    """A graph that waits for an answer has not failed: the question is among its values."""
    values = reported[-1].data if isinstance(reported, list) else reported
    (asked,) = values["__interrupt__"]
    assert ("Sure?", {"question": "Sure?"}) == (values["question"], asked["value"])
