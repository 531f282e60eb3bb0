"""Cancels runs, and finds out when a cancelled run has stopped. No I/O."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import Any

from langgraph_runs_api.models import CancelAction, Run

from langgraph_runs.errors import NotFoundError
from langgraph_runs.request import endpoints
from langgraph_runs.request.call import Call
from langgraph_runs.response.answer import Answer
from langgraph_runs.response.failure import ACTIVE_STATUSES, is_active
from langgraph_runs.retry import Backoff
from langgraph_runs.run.pagination import Pages, newest_runs
from langgraph_runs.run.retrying import Flow, Pause, with_retries

_FIRST_POLL, _LONGEST_POLL = 0.05, 1.0  # seconds
_POLLS_OF_OTHERS = 5  # of a busy thread, before another run counts as the reason
_PAGE = 100  # runs
_MOST_ACTIVE = 20_000  # runs of a thread: a longer list is not one of active runs


def cancel(call: Call[None], backoff: Backoff, *, wait: bool) -> Flow[None]:
    """Cancels a run; with `wait`, returns when the run has stopped and its thread is idle."""
    yield from with_retries(call, backoff.for_call())
    if wait:
        yield from until_stopped(call.options, str(call.thread_id), str(call.run_id), backoff)


def until_stopped(options: Mapping[str, Any], thread_id: str, run_id: str, backoff: Backoff) -> Flow[None]:
    """Returns when a cancelled run has stopped and its thread is idle."""
    pause, polls = _FIRST_POLL, 0
    while not (yield from _has_stopped(options, thread_id, run_id, backoff.for_call(), polls)):
        yield Pause(pause)
        pause, polls = min(_LONGEST_POLL, pause * 1.5), polls + 1


def _has_stopped(
    options: Mapping[str, Any], thread_id: str, run_id: str, backoff: Backoff, polls: int
) -> Flow[bool]:
    """Whether a cancelled run has stopped completely. The server marks it as interrupted at once, but its thread stays
    busy while its node cleans up. The thread is also busy if another run is active there; this does not wait for
    that."""
    try:
        run = yield from with_retries(endpoints.get(options, thread_id, run_id), backoff)
        if is_active(run):
            return False
        thread = yield from with_retries(endpoints.thread(options, thread_id), backoff)
    except NotFoundError:  # rolled back, or deleted with its thread
        return True
    if thread.status != "busy":
        return True
    # A run that ended by itself has nothing to clean up: another one left the thread busy.
    if run.status != "interrupted" and polls >= _POLLS_OF_OTHERS:
        return True
    runs = yield from newest_runs(options, thread_id, backoff)
    return any(is_active(other) for other in runs)


def cancel_all(given: tuple[Mapping[str, Any], str, CancelAction], backoff: Backoff) -> Flow[list[str]]:
    """Cancels all active runs of a thread, and returns their ids."""
    options, thread_id, action = given
    active: dict[str, None] = {}
    for status in ACTIVE_STATUSES:  # in this order, a run that begins meanwhile is not missed
        pages = Pages(options, thread_id, page_size=_PAGE, status=status, select=["run_id"])
        while (page := pages.next()) is not None:
            page = replace(page, read=partial(_not_too_many, page.read, len(active)))
            runs = yield from with_retries(page, backoff.for_call())
            active.update((run.run_id, None) for run in pages.new(runs))
    run_ids = list(active)
    if not run_ids:
        return []
    many = endpoints.cancel_many(options, thread_id=thread_id, run_ids=run_ids, status=None, action=action)
    try:
        yield from with_retries(many, backoff.for_call())
    except NotFoundError:  # all have ended since, or the server can only cancel one at a time
        for run_id in run_ids:
            one = endpoints.cancel(options, thread_id, run_id, wait=False, action=action)
            with suppress(NotFoundError):
                yield from with_retries(one, backoff.for_call())
    return run_ids


def _not_too_many(read: Callable[[Answer], list[Run]], count: int, answer: Answer) -> list[Run]:
    """The runs of a page, if there are not too many together with those before."""
    runs = read(answer)
    if count + len(runs) > _MOST_ACTIVE:
        raise answer.unreadable(f"more than {_MOST_ACTIVE} active runs are listed; none was cancelled")
    return runs
