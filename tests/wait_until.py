"""Waits for a condition."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic, sleep

LIMIT = 20.0  # seconds


def wait_until(condition: Callable[[], bool]) -> None:
    """Returns when the condition is true; fails if it does not become true in time."""
    deadline = monotonic() + LIMIT
    while not condition():
        assert monotonic() < deadline, f"the condition did not become true within {LIMIT} seconds"
        sleep(0.02)
