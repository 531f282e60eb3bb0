"""Children of a fork, and calls that check whose answers they get."""

from __future__ import annotations

import asyncio
import gc
import os
import sys
import traceback
from collections.abc import Callable
from typing import Any

from langgraph_runs import AsyncRunsClient, RunsClient


def calls(runs: RunsClient[Any, Any, Any], count: int, **options: Any) -> None:
    """Makes so many calls, and checks that each gets its own answer."""
    me = str(os.getpid())
    for number in range(count):
        run = runs.get(me, f"{me}-{number}", **options)
        assert (me, f"{me}-{number}") == (run.thread_id, run.run_id), run


async def async_calls(runs: AsyncRunsClient[Any, Any, Any], count: int) -> None:
    """The same, all at once."""
    me = str(os.getpid())

    async def one(number: int) -> None:
        run = await runs.get(me, f"{me}-{number}")
        assert (me, f"{me}-{number}") == (run.thread_id, run.run_id), run

    await asyncio.gather(*map(one, range(count)))


def forked(work: Callable[[], object], *, by_exit: bool = False) -> int:
    """The pid of a child that does this work and exits: like a child of multiprocessing or, with by_exit, like a
    program."""
    if pid := os.fork():
        return pid
    try:
        work()
    except BaseException:  # noqa: BLE001
        traceback.print_exc()
        failed = 1
    else:
        failed = 0
    if by_exit:
        raise SystemExit(failed)
    sys.stderr.flush()
    os._exit(failed)


def waited(*pids: int) -> None:
    """Waits until the children have exited; each must have succeeded."""
    for pid in pids:
        _, status = os.waitpid(pid, 0)
        assert 0 == os.waitstatus_to_exitcode(status)


def dropped(held: list[Any]) -> None:
    """Drops the last reference."""
    held.clear()
    gc.collect()
