"""Which state of a thread's history belongs to a run, on servers that search it and on those that cannot."""

from __future__ import annotations

from random import Random
from time import monotonic
from typing import Any

import pytest
from run.flow_steps import followed

from langgraph_runs import (
    APIConnectionError,
    APIError,
    APIStatusError,
    AuthenticationError,
    InternalServerError,
    RetryPolicy,
)
from langgraph_runs.request import endpoints
from langgraph_runs.retry import Backoff
from langgraph_runs.run.cancel_on_exit import HeldRun
from langgraph_runs.run.last_state import error_in, last_state

BACKOFF = Backoff(RetryPolicy(), random=Random(1))
HISTORY = "POST /threads/t/history"


def state(run_id: str | None, **values: Any) -> dict[str, Any]:
    """A state of a run, or of an unknown one."""
    return {"values": values, "metadata": {} if run_id is None else {"run_id": run_id}}


def refusal(status: int, kind: type[APIError] = APIStatusError) -> APIError:
    """A refused history."""
    return kind("no", method="POST", url="", status=status)


def asked(*answers: Any) -> Any:
    """The last state of the run r, and the requests for it."""
    held = HeldRun(endpoints.join({}, "t", "r"), None, BACKOFF)
    return followed(last_state(held, Backoff(RetryPolicy(), random=Random(1))), answers)


@pytest.mark.parametrize("found", [state("r", a=1), state(None, a=1), {"values": {"a": 1}}])
def test_the_state_that_the_server_finds_is_taken_in_one_request(found: Any) -> None:
    """Also if it does not name the run."""
    assert (found, [HISTORY]) == asked([found])


def test_a_server_without_a_history_is_asked_once() -> None:
    """There is nothing to search."""
    assert (None, [HISTORY]) == asked([])


@pytest.mark.parametrize("status", [400, 409, 422, 500, 501])
def test_a_server_that_refuses_to_search_is_asked_for_the_whole_history(status: int) -> None:
    """Aegra responds with 500. The newest state of the run counts, whatever came later."""
    states = [state("s", a=3), state("r", a=2), state("r", a=1)]
    assert (state("r", a=2), [HISTORY, HISTORY]) == asked(refusal(status), states)
    assert (None, [HISTORY, HISTORY]) == asked(refusal(status), [state("s"), state(None), {}])
    assert (None, [HISTORY, HISTORY]) == asked(refusal(status), refusal(status))


def test_a_server_that_ignores_the_search_is_asked_for_the_whole_history() -> None:
    """The state of another run is not this one's."""
    assert (state("r"), [HISTORY, HISTORY]) == asked([state("s")], [state("s"), state("r")])


def test_the_whole_history_is_limited() -> None:
    """To 100 states."""
    assert b'{"limit":100}' == endpoints.whole_history({}, "t", 100).content


@pytest.mark.parametrize("status", [502, 503])
def test_a_transient_refusal_is_retried_and_is_no_reason_to_ask_otherwise(status: int) -> None:
    """It says nothing about the search."""
    assert (state("r"), [HISTORY, "pause", HISTORY]) == asked(refusal(status), [state("r")])
    with pytest.raises(InternalServerError):
        asked(*[refusal(status, InternalServerError)] * 11)


@pytest.mark.parametrize(
    "error", [refusal(401, AuthenticationError), APIConnectionError("lost", method="", url="")]
)
def test_a_denial_and_a_lost_connection_are_raised(error: APIError) -> None:
    """Another request would not help."""
    with pytest.raises(type(error)):
        asked(*[error] * 11)


@pytest.mark.parametrize(
    ("shown", "error", "message"),
    [
        ('{"message":"it\'s \\"bad\\"","name":"TypeError"}', "TypeError", 'it\'s "bad"'),
        ("OSError('disk')", "OSError", "disk"),
        ("KeyError('a')", "KeyError", "'a'"),
        ("HTTPError(404, 'gone')", "HTTPError", "(404, 'gone')"),
        ("Odd(<object>)", "Odd", "<object>"),
        ("Empty()", "Empty", ""),
        ('{"message":1,"name":"E"}', "Error", '{"message":1,"name":"E"}'),
        ("{not JSON", "Error", "{not JSON"),
        ("no exception at all", "Error", "no exception at all"),
    ],
)
def test_an_error_of_a_state_is_read_as_javascript_and_python_show_it(
    shown: str, error: str, message: str
) -> None:
    """The message is that of str(exception)."""
    tasks = [{"error": None}, 7, {"error": shown}]
    assert {"error": error, "message": message} == error_in({"tasks": tasks})


@pytest.mark.parametrize(
    "arguments", ["1" * 5000, "0x" + "f" * 900, "(" * 900, "[1], " * 200_000, "'" + "\\'" * 500_000 + "'"]
)
def test_an_error_of_a_state_is_read_in_bounded_time(arguments: str) -> None:
    """Whatever its arguments are, and without another error."""
    began = monotonic()
    found = error_in({"tasks": [{"error": f"E({arguments})"}]})
    assert found is not None
    assert "E" == found["error"]
    assert monotonic() - began < 1


def test_a_state_without_an_error_has_none() -> None:
    """Nor has no state."""
    assert error_in(None) is None
    assert error_in({"tasks": None}) is None
    assert error_in({"tasks": [{"error": None}]}) is None
