"""The steps of a stream, and the requests for each of them. No I/O."""

from __future__ import annotations

from enum import Enum
from typing import Any

from langgraph_runs_api.models import Run

from langgraph_runs.errors import APIError, NotFoundError, RunError
from langgraph_runs.request import endpoints
from langgraph_runs.request.call import Call, UnsendableError
from langgraph_runs.request.stream_request import StreamRequest
from langgraph_runs.run.cancel_on_exit import HeldRun
from langgraph_runs.run.explanation import explained
from langgraph_runs.run.outcome import outcome_of_run
from langgraph_runs.run.retrying import Flow, once, with_retries
from langgraph_runs.run.starting import find_lost_run, start
from langgraph_runs.stream.delivery import Delivery
from langgraph_runs.stream.ending import Ending
from langgraph_runs.stream.resumption import Resumption, interrupted

_UNNAMED = (
    "the server has not named the run, so it is unknown whether it has ended and whether events are missing"
)


class Step(Enum):
    """What a stream does next."""

    OPEN = "open a connection, and read it to its end"
    ASK = "ask for the status of the run"
    CHECK = "ask for it while the connection stays open"
    EXPLAIN = "ask why the run failed"
    OVER = "nothing"


def opening(call: Call[None], held: HeldRun, resumption: Resumption) -> Flow[Any]:
    """Opens the first connection. If the response to a request that starts a run was lost, finds the run. If the stream
    joins a run that has not begun, it begins with the run's first event.

    Raises:
        NotFoundError: There is no such run.
        RuntimeError: A signal handler has interrupted the stream after this; a run is never started twice.
    """
    if call.starts_a_run and held.has_begun:
        raise RuntimeError(
            "a signal handler has interrupted the opening of this stream, whose run may have started"
        )
    held.has_begun = True  # only now: the caller may have waited for a slot
    if call.starts_a_run:
        try:
            return (yield from start(call, held.backoff))
        except UnsendableError:
            held.has_begun = False
            raise
    if resumption.begins_late:
        run = yield from with_retries(endpoints.get(held.options, *held.ids()), held.backoff.for_call())
        if run.status == "pending":
            kwargs = run.kwargs.additional_properties if run.kwargs else {}
            is_kept = kwargs.get("resumable") is True
            call = resumption.begin_with_run(is_kept=is_kept)
    return (yield from with_retries(call, held.backoff.for_call()))


def asking(
    request: StreamRequest, held: HeldRun, delivery: Delivery, lost: APIError | None
) -> Flow[Run | None]:
    """Gets the run; None if it has ended and was deleted with its thread, as a stateless run is. (If a run is rolled
    back or deleted, its thread remains.) A run that the server has not named is looked for.

    Args:
        request: The stream.
        held: The run.
        delivery: Knows what has come.
        lost: How the connection was lost, if it was.

    Raises:
        NotFoundError: It was rolled back or deleted, or that is possible because a connection was lost.
        StreamInterruptedError: The server has not named the run, and it cannot be found.
    """
    if held.run_id is None:
        found = yield from find_lost_run(request.call, held.backoff)
        if found is None:
            why = f"{lost}; {_UNNAMED}" if lost else _UNNAMED
            raise delivery.about(interrupted(why)) from lost
        held.learn(found.run_id, found.thread_id)
        return found
    try:
        return (yield from once(endpoints.get(held.options, *held.ids())))
    except NotFoundError:
        if request.is_new or delivery.has_broken:
            raise
        try:
            yield from once(endpoints.thread(held.options, str(held.thread_id)))
        except NotFoundError:
            return None
        raise


def explaining(ending: Ending, held: HeldRun) -> Flow[RunError | None]:
    """Gets the error of a failed run; None if the run waits for an answer instead."""
    backoff = held.backoff.for_call()
    if ending.unexplained is not None:
        return (yield from explained(ending.unexplained.data, held, backoff))
    if ending.run is None:
        return ending.error()
    outcome = yield from outcome_of_run(ending.run, held, backoff)
    return outcome.error
