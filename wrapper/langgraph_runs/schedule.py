"""When a run starts: what `after=` may be, and the seconds that become of it. No I/O but the reading of the clock."""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from numbers import Real
from typing import TypeAlias

from dateutil.parser import isoparse
from dateutil.relativedelta import relativedelta

After: TypeAlias = float | timedelta | relativedelta | datetime | str
"""Seconds; a timedelta; a relativedelta such as `relativedelta(weekday=MO, hour=9)`, which means the next such moment;
a datetime (local time unless it has a zone); or such a datetime as an ISO 8601 string."""

# One day more than a leap year: the longest that a month and a day can keep one waiting, 29 February apart.
_DAYS_AHEAD = 367

_ABSOLUTE_FIELDS = ("year", "month", "day", "weekday", "hour", "minute", "second", "microsecond")


def seconds_until(after: After, now: datetime | None = None) -> float:
    """How many seconds from now on a run has to wait; 0 where a given datetime has passed already.

    Args:
        after: See `After`.
        now: The local time without a zone; the clock's where not given.

    Raises:
        TypeError: It is none of these types.
        ValueError: It is not finite, lies before now by its own meaning (-5, `timedelta(days=-1)`), or is no ISO time.
    """
    now = now or datetime.now()
    if isinstance(after, str):
        try:
            after = isoparse(after)
        except ValueError as error:
            raise ValueError(f"after={after!r} is no ISO 8601 time: {error}") from error
    if isinstance(after, datetime):
        return max(0.0, after.timestamp() - now.timestamp())
    if isinstance(after, relativedelta):
        return _next(after, now).timestamp() - now.timestamp()
    seconds = after.total_seconds() if isinstance(after, timedelta) else after
    if isinstance(seconds, bool) or not isinstance(seconds, Real):
        raise TypeError(
            f"after={after!r}: give seconds, a timedelta, a relativedelta, a datetime or an ISO 8601 string"
        )
    if not math.isfinite(seconds) or seconds < 0:
        raise ValueError(f"after={after!r}: a run cannot start before now; give 0 or more seconds")
    return seconds


def _next(after: relativedelta, now: datetime) -> datetime:
    """The first moment from now on that fits. `now + relativedelta(hour=9)` is this morning at nine, be it long past:
    then the same is asked of the days to come."""
    absolute = any(getattr(after, field) is not None for field in _ABSOLUTE_FIELDS)
    for days in range(_DAYS_AHEAD if absolute else 1):
        moment = now + timedelta(days=days) + after
        if moment >= now:
            return moment
    raise ValueError(f"after={after!r} lies in the past")
