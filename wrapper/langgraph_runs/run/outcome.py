"""How a run ended: its own outcome, not that of another run on its thread. No I/O.

The server does not always report that outcome. If a run has ended, a join returns the *thread's* latest values. If it
was cancelled, a join looks like a success. If it waits at several interrupts, its values are missing. So the status
comes from the run itself, and its values come from the last state of this run in the thread's history.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from langgraph_runs_api.models import Run

from langgraph_runs.errors import RunCancelledError, RunError, RunFailedError
from langgraph_runs.json_types import is_mapping, is_object
from langgraph_runs.request import endpoints
from langgraph_runs.response.failure import BY_RUN_STATUS, run_error
from langgraph_runs.retry import Backoff
from langgraph_runs.run.cancel_on_exit import HeldRun
from langgraph_runs.run.explanation import completed, explained_by_state, explained_later
from langgraph_runs.run.last_state import last_state, values_of
from langgraph_runs.run.retrying import Flow, with_retries


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a run ended.

    Attributes:
        values: The final values; None if they are not known.
        error: The error, if the run did not succeed.
    """

    values: Any = None
    error: RunError | None = None


def outcome_of_body(body: Any, held: HeldRun) -> Flow[Outcome]:
    """The outcome according to the body of a wait or a join alone."""
    if not (failure := failure_in(body)):
        return Outcome(body)
    error, state = yield from explained_by_state(failure, held, held.backoff.for_call())
    return Outcome(None if state is None else values_of(state), error)


def outcome_of_run(run: Run, held: HeldRun, backoff: Backoff, body: Any = None) -> Flow[Outcome]:
    """The outcome of a run that has ended; `body` is the response to a wait or a join, if there was one."""
    held.has_ended = True
    status, failure = str(run.status), failure_in(body)
    state = yield from last_state(held, backoff)
    body = None if failure else body
    values = body if state is None else values_of(state)
    if status == RunCancelledError.status and _is_waiting(run, values):
        return Outcome(values)
    if status == RunFailedError.status and failure:
        return Outcome(values, completed(failure, state, held))
    if status == RunFailedError.status:
        return Outcome(values, (yield from explained_later(run, state, held, backoff)))
    if status in BY_RUN_STATUS:
        return Outcome(values, run_error(status, None, **held.facts()))
    if state is None and body is None:
        values = yield from with_retries(endpoints.join(held.options, *held.ids()), backoff)
    return Outcome(values)


def _is_waiting(run: Run, values: Any) -> bool:
    """Whether the graph has stopped at an interrupt. In Aegra, such a run has the status of a cancelled one; it asks
    for an answer, or has stopped before or after a node, and then has an output, as no cancelled run has."""
    asks = is_mapping(values) and bool(values.get("__interrupt__"))
    return asks or is_object(run.additional_properties.get("output"))


def failure_in(body: Any) -> Any:
    """The failure that a body reports; None if it reports none."""
    found = body.get("__error__") if is_object(body) else None
    return found if is_object(found) else None
