"""What a run came to: its own outcome, and not that of another run on its thread. No I/O.

The server answers a join of a run that has ended with what the *thread* came to last, a cancelled run as if it had
succeeded, and a run that waits at several interrupts without its values. So the run is asked how it ended, and the
thread's history for the last state that this run has left.
"""

from __future__ import annotations

import re
from ast import literal_eval
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from langgraph_runs_api.models import Run, RunStatus
from langgraph_runs_api.types import Unset

from langgraph_runs import answers, wire
from langgraph_runs.arguments import flag
from langgraph_runs.call import Call
from langgraph_runs.errors import (
    BY_RUN_STATUS,
    APIConnectionError,
    APIError,
    NotFoundError,
    RunCancelledError,
    RunError,
    RunFailedError,
)
from langgraph_runs.flow import Flow, Pause, attempted, newest, once, started
from langgraph_runs.guard import RunGuard
from langgraph_runs.plain import is_array, is_mapping, is_object
from langgraph_runs.retry import Retries, Tries, is_passing

T = TypeVar("T")

GOES_ON: tuple[RunStatus, ...] = ("pending", "running")

NOT_TOLD = {"error": "Error", "message": "the server does not say why, or does not know any more"}
_RAISED = re.compile(r"(\w+)\((.*)\)", re.DOTALL)  # as Python shows an exception: ValueError('boom')


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a run ended.

    Attributes:
        values: The final values; None where they are not known.
        error: What it ended by, if not well.
    """

    values: Any = None
    error: RunError | None = None


def waited(call: Call[Any], guard: RunGuard, retries: Retries, *, raise_error: bool) -> Flow[Any]:
    """Starts a run by a call, and gives its outcome, over as many connections as it takes."""
    raise_error = flag("raise_error", raise_error)
    try:
        told = yield from started(guard.begin(call), retries)
    except APIError as error:
        guard.learn(error.run_id, error.thread_id)
        if guard.run_id is None or guard.thread_id is None or not is_passing(error):
            raise
        return (yield from _again(call, guard, retries, error, raise_error=raise_error))
    if isinstance(told, Run):
        guard.learn(told.run_id, told.thread_id)
        return (yield from joined(_joining(guard), guard, retries, raise_error=raise_error))
    outcome = yield from _told(call, guard, retries.of_a_run(), told)
    return _result(outcome, guard, raise_error=raise_error)


def joined(call: Call[Any], guard: RunGuard, retries: Retries, *, raise_error: bool) -> Flow[Any]:
    """Waits for the end of a run by a call, and gives its outcome."""
    raise_error = flag("raise_error", raise_error)
    is_first = not guard.has_begun
    outcome = yield from _joined(guard.begin(call), guard, retries, is_first=is_first)
    return _result(outcome, guard, raise_error=raise_error)


def _joined(call: Call[Any], guard: RunGuard, retries: Retries, *, is_first: bool) -> Flow[Outcome]:
    tries = retries.of_a_run()
    run: Run | None = None
    told: Any = None
    bodies, is_new = 0, False
    while True:
        try:
            asking = _asking(guard)
            run = yield from attempted(asking if is_first and run is None else _at_once(asking), tries)
        except NotFoundError:
            guard.has_ended = True
            if run is None or not bodies or not _is_temporary(run):
                raise
            return _of_body(told, guard)
        if run.status not in GOES_ON:
            return (yield from settled(run, guard, tries, told))
        if is_new:  # a body, though the run has not ended: some servers do so, and this one for a moment
            yield Pause(retries.delay(bodies))
            is_new = False
            continue
        try:
            told = yield from once(call)
        except APIError as error:
            if not is_passing(error):
                raise
            yield Pause(tries.after(error))
        else:
            bodies, is_new = bodies + 1, True


def settled(run: Run, guard: RunGuard, tries: Tries, told: Any = None) -> Flow[Outcome]:
    """The outcome of a run that has ended; `told` is what somebody was told who waited for it."""
    guard.has_ended = True
    status = str(run.status)
    found = yield from attempted(_at_once(wire.history(guard.options, *guard.ids())), tries)
    state: Mapping[str, Any] = found[0] if found else {}
    values = _with_interrupts(state) if found else told
    if status == RunCancelledError.status and is_mapping(values) and values.get("__interrupt__"):
        return Outcome(values)  # so Aegra notes a graph that waits for an answer
    if status in BY_RUN_STATUS:
        why = None
        if status == RunFailedError.status:
            why = _failure_in(told) or (yield from _why(state, guard, tries))
        return Outcome(values, answers.run_error(status, why or NOT_TOLD, **guard.facts()))
    if not found and told is None:
        values = yield from attempted(_joining(guard), tries)
    return Outcome(values)


def _again(
    call: Call[Any], guard: RunGuard, retries: Retries, cut: APIError, *, raise_error: bool
) -> Flow[Any]:
    """The answer was cut, but has named the run."""
    try:
        return (yield from joined(_joining(guard), guard, retries, raise_error=raise_error))
    except NotFoundError as error:
        if call.thread_id is not None:
            raise
        raise _lost(cut, guard) from error


def _lost(cut: APIError, guard: RunGuard) -> APIError:
    """A stateless run's outcome goes with its thread when it ends."""
    message = f"{cut.message}; the run has ended meanwhile, and its outcome was deleted with its thread"
    facts = {name: getattr(cut, name) for name in ("method", "url", "status", "request_id")}
    return APIConnectionError(message, **facts, run_id=guard.run_id, thread_id=guard.thread_id)


def _told(call: Call[Any], guard: RunGuard, tries: Tries, told: Any) -> Flow[Outcome]:
    """The outcome of a run that was started and waited for by one request, which is the run's own. Whether it was
    cancelled, its body does not say; of a stateless run nobody can say it any more."""
    guard.has_ended = True
    if _failure_in(told) or call.thread_id is None or guard.run_id is None:
        return _of_body(told, guard)
    run = yield from attempted(_at_once(_asking(guard)), tries)
    if run.status in BY_RUN_STATUS or (is_object(told) and "__interrupt__" in told):
        return (yield from settled(run, guard, tries, told))
    return Outcome(told)


def _result(outcome: Outcome, guard: RunGuard, *, raise_error: bool) -> Any:
    guard.has_ended = True
    if outcome.error is None:
        return outcome.values
    if raise_error:
        raise outcome.error
    if isinstance(outcome.error, RunFailedError):
        return {"__error__": {"error": outcome.error.error, "message": outcome.error.reason}}
    return outcome.values


def _of_body(told: Any, guard: RunGuard) -> Outcome:
    """What a body says by itself."""
    if failure := _failure_in(told):
        return Outcome(error=answers.run_error(RunFailedError.status, failure, **guard.facts()))
    return Outcome(told)


def _is_temporary(run: Run) -> bool:
    """Whether it is stateless, so that it is gone when it has ended."""
    return not isinstance(run.kwargs, Unset) and run.kwargs.additional_properties.get("temporary") is True


def _with_interrupts(state: Mapping[str, Any]) -> Any:
    """The values of a state, with what the graph waits for, as every way to ask for it shows it."""
    tasks = state.get("tasks")
    lists = [task.get("interrupts") for task in tasks if is_object(task)] if is_array(tasks) else []
    interrupts = [interrupt for each in lists if is_array(each) for interrupt in each]
    values = state.get("values")
    if not interrupts:
        return values
    return {**(values if is_object(values) else {}), "__interrupt__": interrupts}


def _why(state: Mapping[str, Any], guard: RunGuard, tries: Tries) -> Flow[Any]:
    """What a run failed with: told by the thread as long as this run is its newest, and by its history as long as no
    other run has gone on from there."""
    thread_id, run_id = guard.ids()
    runs = yield from attempted(_at_once(newest(guard.options, thread_id, 1)), tries)
    if runs and runs[0].run_id == run_id:
        thread = yield from attempted(_at_once(wire.thread(guard.options, thread_id)), tries)
        if is_object(thread.error):
            return thread.error
    tasks = state.get("tasks")
    for task in tasks if is_array(tasks) else []:
        if is_object(task) and isinstance(task.get("error"), str):
            return _read(task["error"])
    return None


def _read(shown: str) -> dict[str, str]:
    """An exception as Python shows it, taken apart."""
    if match := _RAISED.fullmatch(shown):
        try:
            message = literal_eval(match[2]) if match[2] else ""
        except (ValueError, SyntaxError, MemoryError, RecursionError):
            message = match[2]
        return {"error": match[1], "message": str(message)}
    return {"error": "Error", "message": shown}


def _failure_in(told: Any) -> Any:
    found = told.get("__error__") if is_object(told) else None
    return found if is_object(found) else None


def _at_once(call: Call[T]) -> Call[T]:
    """The call, waiting for no other: who has waited for a run has had its turn, and what comes to it is short."""
    return replace(call, urgent=True)


def _asking(guard: RunGuard) -> Call[Run]:
    return wire.get(guard.options, *guard.ids())


def _joining(guard: RunGuard) -> Call[Any]:
    return wire.join(guard.options, *guard.ids())
