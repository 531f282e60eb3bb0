"""Which events of a stream are new when a server sends some of them again. No I/O.

A stream is resumed with `Last-Event-ID`, which servers interpret differently. The ids of the development server are
milliseconds, so several events can share one. It sends the events whose id is *greater*: if the id of the last event
were sent, the rest of its millisecond would be lost. Events that occur while it sends the old ones come twice: it
repeats them in one block right afterwards. Other servers count events, from 0 or after the run's id, and some of them
send everything twice.

So this module asks for the events after the id *before* the last one, and skips as many events with the last id as were
already yielded. From there on, an id that is lower than the one before begins the repeated block. If the block lies
within one millisecond, it looks the same as new events with the same content. Then the rest is left unread, and the
stream is requested again when that millisecond is over and its events can be counted.
"""

from __future__ import annotations

from typing import Any

from langgraph_runs.stream.event_ids import (
    BEFORE_ALL,
    FROM_THE_START,
    Rank,
    before,
    checksum,
    is_shared,
    may_be_first,
    rank,
    step,
    surely_counts,
)

_IN_A_ROW = (
    2  # steps of one after which a larger step means that events are missing, whatever the form of the ids
)


class Replay:
    """Follows the ids of one run's events over all connections.

    Args:
        after: The id after which the stream is requested; None if it begins with the next event.
        last: The id of the last event that was yielded.
        count: How many events with that id were yielded.
        first: The checksum of the first of these; None if no others with that id came before.
        is_whole: Whether the stream has all events of the run, so that ids which count events have no gaps.

    Attributes:
        after: The id after which to request the stream the next time; None if it is not known yet.
        last: The id of the last event that was yielded.
        count: How many events with that id were yielded.
        is_ambiguous: Whether the next events of this connection cannot be distinguished from earlier ones, so that a
            new connection is needed.
    """

    def __init__(
        self,
        after: str | None,
        last: str | None = None,
        count: int = 0,
        first: int | None = None,
        *,
        is_whole: bool = False,
    ) -> None:
        self.after: str | None = after
        self.last: str | None = last
        self.count = count
        self.first = first
        # How many ids in a row were one more than the id before; -1 if ids do not count events.
        self._counted = 0 if is_whole else -1
        self.is_ambiguous = False
        self._seen = rank(last or after or "") or BEFORE_ALL  # the greatest id that has come
        self._settled = self._seen  # up to here, the server sends all events in order
        self._is_shared = is_shared(last or "")
        self._replayed = False
        self._may_ask = True
        self._skip = 0  # how many events with the last id are still to be skipped
        self._awaited = first  # events before it, with the same id, do not count as skipped
        # The greatest id on this connection, the fingerprints of the events with it, and their number.
        self._top: str | None = None
        self._group: set[int] = set()
        self._size = 0
        # In the repeated block: how many events with the greatest id it still has to repeat.
        self._drop: int | None = None

    @property
    def missing(self) -> bool:
        """Whether this connection has not repeated all of the events that it should repeat."""
        return self._skip > 0

    def begin(self, *, replayed: bool, may_ask: bool = True) -> None:
        """Begins a connection, at least two milliseconds after the last event.

        Args:
            replayed: Whether the server sends the events that it has kept, rather than those from now on.
            may_ask: Whether another connection may be requested; if not, ambiguous events count as new.
        """
        self.is_ambiguous = False
        self._may_ask = may_ask
        self._replayed = replayed
        self._seen = max(self._seen, rank(self.last or "") or BEFORE_ALL)
        self._settled = self._seen
        self._skip = self.count if replayed else 0
        self._awaited = self.first
        self._top, self._group, self._size, self._drop = None, set(), 0, None

    def is_next(self, event_id: str) -> bool:
        """Whether this event obviously follows the last one, as nearly all do: both ids are milliseconds, on a
        connection that began with the run. If so, it counts as yielded. If not, nothing has changed, and `is_new`
        decides.

        This exists only for speed: a token costs 1.3 us instead of 2.9 between decoder and caller.
        """
        last = self.last
        if self._replayed or self._counted >= 0 or last is None or not self._is_shared:
            return False
        # Ids of the same form and length are in the order of their numbers.
        if event_id <= last or len(event_id) != len(last) or not event_id.endswith("-0"):
            return False
        if not event_id.isascii() or not event_id[:-2].isdecimal():
            return False
        self.after, self.first, self.last, self.count = last, None, event_id, 1
        return True

    def is_new(self, event_id: str, content: tuple[Any, ...]) -> bool:
        """Whether to yield this event, the next one of the connection. `content` begins with its name and its data.

        Raises:
            LookupError: Events before it are missing: those after the id that it names, or the first ones of the run.
        """
        if event_id == self.last and not self._replayed:
            if rank(event_id) is not None and not is_shared(event_id):
                return False
            self.count += 1
            return True
        here = rank(event_id) or BEFORE_ALL
        self._seen = max(self._seen, here)
        if self.is_ambiguous:
            return False
        if not self._replayed:
            return self._follow(event_id, here, content)
        return self._is_first(event_id, hash(content)) and self._is_behind(event_id, content)

    def _follow(self, event_id: str, here: Rank, content: tuple[Any, ...]) -> bool:
        """Whether an event is new on a connection that begins with the run, or with the next event. Even there, some
        servers send the events that they have kept, and then all of them again."""
        if self.after is None and self.last is None:
            self.after, self.first = before(event_id), checksum(content)
        if self.last is None or here >= (rank(self.last) or BEFORE_ALL):
            self._move(event_id, content)
            return True
        return here == BEFORE_ALL or is_shared(event_id)

    def _move(self, event_id: str, content: tuple[Any, ...]) -> None:
        if self._counted >= 0:
            self._count(event_id, content)
        if self.last is not None:
            self.after, self.first = self.last, None
        self.last, self.count = event_id, 1
        self._is_shared = is_shared(event_id)

    def _is_first(self, event_id: str, fingerprint: int) -> bool:
        """Whether the event is new on this connection. Sets `is_ambiguous` if that is not certain."""
        here, top = rank(event_id), rank(self._top or "")
        if event_id == self._top:
            if self._drop:
                self._drop -= 1
                return False
            if here is None or is_shared(event_id):
                again = self._may_ask and fingerprint in self._group
                self.is_ambiguous = again and here is not None and self._drop is None and here > self._settled
                if self.is_ambiguous or (again and here is None):
                    return False
            else:
                return False
        elif here is not None and top is not None and here < top:
            if self._drop is None:
                self._drop = self._size
            return False
        else:
            self._top, self._group, self._size = event_id, set(), 0
        self._group.add(fingerprint)
        self._size += 1
        return True

    def _is_behind(self, event_id: str, content: tuple[Any, ...]) -> bool:
        """Whether the event comes after those that were already yielded."""
        if event_id == self.last:
            if self._skip:
                self._skip_one(content)
                return False
            self.count += 1
            return True
        here, last = rank(event_id), rank(self.last or self.after or "")
        if here is not None and last is not None and (here < last or (self.last is None and here == last)):
            return False
        if self._skip:
            raise LookupError(self.last)
        self._move(event_id, content)
        return True

    def _count(self, event_id: str, content: tuple[Any, ...]) -> None:
        """Counts an event of a stream that has all events. Raises LookupError if some are missing before it."""
        last = self.last or self.after
        if last == FROM_THE_START:
            if content[0] != "metadata" and surely_counts(event_id) and not may_be_first(event_id):
                raise LookupError
        elif last is not None:
            size = step(last, event_id)
            is_larger = size is not None and size > 1 and surely_counts(last)
            if is_larger or (size != 1 and self._counted >= _IN_A_ROW):
                raise LookupError(last)
            self._counted = self._counted + 1 if size == 1 else -1

    def _skip_one(self, content: tuple[Any, ...]) -> None:
        if self._awaited is None or self._awaited == checksum(content):
            self._skip, self._awaited = self._skip - 1, None
