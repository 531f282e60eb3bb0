"""All runs of a thread, page by page: which page is next, and which runs on it are new. No I/O."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from langgraph_runs_api.models import Run, RunField, RunStatus

from langgraph_runs.request.arguments import number
from langgraph_runs.request.call import Call
from langgraph_runs.request.endpoints import list_runs


class Pages:
    """Goes through the runs of a thread, newest first.

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
        self._seen: set[str] = set()
        self._next: Call[list[Run]] | None = self._page()

    def next(self) -> Call[list[Run]] | None:
        """The call for the next page; None if the previous page was the last."""
        return self._next

    def new(self, page: list[Run]) -> Iterator[Run]:
        """The runs of a page that were not on an earlier page."""
        found = [run for run in page if not isinstance(run.run_id, str) or run.run_id not in self._seen]
        self._seen.update(run.run_id for run in found if isinstance(run.run_id, str))
        self._offset += len(page)
        # If a full page has no new run, the server ignores the offset: every page would be the same.
        self._next = self._page() if found and len(page) >= self._size else None
        yield from found

    def _page(self) -> Call[list[Run]]:
        return list_runs(
            self._options,
            self._thread_id,
            limit=self._size,
            offset=self._offset,
            status=self._status,
            select=self._select,
        )
