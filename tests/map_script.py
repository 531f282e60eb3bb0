"""A script that maps runs until it is stopped by Ctrl-C.

    python map_script.py sync|async URL [ACTION]

It prints "begun" when it has the first outcome.
"""

from __future__ import annotations

import asyncio
import signal
import sys
from typing import Any

from langgraph_runs import AsyncRunsClient, RunsClient

NUMBERS = range(20)
PAYLOADS: Any = [
    {"assistant_id": "agent", "thread_id": "t", "input": {"n": number, "hold": number > 0}}
    for number in NUMBERS
]


def say() -> None:
    """Prints that there is an outcome."""
    sys.stdout.write("begun\n")
    sys.stdout.flush()


def main(url: str, action: Any) -> None:
    """Maps runs."""
    with RunsClient(url, api_key=None, cancel_on_exit=action) as runs:
        for _ in runs.map(PAYLOADS, limit=4):
            say()


async def amain(url: str, action: Any) -> None:
    """The same in a task."""
    async with AsyncRunsClient(url, api_key=None, cancel_on_exit=action) as runs:
        async for _ in runs.map(PAYLOADS, limit=4):
            say()


if __name__ == "__main__":
    # As in a terminal, even if the parent ignores the signal, as a shell does for background jobs.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    variant, url, *rest = sys.argv[1:]
    if variant == "async":
        asyncio.run(amain(url, rest[0] if rest else None))
    else:
        main(url, rest[0] if rest else None)
