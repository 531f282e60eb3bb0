"""A process that gets one response, and prints by how many MiB its peak memory has grown, and the error.

python memory_script.py sync|async get|stream URL OPTIONS
"""

from __future__ import annotations

import asyncio
import json
import resource
import sys
from typing import Any

from langgraph_runs import AsyncRunsClient, LangGraphRunsError, RetryPolicy, RunsClient


def peak() -> float:
    """The peak so far, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def get(method: str, url: str, options: dict[str, Any]) -> None:
    """Gets a run, or the first part of a stream."""
    with RunsClient(url, api_key=None, retry=RetryPolicy(attempts=0), **options) as runs:
        runs.get("t", "r") if method == "get" else next(runs.join_stream("t", "r", last_event_id="-1"))


async def async_get(method: str, url: str, options: dict[str, Any]) -> None:
    """The same."""
    async with AsyncRunsClient(url, api_key=None, retry=RetryPolicy(attempts=0), **options) as runs:
        await (
            runs.get("t", "r") if method == "get" else anext(runs.join_stream("t", "r", last_event_id="-1"))
        )


if __name__ == "__main__":
    variant, method, url, options = sys.argv[1:]
    AsyncRunsClient(url, api_key=None)  # imports what it needs
    RunsClient(url, api_key=None)
    before = peak()
    try:
        if variant == "sync":
            get(method, url, json.loads(options))
        else:
            asyncio.run(async_get(method, url, json.loads(options)))
    except LangGraphRunsError as error:
        sys.stdout.write(f"{peak() - before}\n{str(error)[-200:]}")
