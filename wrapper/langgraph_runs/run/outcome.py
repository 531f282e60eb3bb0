"""How a run ended: its own outcome, not that of another run on its thread. No I/O.

The server does not always report that outcome. If a run has ended, a join returns the *thread's* latest values. If it
was cancelled, a join looks like a success. If it waits at several interrupts, its values are missing. So the status
comes from the run itself, and its values come from the last state of this run in the thread's history.
"""

from __future__ import annotations

import re
from ast import literal_eval
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from langgraph_runs_api.models import Run

from langgraph_runs.errors import RunCancelledError, RunError, RunFailedError
from langgraph_runs.json_types import is_array, is_mapping, is_object
from langgraph_runs.request import endpoints
from langgraph_runs.response.failure import BY_RUN_STATUS, UNKNOWN_FAILURE, run_error
from langgraph_runs.retry import Backoff
from langgraph_runs.run.cancel_on_exit import HeldRun
from langgraph_runs.run.retrying import Flow, with_retries
from langgraph_runs.run.starting import newest_runs

_EXCEPTION = re.compile(r"(\w+)\((.*)\)", re.DOTALL)  # the repr of an exception: ValueError('boom')


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a run ended.

    Attributes:
        values: The final values; None if they are not known.
        error: The error, if the run did not succeed.
    """

    values: Any = None
    error: RunError | None = None


def outcome_of_body(body: Any, held: HeldRun) -> Outcome:
    """The outcome according to the body of a wait or a join alone."""
    if failure := failure_in(body):
        return Outcome(error=run_error(RunFailedError.status, failure, **held.facts()))
    return Outcome(body)


def outcome_of_run(run: Run, held: HeldRun, backoff: Backoff, body: Any = None) -> Flow[Outcome]:
    """The outcome of a run that has ended; `body` is the response to a wait or a join, if there was one."""
    held.has_ended = True
    status = str(run.status)
    states = yield from with_retries(endpoints.history(held.options, *held.ids()), backoff)
    state: Mapping[str, Any] = states[0] if states else {}
    values = _with_interrupts(state) if states else body
    if status == RunCancelledError.status and is_mapping(values) and values.get("__interrupt__"):
        return Outcome(values)  # in Aegra, a graph that waits for an answer has this status
    if status in BY_RUN_STATUS:
        reported = None
        if status == RunFailedError.status:
            reported = failure_in(body) or (yield from _reported_failure(state, held, backoff))
        return Outcome(values, run_error(status, reported or UNKNOWN_FAILURE, **held.facts()))
    if not states and body is None:
        values = yield from with_retries(endpoints.join(held.options, *held.ids()), backoff)
    return Outcome(values)


def failure_in(body: Any) -> Any:
    """The failure that a body reports; None if it reports none."""
    found = body.get("__error__") if is_object(body) else None
    return found if is_object(found) else None


def _with_interrupts(state: Mapping[str, Any]) -> Any:
    """The values of a state, with the interrupts at which the graph waits, in the form of wait and join."""
    tasks = state.get("tasks")
    lists = [task.get("interrupts") for task in tasks if is_object(task)] if is_array(tasks) else []
    interrupts = [interrupt for each in lists if is_array(each) for interrupt in each]
    values = state.get("values")
    if not interrupts:
        return values
    return {**(values if is_object(values) else {}), "__interrupt__": interrupts}


def _reported_failure(state: Mapping[str, Any], held: HeldRun, backoff: Backoff) -> Flow[Any]:
    """Why a run failed; None if the server does not say. The thread says it as long as this run is its newest, its
    history unless a run of another graph has used the thread."""
    thread_id, run_id = held.ids()
    runs = yield from with_retries(newest_runs(held.options, thread_id, 1), backoff)
    if runs and runs[0].run_id == run_id:
        thread = yield from with_retries(endpoints.thread(held.options, thread_id), backoff)
        if is_object(thread.error):
            return thread.error
    tasks = state.get("tasks")
    for task in tasks if is_array(tasks) else []:
        if is_object(task) and isinstance(task.get("error"), str):
            return _parsed_exception(task["error"])
    return None


def _parsed_exception(shown: str) -> dict[str, str]:
    """The class and the message of an exception, from its repr."""
    if match := _EXCEPTION.fullmatch(shown):
        try:
            message = literal_eval(match[2]) if match[2] else ""
        except (ValueError, SyntaxError, MemoryError, RecursionError):
            message = match[2]
        return {"error": match[1], "message": str(message)}
    return {"error": "Error", "message": shown}
