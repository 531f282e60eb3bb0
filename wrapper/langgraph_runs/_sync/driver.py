# Derived from _async/driver.py by `make generate`; edit that one.
"""Runs flows: sends their requests, makes their pauses, and cancels the runs that callers leave behind."""

from __future__ import annotations

import logging
from contextlib import suppress
from functools import partial
from time import sleep
from typing import Any, TypeVar

from langgraph_runs._sync.transport import Transport
from langgraph_runs.concurrency import Limiter, gather, shield
from langgraph_runs.deadline import Deadline, DeadlineExceededError
from langgraph_runs.engine.owner import process
from langgraph_runs.errors import APIError, LangGraphRunsError
from langgraph_runs.request.call import Duration
from langgraph_runs.run.cancel_on_exit import HeldRun
from langgraph_runs.run.retrying import Flow, Pause
from langgraph_runs.stream.sse import MAX_EVENT_BYTES

T = TypeVar("T")

log = logging.getLogger("langgraph_runs")

TIME_TO_LEAVE = 2.0  # seconds for the requests that follow when a caller leaves


class Driver:
    """Stands between the methods of a client, which say what to do, and its transport, which does it.

    Args:
        transport: Sends the calls.
        max_concurrency: How many methods may be under way at once; None for no limit. A method takes its slot before
            its first request and keeps it until it returns, retries included. A stream keeps it until it has begun.
            Cancelling a run takes no slot, so it never waits for the run that it cancels.
        max_event_bytes: The largest size of one event of a stream.
    """

    def __init__(
        self,
        transport: Transport,
        *,
        max_concurrency: int | None = None,
        max_event_bytes: int = MAX_EVENT_BYTES,
    ) -> None:
        self.transport = transport
        self.max_event_bytes = max_event_bytes
        self._limiter = Limiter(max_concurrency)
        self._held: dict[HeldRun, None] = {}  # the runs that callers wait for or read

    def call(self, flow: Flow[T], deadline: Deadline | None = None) -> T:
        """Runs a flow in a slot of its own, and returns its result.

        Raises:
            DeadlineExceededError: The deadline has passed.
        """
        deadline = deadline or Deadline()
        with self._limiter.slot(deadline):
            return self.run(flow, deadline)

    def run(self, flow: Flow[T], deadline: Deadline | None = None) -> T:
        """Runs a flow without a slot, and returns its result.

        Raises:
            DeadlineExceededError: The deadline has passed.
        """
        deadline = deadline or Deadline()
        try:
            step = next(flow)
            while True:
                try:
                    value = self._done(step, deadline)
                except APIError as error:
                    deadline.left()  # raises if the deadline caused the error
                    step = flow.throw(error)
                else:
                    step = flow.send(value)
        except StopIteration as end:
            result: T = end.value
            return result
        finally:
            flow.close()

    def hold(self, flow: Flow[T], held: HeldRun, seconds: float | None, *, slot: bool = True) -> T:
        """Runs a flow that waits for a run, and returns its result.

        Args:
            flow: The flow.
            held: The run.
            seconds: How many seconds it may take; None for no limit.
            slot: Whether it takes a slot of its own.

        Raises:
            WaitTimeoutError: These seconds have passed.
        """
        self.begin(held)
        try:
            deadline = Deadline(seconds)
            return self.call(flow, deadline) if slot else self.run(flow, deadline)
        except DeadlineExceededError:
            self.end(held)  # before the error is made: it may find the id of the run
            raise held.timeout_error(seconds) from None
        except LangGraphRunsError:
            held.release()
            raise
        finally:
            self.end(held)

    def begin(self, held: HeldRun) -> None:
        """Notes that the caller waits for this run, or reads it, from now on."""
        held.holder = process.now
        self._held[held] = None

    def end(self, held: HeldRun, deadline: Deadline | None = None) -> None:
        """Notes that the caller has left. Cancels the run if that is configured: within two seconds, even if this task
        is cancelled meanwhile. The second call does nothing."""
        self._held.pop(held, None)
        if held.holder is not process.now or (flow := held.leave()) is None:
            return
        deadline = deadline or Deadline(TIME_TO_LEAVE)
        try:
            shield(partial(self.run, flow, deadline))
        except (LangGraphRunsError, DeadlineExceededError) as error:
            log.warning("run %s could not be cancelled: %r", held.run_id, error)

    def clean(self, flow: Flow[None]) -> None:
        """Runs a flow that cleans up after a run, within two seconds. Ignores its failure."""
        with suppress(APIError, DeadlineExceededError):
            self.run(flow, Deadline(TIME_TO_LEAVE))

    def close(self) -> None:
        """Calls `end` for all runs that are held, within two seconds in total, and closes the connections."""
        deadline = Deadline(TIME_TO_LEAVE)
        try:
            gather([partial(self.end, held, deadline) for held in list(self._held)])
        finally:
            self.transport.close()

    def _done(self, step: Any, deadline: Deadline) -> Any:
        if isinstance(step, Pause):
            return self.pause(step.seconds, deadline)
        if step.duration is Duration.STREAM:
            return self.transport.open(step, deadline)
        return self.transport.send(step, deadline)

    def pause(self, seconds: float, deadline: Deadline) -> None:
        """Waits this many seconds, or until the deadline."""
        sleep(deadline.left(seconds) or 0.0)
