"""Why a run failed: the class and the message of its exception, the same from every method. No I/O.

Some servers report only a part of that, and keep the rest elsewhere. Aegra has the message in the body of a wait and in
the run, the class in the event of a stream, and both in the state of the run.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from langgraph_runs_api.models import Run

from langgraph_runs.errors import APIError, RunCancelledError, RunError
from langgraph_runs.json_types import is_object
from langgraph_runs.request import endpoints
from langgraph_runs.response.failure import (
    SOME_ERROR,
    UNKNOWN_FAILURE,
    is_complete,
    is_rollback,
    lacks_reason,
    name_and_reason,
    run_error,
)
from langgraph_runs.retry import Backoff
from langgraph_runs.run.cancel_on_exit import HeldRun
from langgraph_runs.run.last_state import error_in, exact_error_in, last_state
from langgraph_runs.run.retrying import Flow, with_retries

State = Mapping[str, Any]


def explained(reported: object, held: HeldRun, backoff: Backoff) -> Flow[RunError]:
    """The error for a failure that the server has reported, in the body of a wait or an event of a stream. If a part is
    missing, the server is asked for it; if that fails, the error has what was reported."""
    error, _ = yield from explained_by_state(reported, held, backoff)
    return error


def explained_by_state(
    reported: object, held: HeldRun, backoff: Backoff
) -> Flow[tuple[RunError, State | None]]:
    """The same, and the last state of the run if it was asked for."""
    name, reason = name_and_reason(reported)
    if is_complete(name, reason) or held.run_id is None or held.thread_id is None:
        return run_error("error", reported, **held.facts()), None
    try:
        if name != SOME_ERROR:  # only the message is missing
            run = yield from with_retries(endpoints.get(held.options, *held.ids()), backoff)
            if (message := error_message(run)) is not None:
                return run_error("error", {"error": name, "message": message}, **held.facts()), None
        state = yield from last_state(held, backoff)
    except APIError:
        state = None
    return completed(reported, state, held), state


def completed(reported: object, state: State | None, held: HeldRun) -> RunError:
    """The error for a reported failure. What is missing is taken from the last state of the run."""
    name, reason = name_and_reason(reported)
    found = None if is_complete(name, reason) else error_in(state)
    if found is None and is_rollback(name, reason):
        return run_error(RunCancelledError.status, None, **held.facts())
    if found is not None:
        has_reason = not lacks_reason(name, reason)
        reported = {"error": found["error"], "message": reason if has_reason else found["message"]}
    return run_error("error", reported, **held.facts())


def explained_later(run: Run, state: State | None, held: HeldRun, backoff: Backoff) -> Flow[RunError]:
    """The error for a run that has failed, and whose failure no response has reported.

    Aegra has the message in the run. Other servers have it in the thread, as long as this run is its newest, and in the
    history, unless a run of another graph has used the thread.
    """
    if (message := error_message(run)) is not None:
        return completed({"error": SOME_ERROR, "message": message}, state, held)
    reported = exact_error_in(state)
    if reported is None:
        thread_id, run_id = held.ids()
        newest = endpoints.list_runs(held.options, thread_id, limit=1, offset=0, status=None, select=None)
        runs = yield from with_retries(newest, backoff)
        if runs and runs[0].run_id == run_id:
            thread = yield from with_retries(endpoints.thread(held.options, thread_id), backoff)
            reported = thread.error if is_object(thread.error) else None
    return run_error("error", reported or error_in(state) or UNKNOWN_FAILURE, **held.facts())


def error_message(run: Run) -> str | None:
    """The message of the exception, if the run itself has it."""
    found = run.additional_properties.get("error_message")
    return found if isinstance(found, str) else None
