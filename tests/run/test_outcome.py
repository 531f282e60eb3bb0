"""The outcome of a run, from the answers of the server. Without a connection."""

from __future__ import annotations

from random import Random
from time import process_time
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
    """The run as a server reports it."""
    return Run.from_dict({"run_id": "r", "thread_id": "t", "status": status, **more})


def lost(**more: Any) -> APIConnectionError:
    """A lost connection, whose answer had the run's id or not."""
    return APIConnectionError("lost", method="GET", url="", run_may_exist="run_id" in more, **more)


def waiting(answers: list[Any], *, thread_id: str | None = "t", raise_error: bool = True) -> Any:
    """The outcome of a wait whose answer had the run's id, and the requests after it."""
    call = endpoints.wait({}, thread_id, "agent")
    held = HeldRun(call, None, BACKOFF)
    held.learn("r", thread_id or "t")
    values, sent = followed(wait(call, held, raise_error=raise_error), answers)
    assert held.has_ended
    return values, sent[1:]


def joining(answers: list[Any], *, raise_error: bool = True) -> Any:
    """The outcome of a join, and its requests."""
    call = endpoints.join({}, "t", "r")
    held = HeldRun(call, None, BACKOFF)
    return followed(join(call, held, raise_error=raise_error), answers)


@pytest.mark.parametrize("values", [{"a": 1}, None, [], 7])
def test_an_answered_wait_returns_the_values_of_its_answer(values: Any) -> None:
    """It only asks whether the run was cancelled."""
    assert (values, [GET]) == waiting([values, run("success")])


def test_a_stateless_wait_sends_nothing_more() -> None:
    """The run is gone."""
    assert ({"a": 1}, []) == waiting([{"a": 1}], thread_id=None)


def test_a_wait_whose_answer_was_cut_joins_the_run() -> None:
    """Until its outcome is known."""
    state = {"values": {"a": 1}, "tasks": []}
    answers = [
        lost(run_id="r", thread_id="t"), run("pending"), lost(), lost(), run("running"), {"old": 1}, run("success"),
        [state],
    ]  # fmt: skip
    values, sent = waiting(answers)
    assert ({"a": 1}, [GET, JOIN, "pause", GET, "pause", GET, JOIN, GET, HISTORY]) == (values, sent)


def test_a_stateless_wait_that_was_cut_at_its_end_raises_that_the_outcome_is_lost() -> None:
    """The run has ended, and was deleted."""
    with pytest.raises(APIConnectionError, match="deleted with its thread") as raised:
        waiting([lost(run_id="r", thread_id="t"), GONE], thread_id=None)
    assert ("r", "t") == (raised.value.run_id, raised.value.thread_id)


def test_a_join_that_is_answered_too_early_is_repeated() -> None:
    """Aegra answers after 30 s, with an empty object."""
    answers = [run("running"), {}, run("running"), run("running"), {}, run("success"), [{"values": {"a": 1}}]]
    values, sent = joining(answers)
    assert ({"a": 1}, [GET, JOIN, GET, "pause", GET, JOIN, GET, HISTORY]) == (values, sent)


def test_connections_that_last_for_a_while_do_not_count_as_attempts() -> None:
    """A proxy may cut each join after a minute. But a server that only keeps the request for the status waiting is not
    asked forever."""
    cut = [run("running"), lost(seconds=60.0)]
    assert {"a": 1} == joining([*cut * 30, run("success"), [{"values": {"a": 1}}]])[0]
    with pytest.raises(APIConnectionError):
        joining([lost(seconds=60.0)] * 11)
    with pytest.raises(APIConnectionError):
        joining([run("running"), lost(seconds=0.1)] * 11)


def test_a_stateless_run_that_is_gone_after_its_join_has_ended() -> None:
    """One on a thread was rolled back or deleted."""
    temporary = {"kwargs": {"temporary": True}}
    assert {"a": 1} == joining([run("running", **temporary), {"a": 1}, GONE])[0]
    failed = {"__error__": {"error": "E", "message": "m"}}
    with pytest.raises(RunFailedError, match="E: m"):
        joining([run("running", **temporary), failed, GONE])
    with pytest.raises(NotFoundError):
        joining([run("running"), {"a": 1}, GONE])


def test_without_a_history_the_answer_of_the_join_counts() -> None:
    """Some servers have none."""
    assert ({"a": 1}, [GET, HISTORY, JOIN]) == joining([run("success"), [], {"a": 1}])


@pytest.mark.parametrize(
    ("status", "kind"), [("interrupted", RunCancelledError), ("timeout", RunTimeoutError)]
)
def test_a_cancelled_run_is_reported_as_cancelled(status: str, kind: type[Exception]) -> None:
    """With raise_error=False, the result is the values so far."""
    state = [{"values": {"a": 1}, "tasks": [{"interrupts": []}]}]
    with pytest.raises(kind) as raised:
        joining([run(status), state])
    assert ("r", "t") == (raised.value.run_id, raised.value.thread_id)  # type: ignore[attr-defined]
    with pytest.raises(kind):
        waiting([{"a": 1}, run(status), state])
    assert {"a": 1} == joining([run(status), state], raise_error=False)[0]


def test_a_graph_that_waits_for_an_answer_is_not_reported_as_cancelled() -> None:
    """Aegra calls it interrupted."""
    question = {"id": "i", "value": "Sure?"}
    state = [{"values": {"a": 1}, "tasks": [{"interrupts": [question]}, {"interrupts": None}, 7]}]
    for status in ("interrupted", "success"):
        assert {"a": 1, "__interrupt__": [question]} == joining([run(status), state])[0]
    reported = {"__interrupt__": [{**question, "response_schema": None}]}
    assert {"a": 1, "__interrupt__": [question]} == waiting([reported, run("success"), state])[0]


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ([[run("error")], Thread("t", "error", error={"error": "E", "message": "m"})], ("E", "m")),
        ([[run("error")], Thread("t", "error"), ], ("ValueError", "it's")),
        ([[Run.from_dict({"run_id": "newer"})]], ("ValueError", "it's")),
    ],
)  # fmt: skip
def test_the_reason_of_a_failure_comes_from_the_thread_or_its_history(
    answers: list[Any], expected: tuple[str, str]
) -> None:
    """The thread's error is that of its latest run."""
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
def test_an_exception_is_parsed_from_its_repr(shown: str, expected: tuple[str, str]) -> None:
    """Whatever its message contains."""
    state = [{"values": {}, "tasks": [{"error": shown}]}]
    with pytest.raises(RunFailedError) as failed:
        joining([run("error"), state, []])
    assert expected == (failed.value.error, failed.value.reason)


def test_leaving_a_join_cancels_nothing_once_the_run_has_ended() -> None:
    """Even before its values are known."""
    call = endpoints.join({}, "t", "r")
    held = HeldRun(call, "interrupt", BACKOFF)
    joins: Any = join(call, held, raise_error=True)
    next(joins)
    assert HISTORY.removeprefix("POST ") == joins.send(run("success")).path
    assert held.leave() is None


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        ("9" * 5000, "9" * 5000),
        ("0x" + "f" * 800, str(int("f" * 800, 16))),
        ("0x" + "f" * 5000, "0x" + "f" * 5000),
        ("(" * 400_000 + ")" * 400_000, "(" * 400_000 + ")" * 400_000),
        ("1," * 400_000, "1," * 400_000),
        ("-" * 800_000, "-" * 800_000),
        ("'" + "\\" * 799_999, "'" + "\\" * 799_999),
        ("'" + "x\\n" * 200_000 + "'", "x\n" * 200_000),
        ("1, 'two'", "(1, 'two')"),
    ],
    ids=[
        "digits",
        "hexadecimal",
        "more hexadecimal",
        "parentheses",
        "numbers",
        "signs",
        "backslashes",
        "a long message",
        "two arguments",
    ],
)
def test_the_reason_of_a_failure_is_read_in_bounded_time(arguments: str, reason: str) -> None:
    """Whatever the exception shows; what cannot be decoded in that time is the reason as it is."""
    shown = f"ValueError({arguments})"
    state = [{"values": {}, "tasks": [{"error": shown}]}]
    began = process_time()
    with pytest.raises(RunFailedError) as failed:
        joining([run("error"), state, [run("error")], Thread.from_dict({"thread_id": "t"})])
    assert process_time() - began < 0.5
    assert ("ValueError", reason) == (failed.value.error, failed.value.reason)
