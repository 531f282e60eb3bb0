"""`map` on the real server."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from dev_server import DevServer
from langgraph_runs_api.api.threads import create_thread
from langgraph_runs_api.models import Thread

from langgraph_runs import AsyncRunsClient, RunFailedError, UnprocessableEntityError


async def test_outcomes_have_the_values_of_their_runs(runs: AsyncRunsClient, thread_id: str) -> None:
    """Stateless, on a thread that exists, and on one that is created; a run that fails is a value, as is a refusal."""
    given: list[Any] = [
        {"assistant_id": "agent", "input": {"text": "first"}},
        {"assistant_id": "failing", "input": {}},
        {"assistant_id": "agent", "thread_id": thread_id, "input": {"text": "third"}},
        {"assistant_id": "no-such-graph", "input": {}},
        {"assistant_id": "agent", "input": {"text": "fifth"}},
    ]
    found: dict[int, Any] = dict([pair async for pair in runs.map(given, limit=2)])
    assert {0, 1, 2, 3, 4} == set(found)
    assert ["Hello, first", "Hello, third", "Hello, fifth"] == [found[n]["text"] for n in (0, 2, 4)]
    assert isinstance(found[1], RunFailedError)
    assert isinstance(found[3], UnprocessableEntityError)
    (run,) = await runs.list(thread_id)
    assert "success" == run.status


async def test_leaving_early_cancels_the_runs_under_way(
    live_server: DevServer, becomes: Callable[[str, str, str], Any]
) -> None:
    """If the client says so. The payloads that are left start nothing."""
    async with AsyncRunsClient(live_server.url, api_key=None, cancel_on_exit="interrupt") as runs:
        threads = [await create_thread.asyncio(client=runs.api, body={}) for _ in range(4)]
        ids = [thread.thread_id for thread in threads if isinstance(thread, Thread)]
        quick: Any = {"assistant_id": "agent", "thread_id": ids[0], "input": {"text": "quick"}}
        slow: list[Any] = [
            {"assistant_id": "slow", "thread_id": one, "input": {"seconds": 60, "n": 600}} for one in ids[1:]
        ]
        async for index, _ in runs.map([quick, *slow], limit=3):
            assert 0 == index
            break
        started = [run for one in ids[1:] for run in await runs.list(one)]
        assert started
        for run in started:  # nothing else ends them so soon
            await becomes(run.thread_id, run.run_id, "interrupted")
