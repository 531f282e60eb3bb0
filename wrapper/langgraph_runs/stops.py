"""How a run is stopped, and how it is known to be at rest. No I/O."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any

from langgraph_runs_api.models import CancelAction, Run

from langgraph_runs import answers, wire
from langgraph_runs.answers import Answer
from langgraph_runs.arguments import flag, is_identifier
from langgraph_runs.call import Call
from langgraph_runs.errors import NotFoundError
from langgraph_runs.flow import Flow, Pause, attempted, newest
from langgraph_runs.outcomes import GOES_ON
from langgraph_runs.pages import Pages
from langgraph_runs.retry import Retries, Tries

_FIRST_POLL, _LONGEST_POLL = 0.05, 1.0  # seconds
_POLLS_OF_OTHERS = 5
_PAGE = 100


def cancelled(call: Call[None], retries: Retries, *, wait: bool) -> Flow[None]:
    """Stops a run; if it is waited for, until the run and its thread are at rest."""
    wait = flag("wait", wait)
    yield from attempted(call, retries.of_a_call())
    if not wait:
        return
    pause, polls = _FIRST_POLL, 0
    while not (yield from _is_at_rest(call, retries.of_a_call(), polls)):
        yield Pause(pause)
        pause, polls = min(_LONGEST_POLL, pause * 1.5), polls + 1


def _is_at_rest(call: Call[None], tries: Tries, polls: int) -> Flow[bool]:
    """Whether nothing of a cancelled run is at work any more. The server notes it as interrupted at once, but while its
    node cleans up, its thread is busy. So it is with another run that goes on there, for which this does not wait."""
    thread_id, run_id = str(call.thread_id), str(call.run_id)
    try:
        run = yield from attempted(wire.get(call.options, thread_id, run_id), tries)
        if run.status in GOES_ON:
            return False
        thread = yield from attempted(wire.thread(call.options, thread_id), tries)
    except NotFoundError:  # rolled back, or gone with its thread
        return True
    if thread.status != "busy":
        return True
    # A run that has come to its own end cleans up nothing: the thread was left so by another one.
    if run.status != "interrupted" and polls >= _POLLS_OF_OTHERS:
        return True
    runs = yield from attempted(newest(call.options, thread_id), tries)
    return any(other.status in GOES_ON for other in runs)


def _named(answer: Answer) -> list[Run]:
    """Reads a list of runs that are to be named."""
    runs = answers.runs(answer)
    if not all(is_identifier(run.run_id) for run in runs):
        raise answer.unreadable("a run in it has no id")
    return runs


def all_cancelled(given: tuple[Mapping[str, Any], str, CancelAction], retries: Retries) -> Flow[list[str]]:
    """Stops all runs of a thread that have not ended, by their ids, and gives these."""
    options, thread_id, action = given
    active: dict[str, None] = {}
    for status in GOES_ON:  # in this order: one that begins meanwhile is on both lists, not on none
        pages = Pages(options, thread_id, page_size=_PAGE, status=status, select=["run_id"])
        while (page := pages.next()) is not None:
            runs = yield from attempted(replace(page, read=_named), retries.of_a_call())
            active.update((run.run_id, None) for run in pages.new(runs))
    run_ids = list(active)
    if not run_ids:
        return []
    call = wire.cancel_many(options, thread_id=thread_id, run_ids=run_ids, status=None, action=action)
    try:
        yield from attempted(call, retries.of_a_call())
    except NotFoundError:  # all have ended meanwhile, or it is a server that cancels one at a time
        for run_id in run_ids:
            one = wire.cancel(options, thread_id, run_id, wait=False, action=action)
            with suppress(NotFoundError):
                yield from attempted(one, retries.of_a_call())
    return run_ids
