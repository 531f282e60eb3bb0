"""Which events of a stream are new, where a server sends some of them again. No I/O.

A resumable stream is gone on with by `Last-Event-ID`, and servers differ in what they make of it. The development
server's ids are milliseconds, so several events share one; it sends those whose id is *greater*, so what is left of a
millisecond is lost to whoever names its id; and what happens while it sends them comes a second time right behind, as
one block. Others count their events, from 0 or behind the run's id, and some of these send everything twice.

So the stream is asked for behind the id *before* the last one, and the events that were handed out with the last one
are passed over by their number. From there on an id that goes back begins the block that comes twice. Only where that
block lies within one millisecond does nothing tell it from new events that are the same: there the rest is left
unread, and the stream asked for once more, when that millisecond is over and its events can be counted.
"""

from __future__ import annotations

import re
from typing import Any, TypedDict
from zlib import crc32

# Of no more digits than Python converts.
_LONGEST = 80
_MILLISECONDS = re.compile(r"(\d{1,40})-(\d{1,40})")
_COUNTED = re.compile(r"(.*_event_|)(\d{1,40})", re.DOTALL)

_PASSING = frozenset({"error", "feedback"})

FROM_THE_START = "-1"

Rank = tuple[int, int]
_BEFORE_ALL: Rank = (-1, -1)

_IN_A_ROW = 2  # steps of one, before a step of more means that something is missing


def rank(event_id: str) -> Rank | None:
    """Where an id stands among those of its stream; None if it does not say."""
    milliseconds, _, number = event_id.partition("-")
    if milliseconds.isdecimal() and number.isdecimal() and len(event_id) < _LONGEST:
        return int(milliseconds), int(number)
    if match := _COUNTED.fullmatch(event_id):
        return int(match[2]), 0
    return None


def is_shared(event_id: str) -> bool:
    """Whether other events may have the same id: the development server writes every millisecond as `…-0`."""
    return event_id.endswith("-0") and _MILLISECONDS.fullmatch(event_id) is not None


def is_kept(event: str, event_id: str) -> bool:
    """Whether the server keeps such an event, to send it again. The Python servers, which have ids of milliseconds,
    keep neither errors nor what the mode `messages` sends."""
    if event not in _PASSING and not event.startswith("messages/"):
        return True
    return _MILLISECONDS.fullmatch(event_id) is None


def before(event_id: str) -> str | None:
    """An id with nothing between it and this one; None if there is no telling."""
    if match := _MILLISECONDS.fullmatch(event_id):
        return f"{int(match[1]) - 1}-{2**64 - 1}"
    if match := _COUNTED.fullmatch(event_id):
        return f"{match[1]}{int(match[2]) - 1}"
    return None


def follows(event_id: str, next_id: str) -> bool:
    """Whether both count events, the second the next one."""
    here, there = _COUNTED.fullmatch(event_id), _COUNTED.fullmatch(next_id)
    return here is not None and there is not None and int(there[2]) == int(here[2]) + 1


def checksum(content: tuple[Any, ...]) -> int:
    """Of an event's name and data, the same in every process."""
    return crc32(content[1], crc32(content[0].encode()))


class Position(TypedDict):
    """Where a stream stands: a plain dictionary, to be kept as JSON, pickled or sent to another process, and given to
    `join_stream` as its `last_event_id`."""

    thread_id: str
    run_id: str
    after: str
    """Behind which id to ask for the events."""
    last_event_id: str | None
    """The id of the last event that was handed out."""
    count: int
    """How many events were handed out with that id; they are passed over."""
    first: int | None
    """Of a stream that was begun amid a millisecond: the checksum of its first event, to find that again."""
    stream_mode: list[str] | None
    """What the stream is narrowed to; None where it is not."""


class Replay:
    """Follows the ids of one run's events over all of its connections.

    Args:
        after: Behind which id the stream is asked for; None for one that begins now, wherever that is.
        last: The id of the last event that was handed out.
        count: How many were handed out with that id.
        first: The checksum of the first of these; None where they are all that there are.
        is_whole: Whether all events of the run come, so that ids which count them leave none out.

    Attributes:
        after: Behind which id to ask for it the next time; None while there is no telling.
        last: The id of the last event that was handed out.
        count: How many were handed out with that id.
        in_doubt: Whether what follows on this connection cannot be told from what was there before: ask anew.
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
        # How many events in a row had ids that count; -1 where they do not.
        self._counted = 0 if is_whole else -1
        self.in_doubt = False
        self._seen = rank(last or after or "") or _BEFORE_ALL  # the greatest id that was heard of
        self._settled = self._seen  # up to here the server has every event by now, and in its order
        self._is_shared = is_shared(last or "")
        self._replayed = False
        self._may_ask = True
        self._skip = 0  # of the events with the last id
        self._awaited = first  # before that, others with the same id are not counted
        # The greatest id on this connection, the fingerprints of the events with it, and how many there were.
        self._top: str | None = None
        self._group: set[int] = set()
        self._size = 0
        # In the block that comes twice: how many events with the greatest id are in it.
        self._drop: int | None = None

    @property
    def missing(self) -> bool:
        """Whether this connection has not brought again what was handed out before it, as it should have."""
        return self._skip > 0

    def begin(self, *, replayed: bool, may_ask: bool = True) -> None:
        """A connection has begun, at least two milliseconds after the last event: `replayed` if the server sends what
        it has kept, not replayed if it sends what happens from now on. Where another connection may not be asked for,
        what is in doubt is taken for new."""
        self.in_doubt = False
        self._may_ask = may_ask
        self._replayed = replayed
        self._seen = max(self._seen, rank(self.last or "") or _BEFORE_ALL)
        self._settled = self._seen
        self._skip = self.count if replayed else 0
        self._awaited = self.first
        self._top, self._group, self._size, self._drop = None, set(), 0, None

    def is_next(self, event_id: str) -> bool:
        """Whether this event plainly follows the last one, as nearly all do: both have ids of milliseconds, on a
        connection that began with the run. It is taken for yielded then; else nothing has changed, and `is_new` tells.

        Only there for speed: it costs a third of `is_new`.
        """
        last = self.last
        if self._replayed or self._counted >= 0 or last is None or not self._is_shared:
            return False
        # Of the same form and length, they are in the order of their numbers.
        if event_id <= last or len(event_id) != len(last) or not event_id.endswith("-0"):
            return False
        if not event_id.isascii() or not event_id[:-2].isdecimal():
            return False
        self.after, self.first, self.last, self.count = last, None, event_id, 1
        return True

    def is_new(self, event_id: str, content: tuple[Any, ...]) -> bool:
        """Whether this event, the next one of the connection, is to be handed out; `content` begins with its name and
        its data.

        Raises:
            LookupError: There were others before it, and the server does not have them any more.
        """
        if event_id == self.last and not self._replayed:
            if rank(event_id) is not None and not is_shared(event_id):
                return False
            self.count += 1
            return True
        here = rank(event_id) or _BEFORE_ALL
        self._seen = max(self._seen, here)
        if self.in_doubt:
            return False
        if not self._replayed:
            return self._follow(event_id, here, content)
        return self._is_first(event_id, hash(content)) and self._is_behind(event_id, content)

    def _follow(self, event_id: str, here: Rank, content: tuple[Any, ...]) -> bool:
        """Notes an event of a connection that begins with the run, or with what happens from now on. There are servers
        that send even there what they have kept, and then all of it again."""
        if self.after is None and self.last is None:
            self.after, self.first = before(event_id), checksum(content)
        if self.last is None or here >= (rank(self.last) or _BEFORE_ALL):
            self._move(event_id)
            return True
        return here == _BEFORE_ALL or is_shared(event_id)

    def _move(self, event_id: str) -> None:
        if self.last is not None:
            self.after, self.first = self.last, None
            if self._counted >= 0:
                self._counted = self._counted + 1 if follows(self.last, event_id) else -1
        self.last, self.count = event_id, 1
        self._is_shared = is_shared(event_id)

    def _is_first(self, event_id: str, fingerprint: int) -> bool:
        """Whether this connection has not had the event yet; where that cannot be said, it is `in_doubt`."""
        here, top = rank(event_id), rank(self._top or "")
        if event_id == self._top:
            if self._drop:
                self._drop -= 1
                return False
            if here is None or is_shared(event_id):
                again = self._may_ask and fingerprint in self._group
                self.in_doubt = again and here is not None and self._drop is None and here > self._settled
                if self.in_doubt or (again and here is None):
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
        """Whether the event comes after those that were handed out."""
        if event_id == self.last:
            if self._skip:
                self._pass_over(content)
                return False
            self.count += 1
            return True
        here, last = rank(event_id), rank(self.last or "")
        if here is not None and last is not None and here < last:
            return False
        if self._skip or self._is_jump(event_id):
            raise LookupError(self.last)
        self._move(event_id)
        return True

    def _is_jump(self, event_id: str) -> bool:
        """Whether events are left out: so far, each id was one more than that before."""
        return self._counted >= _IN_A_ROW and not follows(str(self.last), event_id)

    def _pass_over(self, content: tuple[Any, ...]) -> None:
        if self._awaited is None or self._awaited == checksum(content):
            self._skip, self._awaited = self._skip - 1, None
