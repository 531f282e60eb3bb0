"""All runs of a thread, page by page, and its newest runs, whatever a server means by `limit` and order. No I/O.

Most servers list the newest runs first, and `limit` is their number. LangGraph.js lists the oldest first, and `limit`
is the index at which the page ends.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from langgraph_runs_api.models import Run, RunField, RunStatus
from langgraph_runs_api.types import Unset

from langgraph_runs.request.arguments import number
from langgraph_runs.request.call import Call
from langgraph_runs.request.endpoints import list_runs
from langgraph_runs.retry import Backoff
from langgraph_runs.run.retrying import Flow, with_retries

_NEWEST = 100  # how many of the newest runs are of interest
_DOUBLINGS = 20  # of the offset; so many runs no thread has


class Pages:
    """Goes through the runs of a thread, in the order of the server.

    A run that starts meanwhile shifts the others, so the last run of one page comes again on the next. Each run is
    yielded once.

    Args:
        options: The headers and parameters of every call.
        thread_id: The thread.
        page_size: How many runs to fetch at a time.
        status: Only runs with this status.
        select: Only these fields, and `run_id`.

    Raises:
        TypeError, ValueError: One of them is invalid.
    """

    def __init__(
        self,
        options: Mapping[str, Any],
        thread_id: str,
        *,
        page_size: int,
        status: RunStatus | None,
        select: Sequence[RunField] | None,
    ) -> None:
        self._options = options
        self._thread_id = thread_id
        self._size = number("page_size", page_size, least=1)
        self._status: RunStatus | None = status
        fields: list[Any] = [select] if isinstance(select, str) else list(select or ())
        self._select: Any = fields if not fields or "run_id" in fields else [*fields, "run_id"]
        self._offset = 0
        self._limit_is_end = False
        self._seen: set[object] = set()
        self._next: Call[list[Run]] | None = self._page()

    def next(self) -> Call[list[Run]] | None:
        """The call for the next page; None if the previous page was the last."""
        return self._next

    def new(self, page: list[Run]) -> Iterator[Run]:
        """The runs of a page that were not on an earlier page."""
        found = {run.run_id: run for run in page if run.run_id not in self._seen}
        self._seen.update(found)
        self._offset += len(page)
        if not page and self._offset and not self._limit_is_end:  # the end, or the page ends at its limit
            self._limit_is_end = True
            self._next = self._page()
        else:
            # If a full page has no new run, the server ignores the offset: every page would be the same.
            self._next = self._page() if found and len(page) >= self._size else None
        yield from found.values()

    def _page(self) -> Call[list[Run]]:
        return list_runs(
            self._options,
            self._thread_id,
            limit=self._size + (self._offset if self._limit_is_end else 0),
            offset=self._offset,
            status=self._status,
            select=self._select,
        )


def newest_runs(options: Mapping[str, Any], thread_id: str, backoff: Backoff) -> Flow[list[Run]]:
    """The newest runs of a thread, 100 at most. One request, except on a server that lists the oldest first and has
    more of them: there, the end of the list is searched for, in a number of requests that grows with its logarithm."""

    def page(offset: int) -> Flow[list[Run]]:
        limit = offset + _NEWEST  # the index of the end: only LangGraph.js lists the oldest first
        call = list_runs(options, thread_id, limit=limit, offset=offset, status=None, select=None)
        return with_retries(call, backoff)

    first = newest = yield from page(0)
    if len(first) < _NEWEST or not _is_oldest_first(first):
        return first
    low, high = 0, None  # `newest` is the page at `low`; there are no runs at `high`
    for _ in range(2 * _DOUBLINGS):
        middle = (low + high) // 2 if high else max(_NEWEST, 2 * low)
        found = yield from page(middle)
        if not found:
            high = middle
        elif found[0].run_id == first[0].run_id:  # the server ignores the offset
            return first
        else:
            low, newest = middle, found
        if len(newest) < _NEWEST:
            return (yield from page(low + len(newest) - _NEWEST))
        if high and high - low <= _NEWEST:
            break
    return newest


def _is_oldest_first(runs: list[Run]) -> bool:
    first, last = runs[0].created_at, runs[-1].created_at
    if isinstance(first, Unset) or isinstance(last, Unset):
        return False
    return first.timestamp() < last.timestamp()  # which takes times with and without a time zone
