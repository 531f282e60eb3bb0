"""What a second client does to a run, in another thread, while its caller waits for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from langgraph_runs_api.api.threads import get_thread_state
from langgraph_runs_api.models import ThreadState
from wait_until import wait_until

from langgraph_runs import RunsClient


@contextmanager
def canceller(url: str, action: Any) -> Iterator[Callable[[str, str | None], object]]:
    """A function for `on_run_created` that cancels the run (or deletes it, for "delete") as soon as its thread has
    values.

    The thread must be a new one.
    """
    with RunsClient(url, api_key=None) as runs, ThreadPoolExecutor() as pool:

        def cancel(run_id: str, thread_id: str) -> None:
            wait_until(lambda: has_values(runs, thread_id))
            if action == "delete":
                runs.delete(thread_id, run_id)
            else:
                runs.cancel(thread_id, run_id, action=action)

        cancelled = []
        yield lambda run_id, thread_id: cancelled.append(pool.submit(cancel, run_id, str(thread_id)))
        for one in cancelled:
            one.result()


def leave_when_running(url: str) -> Callable[[str, str | None], None]:
    """A function for `on_run_created` that raises KeyError, and so disconnects, as soon as the run is running."""

    def leave(run_id: str, thread_id: str | None) -> None:
        with RunsClient(url, api_key=None) as runs:
            wait_until(lambda: runs.get(str(thread_id), run_id).status == "running")
        raise KeyError("the caller is gone")

    return leave


def has_values(runs: RunsClient, thread_id: str) -> bool:
    """Whether the thread's graph has saved its first values."""
    state = get_thread_state.sync(thread_id, client=runs.api)
    return isinstance(state, ThreadState) and bool(state.values)
