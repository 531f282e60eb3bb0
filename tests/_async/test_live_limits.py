"""`with_options`, `timeout=` and `retry=` on the real server."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from langgraph_runs import AsyncRunsClient, NotFoundError, RetryPolicy, WaitTimeoutError

SLOW: dict[str, Any] = {"seconds": 60, "n": 600}


async def test_a_copy_of_the_client_starts_and_waits_for_runs(runs: AsyncRunsClient, thread_id: str) -> None:
    """With its own options."""
    retry = RetryPolicy(attempts=0)
    copy = runs.with_options(timeout=30, retry=retry, headers={"x-request-id": str(UUID(int=7))})
    expected = {"text": "Hello, Ada", "steps": ["greet", "finish"]}
    assert expected == await copy.wait(thread_id, "agent", input={"text": "Ada"}, timeout=60)
    (run,) = await copy.with_options(headers={"x-a": "b"}).list(thread_id, retry=retry, timeout=30)
    async with copy:
        assert "success" == (await copy.get(thread_id, run.run_id)).status
    assert expected == await runs.join(thread_id, run.run_id)


async def test_a_deadline_that_has_passed_leaves_a_run(
    runs: AsyncRunsClient, thread_id: str, becomes: Any
) -> None:
    """The error names it; `cancel_on_exit` of a copy cancels it."""
    copy = runs.with_options(cancel_on_exit="interrupt")
    with pytest.raises(WaitTimeoutError) as late:
        await copy.wait(thread_id, "slow", input=SLOW, timeout=2)
    assert late.value.run_may_exist
    (run,) = await runs.list(thread_id, timeout=30)
    assert run.run_id == late.value.run_id
    await becomes(thread_id, run.run_id, "interrupted")


async def test_a_refusal_is_not_late(runs: AsyncRunsClient) -> None:
    """The error of the server comes, whatever the deadline and the policy."""
    with pytest.raises(NotFoundError):
        await runs.get(str(UUID(int=1)), str(UUID(int=1)), timeout=30, retry=RetryPolicy(call_attempts=9))
