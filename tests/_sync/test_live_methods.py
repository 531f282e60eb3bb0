# Derived from _async/test_live_methods.py by `make generate`; edit that one.
"""Every method on the real server, with every way in which a run can end."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from langgraph_runs_api.api.threads import get_thread, get_thread_history, get_thread_state
from langgraph_runs_api.models import Thread, ThreadState

from langgraph_runs import (
    UNSET,
    ErrorPart,
    NotFoundError,
    RunFailedError,
    RunsClient,
)

UNKNOWN = str(UUID(int=1))
SLOW: dict[str, Any] = {"seconds": 60, "n": 600}


def test_wait_returns_the_final_values(runs: RunsClient, thread_id: str) -> None:
    """On a thread, which keeps them, and without one."""
    expected = {"text": "Hello, Ada", "steps": ["greet", "finish"]}
    assert expected == runs.wait(None, "agent", input={"text": "Ada"})
    assert expected == runs.wait(thread_id, "agent", input={"text": "Ada"})
    state = get_thread_state.sync(thread_id, client=runs.api)
    assert isinstance(state, ThreadState)
    assert expected == state.values


def test_a_failed_run_raises_the_error_of_its_graph(runs: RunsClient, thread_id: str) -> None:
    """wait and join raise the same error. The server hides the messages of the graph's own error classes."""
    for thread in (None, thread_id):
        with pytest.raises(RunFailedError) as failed:
            runs.wait(thread, "failing", input={"message": "no"})
        assert ("ValueError", "no") == (failed.value.error, failed.value.reason)
        assert failed.value.run_id
        assert failed.value.thread_id
    (run,) = runs.list(thread_id)
    with pytest.raises(RunFailedError) as failed:
        runs.join(thread_id, run.run_id)
    assert ("ValueError", "no", run.run_id) == (failed.value.error, failed.value.reason, failed.value.run_id)
    with pytest.raises(RunFailedError, match="An internal error occurred"):
        runs.wait(None, "failing_inside", input={})


def test_raise_error_false_returns_the_failure(runs: RunsClient, thread_id: str) -> None:
    """As the server reported it."""
    expected = {"__error__": {"error": "ValueError", "message": "no"}}
    assert expected == runs.wait(None, "failing", input={"message": "no"}, raise_error=False)
    run = runs.create(thread_id, "failing", input={"message": "no"})
    assert expected == runs.join(thread_id, run.run_id, raise_error=False)


@pytest.mark.parametrize("raise_error", [True, False])
def test_a_stream_yields_the_parts_before_the_error(
    runs: RunsClient, thread_id: str, raise_error: bool
) -> None:
    """Then it raises, or yields the error as a part."""
    for thread in (None, thread_id):
        parts = []
        stream = runs.stream(thread, "failing", input={}, stream_mode="updates", raise_error=raise_error)
        try:
            for part in stream:
                parts.append(part)
        except RunFailedError as error:
            assert raise_error
            assert (stream.run_id, stream.thread_id) == (error.run_id, error.thread_id)
        else:
            assert not raise_error
            last = parts.pop()
            assert isinstance(last, ErrorPart)
            assert {"error": "ValueError", "message": "boom"} == last.data
        assert ["metadata", "updates"] == [part.event for part in parts]


def test_a_command_resumes_an_interrupted_graph(runs: RunsClient, thread_id: str) -> None:
    """The values have `__interrupt__`; any answer resumes."""
    for answer in ({"yes": True}, "yes", 0, []):
        waiting = runs.wait(thread_id, "interrupting", input={"question": "Sure?"})
        assert [{"question": "Sure?"}] == [one["value"] for one in waiting["__interrupt__"]]
        done = runs.wait(thread_id, "interrupting", command={"resume": answer})
        assert {"question": "Sure?", "answer": answer} == done


def test_null_can_be_the_answer_to_an_interrupt(runs: RunsClient, thread_id: str) -> None:
    """Given by the interrupt's id; a bare null arrives as well, but LangGraph 1.2.22 cannot handle it."""
    waiting = runs.wait(thread_id, "interrupting", input={})
    answer = {waiting["__interrupt__"][0]["id"]: None}
    done = runs.wait(thread_id, "interrupting", command={"resume": answer})
    assert {"answer": None} == done


def test_two_interrupts_are_answered_by_their_ids(runs: RunsClient, thread_id: str) -> None:
    """Both are open at once, each with its id."""
    waiting = runs.wait(thread_id, "two_interrupts", input={})
    answers = {one["id"]: one["value"]["question"].upper() for one in waiting["__interrupt__"]}
    done = runs.wait(thread_id, "two_interrupts", command={"resume": answers})
    assert {"left": "LEFT?", "right": "RIGHT?"} == done


def test_a_stream_of_an_interrupted_graph_shows_the_question(runs: RunsClient, thread_id: str) -> None:
    """It is in the updates, and then the stream ends."""
    stream = runs.stream(thread_id, "interrupting", input={}, stream_mode="updates")
    parts = [part for part in stream]
    assert {"question": "Go on?"} == parts[-1].data["__interrupt__"][0]["value"]


def test_an_interrupted_run_can_be_joined(runs: RunsClient, thread_id: str) -> None:
    """While it runs or later: the values have the question."""
    run = runs.create(thread_id, "interrupting", input={"question": "Sure?"}, after=0.3)
    waiting = runs.join(thread_id, run.run_id)
    (asked,) = waiting["__interrupt__"]
    expected = {"question": "Sure?", "__interrupt__": [{"id": asked["id"], "value": {"question": "Sure?"}}]}
    assert expected == waiting
    assert expected == runs.join(thread_id, run.run_id)
    assert "success" == (runs.get(thread_id, run.run_id)).status


def test_create_returns_the_run_and_join_its_outcome(runs: RunsClient, thread_id: str) -> None:
    """on_run_created gets the ids too; join waits for a run that is running, and takes one that has ended."""
    reported = []
    run = runs.create(
        thread_id, "slow", input={"seconds": 0.3}, on_run_created=lambda *ids: reported.append(ids)
    )
    assert [(run.run_id, thread_id)] == reported
    assert ("pending", thread_id) == (run.status, run.thread_id)
    expected = {"seconds": 0.3, "done": True}
    assert expected == runs.join(thread_id, run.run_id)
    assert expected == runs.join(thread_id, run.run_id)
    assert "success" == (runs.get(thread_id, run.run_id)).status


def test_a_stateless_run_has_ids(runs: RunsClient) -> None:
    """They are known as soon as the server has sent them; a stream reports no thread."""
    reported: list[Any] = []
    run = runs.create(None, "agent", input={}, on_run_created=lambda *ids: reported.append(ids))
    assert [(run.run_id, run.thread_id)] == reported
    runs.wait(None, "agent", input={}, on_run_created=lambda *ids: reported.append(ids))
    assert all(reported[1])
    stream = runs.stream(None, "agent", input={}, on_run_created=lambda *ids: reported.append(ids))
    assert [part for part in stream]
    assert (stream.run_id, None) == (reported[2][0], stream.thread_id)


def test_wait_calls_on_run_created_before_the_run_ends(runs: RunsClient, thread_id: str) -> None:
    """When the headers arrive, so that the callback can cancel the run."""
    seen: list[str] = []

    def created(run_id: str, thread_id: str | None) -> None:
        seen.append(run_id)
        raise KeyError("out of here")

    with pytest.raises(KeyError):
        runs.wait(thread_id, "slow", input=SLOW, on_run_created=created)
    assert (runs.get(thread_id, seen[0])).status in ("pending", "running")
    runs.cancel(thread_id, seen[0], wait=True)


def test_a_batch_starts_all_its_runs(runs: RunsClient) -> None:
    """In order, each on a thread of its own."""
    batch = runs.create_batch(
        [
            {
                "assistant_id": "agent",
                "input": {"text": "one"},
                "metadata": {"n": 1},
                "on_completion": "keep",
            },
            {"assistant_id": "counter", "input": {"n": 0}, "after": 0.1, "metadata": {"n": 2}},
        ]
    )
    assert [1, 2] == [run.metadata["n"] for run in batch if run.metadata]
    assert "Hello, one" == (runs.join(batch[0].thread_id, batch[0].run_id))["text"]


def test_list_pages_filters_and_selects(runs: RunsClient, thread_id: str) -> None:
    """Newest first."""
    ids = [(runs.create(thread_id, "agent", input={})).run_id for _ in range(5)]
    runs.join(thread_id, ids[-1])
    newest_first = ids[::-1]
    assert newest_first == [run.run_id for run in runs.list(thread_id)]
    assert newest_first[1:3] == [run.run_id for run in runs.list(thread_id, limit=2, offset=1)]
    assert [] == runs.list(thread_id, status="error")
    assert newest_first == [run.run_id for run in runs.list(thread_id, status="success")]
    (bare, *_) = runs.list(thread_id, select=["status"])
    assert ("success", UNSET) == (bare.status, bare.run_id)
    assert newest_first == [run.run_id for run in runs.list_all(thread_id, page_size=2)]
    selected = [run for run in runs.list_all(thread_id, select=["status"])]
    assert newest_first == [run.run_id for run in selected]
    assert {"success"} == {run.status for run in selected}


def test_a_deleted_run_is_unknown(runs: RunsClient, thread_id: str) -> None:
    """Every method that takes a run raises the same class of error."""
    runs.wait(thread_id, "agent", input={})
    (run,) = runs.list(thread_id)
    runs.delete(thread_id, run.run_id)
    for run_id in (run.run_id, UNKNOWN):
        for call in (runs.get, runs.delete, runs.cancel, runs.join):
            with pytest.raises(NotFoundError) as unknown:
                call(thread_id, run_id)
            assert (404, run_id, thread_id) == (
                unknown.value.status,
                unknown.value.run_id,
                unknown.value.thread_id,
            )
        with pytest.raises(NotFoundError):
            next(runs.join_stream(thread_id, run_id, raise_error=False))
        with pytest.raises(NotFoundError):
            runs.join(thread_id, run_id, raise_error=False)


def test_the_generated_layer_works_beside_the_wrapper(runs: RunsClient, thread_id: str) -> None:
    """On the same connections, with the same headers."""
    runs.wait(thread_id, "counter", input={"n": 0, "steps": 2})
    thread = get_thread.sync(thread_id, client=runs.api)
    assert isinstance(thread, Thread)
    assert ("idle", 2) == (thread.status, thread.values["n"])
    history = get_thread_history.sync(thread_id, client=runs.api, body={"limit": 2})
    assert isinstance(history, list)
    assert [2, 1] == [state.values["n"] for state in history]
