"""What a run came to, by what servers say of it: told to a flow, without a connection."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest
from langgraph_runs_api.models import Run, Thread
from run.flow_steps import followed

from langgraph_runs import (
    APIConnectionError,
    NotFoundError,
    RetryPolicy,
    RunCancelledError,
    RunFailedError,
    RunTimeoutError,
)
from langgraph_runs.request import endpoints
from langgraph_runs.retry import Backoff
from langgraph_runs.run.cancel_on_exit import HeldRun
from langgraph_runs.run.waiting import join, wait

BACKOFF = Backoff(RetryPolicy(), random=Random(1))
GONE = NotFoundError("gone", method="GET", url="", status=404)
GET, JOIN, HISTORY = "GET /threads/t/runs/r", "GET /threads/t/runs/r/join", "POST /threads/t/history"


def run(status: str, **more: Any) -> Run:
    """The run as a server tells of it."""
    return Run.from_dict({"run_id": "r", "thread_id": "t", "status": status, **more})


def lost(**more: Any) -> APIConnectionError:
    """A connection that broke, after it had named the run or before."""
    return APIConnectionError("lost", method="GET", url="", run_may_exist="run_id" in more, **more)


def waiting(answers: list[Any], *, thread_id: str | None = "t", raise_error: bool = True) -> Any:
    """What a wait comes to, whose answer has named the run, and what was sent after it."""
    call = endpoints.wait({}, thread_id, "agent")
    held = HeldRun(call, None, BACKOFF)
    held.learn("r", thread_id or "t")
    values, sent = followed(wait(call, held, raise_error=raise_error), answers)
    assert held.has_ended
    return values, sent[1:]


def joining(answers: list[Any], *, raise_error: bool = True) -> Any:
    """What a join comes to, and what was sent."""
    call = endpoints.join({}, "t", "r")
    held = HeldRun(call, None, BACKOFF)
    return followed(join(call, held, raise_error=raise_error), answers)


@pytest.mark.parametrize("values", [{"a": 1}, None, [], 7])
def test_a_wait_that_was_answered_has_the_run_s_own_values(values: Any) -> None:
    """It is asked only whether it was stopped."""
    assert (values, [GET]) == waiting([values, run("success")])


def test_a_stateless_wait_asks_nobody() -> None:
    """The run is gone."""
    assert ({"a": 1}, []) == waiting([{"a": 1}], thread_id=None)


def test_a_wait_whose_answer_was_cut_joins_the_run() -> None:
    """And goes on joining, until it is known what it came to."""
    state = {"values": {"a": 1}, "tasks": []}
    answers = [
        lost(run_id="r", thread_id="t"), run("pending"), lost(), lost(), run("running"), {"old": 1}, run("success"),
        [state],
    ]  # fmt: skip
    values, sent = waiting(answers)
    assert ({"a": 1}, [GET, JOIN, "pause", GET, "pause", GET, JOIN, GET, HISTORY]) == (values, sent)


def test_a_stateless_wait_that_was_cut_too_late_says_that_the_outcome_is_lost() -> None:
    """The run has ended, and was deleted."""
    with pytest.raises(APIConnectionError, match="deleted with its thread") as told:
        waiting([lost(run_id="r", thread_id="t"), GONE], thread_id=None)
    assert ("r", "t") == (told.value.run_id, told.value.thread_id)


def test_a_server_that_answers_a_join_too_soon_is_asked_again() -> None:
    """Aegra does so after 30 s, with an empty object."""
    answers = [run("running"), {}, run("running"), run("running"), {}, run("success"), [{"values": {"a": 1}}]]
    values, sent = joining(answers)
    assert ({"a": 1}, [GET, JOIN, GET, "pause", GET, JOIN, GET, HISTORY]) == (values, sent)


def test_a_stateless_run_that_is_gone_when_its_join_was_answered_has_ended() -> None:
    """One on a thread was rolled back, or deleted."""
    temporary = {"kwargs": {"temporary": True}}
    assert {"a": 1} == joining([run("running", **temporary), {"a": 1}, GONE])[0]
    failed = {"__error__": {"error": "E", "message": "m"}}
    with pytest.raises(RunFailedError, match="E: m"):
        joining([run("running", **temporary), failed, GONE])
    with pytest.raises(NotFoundError):
        joining([run("running"), {"a": 1}, GONE])


def test_without_a_history_the_join_s_own_answer_counts() -> None:
    """Some servers have none."""
    assert ({"a": 1}, [GET, HISTORY, JOIN]) == joining([run("success"), [], {"a": 1}])


@pytest.mark.parametrize(
    ("status", "kind"), [("interrupted", RunCancelledError), ("timeout", RunTimeoutError)]
)
def test_a_run_that_was_stopped_is_told_as_that(status: str, kind: type[Exception]) -> None:
    """With raise_error=False, the values so far are there."""
    state = [{"values": {"a": 1}, "tasks": [{"interrupts": []}]}]
    with pytest.raises(kind) as told:
        joining([run(status), state])
    assert ("r", "t") == (told.value.run_id, told.value.thread_id)  # type: ignore[attr-defined]
    with pytest.raises(kind):
        waiting([{"a": 1}, run(status), state])
    assert {"a": 1} == joining([run(status), state], raise_error=False)[0]


def test_a_graph_that_waits_for_an_answer_was_not_cancelled() -> None:
    """Though Aegra calls it interrupted."""
    question = {"id": "i", "value": "Sure?"}
    state = [{"values": {"a": 1}, "tasks": [{"interrupts": [question]}, {"interrupts": None}, 7]}]
    for status in ("interrupted", "success"):
        assert {"a": 1, "__interrupt__": [question]} == joining([run(status), state])[0]
    told = {"__interrupt__": [{**question, "response_schema": None}]}
    assert {"a": 1, "__interrupt__": [question]} == waiting([told, run("success"), state])[0]


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ([[run("error")], Thread("t", "error", error={"error": "E", "message": "m"})], ("E", "m")),
        ([[run("error")], Thread("t", "error"), ], ("ValueError", "it's")),
        ([[Run.from_dict({"run_id": "newer"})]], ("ValueError", "it's")),
    ],
)  # fmt: skip
def test_why_a_run_failed_is_told_by_the_thread_or_by_its_history(
    answers: list[Any], expected: tuple[str, str]
) -> None:
    """The thread's error is that of its newest run."""
    state = [{"values": {}, "tasks": [{"error": None}, {"error": 'ValueError("it\'s")'}]}]
    with pytest.raises(RunFailedError) as failed:
        joining([run("error"), state, *answers])
    assert expected == (failed.value.error, failed.value.reason)


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        ("KeyError()", ("KeyError", "")),
        ("HTTPError(404, 'gone')", ("HTTPError", "(404, 'gone')")),
        ("Odd(<object>)", ("Odd", "<object>")),
        ("no exception at all", ("Error", "no exception at all")),
    ],
)
def test_an_exception_is_read_as_python_shows_it(shown: str, expected: tuple[str, str]) -> None:
    """Whatever is in it."""
    state = [{"values": {}, "tasks": [{"error": shown}]}]
    with pytest.raises(RunFailedError) as failed:
        joining([run("error"), state, []])
    assert expected == (failed.value.error, failed.value.reason)


def test_a_run_is_known_to_have_ended_before_its_values_are() -> None:
    """Whoever leaves from there on stops nothing."""
    call = endpoints.join({}, "t", "r")
    held = HeldRun(call, "interrupt", BACKOFF)
    joins: Any = join(call, held, raise_error=True)
    next(joins)
    assert HISTORY.removeprefix("POST ") == joins.send(run("success")).path
    assert held.leave() is None
