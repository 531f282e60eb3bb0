"""Stopping runs on the real server, and what those get who wait for them."""

from __future__ import annotations

from enum import Enum
from typing import Any
from uuid import UUID

import pytest
from dev_server import DevServer
from meanwhile import canceller

from langgraph_runs import AsyncRunsClient, MetadataPart, NotFoundError, ValuesPart

UNKNOWN = str(UUID(int=1))
SLOW: dict[str, Any] = {"seconds": 60, "n": 600}


class Action(str, Enum):  # noqa: UP042  # as many write them: str() of this member is "Action.ROLLBACK"
    """What can be done to a run."""

    ROLLBACK = "rollback"


class Status(str, Enum):  # noqa: UP042  # likewise
    """How a run can stand."""

    PENDING = "pending"
    SUCCESS = "success"


@pytest.mark.parametrize("wait", [True, False])
async def test_a_cancelled_run_is_interrupted(runs: AsyncRunsClient, thread_id: str, wait: bool) -> None:
    """Its stream ends without an error, a join gives the values so far; cancelling it again is no error."""
    run = await runs.create(thread_id, "slow", input=SLOW, stream_resumable=True)
    stream = runs.join_stream(thread_id, run.run_id, last_event_id="-1", raise_error=False)
    async with stream:
        assert isinstance(await anext(stream), MetadataPart)
        values = await anext(stream)
        assert isinstance(values, ValuesPart)
        assert SLOW == values.data
        await runs.cancel(thread_id, run.run_id, wait=wait)
        assert [] == [part async for part in stream]
    assert "interrupted" == (await runs.get(thread_id, run.run_id)).status
    assert SLOW == await runs.join(thread_id, run.run_id)
    await runs.cancel(thread_id, run.run_id, wait=wait)
    assert "interrupted" == (await runs.get(thread_id, run.run_id)).status


@pytest.mark.parametrize("action", ["interrupt", "rollback"])
async def test_wait_gives_the_values_so_far_of_a_run_that_is_cancelled_meanwhile(
    runs: AsyncRunsClient, server: DevServer, thread_id: str, action: str
) -> None:
    """Nothing says that it was cancelled but the run's status, or that there is no run any more."""
    told: list[str] = []
    with canceller(server.url, action) as cancel:
        values = await runs.wait(
            thread_id,
            "slow",
            input=SLOW,
            on_run_created=lambda *ids: (told.append(ids[0]), cancel(*ids)),
        )
    assert SLOW == values
    if action == "interrupt":
        assert "interrupted" == (await runs.get(thread_id, told[0])).status
    else:
        with pytest.raises(NotFoundError):
            await runs.join(thread_id, told[0])


async def test_join_gives_the_values_so_far_of_a_run_that_is_cancelled_meanwhile(
    runs: AsyncRunsClient, server: DevServer, thread_id: str
) -> None:
    """The same afterwards."""
    run = await runs.create(thread_id, "slow", input=SLOW)
    with canceller(server.url, "interrupt") as cancel:
        cancel(run.run_id, thread_id)
        assert SLOW == await runs.join(thread_id, run.run_id)
    assert "interrupted" == (await runs.get(thread_id, run.run_id)).status
    assert SLOW == await runs.join(thread_id, run.run_id)


async def test_a_run_that_is_rolled_back_is_gone(runs: AsyncRunsClient, thread_id: str) -> None:
    """Record, checkpoints and all."""
    async with runs.stream(thread_id, "slow", input=SLOW, stream_mode="custom") as stream:
        assert ["metadata", "custom"] == [(await anext(stream)).event for _ in range(2)]
        run_id = str(stream.run_id)
        await runs.cancel(thread_id, run_id, action="rollback", wait=True)
    with pytest.raises(NotFoundError):
        await runs.get(thread_id, run_id)


@pytest.mark.parametrize("many", [True, False])
async def test_a_run_is_rolled_back_though_nobody_waits(
    runs: AsyncRunsClient, thread_id: str, becomes: Any, many: bool
) -> None:
    """Whether it is at work or waits for its time; named alone, or by cancel_many."""
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


async def test_cancel_many_stops_those_it_names(runs: AsyncRunsClient, thread_id: str) -> None:
    """Unknown ids among them, and runs that have ended, are passed over."""
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
async def test_cancel_many_by_status_reaches_every_thread(
    runs: AsyncRunsClient, thread_id: str, becomes: Any, status: Any, expected: list[str]
) -> None:
    """Those with the status are noted as interrupted; one that is at work goes on, on this server, to its end."""
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
    """The runs are deleted then."""
    run = await runs.create(thread_id, "agent", input={}, after=60)
    await runs.cancel_many(status="pending", action="rollback")
    await becomes(thread_id, run.run_id, "gone")


async def test_a_member_of_an_enum_means_its_value(
    runs: AsyncRunsClient, thread_id: str, becomes: Any
) -> None:
    """As a status to list, to cancel, and as what to do then."""
    run = await runs.create(thread_id, "agent", input={}, after=60)
    for status, expected in ((Status.PENDING, [run.run_id]), (Status.SUCCESS, [])):
        assert expected == [one.run_id for one in await runs.list(thread_id, status=status)]  # type: ignore[arg-type]
    await runs.cancel(thread_id, run.run_id, action=Action.ROLLBACK)  # type: ignore[arg-type]
    await becomes(thread_id, run.run_id, "gone")
    run = await runs.create(thread_id, "agent", input={}, after=60)
    await runs.cancel_many(status=Status.PENDING, action=Action.ROLLBACK)  # type: ignore[arg-type]
    await becomes(thread_id, run.run_id, "gone")
