"""The thread that gives up what has gone silent."""

from __future__ import annotations

import threading
from time import monotonic

from langgraph_runs.idle_timeout import Watch, _Watchman


class Slow(Watch):
    """A watch whose firing takes a moment, as many of them at once do."""

    def __init__(self, due: float, takes: threading.Event | None) -> None:
        super().__init__(None)
        self.due = due
        self.fired = threading.Event()
        self._takes = takes

    def fire(self) -> None:
        if self._takes is not None:
            self._takes.wait(0.1)
        self.fired.set()


def test_what_falls_due_while_another_is_given_up_is_given_up_too() -> None:
    """Not forgotten for ever."""
    watchman = _Watchman()
    due = monotonic() + 0.1
    first, second = Slow(due, threading.Event()), Slow(due + 0.05, None)
    watchman.look_after(first)
    watchman.look_after(second)
    assert first.fired.wait(10)
    assert second.fired.wait(10)
