"""A task that waits for a run, or reads a stream, goes away as any other: with asyncio's own exception, and without
leaving a connection, a task or a warning behind."""

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

CANCEL = f"POST {HERE}/cancel?wait=false&action=interrupt"

each_method = pytest.mark.parametrize("method", ["wait", "join", "stream", "join_stream"])
each_action = pytest.mark.parametrize("action", ["interrupt", None])


class Held:
    """A run that somebody holds for ever: a server, and the way to hold it.

    Attributes:
        server: The server.
        told: Is set when the caller has been told of the run.
    """

    def __init__(self, server: HeartbeatServer, runs: AsyncRunsClient, method: str) -> None:
        self.server = server
        self.told = asyncio.Event()
        self._runs = runs
        self._method = method

    async def hold(self) -> None:
        """Never returns."""
        new: dict[str, Any] = {"on_run_created": lambda *_: self.told.set()}
        if self._method == "wait":
            await self._runs.wait("t", "agent", **new)
        elif self._method == "join":
            await self._runs.join("t", "r")
        elif self._method == "stream":
            assert not [part async for part in self._runs.stream("t", "agent", **new) if part.id != "1-0"]
        else:
            assert not [part async for part in self._runs.join_stream("t", "r")]

    async def begun(self) -> None:
        """Returns when the run is waited for."""
        if self._method in ("wait", "stream"):
            await self.told.wait()
        way = "/stream" if "stream" in self._method else f"/{self._method}"
        await self.until(lambda: self.server.open == 1 and way in self.server.requests[-1])

    async def until(self, condition: Callable[[], bool]) -> None:
        """Returns when it is true."""
        await asyncio.to_thread(wait_until, condition)


@asynccontextmanager
async def held(method: str, action: Any) -> AsyncIterator[Held]:
    """Such a run. Nothing of it is left behind while its client is still open."""
    loop, told, tasks = asyncio.get_running_loop(), list[Any](), asyncio.all_tasks()
    loop.set_exception_handler(lambda _, context: told.append(context))
    with heartbeat_server() as server:
        sockets = open_sockets()
        async with AsyncRunsClient(server.url, api_key=None, cancel_on_exit=action) as runs:
            run = Held(server, runs, method)
            yield run
            assert tasks == asyncio.all_tasks()
            await run.until(lambda: server.open == 0 and open_sockets() == sockets)
        assert ([CANCEL] if action else []) == server.cancels
    gc.collect()
    assert [] == told
    loop.set_exception_handler(None)


def open_sockets() -> int:
    """How many this process has."""
    count = 0
    for name in os.listdir("/dev/fd"):
        with suppress(OSError):  # the one that has listed them
            count += stat.S_ISSOCK(os.fstat(int(name)).st_mode)
    return count


@each_action
@each_method
async def test_asyncio_timeout(method: str, action: Any) -> None:
    """TimeoutError, of asyncio: no error of ours."""
    async with held(method, action) as run:
        with pytest.raises(TimeoutError) as overdue:
            async with asyncio.timeout(None) as clock:
                soon = asyncio.create_task(run.begun())
                soon.add_done_callback(lambda _: clock.reschedule(asyncio.get_running_loop().time()))
                await run.hold()
        assert (TimeoutError, asyncio.CancelledError) == (type(overdue.value), type(overdue.value.__cause__))
        assert clock.expired()


@each_action
@each_method
async def test_a_task_that_is_cancelled(method: str, action: Any) -> None:
    """Is cancelled, with the words that were given."""
    async with held(method, action) as run:
        task = asyncio.create_task(run.hold())
        await run.begun()
        task.cancel("no more")
        with pytest.raises(asyncio.CancelledError, match="no more"):
            await task
        assert (True, 1) == (task.cancelled(), task.cancelling())


@each_action
@each_method
async def test_a_task_group_that_fails(method: str, action: Any) -> None:
    """By the other task's error, and by that alone."""

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
async def test_a_task_that_is_cancelled_once_more(method: str) -> None:
    """While the request to stop its run is under way: that is sent to its end, and then the task is cancelled."""
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
async def test_a_task_that_is_cancelled_while_its_timeout_stops_the_run(method: str) -> None:
    """Is cancelled, and not merely late."""
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
async def test_a_run_that_cannot_be_stopped_holds_its_task_for_two_seconds(method: str) -> None:
    """And no longer; the task is cancelled all the same."""
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
async def test_a_task_that_is_cancelled_before_the_run_has_a_name(method: str) -> None:
    """The run is looked for by what its request was marked with, and stopped."""
    async with held(method, "interrupt") as run:
        run.server.may_begin.clear()
        task = asyncio.create_task(run.hold())
        await run.until(lambda: bool(run.server.requests))
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert run.told.is_set()
        run.server.may_begin.set()
