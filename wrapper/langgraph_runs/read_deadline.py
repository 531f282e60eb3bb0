"""The deadline of a stream whose reads have a time limit too, for tasks and threads."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import AbstractAsyncContextManager, contextmanager
from time import monotonic

from langgraph_runs.deadline import AsyncDeadline, AsyncTimeLimit, Deadline, DeadlineExceededError


class EventDeadlineExceededError(DeadlineExceededError):
    """No event of a stream has come in the time that the caller gave."""


class AsyncReadDeadline(AsyncDeadline):
    """The deadline of a stream whose reads have a time limit too."""

    def limit_reads(self, seconds: float) -> AbstractAsyncContextManager[None]:
        """Cancels this block and raises EventDeadlineExceededError after this many seconds. A request that it waits for
        continues."""
        return AsyncTimeLimit(max(0.0, seconds), EventDeadlineExceededError)


class ReadDeadline(Deadline):
    """The same for threads, which check it at every step."""

    _whole_ends_at: float | None = None
    _read_ends_at: float | None = None

    def begin(self, seconds: float | None) -> None:
        """Begins anew. The time limit of the read that is under way remains."""
        super().begin(seconds)
        self._whole_ends_at = self.ends_at
        self._limit(self._read_ends_at)

    @contextmanager
    def limit_reads(self, seconds: float) -> Generator[None]:
        """Has `left` raise EventDeadlineExceededError in this block after this many seconds."""
        self._limit(monotonic() + seconds)
        try:
            yield
        finally:
            self._limit(None)

    def _limit(self, read_ends_at: float | None) -> None:
        self._read_ends_at = read_ends_at
        self.ends_at = min(
            (end for end in (self._whole_ends_at, read_ends_at) if end is not None), default=None
        )

    def left(self, most: float | None = None) -> float | None:
        """How many seconds are left, of the stream and of this read, but at most `most`."""
        try:
            return super().left(most)
        except DeadlineExceededError:
            if self.ends_at == self._read_ends_at:
                raise EventDeadlineExceededError from None
            raise
