"""Programs whose signal handlers call a sync client, while the main thread is anywhere inside of a method of it.

    python handler_scenarios.py SCENARIO sync URL SECONDS

A program prints what has come out.
"""

from __future__ import annotations

import gc
import random
import signal
import sys
from collections.abc import Callable
from time import monotonic
from types import FrameType
from typing import Any

from engine.scenarios import client, run, say, tcp_sockets

from langgraph_runs import RunsClient

SEED = 20261128


class Interruption(BaseException):
    """Raised by a signal handler."""


def _interrupted(
    runs: RunsClient[Any, Any, Any], seconds: float, handle: Callable[[], object]
) -> tuple[int, int]:
    """Calls the client for so many seconds, interrupted at random. Returns how often the handler was called, and how
    often it has raised."""
    chance, handled, raised = random.Random(SEED), 0, 0
    is_handling = False

    def handler(number: int, frame: FrameType | None) -> None:
        nonlocal handled, is_handling
        if is_handling:
            return
        is_handling = True
        try:
            handle()
            handled += 1
        finally:
            is_handling = False

    signal.signal(signal.SIGALRM, handler)
    until = monotonic() + seconds
    while monotonic() < until:
        try:
            signal.setitimer(signal.ITIMER_REAL, chance.uniform(0.00001, 0.003))
            assert "r" == runs.get("t", "r").run_id
            for _ in runs.stream("t", "agent"):
                pass
            signal.setitimer(signal.ITIMER_REAL, 0)
        except Interruption:
            raised += 1
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.signal(signal.SIGALRM, signal.SIG_IGN)
    return handled, raised


def calls(url: str, seconds: str) -> None:
    """The handler calls the client, under max_concurrency=1."""
    with client(url, max_concurrency=1) as runs:
        handled, _ = _interrupted(runs, float(seconds), lambda: runs.get("t", "r"))
        _after(runs, handled)


def raises(url: str, seconds: str) -> None:
    """The handler calls the client, and raises. No slot is lost."""

    def handle() -> None:
        runs.get("t", "r")
        raise Interruption

    with client(url, max_concurrency=1) as runs:
        _, raised = _interrupted(runs, float(seconds), handle)
        _after(runs, raised)


def _after(runs: RunsClient[Any, Any, Any], count: int) -> None:
    assert count > 20, count
    # The slot is free, and there is one only: what the thread has taken is not noted as taken for ever.
    assert "r" == runs.get("t", "r").run_id
    free = runs._driver._limiter._free
    assert free is not None
    taken = runs._driver._limiter._thread.taken  # an empty list is of a call that ended before it took a slot
    assert (1, False) == (free.get().qsize(), any(taken.values())), taken
    runs.close()
    gc.collect()  # a connection whose opening was interrupted belongs to the exception
    say(f"{tcp_sockets()} sockets")


def waits(url: str, _seconds: str) -> None:
    """The handler calls the client while the main thread waits for the slot of another thread."""
    import threading

    with client(url, max_concurrency=1) as runs:
        thread = threading.Thread(target=runs.get, args=("t", "slow"))
        thread.start()
        while not runs._driver._limiter._free.get().empty():  # type: ignore[union-attr]
            pass
        found: list[Any] = []
        signal.signal(signal.SIGALRM, lambda *_: found.append(runs.get("t", "r")))
        signal.setitimer(signal.ITIMER_REAL, 0.2)
        say("now")
        found.append(runs.get("t", "r"))
        thread.join()
        say(f"{len(found)} found")
        _after(runs, 100)


if __name__ == "__main__":
    sys.setswitchinterval(0.0005)
    run(globals())
