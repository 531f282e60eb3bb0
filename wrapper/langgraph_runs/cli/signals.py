"""Ctrl-C and SIGTERM: the first one stops the command in order, the second one at once."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Coroutine
from contextlib import suppress
from types import FrameType
from typing import Any

SHOW_CURSOR = b"\x1b[?25h"


class Stopped(Exception):  # noqa: N818  # an event rather than an error
    """A signal has stopped the command.

    Attributes:
        status: The exit status: 128 and the number of the signal.
    """

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


async def until_stopped(work: Coroutine[Any, Any, int]) -> int:
    """Does the work of a command, and returns its exit status. A signal cancels it where it waits, and nowhere else: a
    part that was read is also printed, and its position saved.

    Raises:
        Stopped: A signal has come, and the work has ended.
    """
    loop, task = asyncio.get_running_loop(), asyncio.ensure_future(work)
    received: list[int] = []

    def stop(number: int, frame: FrameType | None) -> None:
        if received:
            _end_now(number)
        received.append(number)
        loop.call_soon_threadsafe(task.cancel)

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        return await task
    except asyncio.CancelledError:
        if not received:
            raise
        raise Stopped(128 + received[0]) from None
    finally:
        for number, handler in before.items():
            if not received:
                signal.signal(number, handler)


def _end_now(number: int) -> None:
    """Ends the process by the signal, without waiting for anything. A shell shows 128 and its number as the status."""
    with suppress(OSError, ValueError):
        if os.isatty(sys.stdout.fileno()):
            os.write(
                sys.stdout.fileno(), SHOW_CURSOR
            )  # not by sys.stdout, which may be in the middle of a write
    signal.signal(number, signal.SIG_DFL)
    os.kill(os.getpid(), number)
