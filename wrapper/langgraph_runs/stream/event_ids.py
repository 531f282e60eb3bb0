"""What the id of an event says: its place in the order, and whether events may share it. No I/O.

The ids of the Python servers are milliseconds ("1795489870000-0"). Others count events ("7", "<run id>_event_7").
"""

from __future__ import annotations

import re
from typing import Any, TypeAlias
from zlib import crc32

# Characters: Python refuses to convert numbers with too many digits.
_LONGEST = 80
_MILLISECONDS = re.compile(r"(\d{1,40})-(\d{1,40})")
_COUNTED = re.compile(r"(.*_event_|)(\d{1,40})", re.DOTALL)
_SURELY_COUNTED = re.compile(r".+_event_\d{1,9}|\d{1,9}", re.DOTALL)  # longer numbers may be times
_MAY_BE_FIRST = re.compile(r"0|.+_event_[01]", re.DOTALL)

_NEVER_KEPT = frozenset({"error", "feedback"})

FROM_THE_START = "-1"

Rank: TypeAlias = tuple[int, int]
BEFORE_ALL: Rank = (-1, -1)


def rank(event_id: str) -> Rank | None:
    """The place of an id in the order of its stream; None if that is unknown."""
    milliseconds, _, number = event_id.partition("-")
    if milliseconds.isdecimal() and number.isdecimal() and len(event_id) < _LONGEST:
        return int(milliseconds), int(number)
    if match := _COUNTED.fullmatch(event_id):
        return int(match[2]), 0
    return None


def is_shared(event_id: str) -> bool:
    """Whether other events may have the same id: the development server gives all events of a millisecond `…-0`."""
    return event_id.endswith("-0") and _MILLISECONDS.fullmatch(event_id) is not None


def is_kept(event: str, event_id: str) -> bool:
    """Whether the server keeps such an event to send it again. The Python servers, whose ids are milliseconds,
    keep neither errors nor the events of the mode `messages`."""
    if event not in _NEVER_KEPT and not event.startswith("messages/"):
        return True
    return _MILLISECONDS.fullmatch(event_id) is None


def before(event_id: str) -> str | None:
    """An id that comes directly before this one; None if that is unknown."""
    if match := _MILLISECONDS.fullmatch(event_id):
        return f"{int(match[1]) - 1}-{2**64 - 1}"
    if match := _COUNTED.fullmatch(event_id):
        return f"{match[1]}{int(match[2]) - 1}"
    return None


def step(event_id: str, next_id: str) -> int | None:
    """How many events the second id is after the first; None if they do not count events."""
    here, there = _COUNTED.fullmatch(event_id), _COUNTED.fullmatch(next_id)
    return None if here is None or there is None else int(there[2]) - int(here[2])


def surely_counts(event_id: str) -> bool:
    """Whether an id counts the events of its run, as those of LangGraph.js and Aegra do, judging by its form alone."""
    return _SURELY_COUNTED.fullmatch(event_id) is not None


def may_be_first(event_id: str) -> bool:
    """Whether an id that counts may be that of a run's first event: LangGraph.js counts from 0, Aegra from 1."""
    return _MAY_BE_FIRST.fullmatch(event_id) is not None


def checksum(content: tuple[Any, ...]) -> int:
    """A checksum of an event's name and data, the same in every process."""
    return crc32(content[1], crc32(content[0].encode()))
