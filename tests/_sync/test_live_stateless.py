# Derived from _async/test_live_stateless.py by `make generate`; edit that one.
"""Options of stateless runs, and callers that disconnect, on the real server."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from dev_server import DevServer
from langgraph_runs_api.api.threads import get_thread, get_thread_history
from langgraph_runs_api.models import ErrorResponse
from live.second_client import canceller, leave_when_running
from servers.webhook import Webhook, webhook

from langgraph_runs import RunCancelledError, RunsClient, WaitTimeoutError

SECONDS = {"cancel": 60.0, "continue": 0.3}


@pytest.fixture
def hook() -> Iterator[Webhook]:
    """A webhook that notes what is posted to it."""
    with webhook() as address:
        yield address


@pytest.mark.parametrize(("choice", "expected"), [("cancel", "interrupted"), ("continue", "success")])
def test_on_disconnect_decides_about_a_run_on_a_thread_whose_caller_disconnects(
    runs: RunsClient, thread_id: str, becomes: Any, choice: Any, expected: str
) -> None:
    """It is cancelled, or continues."""
    reported: list[str] = []

    def leave(run_id: str, thread_id: str | None) -> None:
        reported.append(run_id)
        raise KeyError("the caller is gone")

    given: Any = {"seconds": SECONDS[choice]}
    with pytest.raises(KeyError):
        runs.wait(thread_id, "slow", input=given, on_disconnect=choice, on_run_created=leave)
    becomes(thread_id, reported[0], expected)


@pytest.mark.parametrize(("choice", "expected"), [("cancel", "interrupted"), ("continue", "success")])
def test_on_disconnect_decides_about_a_stateless_run_whose_caller_disconnects(
    runs: RunsClient, live_server: DevServer, hook: Webhook, choice: Any, expected: str
) -> None:
    """It is cancelled, or continues; its webhook is called."""
    options: Any = {
        "input": {"seconds": SECONDS[choice]},
        "on_disconnect": choice,
        "webhook": hook.url,
    }
    with runs.stream(None, "slow", stream_mode="custom", **options) as stream:
        assert ["metadata", "custom"] == [(next(stream)).event for _ in range(2)]
    reported = hook.next()
    assert (stream.run_id, expected) == (reported["run_id"], reported["status"])
    with pytest.raises(KeyError):
        runs.wait(None, "slow", on_run_created=leave_when_running(live_server.url), **options)
    assert expected == hook.next()["status"]


def test_the_webhook_gets_a_stateless_run_without_its_values(runs: RunsClient, hook: Webhook) -> None:
    """But with its error if it failed; the thread is deleted as usual."""
    batch = runs.create_batch([{"assistant_id": "agent", "input": {}, "webhook": hook.url}])
    reported = hook.next()
    expected = (batch[0].run_id, "success", None)
    assert expected == (reported["run_id"], reported["status"], reported["values"])
    run = runs.create(None, "failing", input={}, webhook=hook.url)
    reported = hook.next()
    assert (run.run_id, "error", "boom") == (
        reported["run_id"],
        reported["status"],
        reported["error"]["message"],
    )
    assert isinstance(get_thread.sync(run.thread_id, client=runs.api), ErrorResponse)


@pytest.mark.parametrize(("durability", "states"), [("exit", 1), ("async", 5)])
def test_durability_decides_how_many_checkpoints_a_kept_stateless_run_has(
    runs: RunsClient, durability: Any, states: int
) -> None:
    """One at the end, or one for each step."""
    reported: list[Any] = []
    runs.wait(
        None,
        "counter",
        input={"n": 0, "steps": 3},
        durability=durability,
        on_completion="keep",
        on_run_created=lambda *ids: reported.append(ids),
    )
    history = get_thread_history.sync(reported[0][1], client=runs.api, body={"limit": 10})
    assert isinstance(history, list)
    assert states == len(history)


def test_a_stateless_run_can_be_resumable(runs: RunsClient) -> None:
    """Then its parts have ids and can be read again, even after run and thread were deleted."""
    run = runs.create(None, "agent", input={}, stream_mode="updates", stream_resumable=True)
    parts = [part for part in runs.join_stream(run.thread_id, run.run_id, last_event_id="-1")]
    assert ["metadata", "updates", "updates"] == [part.event for part in parts]
    assert all(part.id for part in parts)
    again = [part for part in runs.join_stream(run.thread_id, run.run_id, last_event_id="-1")]
    assert parts == again
    stream = runs.stream(None, "agent", input={}, stream_mode="updates")
    assert [None, None, None] == [part.id for part in [part for part in stream]]


@pytest.mark.parametrize("action", ["interrupt", "rollback"])
@pytest.mark.parametrize("method", ["wait", "stream"])
def test_leaving_a_stateless_run_cancels_it_and_deletes_its_thread(
    runs: RunsClient, method: str, action: Any
) -> None:
    """With cancel_on_exit, it has a thread of its own."""
    reported: list[Any] = []
    options: Any = {"cancel_on_exit": action, "on_run_created": lambda *ids: reported.append(ids)}
    if method == "wait":
        with pytest.raises(WaitTimeoutError):
            runs.wait(None, "slow", input={"seconds": 60, "n": 600}, timeout=3, **options)
    else:
        with runs.stream(None, "slow", input={"seconds": 60, "n": 600}, **options) as stream:
            assert "metadata" == (next(stream)).event
    assert isinstance(get_thread.sync(reported[0][1], client=runs.api), ErrorResponse)


def test_a_stateless_run_with_cancel_on_exit_reports_that_it_was_cancelled(
    runs: RunsClient, live_server: DevServer
) -> None:
    """By somebody else; without it, that could not be known."""
    with canceller(live_server.url, "interrupt") as stop, pytest.raises(RunCancelledError) as cancelled:
        given: Any = {"seconds": 60, "n": 600}
        runs.wait(None, "slow", input=given, cancel_on_exit="interrupt", on_run_created=stop)
    thread_id = str(cancelled.value.thread_id)
    assert isinstance(get_thread.sync(thread_id, client=runs.api), ErrorResponse)
