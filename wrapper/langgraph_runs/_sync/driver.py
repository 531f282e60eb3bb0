# Derived from _async/driver.py by `make generate`; edit that one.
"""Follows flows: sends what they say, waits as long as they say, and stops what their caller leaves behind."""

from __future__ import annotations

import logging
from functools import partial
from time import sleep
from typing import Any, TypeVar

from langgraph_runs._sync.transport import Transport
from langgraph_runs.colours import Deadline, OverdueError, Shield, Together
from langgraph_runs.engine.owner import process
from langgraph_runs.errors import APIError, LangGraphRunsError
from langgraph_runs.flow import Flow, Pause, urgently
from langgraph_runs.guard import RunGuard
from langgraph_runs.sse import MAX_EVENT_BYTES

T = TypeVar("T")

log = logging.getLogger("langgraph_runs")

TO_LEAVE = 2.0  # seconds


class Driver:
    """What stands between a client's methods, which say what is to be done, and its transport, which does it.

    Args:
        transport: Sends the calls.
        max_event_bytes: How large one event of a stream may be.
    """

    def __init__(self, transport: Transport, *, max_event_bytes: int = MAX_EVENT_BYTES) -> None:
        self.transport = transport
        self.max_event_bytes = max_event_bytes
        self._held: dict[RunGuard, None] = {}  # the runs that somebody waits for, or reads

    def follow(self, flow: Flow[T], deadline: Deadline | None = None) -> T:
        """Does what a flow says, and gives what it comes to.

        Raises:
            OverdueError: The deadline has passed.
        """
        deadline = deadline or Deadline()
        try:
            step = next(flow)
            while True:
                try:
                    value = self._done(step, deadline)
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

    def hold(self, flow: Flow[T], guard: RunGuard, seconds: float | None) -> T:
        """Follows a flow that waits for a run, with so many seconds for all of it.

        Raises:
            WaitTimeoutError: They have passed.
        """
        self.begin(guard)
        try:
            return self.follow(flow, Deadline(seconds))
        except OverdueError:
            self.end(guard)  # which may find out which run it is
            raise guard.overdue(seconds) from None
        except LangGraphRunsError:
            guard.release()
            raise
        finally:
            self.end(guard)

    def begin(self, guard: RunGuard) -> None:
        """Somebody holds this run."""
        guard.holder = process.now
        self._held[guard] = None

    def end(self, guard: RunGuard, deadline: Deadline | None = None) -> None:
        """Nobody holds it any more: if it is to be stopped then, that is done, within two seconds, whoever is being
        cancelled meanwhile. Does nothing the second time."""
        self._held.pop(guard, None)
        if guard.holder is not process.now or (flow := guard.leaving()) is None:
            return
        deadline = deadline or Deadline(TO_LEAVE)
        try:
            Shield.run(partial(self.follow, urgently(flow), deadline))
        except (LangGraphRunsError, OverdueError) as error:
            log.warning("run %s could not be cancelled: %r", guard.run_id, error)

    def close(self) -> None:
        """Lets go of all runs that are held, within two seconds for all, and closes the connections."""
        deadline = Deadline(TO_LEAVE)
        try:
            Together.run([partial(self.end, guard, deadline) for guard in list(self._held)])
        finally:
            self.transport.close()

    def _done(self, step: Any, deadline: Deadline) -> Any:
        if isinstance(step, Pause):
            return self.pause(step.seconds, deadline)
        if step.streams:
            return self.transport.open(step, deadline)
        return self.transport.send(step, deadline)

    def pause(self, seconds: float, deadline: Deadline) -> None:
        """Waits so long, or to the deadline."""
        sleep(deadline.left(seconds) or 0.0)
