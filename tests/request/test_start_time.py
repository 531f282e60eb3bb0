"""The values of `after=`, and the seconds that are sent for them."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta, timezone
from fractions import Fraction
from typing import Any

import pytest
from dateutil.relativedelta import FR, MO, WE, relativedelta

from langgraph_runs.request.start_time import seconds_until

NOON = datetime(2026, 2, 25, 12, 0)  # a Wednesday
HOUR = 3600
DAY = 24 * HOUR


@pytest.mark.parametrize(
    ("after", "seconds"),
    [
        (0, 0),
        (1.5, 1.5),
        (timedelta(minutes=2), 120),
        (relativedelta(hours=+1), HOUR),
        (relativedelta(days=2, hours=1), 2 * DAY + HOUR),
        (relativedelta(hour=13, minute=30), 1.5 * HOUR),
        (relativedelta(hour=9, minute=0), 21 * HOUR),
        (relativedelta(hour=12, minute=0, second=0, microsecond=0), 0),
        (relativedelta(weekday=MO, hour=9), 4 * DAY + 21 * HOUR),
        (relativedelta(weekday=FR), 2 * DAY),
        (relativedelta(weekday=WE, hour=11), 6 * DAY + 23 * HOUR),
        (relativedelta(day=1, hour=0), 3 * DAY + 12 * HOUR),
        (relativedelta(month=2, day=24, hour=12), 364 * DAY),
        (datetime(2026, 2, 25, 13), HOUR),
        (datetime(2026, 2, 24), 0),
        ("2026-02-25T13:00", HOUR),
        ("20260226T120000", DAY),
        ("2026-02-26", 12 * HOUR),
        (Fraction(3, 2), 1.5),
        (relativedelta(hour=9), 21 * HOUR),
        (relativedelta(months=1, day=1, days=-1, hour=12), 3 * DAY),
        (relativedelta(day=31, weekday=FR(-1)), 2 * DAY),
        (datetime(1, 1, 2), 0),
    ],
)
def test_after_becomes_seconds_from_now(after: Any, seconds: float) -> None:
    """A relativedelta with a fixed hour or weekday is the next such time; a datetime in the past is now."""
    assert seconds == seconds_until(after, NOON)


@pytest.mark.parametrize(
    ("after", "seconds"),
    [
        (relativedelta(weekday=MO, hour=9), 7 * DAY - 20 * 60 - 5),
        (relativedelta(hour=9, minute=30), 9 * 60 + 55),
        (relativedelta(hour=9, minute=20, second=5), 0),
        (relativedelta(minute=15), 54 * 60 + 55 + 23 * HOUR),
        (relativedelta(weekday=MO), 0),
    ],
)
def test_smaller_units_than_those_that_are_fixed_are_zero(after: relativedelta, seconds: float) -> None:
    """Twenty past nine is not the next "Monday at nine"."""
    assert seconds == seconds_until(after, datetime(2026, 2, 23, 9, 20, 5))  # a Monday


@pytest.mark.parametrize(
    ("after", "now", "seconds"),
    [
        (relativedelta(minutes=10), datetime(2026, 10, 25, 2, 30, fold=1), 600),
        (relativedelta(minutes=10), datetime(2026, 10, 25, 2, 30, fold=0), 600),
        (relativedelta(hours=1), datetime(2026, 10, 25, 2, 30, fold=0), HOUR),
        (relativedelta(hours=2), datetime(2026, 3, 29, 1, 30), 2 * HOUR),
        (relativedelta(), datetime(2026, 10, 25, 2, 30, fold=1), 0),
        (relativedelta(days=1), datetime(2026, 10, 24, 12), 25 * HOUR),
        (relativedelta(hour=9), datetime(2026, 3, 28, 9), 0),
        (relativedelta(hour=2, minute=45), datetime(2026, 10, 25, 2, 30, fold=1), 900),
    ],
)
def test_daylight_saving_does_not_change_elapsed_time(
    after: relativedelta, now: datetime, seconds: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An hour is an hour; a day later is the same time of day."""
    with monkeypatch.context() as patched:
        patched.setenv("TZ", "Europe/Berlin")
        time.tzset()
        try:
            assert seconds == seconds_until(after, now)
        finally:
            patched.undo()
            time.tzset()


def test_a_time_with_a_zone_is_that_moment() -> None:
    """Whatever the zone of this machine."""
    now = datetime.now()
    for zone in (UTC, timezone(timedelta(hours=5, minutes=30))):
        then = now.astimezone(zone) + timedelta(hours=1)
        assert pytest.approx(HOUR) == seconds_until(then, now)
        assert pytest.approx(HOUR) == seconds_until(then.isoformat(), now)


def test_the_default_clock_is_that_of_the_machine() -> None:
    assert 3590 < seconds_until(datetime.now() + timedelta(hours=1)) <= 3600


@pytest.mark.parametrize(
    ("after", "kind"),
    [
        (-1, ValueError),
        (float("nan"), ValueError),
        (float("inf"), ValueError),
        (timedelta(days=-1), ValueError),
        (relativedelta(hours=-1), ValueError),
        (relativedelta(year=2000), ValueError),
        (relativedelta(days=-30, hour=9), ValueError),
        (relativedelta(weekday=MO(-1)), ValueError),
        (relativedelta(years=9000), ValueError),
        (relativedelta(days=10**10), ValueError),
        (10**400, ValueError),
        ("3600", ValueError),
        ("tomorrow", ValueError),
        ("", ValueError),
        (True, TypeError),
        (b"2026-02-25", TypeError),
        ([], TypeError),
        (object(), TypeError),
    ],
)
def test_an_invalid_time_is_refused(after: Any, kind: type[Exception]) -> None:
    """The error shows it."""
    with pytest.raises(kind, match="after="):
        seconds_until(after, NOON)
