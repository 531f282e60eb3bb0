"""Signal handlers that raise while a stream is read over the engine."""

from __future__ import annotations

import gc
import os
import signal
from random import Random
from types import FrameType
from typing import Any

import pytest
from engine.test_resume_over_sockets import cutting, received
from servers.peer import peer
from servers.replay_server import ReplayServer, recorded

from langgraph_runs import RetryPolicy, RunsClient

SEED = int(os.environ.get("SEED", "20261124"))


class Interruption(BaseException):
    """Raised by the signal handler."""


@pytest.mark.parametrize("seed", range(SEED, SEED + 10))
def test_signals_in_a_read_lose_no_event_silently(seed: int) -> None:
    """They arrive between any two instructions of the reader: the reads return all events, unless one has raised an
    error that an event may be lost."""
    random = Random(seed)
    events, parts, has_said, count = recorded(2000, random, alike=0.1), list[Any](), False, 0

    def handler(number: int, frame: FrameType | None) -> None:
        nonlocal count
        outer = frame
        while outer is not None and not outer.f_code.co_filename.endswith("_sync/reader.py"):
            outer = outer.f_back
        if outer is None or outer.f_code.co_name != "next":
            signal.setitimer(signal.ITIMER_REAL, 0.0002)  # not within a read: a little later
            return
        count += 1
        raise Interruption

    gc.disable()  # an exception in a callback of the collector (Hypothesis registers one) is printed, not raised
    before = signal.signal(signal.SIGALRM, handler)
    policy = RetryPolicy(first_delay=0.001, longest_delay=0.002, attempts=100)
    try:
        with (
            peer(cutting(ReplayServer(events, random), [], random)) as server,
            RunsClient(server.url, retry=policy) as runs,
        ):
            stream = runs.stream("t", "agent")
            parts.append(next(stream))
            while True:
                try:
                    if count < 40:
                        signal.setitimer(signal.ITIMER_REAL, random.uniform(0.0002, 0.002))
                    parts.append(next(stream))
                except Interruption:
                    continue
                except StopIteration:
                    break
                except RuntimeError as error:
                    assert "may be lost" in str(error) or "a signal handler has interrupted" in str(error), (
                        seed
                    )
                    has_said = True
                    break
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
        gc.enable()
    found = [received(part) for part in parts]
    assert found == events[: len(found)], seed
    assert has_said or len(found) == len(events), seed
