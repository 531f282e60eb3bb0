"""Counts the parts of a stream, and notices the first ones."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from langgraph_runs.otel import names

_ABOUT_THE_RUN = ("metadata", "feedback")


class Counted:
    """A function that turns events into parts, and counts these.

    Args:
        take: The function.
        first: Called with `FIRST_EVENT` or `FIRST_TOKEN` when the first event of the graph has come, or the first
            message of a model.

    Attributes:
        count: How many parts there were.
    """

    def __init__(self, take: Callable[[Any], Any], first: Callable[[str], None]) -> None:
        self.count = 0
        self._take = take
        self._first = first
        self._awaited = [names.FIRST_EVENT, names.FIRST_TOKEN]

    def take(self, event: Any) -> Any:
        """The part for this event; None if there is none."""
        part = self._take(event)
        if part is not None:
            self.count += 1
            if self._awaited:
                self._notice(part.event)
        return part

    def _notice(self, event: str) -> None:
        if event in _ABOUT_THE_RUN:
            return
        reached = [names.FIRST_EVENT]
        if event.partition("|")[0] in ("messages", "messages/partial"):
            reached.append(names.FIRST_TOKEN)
        for name in [name for name in self._awaited if name in reached]:
            self._awaited.remove(name)
            self._first(name)
