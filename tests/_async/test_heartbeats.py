"""A server that sends heartbeats forever: `timeout=` limits the whole call, whatever arrives in the meantime."""

from __future__ import annotations

from time import monotonic
from typing import Any

import pytest
from servers.heartbeat_server import HERE, HeartbeatServer, heartbeat_server
from wait_until import wait_until

from langgraph_runs import AsyncRunsClient, RetryPolicy, WaitTimeoutError

POLICY = RetryPolicy(attempts=1000, first_delay=0.01, longest_delay=0.05)


@pytest.mark.parametrize(("drops_after", "action"), [(None, "interrupt"), (0.3, "rollback")])
@pytest.mark.parametrize("method", ["wait", "join", "stream", "join_stream"])
async def test_heartbeats_do_not_extend_the_timeout(
    method: str, drops_after: float | None, action: Any
) -> None:
    """On one connection, or on many that are dropped: WaitTimeoutError in time, and one cancel."""
    with heartbeat_server(drops_after) as server:
        async with AsyncRunsClient(server.url, api_key=None, retry=POLICY) as runs:
            began = monotonic()
            with pytest.raises(WaitTimeoutError) as overdue:
                await begun(runs, method, timeout=2, cancel_on_exit=action)
            seconds = monotonic() - began
            assert ("r", "t") == (overdue.value.run_id, overdue.value.thread_id)
            assert 2.0 <= seconds < 2.5
            wait_until(lambda: server.open == 0)  # while the client is still open
        assert [f"POST {HERE}/cancel?action={action}"] == server.cancels
        check_connections(server, method, drops_after)


@pytest.mark.parametrize("method", ["wait", "stream"])
async def test_a_run_whose_id_is_unknown_is_found_and_cancelled(method: str) -> None:
    """The timeout expires before the server, which has started the run, has answered."""
    with heartbeat_server() as server:
        server.may_begin.clear()
        async with AsyncRunsClient(server.url, api_key=None) as runs:
            began = monotonic()
            with pytest.raises(WaitTimeoutError) as overdue:
                await begun(runs, method, timeout=0.5, cancel_on_exit="interrupt")
            assert 0.5 <= monotonic() - began < 1.0
        assert overdue.value.run_id in HERE
        assert [f"POST {HERE}/cancel?action=interrupt"] == server.cancels
        server.may_begin.set()


@pytest.mark.parametrize("method", ["wait", "join", "stream", "join_stream", "cancel"])
async def test_endless_headers_do_not_extend_the_timeout(method: str) -> None:
    """As with a body."""
    with heartbeat_server() as server:
        server.drips = True
        async with AsyncRunsClient(server.url, api_key=None, retry=POLICY) as runs:
            began = monotonic()
            with pytest.raises(WaitTimeoutError):
                await begun(runs, method, timeout=0.5)
            assert 0.5 <= monotonic() - began < 1.0


async def begun(runs: AsyncRunsClient, method: str, **more: Any) -> None:
    """Starts or joins the run, which never ends."""
    if method == "wait":
        await runs.wait("t", "agent", **more)
    elif method == "join":
        await runs.join("t", "r", **more)
    elif method == "stream":
        assert ["metadata"] == [part.event async for part in runs.stream("t", "agent", **more)]
    elif method == "cancel":
        await runs.cancel("t", "r", wait=True, **more)
    else:
        assert not [part async for part in runs.join_stream("t", "r", last_event_id="-1", **more)]


def check_connections(server: HeartbeatServer, method: str, drops_after: float | None) -> None:
    """At most one run was started, and it was waited for on one connection or on many."""
    begins = [one for one in server.requests if one.startswith("POST") and one not in server.cancels]
    assert ([f"POST /threads/t/runs/{method}"] if method in ("wait", "stream") else []) == begins
    waits = [one for one in server.requests if one not in server.cancels and one != f"GET {HERE}"]
    assert (len(waits) == 1) == (drops_after is None), waits
