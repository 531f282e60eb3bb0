# Derived from _async/test_live_conflicts.py by `make generate`; edit that one.
"""What the real server refuses because of a busy thread or a wrong key."""

from __future__ import annotations

from typing import Any

import pytest
from dev_server import DevServer

from langgraph_runs import (
    AuthenticationError,
    ConflictError,
    PermissionDeniedError,
    RunsClient,
    ThreadBusyError,
)

SLOW: dict[str, Any] = {"seconds": 60, "n": 600}


def test_a_busy_thread_raises_thread_busy_error(runs: RunsClient, thread_id: str) -> None:
    """Whichever way the second run was to start."""
    run = runs.create(thread_id, "slow", input=SLOW)
    with pytest.raises(ThreadBusyError) as busy:
        runs.create(thread_id, "agent", multitask_strategy="reject")
    assert isinstance(busy.value, ConflictError)
    with pytest.raises(ThreadBusyError):
        runs.wait(thread_id, "agent", multitask_strategy="reject")
    with pytest.raises(ThreadBusyError):
        next(runs.stream(thread_id, "agent", multitask_strategy="reject"))
    runs.cancel(thread_id, run.run_id)


@pytest.mark.parametrize(
    ("key", "kind"), [("wrong-key", AuthenticationError), ("forbidden-key", PermissionDeniedError)]
)
def test_a_wrong_key_raises_without_being_shown(live_server: DevServer, key: str, kind: type[Any]) -> None:
    """The error has a class of its own and the server's URL."""
    with RunsClient(live_server.url, api_key=key) as runs:
        with pytest.raises(kind, match=live_server.url) as refused:
            runs.wait(None, "agent")
        assert key not in f"{refused.value!r} {refused.value} {vars(refused.value)}"
        with pytest.raises(kind, match=live_server.url):
            next(runs.stream(None, "agent"))
