"""Which calls are retried, and when a run that may have been started is searched. Without a connection."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest
from langgraph_runs_api.models import Run
from run.flow_steps import followed

from langgraph_runs import (
    APIConnectionError,
    APIError,
    APIStatusError,
    NotFoundError,
    RateLimitError,
    RetryPolicy,
)
from langgraph_runs.request import endpoints
from langgraph_runs.request.call import Call
from langgraph_runs.retry import Backoff
from langgraph_runs.run import starting
from langgraph_runs.run.retrying import with_retries
from langgraph_runs.run.starting import start

GET: Call[Run] = endpoints.get({}, "t", "r")
START = endpoints.create({}, "t", "agent")
RUN = Run.from_dict({"run_id": "r", "thread_id": "t", "status": "running"})


def error(status: int | None = None, kind: type[APIError] = APIStatusError, **more: Any) -> APIError:
    """The error for a response, or for none."""
    kind = APIConnectionError if status is None else kind
    return kind("words", method="GET", url="http://host/", status=status, **more)


def backoff(**policy: Any) -> Backoff:
    """Three more attempts, unless given."""
    return Backoff(RetryPolicy(**policy), random=Random(1))


def started_as(call: Call[Any]) -> Run:
    """The run that the server has created for this request."""
    configurable = {"langgraph_request_id": call.nonce}
    return Run.from_dict({"run_id": "new", "kwargs": {"config": {"configurable": configurable}}})


@pytest.mark.parametrize("status", [None, 429, 502, 503, 504])
def test_a_call_that_starts_no_run_is_retried(status: int | None) -> None:
    """After a lost connection, and after a transient refusal."""
    run, sent = followed(with_retries(GET, backoff().for_call()), [error(status), error(status), RUN])
    get = "GET /threads/t/runs/r"
    assert (RUN, [get, "pause", get, "pause", get]) == (run, sent)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 422, 500, 501])
def test_a_permanent_refusal_is_raised_at_once(status: int) -> None:
    """For every call."""
    for call in (GET, START):
        with pytest.raises(APIStatusError) as refused:
            followed(with_retries(call, backoff().for_call()), [error(status)])
        assert status == refused.value.status


def test_the_last_error_is_raised() -> None:
    """After the last attempt, or at once if the policy has no more."""
    errors = [error() for _ in range(4)]
    with pytest.raises(APIConnectionError) as lost:
        followed(with_retries(GET, backoff().for_call()), errors)
    assert errors[-1] is lost.value
    with pytest.raises(APIConnectionError):
        followed(with_retries(GET, backoff(attempts=0).for_call()), [error()])


@pytest.mark.parametrize("refused", [error(), error(429, RateLimitError), error(503, retry_after=0.0)])
def test_a_call_that_starts_a_run_is_retried_if_none_can_have_started(refused: APIError) -> None:
    """No connection was made, or the server has refused."""
    run, sent = followed(start(START, backoff()), [refused, RUN])
    assert (RUN, ["POST /threads/t/runs", "pause", "POST /threads/t/runs"]) == (run, sent)


@pytest.mark.parametrize("status", [None, 502, 503, 504])
def test_a_run_that_may_have_started_is_searched_and_found(status: int | None) -> None:
    """By the nonce of its request, among the latest of the thread; on_run_created is called."""
    reported: list[Any] = []
    call = endpoints.create({"on_run_created": lambda *ids: reported.append(ids)}, "t", "agent")
    lost = error(status, run_may_exist=True)
    run, sent = followed(
        starting.create(call, backoff()), [lost, [RUN], NotFoundErrorOnce, [RUN, started_as(call)]]
    )
    assert ("new", [("new", None)]) == (run.run_id, reported)
    listing = "GET /threads/t/runs"
    assert ["POST /threads/t/runs", listing, "pause", listing, "pause", listing] == sent


NotFoundErrorOnce = error(404, NotFoundError)  # the request creates the thread


def test_a_run_that_cannot_be_found_is_not_started_again() -> None:
    """The error says that there may be one."""
    lost = error(run_may_exist=True)
    with pytest.raises(APIConnectionError) as raised:
        followed(start(START, backoff()), [lost, [], [], [], []])
    assert (True, lost) == (raised.value.run_may_exist, raised.value)


@pytest.mark.parametrize(
    "call",
    [
        endpoints.create({}, None, "agent"),
        endpoints.create({"headers": {"X-Request-Id": "of many calls"}}, "t", "agent"),
        endpoints.create_batch({}, [{"assistant_id": "agent"}]),
    ],
)
def test_a_run_that_cannot_be_searched_raises_at_once(call: Call[Any]) -> None:
    """A stateless run on an unknown thread, one with a request id of the caller, a batch."""
    with pytest.raises(APIConnectionError):
        followed(start(call, backoff()), [error(run_may_exist=True)])


def test_a_run_without_an_id_is_not_found() -> None:
    """It could not be requested."""
    nameless = Run.from_dict({**started_as(START).to_dict(), "run_id": ".."})
    with pytest.raises(APIConnectionError):
        followed(start(START, backoff()), [error(run_may_exist=True), [nameless], [], [], []])


def test_a_failed_search_raises_the_first_error() -> None:
    """It is the one of the caller's call."""
    lost = error(run_may_exist=True)
    with pytest.raises(APIConnectionError) as raised:
        followed(start(START, backoff()), [lost, error(403)])
    assert lost is raised.value


@pytest.mark.parametrize(
    ("call", "is_done"),
    [
        (endpoints.delete({}, "t", "r"), True),
        (endpoints.cancel({}, "t", "r", wait=False, action="rollback"), True),
        (endpoints.cancel_many({}, thread_id="t", run_ids=["r"], status=None, action="interrupt"), True),
        (endpoints.cancel({}, "t", "r", wait=False, action="interrupt"), False),
        (GET, False),
    ],
)
def test_a_missing_run_is_success_after_a_lost_attempt_to_delete_it(call: Call[Any], is_done: bool) -> None:
    """The lost attempt deleted it. Not so if the server refused that one, or if the run was missing from the start."""
    gone, lost = error(404, NotFoundError), error(may_have_passed=True)
    if is_done:
        assert followed(with_retries(call, backoff().for_call()), [lost, gone])[0] is None
    else:
        with pytest.raises(NotFoundError):
            followed(with_retries(call, backoff().for_call()), [lost, gone])
    for answers in ([gone], [error(429), gone], [error(), gone]):
        with pytest.raises(NotFoundError):
            followed(with_retries(call, backoff().for_call()), answers)
