"""The attempts to resume a stream: how many in a row, and how long to wait before each. No I/O."""

from __future__ import annotations

from langgraph_runs.errors import APIError
from langgraph_runs.logs import log
from langgraph_runs.request.options import OnReconnect
from langgraph_runs.retry import STABLE_AFTER, Backoff
from langgraph_runs.run.cancel_on_exit import HeldRun
from langgraph_runs.stream.sse import SSEDecoder


class Attempts:
    """Counts the attempts since the last event, and waits longer before each.

    Args:
        held: The run, for the log.
        on_reconnect: Called with (attempt, delay, cause) before each new connection.

    Attributes:
        backoff: The count.
    """

    def __init__(self, held: HeldRun, on_reconnect: OnReconnect | None) -> None:
        self.backoff: Backoff = held.backoff.for_run()
        self._held = held
        self._on_reconnect = on_reconnect
        self._opened_at = 0.0
        self._least_delay = 0.0

    def opened(self, now: float) -> None:
        """Takes a new connection."""
        self._opened_at = now

    def heard(self, decoder: SSEDecoder, now: float) -> None:
        """Takes the delay that the server asks for, and that the connection has lasted until now."""
        if decoder.retry is not None:
            self._least_delay = min(decoder.retry / 1000, self.backoff.policy.longest_delay)
        if now - self._opened_at >= STABLE_AFTER:
            self.backoff.attempt = 0

    def next(self, reason: object, cause: APIError | None) -> float | None:
        """The seconds to wait before the next attempt; None if there is none left."""
        if self.backoff.attempt >= self.backoff.limit:
            return None
        self.backoff.attempt += 1
        delay = max(self.backoff.delay(self.backoff.attempt, cause), self._least_delay)
        message = "stream of run %s was interrupted (%s); attempt %d in %.2f s"
        log.warning(message, self._held.run_id, reason, self.backoff.attempt, delay)
        return delay

    def report(self, delay: float, cause: APIError | None) -> None:
        """Tells the caller about this attempt."""
        if self._held.observed is not None:
            self._held.observed.reconnecting(delay, cause)
        if self._on_reconnect:
            self._on_reconnect(self.backoff.attempt, delay, cause)
