"""Class and message of a failure are the same from every method, wherever a server keeps them."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest
from langgraph_runs_api.models import Run, Thread
from run.flow_steps import followed

from langgraph_runs import (
    APIConnectionError,
    InternalServerError,
    RetryPolicy,
    RunCancelledError,
    RunError,
    RunFailedError,
)
from langgraph_runs.request import endpoints
from langgraph_runs.retry import Backoff
from langgraph_runs.run.cancel_on_exit import HeldRun
from langgraph_runs.run.explanation import explained
from langgraph_runs.run.waiting import join, wait

BACKOFF = Backoff(RetryPolicy(attempts=0), random=Random(1))
GET, JOIN, HISTORY = "GET /threads/t/runs/r", "GET /threads/t/runs/r/join", "POST /threads/t/history"
LIST, THREAD = "GET /threads/t/runs", "GET /threads/t"
REFUSED = InternalServerError("no", method="POST", url="", status=500)

JS_SHOWN = '{"message":"bad type","name":"TypeError"}'
IN_JSON = '{"error":"TypeError","message":"bad type"}'


def states(*shown: str | None, run_id: str = "r") -> list[dict[str, Any]]:
    """The history of a run whose tasks have these errors."""
    tasks = [{"error": one, "interrupts": []} for one in shown]
    return [{"values": {"a": 1}, "metadata": {"run_id": run_id}, "tasks": tasks}]


def run(status: str, **more: Any) -> Run:
    """The run, as a server reports it."""
    return Run.from_dict({"run_id": "r", "thread_id": "t", "status": status, **more})


def of_stream(reported: Any, *answers: Any, thread_id: str | None = "t") -> tuple[RunError, list[str]]:
    """The error for the event of a stream."""
    held = HeldRun(endpoints.wait({}, thread_id, "agent"), None, BACKOFF)
    held.learn("r", thread_id)
    return followed(explained(reported, held, BACKOFF), answers)


def of_wait(*answers: Any, thread_id: str | None = "t", raise_error: bool = True) -> Any:
    """The error of a wait, and the requests after the first."""
    call = endpoints.wait({}, thread_id, "agent")
    held = HeldRun(call, None, BACKOFF)
    held.learn("r", thread_id)
    return raised(wait(call, held, raise_error=raise_error), answers)


def of_join(*answers: Any) -> Any:
    """The error of a join, and its requests."""
    call = endpoints.join({}, "t", "r")
    return raised(join(call, HeldRun(call, None, BACKOFF), raise_error=True), answers)


def raised(flow: Any, answers: Any) -> Any:
    """The error of a flow, or its value, and what it has sent."""
    sent: list[str] = []

    remaining = list(answers)
    try:
        step = next(flow)
        while True:
            sent.append(f"{step.method} {step.path}")
            answer = remaining.pop(0)
            step = flow.throw(answer) if isinstance(answer, Exception) else flow.send(answer)
    except StopIteration as end:
        return end.value, sent
    except RunError as error:
        return error, sent


def failure(error: str, message: str) -> dict[str, Any]:
    """The body of a wait whose run has failed."""
    return {"__error__": {"error": error, "message": message}}


def of(error: RunError) -> tuple[Any, ...]:
    """The class and the message, and that the run is named."""
    assert isinstance(error, RunFailedError)
    assert ("r", "t") == (error.run_id, error.thread_id)
    return error.error, error.reason


def test_what_the_python_server_reports_is_complete() -> None:
    """Nothing is asked for, in a wait and a stream."""
    for found in (
        of_wait(failure("ValueError", "boom")),
        of_stream({"error": "ValueError", "message": "boom"}),
    ):
        error, sent = found
        assert ("ValueError", "boom") == of(error)
        assert not [step for step in sent if "wait" not in step]


def test_aegra_has_the_class_in_the_state_the_message_in_the_body_and_both_for_each_method() -> None:
    """Also where the message in the state is another one."""
    expected, shown = ("FileNotFoundError", "[Errno 2] disk"), states("FileNotFoundError(2, 'disk')")
    body = failure("Error", "[Errno 2] disk")
    failed = run("error", error_message="[Errno 2] disk")
    error, sent = of_wait(body, REFUSED, shown)
    assert (expected, [HISTORY, HISTORY]) == (of(error), sent[1:])
    error, sent = of_join(failed, REFUSED, shown)
    assert (expected, [GET, HISTORY, HISTORY]) == (of(error), sent)
    error, sent = of_join(run("running"), body, failed, REFUSED, shown)
    assert (expected, [GET, JOIN, GET, HISTORY, HISTORY]) == (of(error), sent)
    reported = {"error": "FileNotFoundError", "message": "FileNotFoundError: execution failed"}
    error, sent = of_stream(reported, failed)
    assert (expected, [GET]) == (of(error), sent)


def test_the_message_missing_in_a_stream_comes_from_the_state_if_the_run_does_not_have_it() -> None:
    """A later Aegra may not name it."""
    reported = {"error": "OSError", "message": "OSError: execution failed"}
    error, sent = of_stream(reported, run("error"), states("OSError('disk')"))
    assert (("OSError", "disk"), [GET, HISTORY]) == (of(error), sent)


def test_an_empty_message_of_an_exception_is_empty_for_each_method() -> None:
    """Aegra says "Run failed" in its place."""
    for found in (
        of_wait(failure("Error", "Run failed"), states("OSError()")),
        of_join(run("error", error_message=""), states("OSError()")),
        of_join(run("running"), failure("Error", "Run failed"), run("error"), states("OSError()")),
        of_stream(
            {"error": "OSError", "message": "OSError: execution failed"}, run("error", error_message="")
        ),
    ):
        assert ("OSError", "") == of(found[0])


def test_langgraph_js_has_the_same_class_and_message_for_each_method() -> None:
    """JSON in JSON in a wait, and in the state."""
    expected = ("TypeError", "bad type")
    error, sent = of_wait(failure("Error", IN_JSON))
    assert (expected, []) == (of(error), sent[1:])
    error, sent = of_join(run("error"), states(JS_SHOWN))
    assert (expected, [GET, HISTORY]) == (of(error), sent)
    error, sent = of_join(run("running"), {"a": 1}, run("error"), states(JS_SHOWN))
    assert (expected, [GET, JOIN, GET, HISTORY]) == (of(error), sent)
    error, sent = of_stream({"error": "TypeError", "message": "bad type"})
    assert (expected, []) == (of(error), sent)


def test_a_class_named_error_is_asked_for_and_stays() -> None:
    """JavaScript has it."""
    plain = '{"error":"Error","message":"boom"}'
    error, sent = of_wait(failure("Error", plain), states('{"message":"boom","name":"Error"}'))
    assert (("Error", "boom"), [HISTORY]) == (of(error), sent[1:])


@pytest.mark.parametrize("answer", [REFUSED, APIConnectionError("lost", method="POST", url="")])
def test_if_the_rest_cannot_be_had_the_error_has_what_was_reported(answer: Exception) -> None:
    """The failure of the run is not replaced by that of a request."""
    answers = [answer, answer] if answer is REFUSED else [answer]
    assert ("Error", "boom") == of(of_wait(failure("Error", "boom"), *answers)[0])
    reported = {"error": "E", "message": "E: execution failed"}
    assert ("E", "E: execution failed") == of(of_stream(reported, answer)[0])


def test_a_run_without_a_known_thread_is_not_asked_for() -> None:
    """LangGraph.js does not name that of a stateless run."""
    error, sent = of_stream({"error": "Error", "message": "boom"}, thread_id=None)
    assert ("Error", []) == (error.error, sent)  # type: ignore[attr-defined]


def test_a_rollback_of_langgraph_js_is_reported_as_cancelled() -> None:
    """The state of the run has no error. A graph that raises such an error has one."""
    reported = {"error": "Error", "message": "rollback"}
    error, sent = of_stream(reported, states(None))
    assert (RunCancelledError, [HISTORY]) == (type(error), sent)
    body = failure("Error", '{"error":"Error","message":"rollback"}')
    assert RunCancelledError is type(of_wait(body, states(None))[0])
    assert RunCancelledError is type(of_join(run("running"), body, run("error"), states(None))[0])
    raised_by_graph = states('{"message":"rollback","name":"Error"}')
    assert ("Error", "rollback") == of(of_stream(reported, raised_by_graph)[0])
    assert ("Error", "rollback") == of(of_wait(body, raised_by_graph)[0])


def test_without_an_error_anywhere_the_reason_says_so() -> None:
    """A late join of a run of LangGraph.js that was rolled back, or exceeded its recursion limit."""
    error, sent = of_join(run("error"), states(None), [run("error")], Thread("t", "error"))
    assert ("Error", "the server does not say why, or no longer knows") == of(error)
    assert [GET, HISTORY, LIST, THREAD] == sent
