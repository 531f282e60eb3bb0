"""How long a connection may be silent, measured by its own heartbeats, or bring nothing but these. No I/O."""

from __future__ import annotations

_LEAST_PATIENCE = 15.0  # seconds of silence that are always allowed
_MISSED = 3  # heartbeats that may be missed
_GREETING = 0.5  # seconds: some servers send a comment at once, which is not a heartbeat
_LONGEST_QUIET = 120.0  # seconds without an event after which the status of the run is asked for again
_LAST_CHANCE = 4.0  # seconds without an event after which a connection of an ended run counts as ended


class Heartbeat:
    """The heartbeats of one connection. A server that sends none may be silent for any time.

    Args:
        now: When the connection began, in seconds of some clock.
        patience: The patience that an earlier connection has learned.

    Attributes:
        patience: How many seconds the connection may be silent; None for any time.
        is_empty: Whether only heartbeats have come.
    """

    def __init__(self, now: float, patience: float | None = None) -> None:
        self.patience = patience
        self.is_empty = True
        self._beat_at = now
        self._comments = 0
        self._quiet_since = now
        self._asked_after: float | None = None  # seconds of quiet

    def heard(self, comments: int, now: float, *, is_flowing: bool = False) -> float | None:
        """Takes the number of comments that have come so far, which are heartbeats, and whether events have come since
        the last time. Returns the patience."""
        if comments > self._comments:
            self._comments = comments
            self.beat(now)
        if is_flowing:
            self._quiet_since, self._asked_after, self.is_empty = now, None, False
        return self.patience

    def must_ask(self, now: float) -> bool:
        """Whether to ask for the status of the run, as only heartbeats have come for a while: first after the patience,
        then at intervals that double."""
        quiet, before = now - self._quiet_since, self._asked_after
        patience = self.patience or _LEAST_PATIENCE
        if quiet < (patience if before is None else before + min(before, max(patience, _LONGEST_QUIET))):
            return False
        self._asked_after = quiet
        return True

    def is_over(self, now: float) -> bool:
        """Whether only heartbeats have come for a moment, although the run has ended."""
        return now - self._quiet_since - (self._asked_after or 0.0) >= _LAST_CHANCE

    def beat(self, now: float) -> None:
        """Takes a heartbeat, and adapts the patience."""
        interval, self._beat_at = now - self._beat_at, now
        if interval >= _GREETING:
            self.patience = max(_LEAST_PATIENCE, _MISSED * interval, self.patience or 0.0)
