# Derived from _async/driver.py by `make generate`; edit that one.
"""Runs flows: sends their requests, makes their pauses, and cancels the runs that callers leave behind."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from copy import copy
from functools import partial
from time import sleep
from typing import Any, TypeVar

from langgraph_runs._sync.transport import Transport
from langgraph_runs.callbacks import CallbackError, unpacked
from langgraph_runs.concurrency import gather, shield
from langgraph_runs.deadline import FREE, Deadline, DeadlineExceededError
from langgraph_runs.engine.owner import process
from langgraph_runs.errors import APIError, LangGraphRunsError
from langgraph_runs.limiter import Limiter
from langgraph_runs.logs import log
from langgraph_runs.request.call import Call, Duration, UnsendableError
from langgraph_runs.run.cancel_on_exit import HeldRun, late_call
from langgraph_runs.run.retrying import Flow, Pause
from langgraph_runs.stream.sse import MAX_EVENT_BYTES

T = TypeVar("T")

TIME_TO_LEAVE = 2.0  # seconds for the requests that follow when a caller leaves


class Driver:
    """Stands between the methods of a client, which say what to do, and its transport, which does it.

    Args:
        transport: Sends the calls.
        max_concurrency: How many methods may be under way at once; None for no limit. A method takes its slot before
            its first request and keeps it until it returns, retries included. A stream keeps it until it has begun.
            Cancelling a run takes no slot, so it never waits for the run that it cancels.
        max_event_bytes: The largest size of one event of a stream.

    Attributes:
        transport, max_event_bytes: The same.
        leave: What to call when the client is closed, before the runs that are still held are left.
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
        self._held: dict[HeldRun, Driver] = {}  # the runs that are waited for or read, and who ends that
        self._leaving: set[HeldRun] = set()  # the runs of callers that are leaving now
        self.leave: dict[Callable[[], Any], None] = {}

    @property
    def max_concurrency(self) -> int | None:
        """How many methods may be under way at once; None for no limit."""
        return self._limiter.most

    @property
    def is_in_slot(self) -> bool:
        """Whether the caller has a slot, which does not become free while others work for it."""
        return self._limiter.is_entered

    def copied(self, transport: Transport, max_event_bytes: int) -> Driver:
        """The driver for a copy of the client: with another transport, and the same slots and held runs."""
        other = copy(self)
        other.transport, other.max_event_bytes = transport, max_event_bytes
        return other

    def call(self, flow: Flow[T], deadline: Deadline, *, slot: bool = True) -> T:
        """Runs the flow of a method, and returns its result.

        Args:
            flow: The flow.
            deadline: The deadline for the call, or for all calls of an iteration.
            slot: Whether it takes a slot of its own.

        Raises:
            WaitTimeoutError: The deadline has passed.
        """
        with deadline.observed or FREE, unpacked():
            try:
                value = (self.run_in_slot if slot else self.run)(flow, deadline)
            except DeadlineExceededError as late:
                raise late_call(deadline.seconds, late) from late.failure
            if deadline.observed is not None:
                deadline.observed.returned(value)
            return value

    def run_in_slot(self, flow: Flow[T], deadline: Deadline) -> T:
        """Runs a flow in a slot of its own, as `run` does without one."""
        slot = self._limiter.slot()
        try:
            slot.take(deadline)
            return self.run(flow, deadline)
        finally:
            slot.give_back()

    def run(self, flow: Flow[T], deadline: Deadline) -> T:
        """Runs a flow without a slot, and returns its result.

        Raises:
            CallbackError: A callback has raised an exception.
            DeadlineExceededError: The deadline has passed.
        """
        failure, run_may_exist = None, False
        try:
            deadline.left()  # if it has passed while the flow had no slot, no run is to be looked for
            step = next(flow)
            while True:
                try:
                    value = self._done(step, deadline)
                except APIError as error:
                    if not run_may_exist:  # otherwise, the error of the request that has started it says more
                        failure, run_may_exist = error, error.run_may_exist
                    deadline.left()  # raises if the deadline caused the error
                    step = flow.throw(error)
                    if deadline.observed is not None:
                        deadline.observed.retrying(step.seconds if isinstance(step, Pause) else None, error)
                except UnsendableError as error:
                    step = flow.throw(error)
                else:
                    if isinstance(step, Call) and step.starts_a_run:
                        run_may_exist = True
                    step = flow.send(value)
        except StopIteration as end:
            result: T = end.value
            return result
        except DeadlineExceededError as late:
            late.failure, late.run_may_exist = failure, run_may_exist
            raise
        finally:
            flow.close()

    def hold(
        self,
        flow: Flow[T],
        held: HeldRun,
        deadline: Deadline,
        *,
        slot: bool = True,
        time_to_leave: float = TIME_TO_LEAVE,
    ) -> T:
        """Runs a flow that waits for a run, and returns its result.

        Args:
            flow: The flow.
            held: The run.
            deadline: How long it may take. It may be ended earlier meanwhile.
            slot: Whether it takes a slot of its own.
            time_to_leave: Seconds for the requests that follow when the caller leaves.

        Raises:
            WaitTimeoutError: The deadline has passed.
        """
        seconds = deadline.seconds
        self.begin(held, deadline)
        with held.observed or FREE, unpacked():
            try:
                return (self.run_in_slot if slot else self.run)(flow, deadline)
            except DeadlineExceededError as late:
                held.learn_late(late)
                self.end(held, Deadline(time_to_leave))  # may find the id for the error
                raise held.timeout_error(seconds) from late.failure
            except LangGraphRunsError:
                held.release()
                raise
            except CallbackError as carrier:
                held.learn(*carrier.run)
                raise
            finally:
                self.end(held, Deadline(time_to_leave))

    def begin(self, held: HeldRun, deadline: Deadline) -> None:
        """Notes that the caller waits for this run, or reads it, from now on, until this deadline."""
        if held.observed is not None:
            deadline.observed = held.observed
            held.observed.begin(held)
        held.holder = process.now
        self._held[held] = self

    def end(self, held: HeldRun, deadline: Deadline | None = None) -> None:
        """Notes that the caller has left. Cancels the run if that is configured, and deletes a thread that was created
        for it: within two seconds, even if this task is cancelled meanwhile. The second call does nothing."""
        try:
            del self._held[held]  # in one step: another thread may do the same
        except KeyError:
            return
        if held.holder is not process.now:
            return
        deadline = deadline or Deadline(TIME_TO_LEAVE)
        deadline = deadline if held.observed is None else deadline.observed_by(held.observed)
        self._leaving.add(held)
        try:
            if (flow := held.leave()) is not None or held.clean() is not None:
                shield(partial(self._follow, held, flow, deadline))
        finally:
            self._leaving.discard(held)
            if held.observed is not None:
                held.observed.left()

    def _follow(self, held: HeldRun, flow: Flow[None] | None, deadline: Deadline) -> None:
        """Sends what follows when a caller has left a run."""
        if flow is not None and (failure := self._failure(flow, deadline)):
            what = "was cancelled, but a callback raised" if held.was_cancelled else "could not be cancelled:"
            log.warning("run %s %s %r", held.run_id, what, failure)
        if (flow := held.clean()) is not None and (failure := self._failure(flow, deadline)):
            log.info("thread %s, created for a run, was not deleted: %r", held.thread_id, failure)

    def _failure(self, flow: Flow[None], deadline: Deadline) -> Exception | None:
        """Runs a flow that follows when a caller leaves, and returns its failure, which the caller need not handle."""
        try:
            self.run(flow, deadline)
        except (LangGraphRunsError, UnsendableError, DeadlineExceededError) as error:
            return error
        except CallbackError as carrier:
            return carrier.error
        return None

    def close(self) -> None:
        """Leaves all runs that are held, those that no `map` holds within two seconds, and closes the connections. What
        another task is leaving at this moment has these two seconds, too. Does nothing for a copy."""
        if self.transport.is_copy:
            return
        try:
            gather(list(self.leave))
            deadline = Deadline(TIME_TO_LEAVE)
            gather([partial(driver.end, held, deadline) for held, driver in list(self._held.items())])
            with suppress(DeadlineExceededError):
                while any(held.holder is process.now for held in list(self._leaving)):
                    self.pause(0.01, deadline)
        finally:
            self.transport.close()

    def _done(self, step: Any, deadline: Deadline) -> Any:
        if isinstance(step, Pause):
            return self.pause(step.seconds, deadline)
        send = self.transport.open if step.duration is Duration.STREAM else self.transport.send
        return send(step, deadline)

    def pause(self, seconds: float, deadline: Deadline) -> None:
        """Waits this many seconds, or until the deadline."""
        sleep(deadline.left(seconds) or 0.0)
