"""Waits for the end of a run, over as many connections as necessary. No I/O."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from langgraph_runs_api.models import Run
from langgraph_runs_api.types import Unset

from langgraph_runs.errors import (
    APIConnectionError,
    APIError,
    NotFoundError,
    RunCancelledError,
    RunFailedError,
)
from langgraph_runs.interrupts import with_interrupts_in_one_shape
from langgraph_runs.json_types import is_object
from langgraph_runs.request import endpoints
from langgraph_runs.request.call import Call, UnsendableError
from langgraph_runs.response.failure import BY_RUN_STATUS, has_given_up, is_active, is_of_aegra, is_stuck
from langgraph_runs.retry import STABLE_AFTER, is_transient
from langgraph_runs.run.cancel_on_exit import HeldRun
from langgraph_runs.run.outcome import Outcome, failure_in, outcome_of_body, outcome_of_run
from langgraph_runs.run.retrying import Flow, Pause, once, with_retries
from langgraph_runs.run.starting import start


def wait(call: Call[Any], held: HeldRun, *, raise_error: bool) -> Flow[Any]:
    """Starts a run with this call, waits for its end, and returns its final values."""
    try:
        body = yield from start(held.begin(call), held.backoff)
    except UnsendableError:
        held.has_begun = False
        raise
    except APIError as error:
        held.learn(error.run_id, error.thread_id)
        if held.run_id is None or held.thread_id is None or not is_transient(error):
            raise
        return (yield from _join_after(error, call, held, raise_error=raise_error))
    if isinstance(body, Run):
        held.learn(body.run_id, body.thread_id)
        return (yield from join(_join_call(held), held, raise_error=raise_error))
    return result_of((yield from _outcome_of_wait(call, held, body)), held, raise_error=raise_error)


def join(call: Call[Any], held: HeldRun, *, raise_error: bool) -> Flow[Any]:
    """Waits for the end of a run with this call, and returns its final values."""
    return result_of((yield from _outcome_of_join(held.begin(call), held)), held, raise_error=raise_error)


def _outcome_of_wait(call: Call[Any], held: HeldRun, body: Any) -> Flow[Outcome]:
    """The outcome of a run that one request has started and waited for. The body of the response is about this run, but
    does not say whether it was cancelled; for a stateless run, there is no way to find out."""
    failure, is_stateless = failure_in(body), call.thread_id is None or held.run_id is None
    if failure and has_given_up(failure, held.run_id) and not is_stateless:
        return (yield from _outcome_of_join(_join_call(held), held))
    held.has_ended = True
    if body == {} and is_stateless and held.run_id and held.thread_id:
        return (yield from _outcome_of_nothing(held))
    if failure or is_stateless:
        return (yield from outcome_of_body(body, held))
    backoff = held.backoff.for_run()
    run = yield from with_retries(_get_call(held), backoff)
    if run.status in BY_RUN_STATUS or (is_object(body) and "__interrupt__" in body):
        return (yield from outcome_of_run(run, held, backoff, body))
    return Outcome(body)


def _outcome_of_nothing(held: HeldRun) -> Flow[Outcome]:
    """The outcome of a stateless run without any values. That is a success, except in Aegra: there, it is almost always
    a run that was cancelled, and has been deleted before its wait says so."""
    backoff = held.backoff.for_call()
    try:
        run = yield from with_retries(_get_call(held), backoff)
    except NotFoundError as error:
        if not is_of_aegra(error.body):
            return Outcome({})
        message = (
            "the run was cancelled, or it has no output: Aegra responds alike to both, and has deleted the run; pass "
            "on_completion='keep' or cancel_on_exit= to tell them apart"
        )
        return Outcome({}, RunCancelledError(message, **held.facts()))
    except APIError:
        return Outcome({})
    if run.status in BY_RUN_STATUS:
        return (yield from outcome_of_run(run, held, backoff, {}))
    return Outcome({})


def _outcome_of_join(call: Call[Any], held: HeldRun) -> Flow[Outcome]:
    """Gets the status of the run and joins it, again and again until it has ended."""
    backoff = held.backoff.for_run()
    run: Run | None = None
    body: Any = None
    bodies, is_early = 0, False
    while True:
        try:
            run = yield from with_retries(_get_call(held), backoff)
        except NotFoundError:
            held.has_ended = True
            if run is None or not bodies or not _is_stateless(run):
                raise
            return (yield from outcome_of_body(body, held))
        if not is_active(run):
            return (yield from outcome_of_run(run, held, backoff, body))
        # The join ended although the run is active. Some servers do that; the Python server only for a moment.
        if is_early:
            yield Pause(backoff.delay(bodies))
            is_early = False
            continue
        try:
            body = yield from once(call)
        except APIError as error:
            if not is_transient(error):
                raise
            if error.seconds >= STABLE_AFTER:
                backoff.attempt = 0
            yield Pause(backoff.after(error))
            call = replace(call, attempt=backoff.attempt)
        else:
            if is_stuck(failure_in(body)):
                return (yield from outcome_of_body(body, held))
            bodies, is_early = bodies + 1, True


def _join_after(lost: APIError, call: Call[Any], held: HeldRun, *, raise_error: bool) -> Flow[Any]:
    """Joins a run after the response of its wait was cut. A stateless run is deleted when it ends, with its thread and
    its outcome."""
    try:
        return (yield from join(_join_call(held), held, raise_error=raise_error))
    except NotFoundError as error:
        if call.thread_id is not None:
            raise
        message = f"{lost.message}; the run has ended since, and its outcome was deleted with its thread"
        facts = {name: getattr(lost, name) for name in ("method", "url", "status", "request_id")}
        raise APIConnectionError(message, **facts, **held.facts()) from error


def result_of(outcome: Outcome, held: HeldRun, *, raise_error: bool) -> Any:
    """What wait and join return, or raise, for an outcome."""
    held.has_ended = held.is_over = True
    held.failure = None if outcome.error is None else type(outcome.error)
    held.is_waiting = is_object(outcome.values) and "__interrupt__" in outcome.values
    if outcome.error is None:
        return with_interrupts_in_one_shape(outcome.values)
    if raise_error:
        raise outcome.error
    if isinstance(outcome.error, RunFailedError):
        return {"__error__": {"error": outcome.error.error, "message": outcome.error.reason}}
    return with_interrupts_in_one_shape(outcome.values)


def _is_stateless(run: Run) -> bool:
    """Whether a run is deleted with its thread when it ends."""
    return not isinstance(run.kwargs, Unset) and run.kwargs.additional_properties.get("temporary") is True


def _get_call(held: HeldRun) -> Call[Run]:
    return endpoints.get(held.options, *held.ids())


def _join_call(held: HeldRun) -> Call[Any]:
    return endpoints.join(held.options, *held.ids())
