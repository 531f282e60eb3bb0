"""A task that waits for a run or reads a stream can be cancelled like any other.

It raises asyncio's own exception, and leaves no connection, task or warning behind.
"""

from __future__ import annotations

import asyncio
import gc
import os
import stat
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from time import monotonic
from typing import Any

import pytest
from servers.heartbeat_server import HERE, HeartbeatServer, heartbeat_server
from wait_until import wait_until

from langgraph_runs import AsyncRunsClient

CANCEL = f"POST {HERE}/cancel?action=interrupt"

each_method = pytest.mark.parametrize("method", ["wait", "join", "stream", "join_stream"])
each_action = pytest.mark.parametrize("action", ["interrupt", None])


class Held:
    """A run that is held forever.

    Attributes:
        server: The server.
        reported: Set when on_run_created has been called.
    """

    def __init__(self, server: HeartbeatServer, runs: AsyncRunsClient, method: str) -> None:
        self.server = server
        self.reported = asyncio.Event()
        self._runs = runs
        self._method = method

    async def hold(self) -> None:
        """Holds the run; never returns."""
        new: dict[str, Any] = {"on_run_created": lambda *_: self.reported.set()}
        if self._method == "wait":
            await self._runs.wait("t", "agent", **new)
        elif self._method == "join":
            await self._runs.join("t", "r")
        elif self._method == "stream":
            assert not [part async for part in self._runs.stream("t", "agent", **new) if part.id != "1-0"]
        else:
            assert not [part async for part in self._runs.join_stream("t", "r")]

    async def begun(self) -> None:
        """Returns when the run is held."""
        if self._method in ("wait", "stream"):
            await self.reported.wait()
        way = "/stream" if "stream" in self._method else f"/{self._method}"
        await self.until(lambda: self.server.open == 1 and way in self.server.requests[-1])

    async def until(self, condition: Callable[[], bool]) -> None:
        """Returns when the condition is true."""
        await asyncio.to_thread(wait_until, condition)


@asynccontextmanager
async def held(method: str, action: Any) -> AsyncIterator[Held]:
    """A run that is held. Nothing of it is left afterwards, while its client is still open."""
    loop, reported, tasks = asyncio.get_running_loop(), list[Any](), asyncio.all_tasks()
    loop.set_exception_handler(lambda _, context: reported.append(context))
    with heartbeat_server() as server:
        sockets = open_sockets()
        async with AsyncRunsClient(server.url, api_key=None, cancel_on_exit=action) as runs:
            run = Held(server, runs, method)
            yield run
            assert tasks == asyncio.all_tasks()
            await run.until(lambda: server.open == 0 and open_sockets() <= sockets)
        assert ([CANCEL] if action else []) == server.cancels
    gc.collect()
    assert [] == reported
    loop.set_exception_handler(None)


def open_sockets() -> set[int]:
    """The sockets that this process has open. One of an earlier test may still be closed while this one runs."""
    found = set[int]()
    for name in os.listdir("/dev/fd"):
        with suppress(OSError):  # the one that has listed them
            status = os.fstat(int(name))
            if stat.S_ISSOCK(status.st_mode):
                found.add(status.st_ino)
    return found


@each_action
@each_method
async def test_a_timeout_of_asyncio_raises_asyncio_s_own_error(method: str, action: Any) -> None:
    """TimeoutError, not an error of this package."""
    async with held(method, action) as run:
        with pytest.raises(TimeoutError) as overdue:
            async with asyncio.timeout(None) as clock:
                soon = asyncio.create_task(run.begun())
                soon.add_done_callback(lambda _: clock.reschedule(asyncio.get_running_loop().time()))
                await run.hold()
        error = overdue.value
        behind = error.__cause__ or error.__context__  # before Python 3.11.3
        assert (TimeoutError, asyncio.CancelledError) == (type(error), type(behind))
        assert clock.expired()


@each_action
@each_method
async def test_a_cancelled_task_raises_cancelled_error(method: str, action: Any) -> None:
    """With the given message."""
    async with held(method, action) as run:
        task = asyncio.create_task(run.hold())
        await run.begun()
        task.cancel("no more")
        with pytest.raises(asyncio.CancelledError, match="no more"):
            await task
        assert (True, 1) == (task.cancelled(), task.cancelling())


@each_action
@each_method
async def test_a_task_group_raises_only_the_error_of_its_other_task(method: str, action: Any) -> None:

    async def fail() -> None:
        await run.begun()
        raise KeyError("the other")

    async with held(method, action) as run:
        with pytest.raises(ExceptionGroup) as failed:
            async with asyncio.TaskGroup() as group:
                task = group.create_task(run.hold())
                group.create_task(fail())
        assert ["KeyError('the other')"] == [repr(error) for error in failed.value.exceptions]
        assert task.cancelled()


@each_method
async def test_a_second_cancellation_waits_for_the_cancel_request(method: str) -> None:
    """The request that cancels the run is completed first."""
    async with held(method, "interrupt") as run:
        run.server.may_cancel.clear()
        task = asyncio.create_task(run.hold())
        await run.begun()
        task.cancel("first")
        await run.until(lambda: bool(run.server.cancels))
        task.cancel("second")
        done, _ = await asyncio.wait([task], timeout=0.3)
        assert not done
        run.server.may_cancel.set()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert (True, 2) == (task.cancelled(), task.cancelling())


@each_method
async def test_a_cancellation_while_the_timeout_cancels_the_run_wins_over_the_timeout(method: str) -> None:
    """The task is cancelled, and raises no WaitTimeoutError."""
    async with held(method, "interrupt") as run:
        run.server.may_cancel.clear()

        async def late() -> None:
            async with asyncio.timeout(None) as clock:
                soon = asyncio.create_task(run.begun())
                soon.add_done_callback(lambda _: clock.reschedule(asyncio.get_running_loop().time()))
                await run.hold()

        task = asyncio.create_task(late())
        await run.until(lambda: bool(run.server.cancels))
        task.cancel("no more")
        run.server.may_cancel.set()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert task.cancelled()


@each_method
async def test_a_cancel_request_without_answer_delays_the_task_by_two_seconds(method: str) -> None:
    """No longer; then the task is cancelled."""
    async with held(method, "interrupt") as run:
        run.server.may_cancel.clear()
        task = asyncio.create_task(run.hold())
        await run.begun()
        began = monotonic()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert 2.0 <= monotonic() - began < 2.5
        run.server.may_cancel.set()


@pytest.mark.parametrize("method", ["wait", "stream"])
async def test_a_task_cancelled_before_the_run_has_an_id_finds_and_cancels_the_run(method: str) -> None:
    """By the nonce of its request."""
    async with held(method, "interrupt") as run:
        run.server.may_begin.clear()
        task = asyncio.create_task(run.hold())
        await run.until(lambda: bool(run.server.requests))
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert run.reported.is_set()
        run.server.may_begin.set()
