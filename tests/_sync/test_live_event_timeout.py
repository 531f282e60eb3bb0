# Derived from _async/test_live_event_timeout.py by `make generate`; edit that one.
"""`event_timeout=` on the real server: the run continues or is cancelled, and the stream can be resumed."""

from __future__ import annotations

from typing import Any

import pytest

from langgraph_runs import EventTimeoutError, RunsClient

SLOW: dict[str, Any] = {"input": {"seconds": 3.0, "n": 2}, "stream_mode": "custom"}


def test_a_stream_is_resumed_from_the_position_of_its_error(runs: RunsClient, thread_id: str) -> None:
    """No event is lost, and none comes twice."""
    ticks: list[int] = []
    stream = runs.stream(thread_id, "slow", event_timeout=0.7, **SLOW)
    with pytest.raises(EventTimeoutError) as late:
        for part in stream:
            if part.event == "custom":
                ticks.append(part.data["tick"])
    error = late.value
    assert (stream.run_id, thread_id) == (error.run_id, error.thread_id)
    rest = runs.join_stream(thread_id, str(error.run_id), last_event_id=error.position, event_timeout=60)
    for part in rest:
        if part.event == "custom":
            ticks.append(part.data["tick"])
    assert [0, 1] == ticks
    assert "success" == (runs.get(thread_id, str(error.run_id))).status


def test_cancel_on_exit_applies(runs: RunsClient, thread_id: str, becomes: Any) -> None:
    """As to a timeout."""
    stream = runs.stream(thread_id, "slow", event_timeout=1.0, cancel_on_exit="interrupt", **SLOW)
    with pytest.raises(EventTimeoutError) as late:
        assert not [part for part in stream]
    becomes(thread_id, late.value.run_id, "interrupted")
