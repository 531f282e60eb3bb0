"""The steps of a stream, and the requests for each of them. No I/O."""

from __future__ import annotations

from enum import Enum
from typing import Any

from langgraph_runs_api.models import Run

from langgraph_runs.errors import NotFoundError, RunError
from langgraph_runs.request import endpoints
from langgraph_runs.request.call import Call
from langgraph_runs.request.stream_request import StreamRequest
from langgraph_runs.run.cancel_on_exit import HeldRun
from langgraph_runs.run.outcome import outcome_of_run
from langgraph_runs.run.retrying import Flow, once, with_retries
from langgraph_runs.run.starting import start


class Step(Enum):
    """What a stream does next."""

    OPEN = "open a connection, and read it to its end"
    ASK = "ask for the status of the run"
    EXPLAIN = "ask why the run failed"
    OVER = "nothing"


def opening(call: Call[None], held: HeldRun) -> Flow[Any]:
    """Opens the first connection. If the response to a request that starts a run was lost, finds the run.

    Raises:
        RuntimeError: A signal handler has interrupted the stream after this; a run is never started twice.
    """
    if call.starts_a_run and held.has_begun:
        raise RuntimeError(
            "a signal handler has interrupted the opening of this stream, whose run may have started"
        )
    held.has_begun = True  # only now: the caller may have waited for a slot
    if call.starts_a_run:
        return (yield from start(call, held.backoff))
    return (yield from with_retries(call, held.backoff.for_call()))


def asking(request: StreamRequest, held: HeldRun, *, has_broken: bool) -> Flow[Run | None]:
    """Gets the run; None if it has ended and was deleted with its thread, as a stateless run is. (If a run is rolled
    back or deleted, its thread remains.)

    Args:
        request: The stream.
        held: The run.
        has_broken: Whether the connection was lost, so that a missing run need not have ended.

    Raises:
        NotFoundError: It was rolled back or deleted, or that is possible because the connection was lost.
    """
    try:
        return (yield from once(endpoints.get(held.options, *held.ids())))
    except NotFoundError:
        if request.is_new or has_broken:
            raise
        try:
            yield from once(endpoints.thread(held.options, str(held.thread_id)))
        except NotFoundError:
            return None
        raise


def explaining(run: Run, held: HeldRun) -> Flow[RunError | None]:
    """Gets the error of a failed run; None if the run waits for an answer instead."""
    outcome = yield from outcome_of_run(run, held, held.backoff.for_call())
    return outcome.error


def cleaning(request: StreamRequest, held: HeldRun) -> Flow[None]:
    """Deletes the thread that was created for the run."""
    call = endpoints.delete_thread(request.call.options, str(request.thread_to_delete))
    return with_retries(call, held.backoff.for_call())
