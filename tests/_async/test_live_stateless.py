"""Options on runs without a thread, and callers who go away, on the real server."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from dev_server import DevServer
from langgraph_runs_api.api.threads import get_thread, get_thread_history
from langgraph_runs_api.models import ErrorResponse
from live.second_client import leave_when_running
from servers.webhook import Webhook, webhook

from langgraph_runs import AsyncRunsClient

SECONDS = {"cancel": 60.0, "continue": 0.3}


@pytest.fixture
def hook() -> Iterator[Webhook]:
    """An address that notes what is posted to it."""
    with webhook() as address:
        yield address


@pytest.mark.parametrize(("choice", "expected"), [("cancel", "interrupted"), ("continue", "success")])
async def test_a_run_on_a_thread_whose_waiting_caller_goes_away(
    runs: AsyncRunsClient, thread_id: str, becomes: Any, choice: Any, expected: str
) -> None:
    """Is cancelled, or goes on."""
    told: list[str] = []

    def leave(run_id: str, thread_id: str | None) -> None:
        told.append(run_id)
        raise KeyError("the caller is gone")

    given: Any = {"seconds": SECONDS[choice]}
    with pytest.raises(KeyError):
        await runs.wait(thread_id, "slow", input=given, on_disconnect=choice, on_run_created=leave)
    await becomes(thread_id, told[0], expected)


@pytest.mark.parametrize(("choice", "expected"), [("cancel", "interrupted"), ("continue", "success")])
async def test_a_stateless_run_whose_caller_goes_away(
    runs: AsyncRunsClient, live_server: DevServer, hook: Webhook, choice: Any, expected: str
) -> None:
    """Is cancelled, or goes on; its webhook is told of it."""
    options: Any = {
        "input": {"seconds": SECONDS[choice]},
        "on_disconnect": choice,
        "webhook": hook.url,
    }
    async with runs.stream(None, "slow", stream_mode="custom", **options) as stream:
        assert ["metadata", "custom"] == [(await anext(stream)).event for _ in range(2)]
    told = hook.next()
    assert (stream.run_id, expected) == (told["run_id"], told["status"])
    with pytest.raises(KeyError):
        await runs.wait(None, "slow", on_run_created=leave_when_running(live_server.url), **options)
    assert expected == hook.next()["status"]


async def test_the_webhook_is_told_of_a_stateless_run_s_end(runs: AsyncRunsClient, hook: Webhook) -> None:
    """Without its values, but with its error if it failed; the thread is gone then as ever."""
    batch = await runs.create_batch([{"assistant_id": "agent", "input": {}, "webhook": hook.url}])
    told = hook.next()
    expected = (batch[0].run_id, "success", None)
    assert expected == (told["run_id"], told["status"], told["values"])
    run = await runs.create(None, "failing", input={}, webhook=hook.url)
    told = hook.next()
    assert (run.run_id, "error", "boom") == (told["run_id"], told["status"], told["error"]["message"])
    assert isinstance(await get_thread.asyncio(run.thread_id, client=runs.api), ErrorResponse)


@pytest.mark.parametrize(("durability", "states"), [("exit", 1), ("async", 5)])
async def test_durability_of_a_stateless_run_whose_thread_is_kept(
    runs: AsyncRunsClient, durability: Any, states: int
) -> None:
    """A checkpoint at the end, or one for each step."""
    told: list[Any] = []
    await runs.wait(
        None,
        "counter",
        input={"n": 0, "steps": 3},
        durability=durability,
        on_completion="keep",
        on_run_created=lambda *ids: told.append(ids),
    )
    history = await get_thread_history.asyncio(told[0][1], client=runs.api, body={"limit": 10})
    assert isinstance(history, list)
    assert states == len(history)


async def test_a_stateless_run_can_be_resumable(runs: AsyncRunsClient) -> None:
    """Then its parts have ids, and can be had again, even when run and thread are gone."""
    run = await runs.create(None, "agent", input={}, stream_mode="updates", stream_resumable=True)
    parts = [part async for part in runs.join_stream(run.thread_id, run.run_id, last_event_id="-1")]
    assert ["metadata", "updates", "updates"] == [part.event for part in parts]
    assert all(part.id for part in parts)
    again = [part async for part in runs.join_stream(run.thread_id, run.run_id, last_event_id="-1")]
    assert parts == again
    stream = runs.stream(None, "agent", input={}, stream_mode="updates")
    assert [None, None, None] == [part.id for part in [part async for part in stream]]
