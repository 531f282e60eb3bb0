"""Runs the payloads of `map`, many at once."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from functools import partial
from typing import Any

from langgraph_runs._async.driver import TIME_TO_LEAVE, AsyncDriver
from langgraph_runs.concurrency import AsyncLifetime, async_gather
from langgraph_runs.deadline import AsyncDeadline
from langgraph_runs.errors import LangGraphRunsError
from langgraph_runs.fan_out import AsyncFanOut, AsyncWork
from langgraph_runs.request.call import UnsendableError
from langgraph_runs.run.cancel_on_exit import HeldRun
from langgraph_runs.run.mapping import RunMap, refuse
from langgraph_runs.run.retrying import Flow

SECONDS_TO_CANCEL = 0.05  # for each run that is under way when the caller leaves; all are cancelled at once


class AsyncRunMapping:
    """Runs the payloads of one `map`.

    Args:
        driver: Starts the runs, and waits for them.
        runs: The runs.
        seconds: How many seconds each may take; None for no limit.
    """

    def __init__(self, driver: AsyncDriver, runs: RunMap, seconds: float | None) -> None:
        self._driver = driver
        self._runs = runs
        self._seconds = seconds
        self._takes_slots = True
        most = min(runs.limit, driver.max_concurrency or runs.limit)  # more would only wait for a slot
        self._time_to_leave = max(TIME_TO_LEAVE, SECONDS_TO_CANCEL * most)
        self._fan_out = AsyncFanOut(runs.payloads, self._work, most)

    async def outcomes(self) -> AsyncGenerator[tuple[int, Any]]:
        """The index of each payload, with the values of its run or the error, as the runs end."""
        generator = set[None]()  # lives as long as this generator
        lifetime = AsyncLifetime(generator, self._leave)
        self._takes_slots = not self._driver.is_in_slot
        self._driver.leave[self._leave] = None  # also if the client is closed
        try:
            await lifetime.begin()
            while (outcome := await self._fan_out.next()) is not None:
                self._runs.done()
                yield outcome
        finally:
            try:
                await self._leave()
            finally:  # also if this task is cancelled once more
                self._driver.leave.pop(self._leave, None)
                await lifetime.end()

    async def _leave(self) -> None:
        """Leaves the runs that are still under way."""
        left = await self._fan_out.aclose(self._time_to_leave)
        deadline = AsyncDeadline(TIME_TO_LEAVE)
        await async_gather([partial(self._driver.end, held, deadline) for held in left])

    def _work(self, index: int, payload: Any) -> AsyncWork[HeldRun]:
        flow, held = self._runs.start(index, payload)
        deadline = AsyncDeadline(self._seconds)
        return AsyncWork(held, deadline, partial(self._outcome, index, flow, held, deadline))

    async def _outcome(self, index: int, flow: Flow[Any], held: HeldRun, deadline: AsyncDeadline) -> Any:
        """The values of a run, or its error."""
        try:
            return await self._driver.hold(
                flow,
                held,
                deadline,
                slot=self._takes_slots,
                time_to_leave=self._time_to_leave,
            )
        except LangGraphRunsError as error:
            return error
        except UnsendableError as error:
            refuse(index, error)
