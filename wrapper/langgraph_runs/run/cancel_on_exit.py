"""What happens to a run when the caller who waits for it, or reads its stream, leaves. No I/O."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, TypeVar

from langgraph_runs_api.models import CancelAction

from langgraph_runs.errors import WaitTimeoutError
from langgraph_runs.json_types import is_identifier
from langgraph_runs.request import endpoints
from langgraph_runs.request.call import Call
from langgraph_runs.retry import Backoff
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
        options: The headers and parameters of the caller.
        holder: The process that holds the run: a forked child has a copy of this object, but must not cancel.
    """

    def __init__(self, call: Call[Any], action: CancelAction | None, backoff: Backoff) -> None:
        self.backoff = backoff
        self.run_id = call.run_id
        self.thread_id = call.thread_id
        self.has_begun = call.run_id is not None
        self.has_ended = False
        self.options = call.options
        self.holder: object = None
        self._call = call
        self._action: CancelAction | None = action

    def learn(self, run_id: object, thread_id: str | None) -> None:
        """Takes the ids that the server has named; calls `on_run_created` if the run was unknown before."""
        self.thread_id = self.thread_id or thread_id
        if self.run_id is None and is_identifier(run_id):
            self.run_id = run_id
            if on_run_created := self._call.on_run_created:
                on_run_created(run_id, self.thread_id)

    def ids(self) -> tuple[str, str]:
        """The thread and the run, which must be known."""
        return str(self.thread_id), str(self.run_id)

    def facts(self) -> dict[str, Any]:
        """The fields of an error about the run."""
        return {"run_id": self.run_id, "thread_id": self.thread_id}

    def begin(self, call: Call[T]) -> Call[T]:
        """The first call to send. As soon as the headers of its response name the run, this object learns the ids."""
        self.has_begun = True
        return replace(call, on_run_created=self.learn)

    def timeout_error(self, seconds: float | None) -> WaitTimeoutError:
        """The error for a caller whose time is up."""
        run = f"run {self.run_id}" if self.run_id else "the run"
        return WaitTimeoutError(f"{run} has not ended within {seconds} s", **self.facts())

    def release(self) -> None:
        """Makes `leave` cancel nothing: the wait ended with an error, not because the caller left."""
        self._action = None

    def leave(self) -> Flow[None] | None:
        """The flow that cancels the run when the caller leaves; None if there is nothing (more) to cancel."""
        action, self._action = self._action, None
        if action is None or self.has_ended or not self.has_begun:
            return None
        return self._cancel(action)

    def _cancel(self, action: CancelAction) -> Flow[None]:
        if self.run_id is None:
            run = yield from find_lost_run(self._call, self.backoff)
            if run is not None:
                self.learn(run.run_id, run.thread_id)
        if self.run_id is not None and self.thread_id is not None:
            call = endpoints.cancel(self.options, *self.ids(), wait=False, action=action)
            yield from with_retries(call, self.backoff.for_call())
