"""Where a stream stands, as plain data."""

from __future__ import annotations

from typing import TypedDict


class Position(TypedDict):
    """Where a stream stands: a plain dictionary, which can be stored as JSON, pickled or sent to another process, and
    passed to `join_stream` as `last_event_id`."""

    thread_id: str
    run_id: str
    after: str
    """The id of the event after which the server is to resume."""
    last_event_id: str | None
    """The id of the last event that was yielded."""
    count: int
    """How many events with that id were yielded; they are skipped."""
    first: int | None
    """If the stream was joined in the middle of a millisecond: the checksum of its first event, to find it again."""
    stream_mode: list[str] | None
    """The stream modes that the stream is restricted to; None for all."""
