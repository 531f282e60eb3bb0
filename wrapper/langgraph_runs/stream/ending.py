"""How a run has ended, as far as its stream knows. No I/O."""

from __future__ import annotations

from typing import Any, Final

import orjson
from langgraph_runs_api.models import Run

from langgraph_runs.errors import RunCancelledError, RunError, RunFailedError
from langgraph_runs.interrupts import interrupts_of
from langgraph_runs.json_types import is_object
from langgraph_runs.response.failure import (
    ACTIVE_STATUSES,
    BY_RUN_STATUS,
    UNKNOWN_FAILURE,
    is_active,
    run_error,
)
from langgraph_runs.run.cancel_on_exit import HeldRun
from langgraph_runs.stream.parts import ErrorPart, ValuesPart
from langgraph_runs.stream.sse import ServerSentEvent

END = "end"
"""The event with which Aegra ends every stream; its data is the status of the run."""


UNKNOWN: Final = object()
"""The values of a run whose stream has brought none."""


class Ending:
    """What the events of a stream and the server say about the end of its run.

    Args:
        held: The run, as far as it is known.

    Attributes:
        held: The same.
        run: The run with its final status; None as long as the server has not been asked, or if the run was deleted.
        status: The final status of the run; None as long as neither an event nor the server has said it.
        was_asked: Whether the server has been asked for the status since the run has ended.
        is_last: Whether the connection has brought `event: end` in its place, so that no event comes after it.
        has_question: Whether an event has said that the graph waits for an answer.
        is_reported: Whether the failure of the run has been reported to the caller.
        unexplained: The error of the run, as sent, if it does not contain the message of the exception.
        failure: The error that the stream has raised, or reported in its last part.
        values: The data of the last `values` part of the graph itself; UNKNOWN if there was none.
    """

    def __init__(self, held: HeldRun) -> None:
        self.held = held
        self.run: Run | None = None
        self.status: str | None = None
        self.was_asked = False
        self.is_last = False
        self.has_question = False
        self.is_reported = False
        self.unexplained: ErrorPart | None = None
        self.failure: Exception | None = None
        self.values: Any = UNKNOWN

    def take_values(self, part: ValuesPart[Any]) -> None:
        """Takes the values of the graph itself. If it waits at several interrupts, the Python server sends one part for
        each."""
        before, self.values = self.values, part.data
        if is_object(part.data) and "__interrupt__" in part.data:
            found = part.interrupts
            both = [*(one for one in interrupts_of(before) if one not in found), *found]
            self.values = {**part.data, "__interrupt__": both} if found else part.data

    @property
    def has_failed(self) -> bool:
        """Whether the run has not succeeded, according to its status. It may also wait for an answer."""
        return self.status in BY_RUN_STATUS

    @property
    def must_ask(self) -> bool:
        """Whether the server has to confirm what an event has said: older releases of Aegra say "success" at the end of
        every stream. If the server has not named the run, that counts."""
        if self.status is None or self.was_asked or self.is_reported:
            return False
        return self.held.run_id is not None or self.status != "success"

    @property
    def must_explain(self) -> bool:
        """Whether the failure of the run, and its reason, must still be reported to the caller."""
        return not self.is_reported and (self.has_failed or self.unexplained is not None)

    def take(self, event: ServerSentEvent) -> None:
        """Takes `event: end`."""
        try:
            data = orjson.loads(event.data)
        except orjson.JSONDecodeError:
            data = None
        status = data.get("status") if is_object(data) else None
        if self.status is None and isinstance(status, str) and status not in ACTIVE_STATUSES:
            self.status = status
        self.is_last = bool(event.id) and not event.inherits_id
        self.held.has_ended = self.held.has_ended or self.status is not None

    def learn(self, run: Run | None) -> None:
        """Takes the run, which has ended; None if it was deleted."""
        self.was_asked = self.held.has_ended = True
        if run is not None and not is_active(run):
            self.run, self.status = run, str(run.status)

    def report(self, *, is_over: bool) -> None:
        """Tells the held run what is known when the caller leaves the stream, at its end if `is_over`."""
        self.held.is_over = is_over
        if self.failure is not None and self.held.failure is None:
            self.held.failure = type(self.failure)
        self.held.is_waiting = is_over and self.has_question

    def error(self) -> RunError | None:
        """The error of the run, as far as it is known without asking; None if the run waits for an answer."""
        if self.status == RunCancelledError.status and self.has_question:
            return None
        reported = UNKNOWN_FAILURE if self.unexplained is None else self.unexplained.data
        status = RunFailedError.status if self.unexplained is not None else str(self.status)
        return run_error(status, reported, **self.held.facts())
