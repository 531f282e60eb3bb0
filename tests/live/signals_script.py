"""A script that holds a run until it ends, and that a person may stop by Ctrl-C.

    python signals_script.py sync|async wait|stream URL THREAD [ACTION]

It prints "begun" when the run has been created.
"""

from __future__ import annotations

import asyncio
import signal
import sys
from typing import Any

from langgraph_runs import AsyncRunsClient, RunsClient

GIVEN: dict[str, Any] = {"assistant_id": "slow", "input": {"seconds": 120.0, "n": 1200}}


def say(*_: object) -> None:
    """Prints that the run has been created."""
    sys.stdout.write("begun\n")
    sys.stdout.flush()


def main(method: str, url: str, thread_id: str, action: Any) -> None:
    """Holds a run."""
    with RunsClient(url, api_key=None, cancel_on_exit=action) as runs:
        if method == "wait":
            runs.wait(thread_id, on_run_created=say, **GIVEN)
        else:
            for _ in runs.stream(thread_id, on_run_created=say, **GIVEN):
                pass


async def amain(method: str, url: str, thread_id: str, action: Any) -> None:
    """The same in a task."""
    async with AsyncRunsClient(url, api_key=None, cancel_on_exit=action) as runs:
        if method == "wait":
            await runs.wait(thread_id, on_run_created=say, **GIVEN)
        else:
            async for _ in runs.stream(thread_id, on_run_created=say, **GIVEN):
                pass


if __name__ == "__main__":
    # As in a terminal, even if the parent ignores the signal, as a shell does for background jobs.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    variant, method, url, thread_id, *rest = sys.argv[1:]
    arguments = (method, url, thread_id, rest[0] if rest else None)
    if variant == "async":
        asyncio.run(amain(*arguments))
    else:
        main(*arguments)
