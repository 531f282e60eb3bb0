"""The bodies that take as long as a run: streams of its events, and waits for its end."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

from langgraph_runs.testing.exchange import Body, compact
from langgraph_runs.testing.runs import BEAT, GONE, Event, Run
from langgraph_runs.testing.state import State

_POLL = 0.02  # seconds after which a body looks whether somebody has changed the run


class Following:
    """Follows a run on one connection.

    Args:
        run: The run.
        state: What it is a part of.
        locked: A lock on that, which brings it up to date.
        clock: Returns the seconds now.
        heartbeat: The seconds between two heartbeats.
        cancels: Whether the run is cancelled if the connection ends before it does.
    """

    def __init__(
        self,
        run: Run,
        state: State,
        locked: Callable[[], AbstractContextManager[object]],
        clock: Callable[[], float],
        heartbeat: float,
        *,
        cancels: bool,
    ) -> None:
        self._run = run
        self._state = state
        self._locked = locked
        self._clock = clock
        self._heartbeat = heartbeat
        self._cancels = cancels
        self._beats_at = clock() + heartbeat

    def events(self, *, sent: int, seam: list[Event], modes: list[str] | None) -> Body:
        """The stream.

        Args:
            sent: How many of the run's events are not sent, because they were before this connection.
            seam: Events that are sent first.
            modes: The modes that are asked for; None for those of the run.
        """
        try:
            yield b""
            yield from [event.encoded() for event in seam if _is_wanted(event, modes)]
            while True:
                with self._locked():
                    new = self._run.events[sent:]
                    is_over = not self._run.is_active
                    sent += len(new)
                for number, event in enumerate(new, sent - len(new) + 1):
                    self._run.was_sent = max(self._run.was_sent, number)
                    if _is_wanted(event, modes):
                        yield event.encoded()
                if is_over:
                    return
                yield from self._idle(BEAT)
        except GeneratorExit:
            self._leave()
            raise

    def outcome(self) -> Body:
        """The body of a wait or a join: white space while the run is active, then its outcome."""
        try:
            yield b""
            while True:
                with self._locked():
                    is_over = not self._run.is_active
                    thread = self._state.threads.get(self._run.thread_id)
                    outcome = self._run.outcome(thread.values if thread else {})
                if is_over:
                    break
                yield from self._idle(b"\n")
        except GeneratorExit:
            self._leave()
            raise
        yield compact(outcome)

    def _idle(self, beat: bytes) -> Body:
        """Waits for a moment, and sends a heartbeat if it is time for one."""
        now = self._clock()
        if now >= self._beats_at:
            self._beats_at += self._heartbeat
            yield beat
            return
        next_at = self._run.next_at
        wait = min(_POLL, self._beats_at - now, _POLL if next_at is None else next_at - now)
        yield max(0.0005, wait)

    def _leave(self) -> None:
        if self._cancels:
            with self._locked():
                if self._run.is_active:
                    self._state.cancel(self._run, "interrupt", self._clock())


def missing_stream() -> Body:
    """The stream of a run that does not exist."""
    yield b""
    yield Event("error", GONE).encoded()


def replayed(run: Run, after: str | None, doubles: int) -> tuple[list[Event], int]:
    """What a connection begins with that joins a run now: the stored events with a greater id, and how many events are
    not sent after them.

    The server subscribes the connection before it replays. What happens in between is sent twice, if the run goes on.
    """
    if not after or not run.is_resumable:
        return [], len(run.events)
    happened = len(run.events)
    stored = [event for event in run.events if event.is_stored and str(event.id) > after]
    if not run.is_active:
        return stored, happened
    # Only events later than all that was sent before are sent twice; the millisecond of an earlier one is over.
    first = max(run.was_sent, happened - doubles)
    while 0 < first < happened and run.events[first].id == run.events[first - 1].id:
        first += 1
    return stored, first


def _is_wanted(event: Event, modes: list[str] | None) -> bool:
    return modes is None or not event.name or event.name.split("|")[0] in modes
