"""Waits for a condition."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic, sleep

LIMIT = 90.0  # seconds; more than a busy machine needs


def wait_until(condition: Callable[[], bool], limit: float = LIMIT) -> None:
    """Returns when the condition is true; fails if it does not become true in time."""
    deadline = monotonic() + limit
    while not condition():
        assert monotonic() < deadline, f"the condition did not become true within {limit} seconds"
        sleep(0.02)
