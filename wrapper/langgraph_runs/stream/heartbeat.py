"""How long a connection may be silent, measured by its own heartbeats. No I/O."""

from __future__ import annotations

_LEAST_PATIENCE = 15.0  # seconds of silence that are always allowed
_MISSED = 3  # heartbeats that may be missed
_GREETING = 0.5  # seconds: some servers send a comment at once, which is not a heartbeat


class Heartbeat:
    """The heartbeats of one connection. A server that sends none may be silent for any time.

    Args:
        now: When the connection began, in seconds of some clock.
        patience: The patience that an earlier connection has learned.

    Attributes:
        patience: How many seconds the connection may be silent; None for any time.
    """

    def __init__(self, now: float, patience: float | None = None) -> None:
        self.patience = patience
        self._beat_at = now
        self._comments = 0

    def heard(self, comments: int, now: float) -> float | None:
        """Takes the number of comments that have come so far, which are heartbeats. Returns the patience."""
        if comments > self._comments:
            self._comments = comments
            self.beat(now)
        return self.patience

    def beat(self, now: float) -> None:
        """Takes a heartbeat, and adapts the patience."""
        interval, self._beat_at = now - self._beat_at, now
        if interval >= _GREETING:
            self.patience = max(_LEAST_PATIENCE, _MISSED * interval, self.patience or 0.0)
