"""Cancelling runs on the real server, and what a caller who waits for such a run gets."""

from __future__ import annotations

from enum import Enum
from typing import Any
from uuid import UUID

import pytest
from dev_server import DevServer
from langgraph_runs_api.api.threads import get_thread
from langgraph_runs_api.models import Thread
from live.second_client import canceller, has_values
from wait_until import wait_until

from langgraph_runs import (
    AsyncRunsClient,
    MetadataPart,
    NotFoundError,
    RunCancelledError,
    RunsClient,
    ValuesPart,
    WaitTimeoutError,
)

UNKNOWN = str(UUID(int=1))
SLOW: dict[str, Any] = {"seconds": 60, "n": 600}


class Action(str, Enum):  # noqa: UP042  # as many write them: str() of this member is "Action.ROLLBACK"
    """What a cancel can do to a run."""

    ROLLBACK = "rollback"


class Status(str, Enum):  # noqa: UP042  # see Action
    """The statuses of a run."""

    PENDING = "pending"
    SUCCESS = "success"


@pytest.mark.parametrize("wait", [True, False])
async def test_a_cancelled_run_is_interrupted(runs: AsyncRunsClient, thread_id: str, wait: bool) -> None:
    """Its stream and a join raise, or return what there is; cancelling it again is no error."""
    run = await runs.create(thread_id, "slow", input=SLOW, stream_resumable=True)
    stream = runs.join_stream(thread_id, run.run_id, last_event_id="-1", raise_error=wait)
    async with stream:
        assert isinstance(await anext(stream), MetadataPart)
        values = await anext(stream)
        assert isinstance(values, ValuesPart)
        assert SLOW == values.data
        await runs.cancel(thread_id, run.run_id, wait=wait)
        if wait:
            with pytest.raises(RunCancelledError) as streamed:
                await anext(stream)
            assert (run.run_id, thread_id) == (streamed.value.run_id, streamed.value.thread_id)
        else:
            assert [] == [part async for part in stream]
    assert "interrupted" == (await runs.get(thread_id, run.run_id)).status
    with pytest.raises(RunCancelledError) as joined:
        await runs.join(thread_id, run.run_id)
    assert (run.run_id, thread_id) == (joined.value.run_id, joined.value.thread_id)
    assert SLOW == await runs.join(thread_id, run.run_id, raise_error=False)
    await runs.cancel(thread_id, run.run_id, wait=wait)
    assert "interrupted" == (await runs.get(thread_id, run.run_id)).status


@pytest.mark.parametrize("raise_error", [True, False])
async def test_a_stream_whose_node_is_cancelled_ends_as_a_cancelled_run(
    runs: AsyncRunsClient, thread_id: str, raise_error: bool
) -> None:
    """Although releases before 0.16 send an event for the exception that cancels the node."""
    given = {"seconds": 60, "n": 1}
    stream = runs.stream(thread_id, "slow", input=given, stream_mode="custom", raise_error=raise_error)
    assert ["metadata", "custom"] == [(await anext(stream)).event for _ in range(2)]
    await runs.cancel(thread_id, str(stream.run_id), wait=True)
    if raise_error:
        with pytest.raises(RunCancelledError):
            await anext(stream)
    else:
        assert [] == [part async for part in stream]


@pytest.mark.parametrize("raise_error", [True, False])
@pytest.mark.parametrize("action", ["interrupt", "rollback"])
async def test_wait_raises_if_its_run_is_cancelled(
    runs: AsyncRunsClient, live_server: DevServer, thread_id: str, action: str, raise_error: bool
) -> None:
    """The server's answer looks like that of a successful run; a run that was rolled back does not exist any more."""
    reported: list[str] = []
    with canceller(live_server.url, action) as cancel:

        def created(run_id: str, thread_id: str | None) -> None:
            reported.append(run_id)
            cancel(run_id, thread_id)

        more: dict[str, Any] = {"input": SLOW, "raise_error": raise_error, "on_run_created": created}
        if action == "interrupt" and not raise_error:
            assert SLOW == await runs.wait(thread_id, "slow", **more)
            return
        with pytest.raises(RunCancelledError if action == "interrupt" else NotFoundError) as stopped:
            await runs.wait(thread_id, "slow", **more)
    assert (reported[0], thread_id) == (stopped.value.run_id, stopped.value.thread_id)


@pytest.mark.parametrize("action", ["interrupt", "rollback"])
async def test_join_raises_if_its_run_is_cancelled(
    runs: AsyncRunsClient, live_server: DevServer, thread_id: str, action: str
) -> None:
    """The same for a join."""
    kind = RunCancelledError if action == "interrupt" else NotFoundError
    run = await runs.create(thread_id, "slow", input=SLOW)
    with canceller(live_server.url, action) as cancel:
        cancel(run.run_id, thread_id)
        with pytest.raises(kind):
            await runs.join(thread_id, run.run_id)
    with pytest.raises(kind) as stopped:
        await runs.join(thread_id, run.run_id)
    assert (run.run_id, thread_id) == (stopped.value.run_id, stopped.value.thread_id)


@pytest.mark.parametrize("action", ["interrupt", "rollback"])
async def test_a_cancel_that_waits_returns_when_the_thread_is_idle(
    runs: AsyncRunsClient, live_server: DevServer, thread_id: str, action: Any
) -> None:
    """The server answers while the node is still cleaning up, for a second here."""
    run = await runs.create(thread_id, "untidy", input={"seconds": 60, "cleanup": 1.0})
    with RunsClient(live_server.url, api_key=None) as other:
        wait_until(lambda: has_values(other, thread_id))  # its node is running
    with pytest.raises(WaitTimeoutError) as overdue:
        await runs.cancel(thread_id, run.run_id, wait=True, action=action, timeout=0.3)
    assert (run.run_id, thread_id) == (overdue.value.run_id, overdue.value.thread_id)
    await runs.cancel(thread_id, run.run_id, wait=True, action=action)
    assert await status_of(runs, thread_id) in ("idle", "interrupted")
    gone = [one for one in await runs.list(thread_id) if one.run_id == run.run_id] == []
    assert (action == "rollback") == gone


async def test_cancel_all_cancels_the_active_runs_of_a_thread(runs: AsyncRunsClient, thread_id: str) -> None:
    """Those that run and those that are pending; it returns their ids."""
    ended = await runs.create(thread_id, "agent", input={"text": "first"})
    await runs.join(thread_id, ended.run_id)
    assert [] == await runs.cancel_all(thread_id)
    active = [(await runs.create(thread_id, "slow", input=SLOW)).run_id for _ in range(3)]
    assert set(active) == set(await runs.cancel_all(thread_id))
    statuses = {run.run_id: run.status for run in await runs.list(thread_id)}
    assert {ended.run_id: "success", **dict.fromkeys(active, "interrupted")} == statuses
    with pytest.raises(ValueError, match="action='stop'"):
        await runs.cancel_all(thread_id, action="stop")  # type: ignore[arg-type]


async def status_of(runs: AsyncRunsClient, thread_id: str) -> str:
    """The status of a thread."""
    thread = await get_thread.asyncio(thread_id, client=runs.api)
    assert isinstance(thread, Thread)
    return str(thread.status)


async def test_a_rolled_back_run_is_deleted(runs: AsyncRunsClient, thread_id: str) -> None:
    """With its checkpoints."""
    async with runs.stream(thread_id, "slow", input=SLOW, stream_mode="custom") as stream:
        assert ["metadata", "custom"] == [(await anext(stream)).event for _ in range(2)]
        run_id = str(stream.run_id)
        await runs.cancel(thread_id, run_id, action="rollback", wait=True)
    with pytest.raises(NotFoundError):
        await runs.get(thread_id, run_id)


@pytest.mark.parametrize("many", [True, False])
async def test_a_run_is_rolled_back_without_waiting_for_it(
    runs: AsyncRunsClient, thread_id: str, becomes: Any, many: bool
) -> None:
    """Whether it is running or pending, by cancel or by cancel_many."""
    working = await runs.create(thread_id, "slow", input=SLOW)
    waiting = await runs.create(thread_id, "agent", input={}, after=60)
    await becomes(thread_id, working.run_id, "running")
    if many:
        ids = [working.run_id, waiting.run_id]
        await runs.cancel_many(thread_id=thread_id, run_ids=ids, action="rollback")
    else:
        await runs.cancel(thread_id, working.run_id, action="rollback")
        await runs.cancel(thread_id, waiting.run_id, action="rollback")
    await becomes(thread_id, working.run_id, "gone")
    await becomes(thread_id, waiting.run_id, "gone")
    assert {"text": "Hello, Ada", "steps": ["greet", "finish"]} == await runs.wait(
        thread_id, "agent", input={"text": "Ada"}
    )


async def test_cancel_many_cancels_the_runs_with_these_ids(runs: AsyncRunsClient, thread_id: str) -> None:
    """Unknown ids and runs that have ended are skipped."""
    first = await runs.create(thread_id, "slow", input=SLOW)
    second = await runs.create(thread_id, "slow", input=SLOW)
    ids = [first.run_id, UNKNOWN, second.run_id]
    await runs.cancel_many(thread_id=thread_id, run_ids=ids)
    assert {"interrupted"} == {run.status for run in await runs.list(thread_id)}
    await runs.cancel_many(thread_id=thread_id, run_ids=[first.run_id])
    with pytest.raises(NotFoundError):
        await runs.cancel_many(thread_id=thread_id, run_ids=[UNKNOWN])


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("pending", ["interrupted", "running"]),
        ("running", ["pending", "interrupted"]),
        ("all", ["interrupted", "interrupted"]),
    ],
)
async def test_cancel_many_by_status_cancels_on_every_thread(
    runs: AsyncRunsClient, thread_id: str, becomes: Any, status: Any, expected: list[str]
) -> None:
    """The runs with this status become interrupted; on this server, one that is running continues to its end."""
    waiting = await runs.create(thread_id, "agent", input={}, after=60)
    working = await runs.create(None, "slow", input={"seconds": 1.5}, on_completion="keep")
    await becomes(working.thread_id, working.run_id, "running")
    await runs.cancel_many(status=status)
    both = [await runs.get(run.thread_id, run.run_id) for run in (waiting, working)]
    assert expected == [run.status for run in both]
    await becomes(working.thread_id, working.run_id, "success")
    await runs.cancel(thread_id, waiting.run_id)


async def test_cancel_many_by_status_can_roll_back(
    runs: AsyncRunsClient, thread_id: str, becomes: Any
) -> None:
    """Then the runs are deleted."""
    run = await runs.create(thread_id, "agent", input={}, after=60)
    await runs.cancel_many(status="pending", action="rollback")
    await becomes(thread_id, run.run_id, "gone")


async def test_a_member_of_an_enum_stands_for_its_value(
    runs: AsyncRunsClient, thread_id: str, becomes: Any
) -> None:
    """As a status to list or cancel, and as an action."""
    run = await runs.create(thread_id, "agent", input={}, after=60)
    for status, expected in ((Status.PENDING, [run.run_id]), (Status.SUCCESS, [])):
        assert expected == [one.run_id for one in await runs.list(thread_id, status=status)]  # type: ignore[arg-type]
    await runs.cancel(thread_id, run.run_id, action=Action.ROLLBACK)  # type: ignore[arg-type]
    await becomes(thread_id, run.run_id, "gone")
    run = await runs.create(thread_id, "agent", input={}, after=60)
    await runs.cancel_many(status=Status.PENDING, action=Action.ROLLBACK)  # type: ignore[arg-type]
    await becomes(thread_id, run.run_id, "gone")
