"""A scripted run: which of its steps have happened at a time, and how it has ended. Time is a number here."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from langgraph_runs.json_types import is_object
from langgraph_runs.testing.exchange import compact
from langgraph_runs.testing.script import Fail, Heartbeat, Hold, Interrupt, Pause, Step

BEAT = b": heartbeat\r\n\r\n"
ACTIVE = ("pending", "running")
GONE = {"error": "HTTPException", "message": "404: Run not found"}

_FIRST_ID = 1795419460700  # a time in milliseconds
_MODES = ("values", "updates", "custom", "debug", "events", "tasks", "checkpoints")
_SHARE = 2  # events of one millisecond, which have the same id


@dataclass(frozen=True, slots=True)
class Event:
    """An event of a run; a heartbeat if it has no name."""

    name: str
    data: Any = None
    id: str | None = None

    @property
    def is_stored(self) -> bool:
        """Whether the server can send it again."""
        return self.id is not None and self.name != "error" and not self.name.startswith("messages/")

    def encoded(self) -> bytes:
        """As the server writes it."""
        if not self.name:
            return BEAT
        written = b"" if self.id is None else b"id: %s\r\n" % self.id.encode()
        return b"event: %s\r\ndata: %s\r\n%s\r\n" % (self.name.encode(), compact(self.data), written)

    def is_in(self, modes: Sequence[str]) -> bool:
        """Whether it belongs to one of these stream modes, or to none."""
        mode = self.name.split("|")[0]
        if mode == "messages":
            return "messages-tuple" in modes
        if mode.startswith("messages/"):
            return "messages" in modes and "messages-tuple" not in modes
        return mode in modes if mode in _MODES else True


@dataclass(kw_only=True)
class Run:
    """A run that does what its script says.

    Attributes:
        steps: Its script.
        begins_at: The time before which it does not begin.
        clock: The time up to which it has worked.
        status: As the server shows it.
        events: The events so far.
        values: The last values that it has sent; None if there are none.
        failure: The exception that it has raised.
        interrupts: The questions that it asks.
        was_sent: How many of its events have been sent on some connection.
        is_deleted: Whether it does not exist any more.
    """

    run_id: str
    thread_id: str
    number: int
    body: Mapping[str, Any]
    request_id: str
    is_stateless: bool
    steps: Sequence[Step]
    begins_at: float
    clock: float = 0.0
    status: str = "pending"
    events: list[Event] = field(default_factory=list[Event])
    values: Any = None
    failure: dict[str, str] | None = None
    interrupts: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    releases: list[float] = field(default_factory=list[float])
    was_sent: int = 0
    is_deleted: bool = False
    is_cancelled: bool = False
    _cursor: int = 0
    _milliseconds: float = 0.0
    _group: int = 0
    _in_group: int = 0

    @property
    def is_active(self) -> bool:
        """Whether it has not ended."""
        return self.status in ACTIVE and not self.is_deleted

    @property
    def is_temporary(self) -> bool:
        """Whether it is deleted with its thread at its end."""
        return self.is_stateless and self.body.get("on_completion") != "keep"

    @property
    def modes(self) -> list[str]:
        """Its stream modes."""
        given = self.body.get("stream_mode") or ["values"]
        return [given] if isinstance(given, str) else list(given)

    @property
    def is_resumable(self) -> bool:
        """Whether its events are kept, with ids."""
        return self.body.get("stream_resumable") is True

    @property
    def next_at(self) -> float | None:
        """When the next thing happens, if that is known."""
        if self.status == "pending":
            return self.begins_at
        step = self.steps[self._cursor] if self._cursor < len(self.steps) else None
        return self.clock + step.seconds if isinstance(step, Pause) else None

    def begin(self, at: float) -> None:
        """Begins at this time."""
        self.status, self.clock = "running", at
        self._emit("metadata", {"run_id": self.run_id, "attempt": 1})
        self._in_group = _SHARE

    def advance(self, now: float) -> None:
        """Does all steps that have happened by now. Sets the status when the last one has."""
        while self._cursor < len(self.steps):
            step = self.steps[self._cursor]
            if isinstance(step, Pause):
                if self.clock + step.seconds > now:
                    return
                self.clock += step.seconds
                self._milliseconds += step.seconds * 1000
                self._in_group = _SHARE
            elif isinstance(step, Hold):
                if not self.releases:
                    return
                self.clock = max(self.clock, self.releases.pop(0))
                self._in_group = _SHARE
            else:
                self._do(step)
            self._cursor += 1
        self.status = "error" if self.failure else "success"

    def _do(self, step: tuple[str, Any] | Heartbeat | Fail | Interrupt) -> None:
        if isinstance(step, Heartbeat):
            self.events.append(Event(""))
        elif isinstance(step, Fail):
            self.failure = {"error": step.error, "message": step.message}
            self._emit("error", self.failure)
        elif isinstance(step, Interrupt):
            self._ask(step)
        else:
            name, data = step
            data = json.loads(compact(data))  # as it is later, whatever the test does with it
            if name == "values":
                self.values = data
            self._emit(name, data)

    def _ask(self, step: Interrupt) -> None:
        number = len(self.interrupts)
        made = step.id or f"{self.number:016x}{number:016x}"
        asked = {"value": json.loads(compact(step.value)), "id": made}
        self.interrupts.append(asked)
        shown = [{**asked, "response_schema": None}]
        values = self.values if is_object(self.values) else {}
        self._emit("updates", {"__interrupt__": shown})
        self._emit("values", {**values, "__interrupt__": shown})

    def _emit(self, name: str, data: Any) -> None:
        event = Event(name, data)
        if not event.is_in(self.modes) or ("|" in name and self.body.get("stream_subgraphs") is not True):
            return
        if self._in_group == _SHARE:
            self._group, self._in_group = self._group + 1, 0
        self._in_group += 1
        milliseconds = _FIRST_ID + int(self._milliseconds) + self._group
        self.events.append(Event(name, data, f"{milliseconds}-0" if self.is_resumable else None))

    def outcome(self, of_thread: Any) -> Any:
        """What the body of a wait has, whose connection was open when the run ended."""
        if self.failure:
            return {"__error__": self.failure}
        if self.is_deleted and not self.is_temporary:
            return {"__error__": GONE}
        values = of_thread if self.values is None else self.values
        if not self.interrupts:
            return values
        shown = [{**asked, "response_schema": None} for asked in self.interrupts]
        if len(shown) > 1:
            return {"__interrupt__": shown}
        return {**(values if is_object(values) else {}), "__interrupt__": shown}
