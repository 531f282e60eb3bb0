"""What `after=` may be, and the seconds that become of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from dateutil.relativedelta import FR, MO, WE, relativedelta

from langgraph_runs.schedule import seconds_until

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
    ],
)
def test_after_becomes_seconds_from_now(after: Any, seconds: float) -> None:
    """A relativedelta with a fixed hour or weekday is the next such moment; a datetime that has passed is now."""
    assert seconds == seconds_until(after, NOON)


def test_a_time_with_a_zone_is_that_moment() -> None:
    """Wherever this machine is."""
    now = datetime.now()
    for zone in (UTC, timezone(timedelta(hours=5, minutes=30))):
        then = now.astimezone(zone) + timedelta(hours=1)
        assert pytest.approx(HOUR) == seconds_until(then, now)
        assert pytest.approx(HOUR) == seconds_until(then.isoformat(), now)


def test_without_a_clock_it_is_now() -> None:
    """The machine's own."""
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
        ("tomorrow", ValueError),
        ("", ValueError),
        (True, TypeError),
        (b"2026-02-25", TypeError),
        ([], TypeError),
        (object(), TypeError),
    ],
)
def test_what_is_no_time_to_come_is_refused(after: Any, kind: type[Exception]) -> None:
    """By an error that shows it."""
    with pytest.raises(kind, match="after="):
        seconds_until(after, NOON)
