"""The threads and runs of a scripted server, in memory: what begins, ends, is cancelled and deleted, and when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from langgraph_runs.testing.runs import Run

BUSY = "Thread is already running a task. Wait for it to finish or choose a different multitask strategy."


@dataclass(kw_only=True)
class Thread:
    """A thread.

    Attributes:
        values: Its current values.
        error: How its last run has failed, or was cancelled.
        runs: Its runs, the oldest first.
        last: The last run that has ended; its interrupts are open.
        ended: The runs with a state in its history, the oldest first.
        free_at: When its last run has ended.
    """

    thread_id: str
    number: int
    metadata: dict[str, Any]
    values: Any = field(default_factory=dict[str, Any])
    error: dict[str, str] | None = None
    runs: list[Run] = field(default_factory=list[Run])
    last: Run | None = None
    ended: list[Run] = field(default_factory=list[Run])
    free_at: float = 0.0

    @property
    def active(self) -> list[Run]:
        """The runs that have not ended."""
        return [run for run in self.runs if run.is_active]

    @property
    def interrupts(self) -> list[dict[str, Any]]:
        """The questions that wait for an answer."""
        return self.last.interrupts if self.last else []

    @property
    def status(self) -> str:
        """As the server shows it."""
        if self.active:
            return "busy"
        if self.last and self.last.failure:
            return "error"
        return "interrupted" if self.interrupts or (self.last and self.last.is_cancelled) else "idle"


class State:
    """All threads and runs."""

    def __init__(self) -> None:
        self.threads: dict[str, Thread] = {}
        self.runs: list[Run] = []
        self._busy: dict[str, Thread] = {}  # those that may have active runs: most of many threads have none
        self._made = 0

    def new_thread(self, thread_id: str | None = None, metadata: Mapping[str, Any] | None = None) -> Thread:
        """A new thread."""
        self._made += 1
        made = thread_id or f"01a20000-0000-7000-8000-{self._made:012x}"
        thread = Thread(thread_id=made, number=self._made, metadata=dict(metadata or {}))
        self.threads[made] = thread
        return thread

    def advance(self, now: float) -> None:
        """Does all that has happened by now."""
        for thread in list(self._busy.values()):
            self._advance(thread, now)
            if not thread.active:
                self._busy.pop(thread.thread_id, None)

    def _advance(self, thread: Thread, now: float) -> None:
        for run in thread.active:
            if run.status == "pending":
                begins_at = max(run.begins_at, thread.free_at)
                if begins_at > now:
                    return
                run.begin(begins_at)
            run.advance(now)
            if run.is_active:
                return
            self._end(thread, run)

    def start(self, thread: Thread, run: Run, strategy: str, now: float) -> None:
        """Adds a run. If the thread is busy, the strategy says what happens to its active runs."""
        if strategy in ("interrupt", "rollback"):
            for other in thread.active:
                self.cancel(other, strategy, now)
        thread.runs.append(run)
        self.runs.append(run)
        self._busy[thread.thread_id] = thread
        self._advance(thread, now)

    def find(self, thread_id: str, run_id: str) -> Run | None:
        """A run of a thread; None if it does not exist."""
        thread = self.threads.get(thread_id)
        runs = thread.runs if thread else []
        return next((run for run in runs if run.run_id == run_id), None)

    def cancel(self, run: Run, action: str, now: float) -> None:
        """Cancels an active run."""
        thread = self.threads[run.thread_id]
        name = "UserRollback" if action == "rollback" else "UserInterrupt"
        url = "/threads/{thread_id}/runs/{run_id}/cancel"
        run.is_cancelled = run.status == "running" and action != "rollback"
        run.status, run.clock = "interrupted", now
        if action == "rollback":
            self.delete(run)
            thread.free_at = max(thread.free_at, now)
        else:
            self._end(thread, run)
        thread.error = {"error": name, "message": f"{action} requested via POST {url}"}
        self._advance(thread, now)

    def delete(self, run: Run) -> None:
        """Deletes a run with what it has left."""
        run.is_deleted = True
        thread = self.threads[run.thread_id]
        thread.runs.remove(run)
        thread.ended = [one for one in thread.ended if one is not run]
        if thread.last is run:
            thread.last = None

    def delete_thread(self, thread_id: str) -> None:
        """Deletes a thread with its runs."""
        self._busy.pop(thread_id, None)
        for run in self.threads.pop(thread_id).runs:
            run.is_deleted = True

    def release(self, runs: Iterable[Run], now: float) -> None:
        """Lets runs continue after the next Hold of their scripts."""
        for run in runs:
            if run.status == "running" and not run.is_deleted:
                run.releases.append(now)
        self.advance(now)

    def _end(self, thread: Thread, run: Run) -> None:
        thread.free_at = max(thread.free_at, run.clock)
        thread.last, thread.error = run, run.failure
        if run.values is not None:
            thread.values = run.values
        thread.ended.append(run)
        if run.is_temporary:
            self.delete_thread(thread.thread_id)
