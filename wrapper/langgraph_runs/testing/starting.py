"""How a run is started: by which script, on which thread, and with which response."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from threading import RLock
from typing import Any
from uuid import uuid4

from langgraph_runs.testing import shown
from langgraph_runs.testing.bodies import Following
from langgraph_runs.testing.exchange import Body, Reply, Request, as_json, refusal, started
from langgraph_runs.testing.runs import Run
from langgraph_runs.testing.script import Script, Step, checked
from langgraph_runs.testing.state import BUSY, State, Thread


class UnscriptedError(Exception):
    """A request for which the test has scripted nothing. The message says what to do."""


@dataclass(slots=True)
class Scripted:
    """What runs do.

    Attributes:
        script: The steps, or a function that returns them.
        times: How many runs still do it; None for all.
    """

    script: tuple[Step, ...] | Script
    times: int | None

    def steps(self, body: Any) -> tuple[Step, ...]:
        """The steps of a run for this body."""
        return checked(self.script(body)) if callable(self.script) else self.script

    def __str__(self) -> str:
        steps = [self.script] if callable(self.script) else self.script
        times = [] if self.times == 1 else [f"times={self.times}"]
        return f"run({', '.join([*map(repr, steps), *times])})"


class Starting:
    """Starts runs.

    Args:
        clock: Returns the seconds now.
        heartbeat: The seconds between two heartbeats.
        doubles: How many events at most are sent twice on a connection that joins a run.
    """

    def __init__(self, clock: Callable[[], float], heartbeat: float, doubles: int) -> None:
        self.clock = clock
        self.heartbeat = heartbeat
        self.doubles = doubles
        self.state = State()
        self.scripts: deque[Scripted] = deque()
        self._lock = RLock()

    @contextmanager
    def locked(self) -> Generator[None]:
        """No other thread changes the state, which is that of now."""
        with self._lock:
            self.state.advance(self.clock())
            yield

    def follow(self, run: Run, *, cancels: bool) -> Following:
        """Follows a run on one connection."""
        locked: Callable[[], AbstractContextManager[object]] = self.locked
        return Following(run, self.state, locked, self.clock, self.heartbeat, cancels=cancels)

    def create(self, request: Request, thread_id: str | None, body: Mapping[str, Any]) -> Reply:
        """The response to a request that starts a run."""
        run = self.add(request, thread_id, body)
        if isinstance(run, Reply):
            return run
        cancels = body.get("on_disconnect") == "cancel"
        match request.segments[-1]:
            case "stream":
                events = self.follow(run, cancels=cancels).events(sent=0, seam=[], modes=None)
                return stream_reply(run, events, is_stateless=thread_id is None)
            case "wait":
                return wait_reply(run, self.follow(run, cancels=cancels).outcome())
            case _:
                prefix = "" if thread_id is None else f"/threads/{thread_id}"
                return as_json(shown.run(run), content_location=f"{prefix}/runs/{run.run_id}")

    def add(self, request: Request, thread_id: str | None, body: Mapping[str, Any]) -> Run | Reply:
        """A new run, which does what the next script says; or a refusal."""
        if not isinstance(body.get("assistant_id"), str):
            return refusal(422, '"assistant_id" is a required property')
        if thread_id is None and "resume" in dict[str, Any](body.get("command") or {}):
            return refusal(400, "You must provide a thread_id when resuming.")
        thread = self._thread_for(thread_id, body)
        if thread is None:
            return refusal(404, "Thread or assistant not found.")
        strategy = str(body.get("multitask_strategy", "enqueue"))
        if strategy == "reject" and thread.active:  # before the script: no run is started
            return refusal(409, BUSY)
        if not self.scripts:
            raise UnscriptedError(f"{request}: no run is scripted for it; call run() on the server before")
        run = self._new(request, thread, body, is_stateless=thread_id is None)
        self.state.start(thread, run, strategy, self.clock())
        scripted = self.scripts[0]
        if scripted.times is not None:
            scripted.times -= 1
            if not scripted.times:
                self.scripts.popleft()
        return run

    def _new(self, request: Request, thread: Thread, body: Mapping[str, Any], *, is_stateless: bool) -> Run:
        number = len(self.state.runs) + 1
        return Run(
            run_id=f"01a20752-0000-7000-8000-{number:012x}",
            thread_id=thread.thread_id,
            number=number,
            body=body,
            request_id=request.headers.get("x-request-id") or str(uuid4()),
            is_stateless=is_stateless,
            steps=self.scripts[0].steps(body),
            begins_at=self.clock() + float(body.get("after_seconds", 0)),
        )

    def _thread_for(self, thread_id: str | None, body: Mapping[str, Any]) -> Thread | None:
        if thread_id is None:
            return self.state.new_thread(metadata=body.get("metadata"))
        known = self.state.threads.get(thread_id)
        if known is None and body.get("if_not_exists") == "create":
            return self.state.new_thread(thread_id)
        return known


def stream_reply(run: Run | None, events: Body, *, is_stateless: bool = False) -> Reply:
    """A response that is a stream. The headers of a stateless one do not name the thread."""
    headers = {
        "cache-control": "no-store",
        "x-accel-buffering": "no",
        "content-type": "text/event-stream; charset=utf-8",
    }
    if run is not None:
        place = f"/runs/{run.run_id}" if is_stateless else f"/threads/{run.thread_id}/runs/{run.run_id}"
        headers |= {"location": f"{place}/stream", "content-location": place}
    return Reply(200, headers, started(events))


def wait_reply(run: Run, body: bytes | Body) -> Reply:
    """A response that comes when the run has ended."""
    place = f"/threads/{run.thread_id}/runs/{run.run_id}"
    headers = {"content-type": "application/json", "location": f"{place}/join", "content-location": place}
    return Reply(200, headers, body if isinstance(body, bytes) else started(body))
