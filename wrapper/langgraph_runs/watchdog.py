"""One thread for the time limits of all threads: it does something at a given time, unless that is cancelled before.

No lock is held here: a signal handler may start or cancel an alarm between any two instructions of the code that it
interrupts, and may raise an exception there.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from contextlib import suppress
from heapq import heapify, heappop, heappush
from itertools import count
from math import inf
from queue import Empty, SimpleQueue
from threading import Thread
from time import monotonic, sleep

from langgraph_runs.engine.owner import process

_LOOK_EVERY = 1.0  # seconds; then, cancelled alarms are forgotten, and the thread ends if there is no other
_LOOK_AFTER = 1000  # new alarms


class Alarm:
    """Calls a function once, in the thread of the watchdog. If no thread can start, as while the interpreter exits, it
    never does.

    Args:
        due: When, in seconds of `time.monotonic`.
        go_off: The function. It must return at once, and must not raise an exception.
    """

    __slots__ = ("_go_off", "_is_going_off", "due")

    def __init__(self, due: float, go_off: Callable[[], object]) -> None:
        self.due: float | None = due
        self._go_off = go_off
        self._is_going_off = False
        _watch(self, due)

    def cancel(self) -> None:
        """Has it not go off any more. If it is just doing so, waits for the end of that."""
        self.due = None
        while self._is_going_off:
            sleep(0)

    def go_off(self) -> None:
        """Goes off, unless it was cancelled."""
        self._is_going_off = True  # before `due` is read: see `cancel`
        try:
            if self.due is not None:
                self._go_off()
        finally:
            self._is_going_off = False


class _Watchdog:
    """The thread, and its alarms.

    Attributes:
        process: The process that it runs in.
        has_ended: Whether it takes no more alarms.
        wakes_at: When it looks at its alarms again.
        new: The alarms that it has not seen yet.
        wake_up: Wakes it up earlier.
    """

    def __init__(self) -> None:
        self.process = process.now
        self.has_ended = False
        self.wakes_at = inf
        self.new = deque[Alarm]()
        self.wake_up = SimpleQueue[None]()
        self._alarms: list[tuple[float, int, Alarm]] = []
        self._numbers = count()
        self._looks_at = monotonic() + _LOOK_EVERY

    def run(self) -> None:
        """Lets the alarms go off, until there are none."""
        try:
            while self._is_needed():
                with suppress(Empty):
                    self.wake_up.get(timeout=max(0.0, min(self.wakes_at, self._looks_at) - monotonic()))
        finally:
            self.has_ended = True

    def _is_needed(self) -> bool:
        self.wakes_at = inf  # from now on, each new alarm wakes the thread up
        self._take_new()
        while self._alarms and self._alarms[0][0] <= monotonic():
            heappop(self._alarms)[2].go_off()
        if self._looks_at <= monotonic():
            self._looks_at = monotonic() + _LOOK_EVERY
            self._alarms = [entry for entry in self._alarms if entry[2].due is not None]
            heapify(self._alarms)
            self.has_ended = not self._alarms  # before it looks for new ones: see `_watch`
            self._take_new()
            self.has_ended = not self._alarms
        self.wakes_at = self._alarms[0][0] if self._alarms else inf
        return not self.has_ended

    def _take_new(self) -> None:
        with suppress(IndexError):
            while True:
                alarm = self.new.popleft()
                if (due := alarm.due) is not None:
                    heappush(self._alarms, (due, next(self._numbers), alarm))


class _Current:
    """The watchdog of this process. Threads that need the first one at the same time may start several, of which all
    but one end soon."""

    watchdog: _Watchdog | None = None


def _watch(alarm: Alarm, due: float) -> None:
    watchdog = _Current.watchdog
    while True:
        if watchdog is None or watchdog.has_ended or watchdog.process is not process.now:
            watchdog = _Watchdog()
            watchdog.new.append(alarm)
            with suppress(RuntimeError):  # no thread can start
                Thread(target=watchdog.run, name="langgraph-runs watchdog", daemon=True).start()
                _Current.watchdog = watchdog
            return
        watchdog.new.append(alarm)
        if due < watchdog.wakes_at or len(watchdog.new) > _LOOK_AFTER:
            watchdog.wake_up.put(None)
        if not watchdog.has_ended:  # otherwise, it may not have seen this alarm
            return
