"""How long a connection may be silent."""

from __future__ import annotations

from langgraph_runs.stream.heartbeat import Heartbeat


def test_without_heartbeats_there_is_no_idle_timeout() -> None:
    """A comment at the start does not count as one; some servers open the stream with it."""
    heartbeat = Heartbeat(100.0)
    assert heartbeat.patience is None
    heartbeat.beat(100.1)
    assert heartbeat.patience is None


def test_the_idle_timeout_is_three_times_the_longest_interval_and_at_least_fifteen_seconds() -> None:
    """A longer interval lengthens it, also for the next connection."""
    heartbeat = Heartbeat(0.0)
    heartbeat.beat(5.0)
    assert 15.0 == heartbeat.patience
    heartbeat.beat(15.0)
    assert 30.0 == heartbeat.patience
    heartbeat.beat(20.0)
    assert 30.0 == Heartbeat(0.0, heartbeat.patience).patience
