"""When a run starts: what `after=` may be, and the seconds that become of it. No I/O but the reading of the clock."""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from numbers import Real
from typing import Any, TypeAlias

from dateutil.relativedelta import relativedelta

After: TypeAlias = float | timedelta | relativedelta | datetime | str
"""Seconds; a timedelta; a relativedelta such as `relativedelta(weekday=MO, hour=9)`, which means the next such moment;
a datetime (local time unless it has a zone); or such a datetime as an ISO 8601 string."""

# One day more than a leap year: the longest that a month and a day can keep one waiting, 29 February apart.
_DAYS_AHEAD = 367

_CLOCK = ("hour", "minute", "second", "microsecond")
_ABSOLUTE = ("year", "month", "day", "weekday", *_CLOCK)
_CALENDAR = ("years", "months", "days", "leapdays")
_ELAPSED = ("hours", "minutes", "seconds", "microseconds")


def seconds_until(after: After, now: datetime | None = None) -> float:
    """How many seconds from now on a run has to wait; 0 where a given datetime has passed already.

    Args:
        after: See `After`.
        now: The local time without a zone; the clock's where not given.

    Raises:
        TypeError: It is none of these types.
        ValueError: It is not finite, lies before now by its own meaning (-5, `timedelta(days=-1)`), is no ISO time, or
            is beyond the years that a datetime can hold.
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
            f"after={after!r}: give seconds, a timedelta, a relativedelta, a datetime or an ISO 8601 string"
        )
    if not math.isfinite(seconds) or seconds < 0:
        raise ValueError(f"after={after!r}: a run cannot start before now; give 0 or more seconds")
    return float(seconds)


def _parsed(after: str) -> datetime:
    if after.isdigit() and len(after) < len("20260225"):
        raise ValueError(f"after={after!r} would be a year; give seconds as a number, {after}")
    # Here, as it is seldom used, and takes as long to import as a tenth of all the rest.
    from dateutil.parser import isoparse

    try:
        return isoparse(after)
    except ValueError as error:
        raise ValueError(f"after={after!r} is no ISO 8601 time: {error}") from error


def _timestamp(moment: datetime, after: After) -> float:
    try:
        return moment.timestamp()
    except ValueError as error:
        raise ValueError(f"after={after!r} is too far away: {error}") from error


def _next(after: relativedelta, now: datetime) -> float:
    """The first moment from now on that fits. `now + relativedelta(hour=9)` is this morning at nine, be it long past:
    then the same is asked of the days to come."""
    on_the_calendar, elapsed = _split(after)
    for days in range(_DAYS_AHEAD if _recurs(after) else 1):
        moment = now
        if days or on_the_calendar:
            try:
                moment = (now + timedelta(days=days) + on_the_calendar).replace(fold=now.fold)
            except ValueError as error:
                raise ValueError(f"after={after!r} is too far away: {error}") from error
        # What has elapsed is added to the time stamp: an hour is an hour, also where clocks are changed.
        timestamp = _timestamp(moment, after) + elapsed.total_seconds()
        if timestamp >= now.timestamp():
            return timestamp
    raise ValueError(f"after={after!r} lies in the past")


def _split(after: relativedelta) -> tuple[relativedelta, timedelta]:
    """What it says of the calendar and of the clock's hands, and what it says of elapsed time. What is finer than the
    finest that is said of the clock is nought: `hour=9` is nine sharp."""
    said: dict[str, Any] = {name: getattr(after, name) for name in (*_ABSOLUTE, *_CALENDAR)}
    coarsest = next((place for place, name in enumerate(_CLOCK) if said[name] is not None), len(_CLOCK))
    for name in _CLOCK[coarsest:]:
        said[name] = said[name] or 0
    return relativedelta(**said), timedelta(**{name: getattr(after, name) for name in _ELAPSED})


def _recurs(after: relativedelta) -> bool:
    """Whether it names moments that come again, as nine o'clock does, and not one that is counted from now."""
    if any(getattr(after, name) for name in (*_CALENDAR, *_ELAPSED)):
        return False
    counts_back = after.weekday is not None and (after.weekday.n or 1) < 0 and after.day is None
    return not counts_back and any(getattr(after, name) is not None for name in _ABSOLUTE)
