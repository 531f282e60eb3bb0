"""A stream to open: its first request, and what to repeat when it is resumed. No I/O."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from langgraph_runs_api.models import StreamMode

from langgraph_runs.position import Position
from langgraph_runs.request.arguments import mapping, number, several
from langgraph_runs.request.call import Call
from langgraph_runs.request.validation import choice


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamRequest:
    """A stream to open, and what to repeat when it is resumed.

    Attributes:
        call: The first request.
        position: Where the stream begins; None for a new run, or for a join that begins with the next event.
        stream_mode: The stream modes it is narrowed to, as sent.
        modes: The stream modes whose events come; None if they are not known.
        cancel_on_disconnect: Whether the server cancels the run when a connection is lost.
        is_kept: Whether the server is known to keep the events. If not, their ids will tell.
        is_lossy: Whether it includes events that the Python servers never keep.
    """

    call: Call[None]
    position: Position | None = None
    stream_mode: list[str] | None = None
    modes: list[str] | None = None
    cancel_on_disconnect: bool = False
    is_kept: bool = False
    is_lossy: bool = False

    @property
    def is_new(self) -> bool:
        """Whether the stream begins with the run."""
        return self.call.starts_a_run

    @property
    def is_stateless(self) -> bool:
        """Whether the run has no thread on which its stream could be joined again."""
        return self.is_new and self.call.thread_id is None

    @property
    def leaves_no_state(self) -> bool:
        """Whether the run and its thread are deleted when the run has ended, or when the stream has."""
        return self.is_stateless or self.call.creates_thread


def is_lossy(modes: Sequence[str]) -> bool:
    """Whether the Python servers keep only some events of these modes. (Given both, they send "messages-tuple".)"""
    return "messages" in modes and "messages-tuple" not in modes


def just_after(event_id: str, thread_id: str, run_id: str) -> Position:
    """The position just after an event, or before the first one."""
    return {
        "thread_id": thread_id,
        "run_id": run_id,
        "after": event_id,
        "last_event_id": None,
        "count": 0,
        "first": None,
        "stream_mode": None,
    }


def start_position(given: str | Position | None, ids: dict[str, Any]) -> Position | None:
    """What `last_event_id=` means: the position of another stream of this run, or just after an id.

    Raises:
        TypeError: It is not a string or a position.
        ValueError: It is a position of another run, or not a valid position.
    """
    if given is None:
        return None
    if isinstance(given, str):
        return just_after(given, **ids)
    if not isinstance(given, Mapping):
        raise TypeError(
            f"last_event_id must be a string, or the position of a stream, not {type(given).__name__}"
        )
    found = mapping("last_event_id", given)
    if set(found) != set(Position.__annotations__):
        raise ValueError("last_event_id must be an id or the position of a stream, not another mapping")
    for name, expected in ids.items():
        if found[name] != expected:
            raise ValueError(f"last_event_id is a position of another run: its {name} is {found[name]!r}")
    if not isinstance(found["after"], str) or not isinstance(found["last_event_id"], str | None):
        raise TypeError("last_event_id is not a position: its after and its last_event_id must be strings")
    number("last_event_id: its count", found["count"], least=0)
    if found["first"] is not None:
        number("last_event_id: its first", found["first"], least=0)
    if (modes := found["stream_mode"]) is not None:
        choice("stream_mode", several("last_event_id: its stream_mode", modes), Sequence[StreamMode])
    return cast(Position, dict(found))
