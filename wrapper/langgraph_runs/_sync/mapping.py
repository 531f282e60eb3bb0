# Derived from _async/mapping.py by `make generate`; edit that one.
"""Runs the payloads of `map`, many at once."""

from __future__ import annotations

from collections.abc import Generator
from functools import partial
from typing import Any

from langgraph_runs._sync.driver import TIME_TO_LEAVE, Driver
from langgraph_runs.concurrency import Lifetime, gather
from langgraph_runs.deadline import Deadline
from langgraph_runs.errors import LangGraphRunsError
from langgraph_runs.fan_out import FanOut, Work
from langgraph_runs.request.call import UnsendableError
from langgraph_runs.run.cancel_on_exit import HeldRun
from langgraph_runs.run.mapping import RunMap, refuse
from langgraph_runs.run.retrying import Flow

SECONDS_TO_CANCEL = 0.05  # for each run that is under way when the caller leaves; all are cancelled at once


class RunMapping:
    """Runs the payloads of one `map`.

    Args:
        driver: Starts the runs, and waits for them.
        runs: The runs.
        seconds: How many seconds each may take; None for no limit.
    """

    def __init__(self, driver: Driver, runs: RunMap, seconds: float | None) -> None:
        self._driver = driver
        self._runs = runs
        self._seconds = seconds
        self._takes_slots = True
        most = min(runs.limit, driver.max_concurrency or runs.limit)  # more would only wait for a slot
        self._time_to_leave = max(TIME_TO_LEAVE, SECONDS_TO_CANCEL * most)
        self._fan_out = FanOut(runs.payloads, self._work, most)

    def outcomes(self) -> Generator[tuple[int, Any]]:
        """The index of each payload, with the values of its run or the error, as the runs end."""
        generator = set[None]()  # lives as long as this generator
        lifetime = Lifetime(generator, self._leave)
        self._takes_slots = not self._driver.is_in_slot
        self._driver.leave[self._leave] = None  # also if the client is closed
        try:
            lifetime.begin()
            while (outcome := self._fan_out.next()) is not None:
                self._runs.done()
                yield outcome
        finally:
            try:
                self._leave()
            finally:  # also if this task is cancelled once more
                self._driver.leave.pop(self._leave, None)
                lifetime.end()

    def _leave(self) -> None:
        """Leaves the runs that are still under way."""
        left = self._fan_out.close(self._time_to_leave)
        deadline = Deadline(TIME_TO_LEAVE)
        gather([partial(self._driver.end, held, deadline) for held in left])

    def _work(self, index: int, payload: Any) -> Work[HeldRun]:
        flow, held = self._runs.start(index, payload)
        deadline = Deadline(self._seconds)
        return Work(held, deadline, partial(self._outcome, index, flow, held, deadline))

    def _outcome(self, index: int, flow: Flow[Any], held: HeldRun, deadline: Deadline) -> Any:
        """The values of a run, or its error."""
        try:
            return self._driver.hold(
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
