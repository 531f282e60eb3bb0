"""Whether a stream can be resumed, from which position, and which events are new afterwards. No I/O."""

from __future__ import annotations

from dataclasses import replace

from langgraph_runs.errors import StreamGapError, StreamInterruptedError
from langgraph_runs.position import Position
from langgraph_runs.request import endpoints
from langgraph_runs.request.call import Call
from langgraph_runs.request.stream_request import StreamRequest, just_after
from langgraph_runs.run.cancel_on_exit import HeldRun
from langgraph_runs.stream.event_ids import FROM_THE_START, is_kept
from langgraph_runs.stream.replay import Replay
from langgraph_runs.stream.sse import ServerSentEvent

_SHOWN = 100  # characters of an id in a message


class Resumption:
    """Follows the position of one stream over all of its connections.

    Args:
        request: The stream.
        held: The run, as far as it is known.

    Attributes:
        connections: How many connections have been opened.
    """

    def __init__(self, request: StreamRequest, held: HeldRun) -> None:
        self.connections = 0
        self._request = request
        self._held = held
        self._is_kept, self._is_lossy = request.is_kept, request.is_lossy
        self._begins_late = not request.is_new and request.position is None  # with the events from now on
        self._is_whole = request.stream_mode is None
        if (start := request.position) is None:
            self._replay = Replay(FROM_THE_START if request.is_new else None, is_whole=self._is_whole)
        else:
            ids = start["after"], start["last_event_id"], start["count"], start["first"]
            self._replay = Replay(*ids, is_whole=self._is_whole)

    @property
    def position(self) -> Position | None:
        """The position of the stream; None if no other stream can begin there."""
        if self.obstacle or self._replay.after is None:
            return None
        thread_id, run_id = self._held.ids()
        return {
            "thread_id": thread_id,
            "run_id": run_id,
            "after": self._replay.after,
            "last_event_id": self._replay.last,
            "count": self._replay.count,
            "first": self._replay.first,
            "stream_mode": self._request.stream_mode,
        }

    @property
    def obstacle(self) -> str | None:
        """Why the stream cannot be resumed; None if it can."""
        if self._request.is_stateless:
            return (
                "the stream of a stateless run cannot be resumed (stream_resumable=True makes it resumable)"
            )
        if self._held.run_id is None or self._held.thread_id is None:
            return "the server has not named the run"
        if not self._is_kept:
            return "the server does not keep the events of a run that is not resumable"
        if self._is_lossy and not is_kept("messages/partial", self._replay.last or "0-0"):
            return (
                "the server does not keep events of the mode 'messages' (it keeps those of 'messages-tuple')"
            )
        if self._replay.after is None:
            return "no event has come whose id says where to resume"
        return None

    @property
    def has_events(self) -> bool:
        """Whether an event with an id has been yielded."""
        return self._replay.last is not None

    @property
    def is_ambiguous(self) -> bool:
        """Whether to leave the rest of this connection unread, and to resume the stream on another one."""
        return self._replay.is_ambiguous

    @property
    def is_incomplete(self) -> bool:
        """Whether this connection has not repeated all that it should, or not sent even the first event of a run."""
        is_empty = self._replay.after == FROM_THE_START and self._replay.last is None
        return self._replay.missing or is_empty

    @property
    def begins_late(self) -> bool:
        """Whether the next connection is the first, and begins with the next event of a run that may have begun."""
        return self._begins_late and not self.connections

    @property
    def can_ask(self) -> bool:
        """Whether the server can be asked for the status of the run."""
        known = self._held.run_id is not None and self._held.thread_id is not None
        return known and not self._request.is_stateless

    @property
    def is_replayed(self) -> bool:
        """Whether this connection should begin with events that the server has kept."""
        return self.connections > 1 or self._request.position is not None

    def begin_with_run(self, *, is_kept: bool) -> Call[None]:
        """The first request of a join whose run has not begun, so that it begins with the first event. LangGraph.js
        keeps the events of such a run only if they are requested by id.

        Args:
            is_kept: Whether the server says that the run is resumable.
        """
        self._replay = Replay(FROM_THE_START, is_whole=self._is_whole)
        self._is_kept = is_kept
        thread_id, run_id = self._held.ids()
        return endpoints.rejoin(self._request, just_after(FROM_THE_START, thread_id, run_id))

    def begin(self) -> None:
        """Begins a connection."""
        self.connections += 1
        # If giving up the first connection of a join would cancel the run, ambiguous events count as new.
        may_ask = self.connections > 1 or not self._request.cancel_on_disconnect
        self._replay.begin(replayed=self.is_replayed, may_ask=may_ask)

    def next_call(self, attempt: int) -> Call[None]:
        """The request that resumes the stream, in this attempt.

        Raises:
            StreamInterruptedError: The stream cannot be resumed.
        """
        position = self.position
        if position is None:
            raise interrupted(str(self.obstacle))
        try:
            return replace(endpoints.rejoin(self._request, position), attempt=attempt)
        except ValueError as error:  # an id that no header can carry
            raise interrupted(str(error)) from error

    def is_next(self, event: ServerSentEvent) -> bool:
        """Whether the event obviously follows the last one. If so, it counts as yielded from now on."""
        return self._is_kept and not event.inherits_id and self._replay.is_next(event.id)

    def is_new(self, event: ServerSentEvent) -> bool:
        """Whether the event has not been yielded yet. If so, it counts as yielded from now on.

        Raises:
            StreamGapError: The server no longer has some of the events before it.
            StreamInterruptedError: Events before it may be lost, as the server does not keep events of its kind.
        """
        event_id = "" if event.inherits_id else event.id
        if not event_id or not is_kept(event.event, event_id):
            self._is_kept = self._is_kept and (bool(event_id) or event.event in ("error", "end"))
            if event.event.startswith("messages/") and not self._is_lossy:
                self._is_lossy = True
                if self.connections > 1:  # what the lost connection did not deliver is gone
                    raise interrupted(str(self.obstacle))
            return not self._replay.is_ambiguous
        if not self._is_kept:
            self._is_kept = not self._request.is_new
        try:
            return self._replay.is_new(event_id, event)
        except LookupError as error:
            before = f"right after {str(error)[:_SHOWN]}" if str(error) else "with which the run began"
            if self.is_replayed:
                raise StreamGapError(f"the server no longer has the events {before}") from error
            message = f"the server has not sent the events {before}: another reader may have received them"
            raise StreamGapError(message) from error


def interrupted(why: str) -> StreamInterruptedError:
    """The error for a stream that cannot be resumed."""
    return StreamInterruptedError(f"the stream was interrupted: {why}")
