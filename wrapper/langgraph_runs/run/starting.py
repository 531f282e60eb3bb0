"""Starts a run, and finds it if the response was lost, so that it is never started twice. No I/O."""

from __future__ import annotations

import re
from typing import Any, TypeVar

import orjson
from langgraph_runs_api.models import Run

from langgraph_runs.errors import APIError, NotFoundError, ThreadBusyError, UnprocessableEntityError
from langgraph_runs.json_types import is_identifier, is_mapping, is_object
from langgraph_runs.request import endpoints
from langgraph_runs.request.call import REQUEST_ID, Call
from langgraph_runs.response.failure import as_text
from langgraph_runs.retry import Backoff, is_transient
from langgraph_runs.run.pagination import newest_runs
from langgraph_runs.run.retrying import Flow, Pause, with_retries

T = TypeVar("T")

_SAYS_INPUT_MISSING = re.compile(r"'input'.*'command'.*'checkpoint'")
_HINT = (
    "this server does not take input=None: to continue a run that stopped before a node, pass checkpoint_id= of the "
    "thread's state, or command={'goto': node}"
)


def start(call: Call[T], backoff: Backoff) -> Flow[T | Run]:
    """Sends a call that starts a run, and returns what the response means. If the response was lost but the server has
    the run, returns the run.

    Raises:
        APIError: The call failed; `run_may_exist` says whether a run may have started nevertheless.
    """
    try:
        return (yield from with_retries(call, backoff.for_call()))
    except ThreadBusyError as error:
        if error.status == 422 and call.thread_id is not None:
            yield from _check_thread(call, backoff)
        raise
    except UnprocessableEntityError as error:
        if _lacks_input(call) and _SAYS_INPUT_MISSING.search(as_text(error.body)):
            _reword(error, f"{error.message}; {_HINT}")
        raise
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
            runs = yield from newest_runs(call.options, call.thread_id, backoff.for_call())
        except NotFoundError:  # no such thread yet: the call may create it
            continue
        except APIError:
            return None
        for run in runs:
            if call.nonce in _request_ids(run) and is_identifier(run.run_id):
                return run
    return None


def _check_thread(call: Call[Any], backoff: Backoff) -> Flow[None]:
    """Raises NotFoundError if the thread of a call does not exist. LangGraph.js reports such a thread as busy."""
    try:
        yield from with_retries(endpoints.thread(call.options, str(call.thread_id)), backoff.for_call())
    except NotFoundError as error:
        _reword(error, f"there is no thread {call.thread_id} ({error.message})")
        raise error from None
    except APIError:
        pass  # it says nothing about the thread


def _lacks_input(call: Call[Any]) -> bool:
    """Whether a call is to continue from the state of the thread: its input is null, and it has nothing else."""
    body = orjson.loads(call.content or b"null")
    sources = ("input", "command", "checkpoint", "checkpoint_id")
    return is_object(body) and all(body.get(name) is None for name in sources)  # a list is a batch


def _reword(error: APIError, message: str) -> None:
    error.message, error.args = message, (message,)


def _request_ids(run: Run) -> tuple[Any, ...]:
    """The `x-request-id` of the request that started a run: as the Python server stores it, and as JavaScript does."""
    found: Any = run.kwargs.to_dict() if run.kwargs else {}
    for name in ("config", "configurable"):
        found = found.get(name) if is_mapping(found) else None
    if not is_mapping(found):
        return ()
    return found.get("langgraph_request_id"), found.get(REQUEST_ID)
