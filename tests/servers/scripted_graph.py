"""What a run of the stand-ins of LangGraph.js and Aegra does: the graph of tests/other_servers and its input."""

from __future__ import annotations

import json
import threading
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

_KEYS = ["count", "delay", "fail", "sleep", "ask", "done", "answer", "answers", "tool"]


Event = tuple[str, Any]
"""Name and data."""

AtInterrupt = Callable[["Run", dict[str, Any], Mapping[str, Any] | None], Iterator[Event]]
"""The events that tell of a question, or of a stop before a node (None)."""


class GraphError(Exception):
    """The graph fails: its class, unless it is the server's usual one, and its words."""

    def __init__(self, message: str, name: str = "") -> None:
        super().__init__(message)
        self.name = name


class StoppedError(Exception):
    """The run was cancelled, or the server was stopped."""


@dataclass(kw_only=True)
class Run:
    """A run. Which of its attributes a server shows, it decides itself."""

    thread_id: str
    body: dict[str, Any]
    request_id: str
    is_stateless: bool
    generation: int
    is_resumable: bool
    run_id: str = field(default_factory=lambda: str(uuid4()))
    status: str = "pending"
    created: datetime = field(default_factory=lambda: datetime.now(UTC))
    events: list[tuple[str, Any]] = field(default_factory=list)
    values: Any = None
    """The last values that it has sent; None if there were none."""
    failure: tuple[str, str] | None = None
    questions: list[dict[str, Any]] = field(default_factory=list)
    is_waiting: bool = False
    """Whether it has stopped at an interrupt."""
    has_ended: bool = False
    action: str = ""
    """How it was cancelled."""
    must_stop: threading.Event = field(default_factory=threading.Event)
    waiting: deque[int] = field(default_factory=deque)
    """Events of a queue that nobody has taken yet, and below those that each of its listeners has taken."""
    listeners: list[deque[int]] = field(default_factory=list)

    def pause(self, seconds: float) -> None:
        """Waits, and raises a StoppedError if the run is stopped meanwhile."""
        if self.must_stop.wait(seconds):
            raise StoppedError

    def new_listener(self) -> deque[int]:
        """One more listener, if the events are in one queue. It keeps taking events after it has left."""
        mine, self.waiting = self.waiting, deque()
        self.listeners.append(mine)
        return mine

    @property
    def modes(self) -> list[str]:
        given = self.body.get("stream_mode") or ["values"]
        return [given] if isinstance(given, str) else list(given)

    def show(self, state: Mapping[str, Any]) -> dict[str, Any]:
        """The values of a state, in the order of the graph's channels."""
        self.values = {key: state[key] for key in _KEYS if key in state}
        return dict(self.values)


@dataclass
class Thread:
    """A thread: its values, and its states from the newest to the oldest."""

    thread_id: str
    metadata: dict[str, Any] = field(default_factory=dict)
    status: str = "idle"
    values: dict[str, Any] = field(default_factory=dict)
    states: list[dict[str, Any]] = field(default_factory=list)
    told: Any = None
    """The values that a request for the thread has; those of its last run that was not cancelled."""


def work(run: Run, thread: Thread, at_interrupt: AtInterrupt) -> Iterator[Event]:
    """The graph: the names and the data of its events."""
    given, command = run.body.get("input"), run.body.get("command") or {}
    thread.values = state = {"answers": [], **thread.values, **(given or {})}
    yield "values", run.show(state)
    if "resume" in command:
        answer = {"answer": command["resume"]}
        state |= answer
        yield "updates", {"question": answer}
        yield "values", run.show(state)
        return
    if given is not None and run.body.get("interrupt_before"):
        run.is_waiting = True
        yield from at_interrupt(run, state, None)
        return
    yield from _count(run, state)
    asked = state.get("ask") or []
    run.questions = [
        {"value": one, "id": uuid4().hex} for one in ([asked] if isinstance(asked, str) else asked)
    ]
    run.is_waiting = bool(run.questions)
    for question in run.questions:
        yield from at_interrupt(run, state, question)


def _look_up(word: str) -> Iterator[Event]:
    """The events of the tool of the graph of LangGraph.js."""
    call = {"toolCallId": f"call-{word}", "name": "look_up"}
    yield (
        "tools",
        {"event": "on_tool_start", **call, "input": json.dumps({"word": word}, separators=(",", ":"))},
    )
    yield "tools", {"event": "on_tool_event", **call, "data": {"letters": len(word)}}
    if word == "unknown":
        yield "tools", {"event": "on_tool_error", **call, "error": {"pregelTaskId": str(uuid4())}}
        raise GraphError("no such word")
    output = {"status": "success", "content": word.upper(), "tool_call_id": f"call-{word}", "name": "look_up"}
    yield "tools", {"event": "on_tool_end", **call, "output": {**output, "type": "tool"}}


def _count(run: Run, state: dict[str, Any]) -> Iterator[Event]:
    if state.get("fail"):
        raise GraphError(state["fail"])
    run.pause(state.get("sleep", 0))
    if state.get("tool"):
        yield from _look_up(state["tool"])
    for number in range(state.get("count", 0)):
        yield "custom", {"i": number}
        run.pause(state.get("delay", 0))
    state["done"] = state.get("count", 0)
    yield "updates", {"work": {"done": state["done"]}}
    yield "values", run.show(state)
