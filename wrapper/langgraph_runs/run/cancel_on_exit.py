"""What happens to a run, and to a thread created for it, when its caller stops waiting for it or reading it. No I/O."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, TypeVar

from langgraph_runs_api.models import CancelAction

from langgraph_runs.callbacks import CallbackError
from langgraph_runs.deadline import DeadlineExceededError
from langgraph_runs.errors import LangGraphRunsError, UnprocessableEntityError, WaitTimeoutError
from langgraph_runs.json_types import is_identifier
from langgraph_runs.logs import log
from langgraph_runs.observation import ObservedCall, Take
from langgraph_runs.request import endpoints
from langgraph_runs.request.call import Call
from langgraph_runs.retry import Backoff
from langgraph_runs.run.cancellation import until_stopped
from langgraph_runs.run.retrying import Flow, with_retries
from langgraph_runs.run.starting import find_lost_run

T = TypeVar("T")


class HeldRun:
    """A run that a caller waits for or reads. If the caller leaves before the run has ended, it can be cancelled.

    Args:
        call: The request that starts the run, or the first one about it.
        action: How to cancel it; None to let it run.
        backoff: How often to try to cancel it.

    Attributes:
        backoff: The same.
        run_id: The run; None until the server names it.
        thread_id: Its thread; None if the server does not name it, as for a stateless stream.
        has_begun: Whether the run may exist: it did before this call, or the request that starts it has been sent.
        has_ended: Whether the run has ended.
        is_over: Whether its caller knows the outcome, so that a thread created for the run is not needed any more.
        options: The headers and parameters of the caller.
        was_cancelled: Whether it has been cancelled because its caller left.
        holder: The process that holds the run: a forked child has a copy of this object, but must not cancel.
        observed: What observes the call; None for nothing.
        failure: The class of the error that ends the call, or of the run's own, which may also be a value or a part.
        is_waiting: Whether the run has stopped because the graph waits for an answer.
    """

    def __init__(self, call: Call[Any], action: CancelAction | None, backoff: Backoff) -> None:
        self.backoff = backoff
        self.run_id = call.run_id
        self.thread_id = call.thread_id
        self.has_begun = call.run_id is not None
        self.has_ended = False
        self.is_over = False
        self.options = call.options
        self.holder: object = None
        self._call = call
        self._action: CancelAction | None = action
        self.was_cancelled = False
        self.observed: ObservedCall | None = None
        self.failure: type[BaseException] | None = None
        self.is_waiting = False

    def counting(self, take: Take) -> Take:
        """The function that turns the events of a stream into parts, as it is observed."""
        return take if self.observed is None else self.observed.counting(take)

    def learn(self, run_id: object, thread_id: str | None) -> None:
        """Takes the ids that the server has named; calls `on_run_created` if the run was unknown before."""
        self.thread_id = self.thread_id or thread_id
        if self.run_id is None and is_identifier(run_id):
            self.run_id = run_id
            if on_run_created := self._call.on_run_created:
                on_run_created(run_id, self.thread_id)

    def ids(self) -> tuple[str, str]:
        """The thread and the run.

        Raises:
            LookupError: The server has not named one of them.
        """
        if self.thread_id is None or self.run_id is None:
            raise LookupError("the server has not named the run")
        return self.thread_id, self.run_id

    def facts(self) -> dict[str, Any]:
        """The fields of an error about the run."""
        return {"run_id": self.run_id, "thread_id": self.thread_id}

    def begin(self, call: Call[T]) -> Call[T]:
        """The first call to send. As soon as the headers of its response name the run, this object learns the ids."""
        self.has_begun = True
        return replace(call, on_run_created=self.learn)

    def learn_late(self, late: DeadlineExceededError) -> None:
        """Takes the end of the caller's time, during the flow that begins with the first call."""
        self.has_begun = self.run_id is not None or late.run_may_exist

    def timeout_error(self, seconds: float | None) -> WaitTimeoutError:
        """The error for a caller whose time is up."""
        run = f"run {self.run_id}" if self.run_id else "the run"
        run_may_exist = self._call.starts_a_run and self.has_begun
        message = f"{run} has not ended within {seconds} s"
        return WaitTimeoutError(message, run_may_exist=run_may_exist, **self.facts())

    def fail(self, error: BaseException) -> None:
        """Takes the error that ends the call. If it is one of this package, the caller has not left."""
        self.failure = type(error.error if isinstance(error, CallbackError) else error)
        if isinstance(error, LangGraphRunsError):
            self.release()

    def release(self) -> None:
        """Makes `leave` cancel nothing: the wait ended with an error, not because the caller left."""
        self._action = None

    def leave(self) -> Flow[None] | None:
        """The flow that cancels the run when the caller leaves; None if there is nothing (more) to cancel."""
        action, self._action = self._action, None
        if action is None or self.has_ended or not self.has_begun:
            return None
        return self._cancel(action)

    def clean(self) -> Flow[None] | None:
        """The flow that deletes the thread that was created for the run; None if there is none, or the run continues.

        Deleting the thread does not stop the graph of a cancelled run, so this waits until the run has stopped.
        """
        if not self._call.creates_thread or not (self.is_over or self.was_cancelled):
            return None
        return self._delete_thread()

    def _cancel(self, action: CancelAction) -> Flow[None]:
        lost = None
        if self.run_id is None:
            lost = yield from find_lost_run(self._call, self.backoff)
        try:
            if lost is not None:
                self.learn(lost.run_id, lost.thread_id)
        finally:  # even if `on_run_created` raises
            if self.run_id is not None and self.thread_id is not None:
                yield from self._stop(action)
                self.was_cancelled = True

    def _stop(self, action: CancelAction) -> Flow[None]:
        try:
            yield from self._send_cancel(action)
        except UnprocessableEntityError as error:
            if action != "rollback":
                raise
            log.warning("run %s is interrupted: the server refuses to roll it back (%s)", self.run_id, error)
            yield from self._send_cancel("interrupt")

    def _send_cancel(self, action: CancelAction) -> Flow[None]:
        call = endpoints.cancel(self.options, *self.ids(), wait=False, action=action)
        return with_retries(call, self.backoff.for_call())

    def _delete_thread(self) -> Flow[None]:
        if self.was_cancelled:
            yield from until_stopped(self.options, *self.ids(), self.backoff)
        call = endpoints.delete_thread(self.options, str(self._call.thread_id))
        yield from with_retries(call, self.backoff.for_call())


def late_call(seconds: float | None, late: DeadlineExceededError) -> WaitTimeoutError:
    """The error for a caller whose time is up, and who holds no run."""
    message, failure = f"the call has not ended within {seconds} s", late.failure
    facts: dict[str, Any] = {"run_may_exist": late.run_may_exist}
    if failure is not None:
        message = f"{message}; before that: {failure}"
        facts |= {"run_id": failure.run_id, "thread_id": failure.thread_id}
    return WaitTimeoutError(message, **facts)
