"""What becomes of a run when whoever waits for it, or reads its stream, goes away. No I/O."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, TypeVar

from langgraph_runs_api.models import CancelAction

from langgraph_runs import wire
from langgraph_runs.arguments import is_identifier
from langgraph_runs.call import Call
from langgraph_runs.errors import WaitTimeoutError
from langgraph_runs.flow import Flow, attempted, found
from langgraph_runs.retry import Retries

T = TypeVar("T")


class RunGuard:
    """Knows one run that a caller holds, and stops it when the caller lets go: once, and not if it has ended.

    Args:
        call: The request that starts the run, or the first one about it.
        action: How to stop it; None to let it go on.
        retries: How often to try.

    Attributes:
        run_id: The run; None until the server has said it.
        thread_id: Its thread; None where the server does not say it, as with a stateless stream.
        has_begun: Whether anything has been sent.
        has_ended: Whether the run has.
        options: The headers and parameters that the caller has given.
        holder: The process that holds the run: a child that was forked has a copy of this, and no say.
    """

    def __init__(self, call: Call[Any], action: CancelAction | None, retries: Retries) -> None:
        self.run_id = call.run_id
        self.thread_id = call.thread_id
        self.has_begun = False
        self.has_ended = False
        self.options = call.options
        self.holder: object = None
        self._call = call
        self._action: CancelAction | None = action
        self._retries = retries

    def learn(self, run_id: object, thread_id: str | None) -> None:
        """The server has said so: the caller is told of a run that was unknown before."""
        self.thread_id = self.thread_id or thread_id
        if self.run_id is None and is_identifier(run_id):
            self.run_id = run_id
            if tell := self._call.on_run_created:
                tell(run_id, self.thread_id)

    def ids(self) -> tuple[str, str]:
        """Thread and run, which are known."""
        return str(self.thread_id), str(self.run_id)

    def facts(self) -> dict[str, str | None]:
        """What an error says of it."""
        return {"run_id": self.run_id, "thread_id": self.thread_id}

    def begin(self, call: Call[T]) -> Call[T]:
        """The call that begins it, to be sent now: what its headers tell of the run is known here at once."""
        self.has_begun = True
        return replace(call, on_run_created=self.learn)

    def overdue(self, seconds: float | None) -> WaitTimeoutError:
        """The caller's time is over."""
        run = f"run {self.run_id}" if self.run_id else "the run"
        message = f"{run} has not ended within {seconds} s"
        return WaitTimeoutError(message, **self.facts())

    def release(self) -> None:
        """Nobody goes away: it is the connection that is lost, or what it brought that cannot be used."""
        self._action = None

    def leaving(self) -> Flow[None] | None:
        """The caller goes away: what is to be sent then. None for nothing."""
        action = self._action
        self._action = None
        if action is None or self.has_ended or not self.has_begun:
            return None
        return self._stop(action)

    def _stop(self, action: CancelAction) -> Flow[None]:
        if self.run_id is None:
            run = yield from found(self._call, self._retries)
            if run is not None:
                self.learn(run.run_id, run.thread_id)
        if self.run_id is not None and self.thread_id is not None:
            call = wire.cancel(self.options, *self.ids(), wait=False, action=action)
            yield from attempted(call, self._retries.of_a_call())
