"""The calls of the hostile-server corpus, for both clients."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterator
from inspect import isawaitable
from itertools import islice
from typing import Any
from uuid import uuid4

from langgraph_runs_api.api.thread_runs import get_run
from langgraph_runs_api.models import Run
from servers.hostile_server import CALL, NAME

from langgraph_runs import AsyncRunsClient, AsyncRunStream, RetryPolicy, RunsClient, RunStream

MIB = 1024 * 1024
LARGEST_BODY, LARGEST_EVENT = 4 * MIB, MIB
MOST_PARTS = 100_000
"""After how many parts a loop over a stream is left."""
MOST_RUNS = 2000
"""After how many runs a loop over `list_all` is left."""

KEY, HEADER, PARAM = "secret-key-of-the-client", "secret-header-of-the-call", "secret-param-of-the-call"

CALLS: dict[str, Callable[[Any, Any], Any]] = {
    "create": lambda runs, given: runs.create("t", "agent", **given),
    "create_stateless": lambda runs, given: runs.create(None, "agent", **given),
    "create_batch": lambda runs, given: runs.create_batch([{"assistant_id": "agent"}], **given),
    "wait": lambda runs, given: runs.wait("t", "agent", **given),
    "wait_and_cancel": lambda runs, given: runs.wait("t", "agent", cancel_on_exit="interrupt", **given),
    "wait_stateless": lambda runs, given: runs.wait(None, "agent", **given),
    "join": lambda runs, given: runs.join("t", "r", **given),
    "stream": lambda runs, given: runs.stream("t", "agent", **given),
    "stream_stateless": lambda runs, given: runs.stream(None, "agent", **given),
    "join_stream": lambda runs, given: runs.join_stream("t", "r", **given),
    "replay": lambda runs, given: runs.join_stream("t", "r", last_event_id="-1", **given),
    "list": lambda runs, given: runs.list("t", **given),
    "list_all": lambda runs, given: runs.list_all("t", **given),
    "get": lambda runs, given: runs.get("t", "r", **given),
    "cancel": lambda runs, given: runs.cancel("t", "r", **given),
    "cancel_and_wait": lambda runs, given: runs.cancel("t", "r", wait=True, **given),
    "cancel_all": lambda runs, given: runs.cancel_all("t", **given),
    "cancel_many": lambda runs, given: runs.cancel_many(status="all", **given),
    "delete": lambda runs, given: runs.delete("t", "r", **given),
    # A generated function takes no headers: its thread is the name of the case.
    "generated": lambda runs, given: (get_run.asyncio if isinstance(runs, AsyncRunsClient) else get_run.sync)(
        given["headers"][NAME], "r", client=runs.api
    ),
}
"""Every method, and a function of the generated layer."""
WITH_DEADLINE = {name for name in CALLS if name.startswith(("wait", "join", "stream"))} | {
    "replay",
    "cancel_and_wait",
}
"""Those that take a `timeout`."""


def summary(value: Any) -> Any:
    """A value in few words: the id of a run, the number of many runs, otherwise JSON."""
    if isinstance(value, Run):
        return f"run {value.run_id}"[:200]
    if isinstance(value, list) and all(isinstance(one, Run) for one in value):
        return [summary(one) for one in value] if len(value) <= 3 else f"{len(value)} runs"
    shown = json.dumps(value, default=repr)
    return value if len(shown) <= 200 else shown[:200]


def finished(result: Any, most: int) -> Any:
    """The value of a sync call; for an iterator, how much it has yielded."""
    if isinstance(result, RunStream):
        with result as stream:
            return finished(iter(stream), most)
    if isinstance(result, Iterator):
        return f"{sum(1 for _ in islice(result, most))} yielded"
    return result


async def async_finished(result: Any, most: int) -> Any:
    """The same of an async call."""
    if isawaitable(result):
        return await result
    if isinstance(result, AsyncRunStream):
        async with result as stream:
            return await async_finished(aiter(stream), most)
    if isinstance(result, AsyncIterator):
        count = 0
        async for _ in result:
            count += 1
            if count == most:
                break
        return f"{count} yielded"
    return result


class Client:
    """A client of either variant."""

    def __init__(self, variant: str, url: str, timeout: float) -> None:
        self.is_sync = variant == "sync"
        self.runner = None if self.is_sync else asyncio.Runner()
        kind = RunsClient if self.is_sync else AsyncRunsClient
        retry = RetryPolicy(
            attempts=3, call_attempts=1, first_delay=0.01, longest_delay=0.05, longest_retry_after=0.2
        )
        more: dict[str, Any] = {"timeout": timeout, "retry": retry, "max_event_bytes": LARGEST_EVENT}
        if "max_body_bytes" in kind.__init__.__kwdefaults__:
            more["max_body_bytes"] = LARGEST_BODY
        self.runs: Any = kind(url, api_key=KEY, **more)

    def call(self, name: str, case: str, deadline: float = 20.0) -> Any:
        """Makes a call, to its end; with a deadline, if the method takes one."""
        headers = {NAME: case, CALL: str(uuid4()), "x-token": HEADER}
        given: dict[str, Any] = {"headers": headers, "params": {"token": PARAM}}
        if name in WITH_DEADLINE:
            given["timeout"] = deadline
        most = MOST_RUNS if name == "list_all" else MOST_PARTS
        if self.runner is not None:
            return self.runner.run(self._async_call(name, given, most))
        return finished(CALLS[name](self.runs, given), most)

    async def _async_call(self, name: str, given: dict[str, Any], most: int) -> Any:
        return await async_finished(CALLS[name](self.runs, given), most)

    def close(self) -> None:
        if self.runner is None:
            self.runs.close()
        else:
            self.runner.run(self.runs.aclose())
            self.runner.close()
