"""How long a connection may be silent, by its own heartbeats. No I/O."""

from __future__ import annotations

_LEAST_PATIENCE = 15.0  # seconds without a byte, where there are heartbeats
_BEATS = 3  # that may be missed
_GREETING = 0.5  # seconds: what comes sooner, as some servers send it at once, is no heartbeat


class Pulse:
    """The heartbeats of one connection. A server that sends none may be silent for ever.

    Args:
        now: When the connection began, in seconds of some clock.
        patience: What is known from another connection of the same server.

    Attributes:
        patience: How many seconds it may be silent; None for any time.
    """

    def __init__(self, now: float, patience: float | None = None) -> None:
        self.patience = patience
        self._beat_at = now

    def beat(self, now: float) -> None:
        """A heartbeat has come."""
        interval, self._beat_at = now - self._beat_at, now
        if interval >= _GREETING:
            self.patience = max(_LEAST_PATIENCE, _BEATS * interval, self.patience or 0.0)
