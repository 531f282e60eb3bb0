"""Starts a run, and finds it if the response was lost, so that it is never started twice. No I/O."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from langgraph_runs_api.models import Run

from langgraph_runs.errors import APIError, NotFoundError
from langgraph_runs.json_types import is_identifier, is_mapping
from langgraph_runs.request import endpoints
from langgraph_runs.request.call import REQUEST_ID, Call
from langgraph_runs.retry import Backoff, is_transient
from langgraph_runs.run.retrying import Flow, Pause, with_retries

T = TypeVar("T")

_SEARCHED = 100  # how many of a thread's newest runs are searched for a lost one


def start(call: Call[T], backoff: Backoff) -> Flow[T | Run]:
    """Sends a call that starts a run, and returns what the response means. If the response was lost but the server has
    the run, returns the run.

    Raises:
        APIError: The call failed; `run_may_exist` says whether a run may have started nevertheless.
    """
    try:
        return (yield from with_retries(call, backoff.for_call()))
    except APIError as error:
        if error.run_id is None and error.run_may_exist and is_transient(error):
            run = yield from find_lost_run(call, backoff)
            if run is not None:
                return run
        raise


def create(call: Call[Run], backoff: Backoff) -> Flow[Run]:
    """Starts a run in the background, and returns it."""
    try:
        run = yield from start(call, backoff)
    except APIError as error:
        if error.run_id is None or call.thread_id is None or not is_transient(error):
            raise
        get = endpoints.get(call.options, call.thread_id, error.run_id)  # the headers came, and name the run
        try:
            run = yield from with_retries(get, backoff.for_call())
        except APIError:
            raise error from error.__cause__
    if call.on_run_created and isinstance(run.run_id, str):
        call.on_run_created(run.run_id, run.thread_id if isinstance(run.thread_id, str) else None)
    return run


def find_lost_run(call: Call[Any], backoff: Backoff) -> Flow[Run | None]:
    """The run that a call has started, if its response was lost; None if no such run can be found. This looks several
    times, as the server may not have started the run yet."""
    if call.nonce is None or call.thread_id is None:
        return None
    for attempt in range(1 + backoff.for_call().limit):
        if attempt:
            yield Pause(backoff.delay(attempt))
        try:
            runs = yield from with_retries(newest_runs(call.options, call.thread_id), backoff.for_call())
        except NotFoundError:  # no such thread yet: the call may create it
            continue
        except APIError:
            return None
        for run in runs:
            if call.nonce in _request_ids(run) and is_identifier(run.run_id):
                return run
    return None


def newest_runs(options: Mapping[str, Any], thread_id: str, limit: int = _SEARCHED) -> Call[list[Run]]:
    """The call for the newest runs of a thread."""
    return endpoints.list_runs(options, thread_id, limit=limit, offset=0, status=None, select=None)


def _request_ids(run: Run) -> tuple[Any, ...]:
    """The `x-request-id` of the request that started a run: as the Python server stores it, and as JavaScript does."""
    found: Any = run.kwargs.to_dict() if run.kwargs else {}
    for name in ("config", "configurable"):
        found = found.get(name) if is_mapping(found) else None
    if not is_mapping(found):
        return ()
    return found.get("langgraph_request_id"), found.get(REQUEST_ID)
