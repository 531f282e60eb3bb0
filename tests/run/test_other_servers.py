"""What LangGraph.js and Aegra report in their own way, and what it means here. Without a connection."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest
from langgraph_runs_api.models import Run, Thread
from run.flow_steps import followed

from langgraph_runs import (
    APIError,
    APIStatusError,
    NotFoundError,
    RetryPolicy,
    RunCancelledError,
    RunFailedError,
    RunTimeoutError,
    ThreadBusyError,
    UnprocessableEntityError,
)
from langgraph_runs.request import endpoints
from langgraph_runs.response.failure import says_not_found
from langgraph_runs.retry import Backoff
from langgraph_runs.run.cancel_on_exit import HeldRun
from langgraph_runs.run.starting import start
from langgraph_runs.run.waiting import join, wait

BACKOFF = Backoff(RetryPolicy(), random=Random(1))
GET, JOIN, HISTORY = "GET /threads/t/runs/r", "GET /threads/t/runs/r/join", "POST /threads/t/history"
STARTED, THREAD = "POST /threads/t/runs", "GET /threads/t"


def run(status: str, **more: Any) -> Run:
    """The run."""
    return Run.from_dict({"run_id": "r", "thread_id": "t", "status": status, **more})


def waiting(*answers: Any, thread_id: str | None = "t", **options: Any) -> Any:
    """The outcome of a wait whose headers had the ids, and the requests after it."""
    call = endpoints.wait(options, thread_id, "agent")
    held = HeldRun(call, None, BACKOFF)
    held.learn("r", "t")
    values, sent = followed(wait(call, held, raise_error=True), answers)
    return values, sent[1:]


def joining(*answers: Any) -> Any:
    """The outcome of a join, and its requests."""
    call = endpoints.join({}, "t", "r")
    return followed(join(call, HeldRun(call, None, BACKOFF), raise_error=True), answers)


def gone(body: Any) -> NotFoundError:
    """A 404 with this body."""
    return NotFoundError("gone", method="GET", url="", status=404, body=body)


AEGRA_GONE = gone({"error": "not_found", "message": "Run 'r' not found", "details": None})
INCOMPLETE = {
    "__error__": {
        "error": "IncompleteRun",
        "message": "Wait ended before run 'r' completed (status: running)",
    }
}
GIVEN_UP = {
    "__error__": {"error": "TimeoutError", "message": "Run 'r' did not finish within the wait timeout"}
}


def test_a_run_that_nothing_executes_any_more_has_failed() -> None:
    """Aegra says so after a crash, and the run stays "running" forever: it is not joined again."""
    for ended in (lambda: joining(run("running"), INCOMPLETE), lambda: waiting(INCOMPLETE)):
        with pytest.raises(RunFailedError, match="completed") as failed:
            ended()
        assert "IncompleteRun" == failed.value.error


def test_a_wait_on_which_aegra_gives_up_is_continued() -> None:
    """The run goes on; if the server has stopped it, that is the outcome."""
    ended = run("success"), [{"values": {"a": 1}}]
    assert ({"a": 1}, [GET, JOIN, GET, HISTORY]) == waiting(GIVEN_UP, run("running"), {"a": 1}, *ended)
    values, sent = joining(run("running"), GIVEN_UP, run("running"), run("running"), {"a": 1}, *ended)
    assert ({"a": 1}, [GET, JOIN, GET, "pause", GET, JOIN, GET, HISTORY]) == (values, sent)
    with pytest.raises(RunTimeoutError):
        waiting(GIVEN_UP, run("timeout"), [])


def test_a_timeout_error_of_the_graph_is_a_failure() -> None:
    """Of the graph's own words."""
    failure = {"__error__": {"error": "TimeoutError", "message": "no answer"}}
    with pytest.raises(RunFailedError, match="TimeoutError: no answer"):
        waiting(failure)


def test_a_run_that_aegra_no_longer_has_is_not_found() -> None:
    """It was deleted during the join; the body says so."""
    assert says_not_found({"error": "RunNotFound", "message": "Run 'r' no longer exists"})
    assert not says_not_found({"error": "RunNotFound", "message": "of the graph"})


def test_an_empty_outcome_of_a_stateless_run_of_aegra_is_not_reported_as_success() -> None:
    """It says {} of a cancelled run, and has deleted it. The error says what cannot be known."""
    with pytest.raises(RunCancelledError, match="or it has no output.*on_completion='keep'") as raised:
        waiting({}, AEGRA_GONE, thread_id=None)
    assert ("r", "t") == (raised.value.run_id, raised.value.thread_id)
    with pytest.raises(RunCancelledError, match="^the run was cancelled$"):
        waiting({}, run("interrupted"), [], thread_id=None)  # kept


@pytest.mark.parametrize(
    "answer",
    [
        gone({"detail": "Run not found"}),
        gone("no"),
        run("success"),
        run("running"),
        APIStatusError("no", method="GET", url="", status=500),
    ],
)
def test_an_empty_outcome_of_a_stateless_run_is_a_success_elsewhere(answer: Any) -> None:
    """As on the Python server."""
    assert ({}, [GET]) == waiting({}, answer, thread_id=None)


def test_an_interrupt_is_not_reported_as_cancelled_without_a_searchable_history() -> None:
    """Aegra calls both interrupted; the whole history has the question."""
    refused = APIStatusError("no", method="POST", url="", status=500)
    question = {"id": "i", "value": "Sure?"}
    states = [{"values": {"a": 1}, "metadata": {"run_id": "r"}, "tasks": [{"interrupts": [question]}]}]
    expected = {"a": 1, "__interrupt__": [question]}
    assert (expected, [GET, HISTORY, HISTORY]) == joining(run("interrupted"), refused, states)
    body = {"a": 1, "__interrupt__": [question]}
    assert (expected, [GET, HISTORY, HISTORY]) == waiting(body, run("interrupted"), refused, states)
    assert (expected, [GET, HISTORY, HISTORY]) == waiting(body, run("interrupted"), refused, [])
    with pytest.raises(RunCancelledError):
        joining(run("interrupted"), refused, [{**states[0], "tasks": []}])


def test_without_any_history_the_body_is_the_outcome() -> None:
    """That of the join if there is none yet."""
    refused = APIStatusError("no", method="POST", url="", status=500)
    sent = [GET, HISTORY, HISTORY, JOIN]
    assert ({"a": 1}, sent) == joining(run("success"), refused, refused, {"a": 1})
    answers = run("running"), {"a": 1}, run("success"), refused, refused
    assert ({"a": 1}, [GET, JOIN, GET, HISTORY, HISTORY]) == joining(*answers)


def busy(status: int) -> ThreadBusyError:
    """A refused run."""
    return ThreadBusyError("already running a task", method="POST", url="", status=status)


def starting(*answers: Any, thread_id: str | None = "t", **options: Any) -> list[str]:
    """The requests of a start."""
    call = endpoints.create(options, thread_id, "agent")
    return followed(start(call, BACKOFF), answers)[1]


def test_an_unknown_thread_is_not_reported_as_busy() -> None:
    """LangGraph.js says 422 "already running a task" of both."""
    unknown = NotFoundError(
        "404 from GET /threads/t", method="GET", url="/threads/t", status=404, thread_id="t"
    )
    with pytest.raises(NotFoundError, match="there is no thread t ") as raised:
        starting(busy(422), unknown)
    assert ("t", False) == (raised.value.thread_id, raised.value.run_may_exist)


@pytest.mark.parametrize(
    "answer", [Thread("t", "busy"), APIStatusError("no", method="GET", url="", status=500)]
)
def test_a_busy_thread_remains_busy(answer: Any) -> None:
    """It exists, or the server does not say."""
    with pytest.raises(ThreadBusyError):
        starting(busy(422), answer)


def test_a_busy_thread_of_python_is_not_asked_for() -> None:
    """It responds with 404 if there is no thread."""
    with pytest.raises(ThreadBusyError):
        starting(busy(409))
    with pytest.raises(ThreadBusyError):
        starting(busy(422), thread_id=None)


NEEDS_INPUT = {
    "detail": [{"msg": "Value error, Must specify at least one of 'input', 'command', or 'checkpoint'"}]
}


def unprocessable(body: Any = NEEDS_INPUT) -> APIError:
    """A refused body."""
    return UnprocessableEntityError("422 from POST", method="POST", url="", status=422, body=body)


@pytest.mark.parametrize("options", [{}, {"input": None}, {"metadata": {"a": 1}}])
def test_a_server_that_refuses_null_as_input_gets_an_error_with_the_way_out(options: Any) -> None:
    """Aegra continues a run from a checkpoint, or by a command that goes to a node."""
    with pytest.raises(
        UnprocessableEntityError, match=r"422 from POST; .* checkpoint_id= .*'goto'"
    ) as raised:
        starting(unprocessable(), **options)
    assert (422, NEEDS_INPUT) == (raised.value.status, raised.value.body)
    assert raised.value.message == str(raised.value)


@pytest.mark.parametrize(
    ("options", "body"),
    [
        ({"input": {}}, NEEDS_INPUT),
        ({"command": {"resume": 1}}, NEEDS_INPUT),
        ({"checkpoint_id": "c"}, NEEDS_INPUT),
        ({}, {"detail": "stream_mode: 'input' is not one of them"}),
    ],
)
def test_no_other_refusal_has_this_hint(options: Any, body: Any) -> None:
    """It would mislead."""
    with pytest.raises(UnprocessableEntityError, match="^422 from POST$"):
        starting(unprocessable(body), **options)
