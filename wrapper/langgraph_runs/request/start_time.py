"""When a run starts: what `after=` may be, and how many seconds it means. No I/O but reading the clock."""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from numbers import Real
from typing import Any, TypeAlias

from dateutil.relativedelta import relativedelta

After: TypeAlias = float | timedelta | relativedelta | datetime | str
"""Seconds; a timedelta; a relativedelta such as `relativedelta(weekday=MO, hour=9)`, which means the next such moment;
a datetime (local time unless it has a time zone); or such a datetime as an ISO 8601 string."""

# A leap year and a day: the longest time until a given month and day come again (except 29 February).
_DAYS_AHEAD = 367

_CLOCK = ("hour", "minute", "second", "microsecond")
_ABSOLUTE = ("year", "month", "day", "weekday", *_CLOCK)
_CALENDAR = ("years", "months", "days", "leapdays")
_ELAPSED = ("hours", "minutes", "seconds", "microseconds")


def seconds_until(after: After, now: datetime | None = None) -> float:
    """How many seconds from now the run starts; 0 if a given datetime has already passed.

    Args:
        after: See `After`.
        now: The local time without a time zone; None for the current time.

    Raises:
        TypeError: It has another type.
        ValueError: It is not finite, is negative (-5, `timedelta(days=-1)`), is not an ISO 8601 time, or is beyond the
            years that a datetime can represent.
    """
    try:
        return _seconds(after, now or datetime.now())
    except OverflowError as error:
        raise ValueError(f"after={after!r} is too far away: {error}") from error


def _seconds(after: After, now: datetime) -> float:
    if isinstance(after, str):
        after = _parsed(after)
    if isinstance(after, datetime):
        return max(0.0, _timestamp(after, after) - now.timestamp())
    if isinstance(after, relativedelta):
        return _next(after, now) - now.timestamp()
    seconds = after.total_seconds() if isinstance(after, timedelta) else after
    if isinstance(seconds, bool) or not isinstance(seconds, Real):
        raise TypeError(
            f"after={after!r} must be seconds, a timedelta, a relativedelta, a datetime or an ISO 8601 string"
        )
    if not math.isfinite(seconds) or seconds < 0:
        raise ValueError(f"after={after!r}: a run cannot start in the past; pass 0 or more seconds")
    return float(seconds)


def _parsed(after: str) -> datetime:
    if after.isdigit() and len(after) < len("20260225"):
        raise ValueError(f"after={after!r} would be a year; pass seconds as a number: {after}")
    # Imported here: it is rarely used, and takes a tenth of the time that the whole package takes to import.
    from dateutil.parser import isoparse

    try:
        return isoparse(after)
    except ValueError as error:
        raise ValueError(f"after={after!r} must be an ISO 8601 time: {error}") from error


def _timestamp(moment: datetime, after: After) -> float:
    try:
        return moment.timestamp()
    except ValueError as error:
        raise ValueError(f"after={after!r} is too far away: {error}") from error


def _next(after: relativedelta, now: datetime) -> float:
    """The timestamp of the first moment from now on that matches. `now + relativedelta(hour=9)` is nine o'clock today;
    if that has passed, the following days are tried."""
    on_the_calendar, elapsed = _split(after)
    for days in range(_DAYS_AHEAD if _recurs(after) else 1):
        moment = now
        if days or on_the_calendar:
            try:
                moment = (now + timedelta(days=days) + on_the_calendar).replace(fold=now.fold)
            except ValueError as error:
                raise ValueError(f"after={after!r} is too far away: {error}") from error
        # Elapsed time is added to the timestamp: an hour is an hour, even when the clocks change.
        timestamp = _timestamp(moment, after) + elapsed.total_seconds()
        if timestamp >= now.timestamp():
            return timestamp
    raise ValueError(f"after={after!r} is in the past")


def _split(after: relativedelta) -> tuple[relativedelta, timedelta]:
    """Its calendar and clock fields, and its elapsed time. Clock fields finer than the coarsest one given are zero:
    `hour=9` is nine o'clock sharp."""
    given: dict[str, Any] = {name: getattr(after, name) for name in (*_ABSOLUTE, *_CALENDAR)}
    coarsest = next((place for place, name in enumerate(_CLOCK) if given[name] is not None), len(_CLOCK))
    for name in _CLOCK[coarsest:]:
        given[name] = given[name] or 0
    return relativedelta(**given), timedelta(**{name: getattr(after, name) for name in _ELAPSED})


def _recurs(after: relativedelta) -> bool:
    """Whether it means moments that recur, such as nine o'clock, rather than one that is counted from now."""
    if any(getattr(after, name) for name in (*_CALENDAR, *_ELAPSED)):
        return False
    counts_back = after.weekday is not None and (after.weekday.n or 1) < 0 and after.day is None
    return not counts_back and any(getattr(after, name) is not None for name in _ABSOLUTE)
