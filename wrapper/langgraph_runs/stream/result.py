"""The outcome of a run whose stream has been read to its end, as `wait` returns it. No I/O."""

from __future__ import annotations

from typing import Any

from langgraph_runs.errors import NotFoundError, RunError, RunFailedError
from langgraph_runs.interrupts import interrupts_of
from langgraph_runs.request import endpoints
from langgraph_runs.run.outcome import Outcome, outcome_of_run
from langgraph_runs.run.retrying import Flow
from langgraph_runs.run.waiting import join, result_of
from langgraph_runs.stream.cursor import Cursor
from langgraph_runs.stream.ending import UNKNOWN

_CLOSED = (
    "this stream was closed before its end, so it has no result; `join` waits for the outcome of the run"
)


def check_result(cursor: Cursor) -> None:
    """Checks that the outcome will be known.

    Raises:
        ValueError: The run leaves no state behind, and its stream does not have the values either.
    """
    request = cursor.request
    if request.leaves_no_state and "values" not in (request.modes or ()):
        raise ValueError(
            f"stream_mode={list(request.modes or ())!r}: a stateless run is deleted at its end, so result() is only "
            "possible if stream_mode includes 'values' (or on a thread)"
        )


def result(cursor: Cursor) -> Flow[Any]:
    """The outcome. The last `values` part has it, unless the graph waits for an answer: servers then send an incomplete
    state, or one question per part. So, as in `wait`, the state comes from the server.

    Raises:
        LangGraphRunsError: The run or its stream has failed; the same error as before.
        RuntimeError: The stream was closed before its end.
    """
    ending, held, raise_error = cursor.ending, cursor.held, cursor.delivery.raise_error
    error = ending.failure
    if error is not None and (raise_error or not isinstance(error, RunError)):
        raise error
    if not cursor.is_over:
        raise RuntimeError(_CLOSED)
    values: Any = {} if ending.values is UNKNOWN else ending.values
    outcome = Outcome(values, error if isinstance(error, RunError) else None)
    is_told = ending.values is not UNKNOWN and not interrupts_of(values)
    is_asked = not cursor.request.leaves_no_state and not isinstance(error, RunFailedError)
    if is_asked and not (is_told and error is None):
        try:
            if ending.run is None:
                call = endpoints.join(held.options, *held.ids())
                return (yield from join(call, held, raise_error=raise_error))
            outcome = yield from outcome_of_run(ending.run, held, held.backoff.for_run())
        except NotFoundError:  # deleted, as the thread of a stateless run is
            if ending.values is UNKNOWN:
                raise
    return result_of(outcome, held, raise_error=raise_error)
