"""What a server reports about a run that has not succeeded, and which error stands for it."""

from __future__ import annotations

import pytest

from langgraph_runs.errors import NotFoundError, RunCancelledError, RunFailedError
from langgraph_runs.response import reading
from langgraph_runs.response.answer import Answer

ANSWER = Answer("GET", "http://test/threads/t/runs/r/join", 200, run_id="r", thread_id="t")


@pytest.mark.parametrize("name", ["UserInterrupt", "CancelledError"])
def test_a_python_server_of_an_older_release_reports_a_cancelled_run_as_an_exception(name: str) -> None:
    """As langgraph-api 0.14 and 0.15 do, in the body of a wait and in the events of a stream."""
    error = reading.failure(ANSWER, {"error": name, "message": "An internal error occurred"})

    assert type(error) is RunCancelledError
    assert (error.run_id, error.thread_id) == ("r", "t")


def test_an_exception_of_the_graph_with_the_name_of_a_cancellation_is_a_failure() -> None:
    """Its message is its own."""
    error = reading.failure(ANSWER, {"error": "CancelledError", "message": "the order was cancelled"})

    assert type(error) is RunFailedError
    assert error.reason == "the order was cancelled"


def test_a_run_that_such_a_server_has_rolled_back_is_not_found() -> None:
    error = reading.failure(ANSWER, {"error": "UserRollback", "message": "An internal error occurred"})

    assert type(error) is NotFoundError
    assert error.status == 404
