"""How often a call is retried, and how long to wait."""

from __future__ import annotations

import pickle
from datetime import UTC, datetime
from random import Random
from typing import Any

import pytest

from langgraph_runs import APIConnectionError, RetryPolicy
from langgraph_runs.response.answer import retry_after
from langgraph_runs.retry import Backoff


def lost(**more: Any) -> APIConnectionError:
    """A lost connection."""
    return APIConnectionError("lost", method="GET", url="", **more)


def test_a_policy_is_a_value() -> None:
    """It can be read, compared, pickled and replaced."""
    policy = RetryPolicy(attempts=3)
    assert policy == pickle.loads(pickle.dumps(policy))
    assert (3, 3, 0.1, 5.0, 60.0) == (
        policy.attempts, policy.call_attempts, policy.first_delay, policy.longest_delay, policy.longest_retry_after,
    )  # fmt: skip
    with pytest.raises(AttributeError):
        policy.attempts = 4  # type: ignore[misc]


@pytest.mark.parametrize(
    ("name", "bad"),
    [("attempts", -1), ("call_attempts", "3"), ("call_attempts", 2.5), ("longest_retry_after", float("inf"))],
)
def test_an_invalid_policy_is_refused(name: str, bad: Any) -> None:
    """By the name of its field."""
    with pytest.raises(ValueError, match=f"{name}={bad!r} must be "):
        RetryPolicy(**{name: bad})


def test_delays_double_up_to_the_longest_and_jitter_downwards() -> None:
    """By half at most, so that clients that were disconnected together do not reconnect together."""
    backoff = Backoff(RetryPolicy(first_delay=1.0, longest_delay=5.0), random=Random(7))
    for attempt, longest in ((1, 1.0), (2, 2.0), (3, 4.0), (4, 5.0), (5000, 5.0)):
        delays = [backoff.delay(attempt) for _ in range(100)]
        assert longest / 2 <= min(delays) < max(delays) <= longest


def test_the_server_may_ask_for_a_longer_wait_up_to_a_limit() -> None:
    """Never for a shorter one."""
    backoff = Backoff(RetryPolicy(first_delay=1.0), random=Random(7))
    assert 7.0 == backoff.delay(1, lost(retry_after=7.0))
    assert 60.0 == backoff.delay(1, lost(retry_after=86400.0))
    assert 0.5 <= backoff.delay(1, lost(retry_after=0.0)) <= 1.0


def test_attempts_are_counted_in_a_row() -> None:
    """However long each has taken: a server that keeps a call waiting is not asked forever. Each is reported."""
    reported: list[Any] = []
    backoff = Backoff(RetryPolicy(attempts=2), lambda *what: reported.append(what), Random(7))
    for count in (backoff.for_run(), backoff.for_call()):
        count.after(lost(seconds=0.1))
        count.after(lost(seconds=60.0))
        with pytest.raises(APIConnectionError):
            count.after(lost(seconds=60.0))
    assert [1, 2, 1, 2] == [attempt for attempt, _, _ in reported]
    assert all(isinstance(error, APIConnectionError) and delay > 0 for _, delay, error in reported)


@pytest.mark.parametrize(("attempts", "expected"), [(0, 0), (2, 2), (9, 3)])
def test_a_call_has_no_more_attempts_than_a_run(attempts: int, expected: int) -> None:
    """0 disables all of them."""
    backoff = Backoff(RetryPolicy(attempts=attempts), random=Random(7))
    assert (expected, attempts) == (backoff.for_call().limit, backoff.for_run().limit)


NOW = datetime(2026, 11, 24, 12, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, None),
        ({"retry-after": "120"}, 120.0),
        ({"retry-after": " 0 "}, 0.0),
        ({"retry-after": "Tue, 24 Nov 2026 12:01:30 GMT"}, 90.0),
        ({"retry-after": "Tue, 24 Nov 2026 11:00:00 GMT"}, 0.0),
        ({"retry-after": "Tue, 24 Nov 2026 12:01:30 -0000"}, 90.0),
        ({"retry-after": "1.5"}, None),
        ({"retry-after": "-1"}, None),
        ({"retry-after": "soon"}, None),
        ({"retry-after": ""}, None),
        ({"retry-after": "٣"}, None),
        ({"retry-after": "Wed, 21 Oct 2015 07:28:00 +99999999999999999999"}, None),
        ({"retry-after": "9" * 5000}, 1e15 - 1),
    ],
)
def test_retry_after_is_seconds_or_a_date(headers: dict[str, str], expected: float | None) -> None:
    """Anything else is ignored."""
    assert expected == retry_after(headers, NOW)


def test_a_date_is_counted_from_the_server_s_own_clock() -> None:
    """If the server sends its time; the clocks may differ by hours."""
    headers = {"retry-after": "Tue, 24 Nov 2020 12:00:07 GMT", "date": "Tue, 24 Nov 2020 12:00:00 GMT"}
    assert 7.0 == retry_after(headers)
    assert retry_after({"retry-after": "Tue, 24 Nov 2020 12:00:07 GMT"}) == 0.0
