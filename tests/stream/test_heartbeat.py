"""How long a connection may be silent."""

from __future__ import annotations

from langgraph_runs.stream.heartbeat import Heartbeat


def test_without_heartbeats_there_is_no_end_to_patience() -> None:
    """Neither with a comment right at the start, as some servers send it to open the stream."""
    heartbeat = Heartbeat(100.0)
    assert heartbeat.patience is None
    heartbeat.beat(100.1)
    assert heartbeat.patience is None


def test_patience_is_three_of_the_longest_beats_and_at_least_fifteen_seconds() -> None:
    """A pause that turned out to be one makes it longer; what one connection has shown holds for the next."""
    heartbeat = Heartbeat(0.0)
    heartbeat.beat(5.0)
    assert 15.0 == heartbeat.patience
    heartbeat.beat(15.0)
    assert 30.0 == heartbeat.patience
    heartbeat.beat(20.0)
    assert 30.0 == Heartbeat(0.0, heartbeat.patience).patience
