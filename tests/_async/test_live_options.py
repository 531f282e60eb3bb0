"""Every option of a run has the effect on the real server that openapi.yaml describes."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from dateutil.relativedelta import relativedelta
from langgraph_runs_api.api.threads import get_thread, get_thread_history, get_thread_state
from langgraph_runs_api.models import Thread, ThreadState
from servers.webhook import Webhook, webhook

from langgraph_runs import (
    AsyncRunsClient,
    NotFoundError,
)


async def test_null_input_continues_an_interrupted_run(runs: AsyncRunsClient, thread_id: str) -> None:
    """After a stop before a node."""
    stopped = await runs.wait(thread_id, "agent", input={"text": "x"}, interrupt_before=["finish"])
    assert ["greet"] == stopped["steps"]
    assert ["greet", "finish"] == (await runs.wait(thread_id, "agent", input=None))["steps"]


async def test_a_star_interrupts_before_or_after_every_node(runs: AsyncRunsClient, thread_id: str) -> None:
    """Once for each node."""
    assert [] == (await runs.wait(thread_id, "agent", input={}, interrupt_before="*"))["steps"]
    assert ["greet"] == (await runs.wait(thread_id, "agent", input=None, interrupt_after="*"))["steps"]
    assert ["greet"] == (await runs.wait(None, "agent", input={}, interrupt_after=["greet"]))["steps"]


async def test_a_command_goes_to_nodes_and_updates_the_state(runs: AsyncRunsClient, thread_id: str) -> None:
    """To one node or several, also with an input of their own."""
    await runs.wait(thread_id, "goto", input={})
    for goto in ("a", ["a", "b"], {"node": "b", "input": {}}, [{"node": "a", "input": {}}]):
        await runs.wait(thread_id, "goto", command={"goto": goto})  # type: ignore[typeddict-item]
    await runs.wait(thread_id, "goto", command={"update": {"visited": ["updated"]}, "goto": "a"})
    state = await get_thread_state.asyncio(thread_id, client=runs.api)
    assert isinstance(state, ThreadState)
    expected = ["begin", "a", "a", "b", "b", "a", "updated", "a"]
    assert sorted(expected) == sorted(state.values["visited"])


@pytest.mark.parametrize("stateless", [True, False])
async def test_config_metadata_and_context_reach_the_node(
    runs: AsyncRunsClient, thread_id: str, stateless: bool
) -> None:
    """Unchanged; so do headers x-* if the server is configured for it."""
    thread = None if stateless else thread_id
    config: Any = {"tags": ["mine"], "recursion_limit": 7, "configurable": {"colour": "grün", "none": None}}
    seen = (
        await runs.wait(
            thread,
            "configured",
            input={},
            config=config,
            metadata={"who": "Ada"},
            headers={"x-flag": "yes"},
        )
    )["seen"]
    assert (["mine"], 7) == (seen["tags"], seen["recursion_limit"])
    assert "Ada" == seen["metadata"]["who"]
    assert ("grün", None, "yes") == tuple(seen["configurable"][key] for key in ("colour", "none", "x-flag"))
    seen = (await runs.wait(thread, "configured", input={}, context={"name": "Ada"}))["seen"]
    assert {"name": "Ada"} == seen["context"]


@pytest.mark.parametrize(
    "after",
    [60, timedelta(minutes=1), relativedelta(minutes=1), lambda: datetime.now() + timedelta(minutes=1),
     lambda: f"{datetime.now() + timedelta(minutes=1):%Y-%m-%dT%H:%M:%S}",
     lambda: f"{datetime.now(UTC) + timedelta(minutes=1):%Y-%m-%dT%H:%M:%SZ}"],
    ids=["seconds", "timedelta", "relativedelta", "datetime", "string", "string with a zone"],
)  # fmt: skip
async def test_after_delays_the_start(runs: AsyncRunsClient, thread_id: str, after: Any) -> None:
    """Until then the run is pending, and can be cancelled."""
    before = time.time()
    run = await runs.create(thread_id, "agent", input={}, after=after() if callable(after) else after)
    assert isinstance(run.created_at, datetime)
    assert 58 < run.created_at.timestamp() - before < 70
    assert "pending" == (await runs.get(thread_id, run.run_id)).status
    await runs.cancel(thread_id, run.run_id)
    assert "interrupted" == (await runs.get(thread_id, run.run_id)).status


async def test_after_seconds_is_accepted_as_well(runs: AsyncRunsClient, thread_id: str) -> None:
    """It is the API's own name of the option."""
    run = await runs.create(thread_id, "agent", input={}, after_seconds=60)
    assert isinstance(run.created_at, datetime)
    assert run.created_at.timestamp() - time.time() > 50
    await runs.cancel(thread_id, run.run_id)


async def test_multitask_strategy_decides_about_the_run_before(runs: AsyncRunsClient, thread_id: str) -> None:
    """It is awaited, interrupted or deleted."""
    slow: Any = {"seconds": 60, "n": 600}
    first = await runs.create(thread_id, "slow", input=slow)
    second = await runs.create(thread_id, "slow", input=slow, multitask_strategy="enqueue")
    third = await runs.create(thread_id, "slow", input=slow, multitask_strategy="interrupt")
    statuses = {run.run_id: run.status for run in await runs.list(thread_id)}
    assert ["interrupted", "interrupted"] == [statuses[run.run_id] for run in (first, second)]
    await runs.wait(thread_id, "agent", input={}, multitask_strategy="rollback")
    with pytest.raises(NotFoundError):
        await runs.get(thread_id, third.run_id)


async def test_if_not_exists_creates_the_thread(runs: AsyncRunsClient) -> None:
    """ "reject" refuses."""
    unknown = str(uuid4())
    with pytest.raises(NotFoundError):
        await runs.wait(unknown, "agent", input={}, if_not_exists="reject")
    await runs.wait(unknown, "agent", input={}, if_not_exists="create")
    assert isinstance(await get_thread.asyncio(unknown, client=runs.api), Thread)


async def test_a_run_can_start_from_an_earlier_checkpoint(runs: AsyncRunsClient, thread_id: str) -> None:
    """By `checkpoint_id` or by `checkpoint`."""
    await runs.wait(thread_id, "counter", input={"n": 0, "steps": 3})
    history = await get_thread_history.asyncio(thread_id, client=runs.api, body={"limit": 10})
    assert isinstance(history, list)
    first = next(state for state in history if state.values.get("n") == 1 and state.checkpoint)
    checkpoint_id: Any = first.checkpoint.checkpoint_id  # type: ignore[union-attr]
    for options in ({"checkpoint_id": checkpoint_id}, {"checkpoint": {"checkpoint_id": checkpoint_id}}):
        stream = runs.stream(thread_id, "counter", input=None, stream_mode="updates", **options)  # type: ignore[call-overload]
        counted = [part.data["count"]["n"] async for part in stream if part.event == "updates"]
        assert [2, 3] == counted


@pytest.mark.parametrize(
    ("options", "states"),
    [({"durability": "exit"}, 1), ({"durability": "sync"}, 5), ({"durability": "async"}, 5),
     ({"checkpoint_during": False}, 1), ({"checkpoint_during": True}, 5)],
)  # fmt: skip
async def test_durability_decides_how_many_checkpoints_are_kept(
    runs: AsyncRunsClient, thread_id: str, options: Any, states: int
) -> None:
    """One for each step, or one at the end."""
    await runs.wait(thread_id, "counter", input={"n": 0, "steps": 3}, **options)
    history = await get_thread_history.asyncio(thread_id, client=runs.api, body={"limit": 10})
    assert isinstance(history, list)
    assert states == len(history)


@pytest.mark.parametrize("keep", [True, False])
async def test_on_completion_keeps_or_deletes_the_thread_of_a_stateless_run(
    runs: AsyncRunsClient, keep: bool
) -> None:
    """ "keep" or "delete"."""
    reported: list[Any] = []
    await runs.wait(
        None,
        "agent",
        input={},
        on_completion="keep" if keep else "delete",
        on_run_created=lambda *ids: reported.append(ids),
    )
    thread = await get_thread.asyncio(reported[0][1], client=runs.api)
    assert keep == isinstance(thread, Thread)


@pytest.mark.parametrize("choice", ["cancel", "continue"])
async def test_on_disconnect_decides_what_a_lost_connection_does_to_the_run(
    runs: AsyncRunsClient, thread_id: str, choice: Any
) -> None:
    """It is cancelled, or continues."""
    stream = runs.stream(
        thread_id, "slow", input={"seconds": 1.5}, stream_mode="custom", on_disconnect=choice
    )
    async for part in stream:
        if part.event == "custom":
            break
    await runs.join(thread_id, str(stream.run_id), raise_error=False)
    expected = "interrupted" if choice == "cancel" else "success"
    assert expected == (await runs.get(thread_id, str(stream.run_id))).status


@pytest.fixture
def hook() -> Iterator[Webhook]:
    """A webhook that notes what is posted to it."""
    with webhook() as address:
        yield address


async def test_the_webhook_gets_the_run_and_its_values(
    runs: AsyncRunsClient, thread_id: str, hook: Webhook
) -> None:
    """When the run has ended."""
    await runs.wait(thread_id, "agent", input={"text": "you"}, webhook=hook.url)
    reported = hook.next()
    assert ("success", thread_id, "Hello, you") == (
        reported["status"],
        reported["thread_id"],
        reported["values"]["text"],
    )


async def test_options_for_langsmith_are_accepted(runs: AsyncRunsClient, thread_id: str) -> None:
    """Without a LangSmith they have no effect, but the tracer's project is stored with the run."""
    expected = ["greet", "finish"]
    values = await runs.wait(thread_id, "agent", input={}, langsmith_tracer={"project_name": "p"})
    assert expected == values["steps"]
    run = await runs.create(
        thread_id, "agent", input={}, langsmith_tracer={"project_name": "p"}, feedback_keys=["like"]
    )
    assert run.kwargs
    assert ["like"] == run.kwargs["feedback_keys"]
    assert "p" == run.kwargs["config"]["configurable"]["__langsmith_project__"]


async def test_extra_body_sends_fields_that_are_not_options(runs: AsyncRunsClient, thread_id: str) -> None:
    """It overrides the options."""
    values = await runs.wait(
        thread_id, "agent", input={"text": "a"}, extra_body={"input": {"text": "b"}, "quite_new": 1}
    )
    assert "Hello, b" == values["text"]


@pytest.mark.breaks_contract(
    "request: query parameter 'quite' is not documented", why="params= is for what openapi.yaml does not have"
)
async def test_params_and_headers_of_one_call_reach_the_server(runs: AsyncRunsClient, thread_id: str) -> None:
    """With every method; what the server does not know does no harm."""
    more: Any = {"params": {"quite": "new"}, "headers": {"x-quite": "new"}}
    run = await runs.create(thread_id, "configured", input={}, **more)
    seen = (await runs.join(thread_id, run.run_id, **more))["seen"]
    assert "new" == seen["configurable"]["x-quite"]
    assert "success" == (await runs.get(thread_id, run.run_id, **more)).status
    assert [run.run_id] == [one.run_id for one in await runs.list(thread_id, **more)]
    assert [] == await runs.list(thread_id, params={"status": "error"})
    await runs.cancel(thread_id, run.run_id, **more)
    await runs.delete(thread_id, run.run_id, **more)
    assert [] == await runs.list(thread_id)


async def test_text_of_every_kind_comes_back_unchanged(runs: AsyncRunsClient) -> None:
    """Also line separators that do not end a line of a stream of events."""
    text = "a\u2028b\u2029c\u0085d\r\ne\tf\U0001f600 ключ"
    stream = runs.stream(None, "custom", input={"text": text, "count": 5}, stream_mode="custom")
    parts = [part.data async for part in stream if part.event == "custom"]
    assert [{"i": i, "text": text} for i in range(5)] == parts
