"""The steps of a stream, and the requests that each of them takes. No I/O."""

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
    """Opens the first connection; or finds the run, if the response to the request that starts it was lost."""
    held.has_begun = True
    if call.starts_a_run:
        return start(call, held.backoff)
    return with_retries(call, held.backoff.for_call())


def asking(request: StreamRequest, held: HeldRun, *, has_broken: bool) -> Flow[Run | None]:
    """Gets the run; None if it has ended and was deleted with its thread, as a stateless run is. A run that was rolled
    back or deleted leaves its thread behind.

    Raises:
        NotFoundError: It was rolled back or deleted; or it may have been, as the connection has broken.
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
    """Gets the error of a run that has failed; None if it waits for an answer instead."""
    outcome = yield from outcome_of_run(run, held, held.backoff.for_call())
    return outcome.error


def cleaning(request: StreamRequest, held: HeldRun) -> Flow[None]:
    """Deletes the thread that was created for the run."""
    call = endpoints.delete_thread(request.call.options, str(request.thread_to_delete))
    return with_retries(call, held.backoff.for_call())
