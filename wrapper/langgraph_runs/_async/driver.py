"""Follows flows: sends what they say, waits as long as they say, and stops what their caller leaves behind."""

from __future__ import annotations

import logging
from asyncio import sleep
from functools import partial
from typing import Any, TypeVar

from langgraph_runs._async.transport import AsyncTransport
from langgraph_runs.colours import AsyncDeadline, AsyncShield, AsyncTogether, OverdueError
from langgraph_runs.engine.owner import process
from langgraph_runs.errors import APIError, LangGraphRunsError
from langgraph_runs.flow import Flow, Pause, urgently
from langgraph_runs.guard import RunGuard
from langgraph_runs.sse import MAX_EVENT_BYTES

T = TypeVar("T")

log = logging.getLogger("langgraph_runs")

TO_LEAVE = 2.0  # seconds


class AsyncDriver:
    """What stands between a client's methods, which say what is to be done, and its transport, which does it.

    Args:
        transport: Sends the calls.
        max_event_bytes: How large one event of a stream may be.
    """

    def __init__(self, transport: AsyncTransport, *, max_event_bytes: int = MAX_EVENT_BYTES) -> None:
        self.transport = transport
        self.max_event_bytes = max_event_bytes
        self._held: dict[RunGuard, None] = {}  # the runs that somebody waits for, or reads

    async def follow(self, flow: Flow[T], deadline: AsyncDeadline | None = None) -> T:
        """Does what a flow says, and gives what it comes to.

        Raises:
            OverdueError: The deadline has passed.
        """
        deadline = deadline or AsyncDeadline()
        try:
            step = next(flow)
            while True:
                try:
                    value = await self._done(step, deadline)
                except APIError as error:
                    deadline.left()  # where that is what ended it, it is no failure of the call
                    step = flow.throw(error)
                else:
                    step = flow.send(value)
        except StopIteration as end:
            result: T = end.value
            return result
        finally:
            flow.close()

    async def hold(self, flow: Flow[T], guard: RunGuard, seconds: float | None) -> T:
        """Follows a flow that waits for a run, with so many seconds for all of it.

        Raises:
            WaitTimeoutError: They have passed.
        """
        self.begin(guard)
        try:
            return await self.follow(flow, AsyncDeadline(seconds))
        except OverdueError:
            await self.end(guard)  # which may find out which run it is
            raise guard.overdue(seconds) from None
        except LangGraphRunsError:
            guard.release()
            raise
        finally:
            await self.end(guard)

    def begin(self, guard: RunGuard) -> None:
        """Somebody holds this run."""
        guard.holder = process.now
        self._held[guard] = None

    async def end(self, guard: RunGuard, deadline: AsyncDeadline | None = None) -> None:
        """Nobody holds it any more: if it is to be stopped then, that is done, within two seconds, whoever is being
        cancelled meanwhile. Does nothing the second time."""
        self._held.pop(guard, None)
        if guard.holder is not process.now or (flow := guard.leaving()) is None:
            return
        deadline = deadline or AsyncDeadline(TO_LEAVE)
        try:
            await AsyncShield.run(partial(self.follow, urgently(flow), deadline))
        except (LangGraphRunsError, OverdueError) as error:
            log.warning("run %s could not be cancelled: %r", guard.run_id, error)

    async def aclose(self) -> None:
        """Lets go of all runs that are held, within two seconds for all, and closes the connections."""
        deadline = AsyncDeadline(TO_LEAVE)
        try:
            await AsyncTogether.run([partial(self.end, guard, deadline) for guard in list(self._held)])
        finally:
            await self.transport.aclose()

    async def _done(self, step: Any, deadline: AsyncDeadline) -> Any:
        if isinstance(step, Pause):
            return await self.pause(step.seconds, deadline)
        if step.streams:
            return await self.transport.open(step, deadline)
        return await self.transport.send(step, deadline)

    async def pause(self, seconds: float, deadline: AsyncDeadline) -> None:
        """Waits so long, or to the deadline."""
        await sleep(deadline.left(seconds) or 0.0)
