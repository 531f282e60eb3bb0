"""Only type-checked, never run: what callers may write and, where an error is expected, what they may not."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, TypedDict, assert_type

from dateutil.relativedelta import MO, relativedelta
from langgraph_runs_api import models
from langgraph_runs_api.api.threads import get_thread_state
from langgraph_runs_api.models import ErrorResponse, ThreadState

import langgraph_runs
from langgraph_runs import (
    AsyncRunsClient,
    CustomPart,
    MessagesPart,
    MetadataPart,
    Run,
    RunsClient,
    RunStream,
    UpdatesPart,
    ValuesPart,
)


class State(TypedDict):
    text: str


class Update(TypedDict, total=False):
    text: str


class Progress(TypedDict):
    percent: int


def sync_calls(runs: RunsClient, thread_id: str, either: str | None) -> None:
    assert_type(runs.wait(None, "agent", input={"text": "hi"}), Any)
    assert_type(runs.create(thread_id, "agent", multitask_strategy="reject", after=timedelta(minutes=1)), Run)
    assert_type(
        runs.create(None, "agent", on_completion="keep", after=relativedelta(weekday=MO, hour=9)), Run
    )
    assert_type(runs.create_batch([{"assistant_id": "agent", "input": 1, "after": "2026-01-01"}]), list[Run])
    assert_type(runs.list(thread_id, status="error", select=["run_id"]), list[Run])
    assert_type([run.run_id for run in runs.list_all(thread_id)], list[str])
    runs.wait(thread_id, "agent", command={"resume": None}, checkpoint={"checkpoint_id": None}, config=None)
    runs.wait(thread_id, "agent", command={"goto": [{"node": "a", "input": 1}]}, interrupt_before="*")
    runs.wait(either, "agent", input=1, stream_mode="values")
    runs.cancel(thread_id, "run", wait=True, action="rollback")
    runs.cancel_many(status="all")
    runs.create(
        thread_id, "agent", extra_body={"a": 1}, headers={"x": "y"}, params={"p": [1, True], "q": None}
    )
    runs.wait(None, "agent", on_run_created=lambda run_id, thread_id: (run_id.upper(), thread_id))

    runs.wait(None, "agent", inptu=1)  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue]
    runs.wait(None, "agent", multitask_strategy="reject")  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue, reportArgumentType]
    runs.create(thread_id, "agent", on_completion="keep")  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue, reportArgumentType]
    runs.create(thread_id, "agent", on_disconnect="cancel")  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue, reportArgumentType]
    runs.wait(None, "agent", stream_mode="tools")  # type: ignore[arg-type]  # pyright: ignore[reportCallIssue, reportArgumentType]
    runs.wait(None, "agent", config={"recursion_limits": 1})  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue, reportArgumentType]
    runs.cancel(thread_id, "run", action="stop")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    runs.list(thread_id, status="done")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


def plain_parts(runs: RunsClient, thread_id: str) -> None:
    stream = runs.stream(thread_id, "agent")
    assert_type(stream, RunStream[Any, Any, Any])
    for part in stream:
        match part:
            case MetadataPart():
                assert_type(part.data, dict[str, Any])
            case MessagesPart():
                assert_type(part.data, list[dict[str, Any]])
            case _:
                assert_type(part.event, str)


def typed_parts(runs: RunsClient[State, Update, Progress], thread_id: str) -> None:
    assert_type(runs.wait(thread_id, "agent", input=None), State)
    assert_type(runs.join(thread_id, "run"), State)
    for part in runs.stream(thread_id, "agent"):
        if isinstance(part, ValuesPart):
            assert_type(part.data["text"], str)
        elif isinstance(part, UpdatesPart):
            assert_type(part.data["node"], Update)
        elif isinstance(part, CustomPart):
            assert_type(part.data["percent"], int)
    with runs.join_stream(thread_id, "run", last_event_id="-1", stream_mode="values") as stream:
        assert_type(stream, RunStream[State, Update, Progress])


async def asynchronous(thread_id: str) -> None:
    async with AsyncRunsClient[State, Update, Progress]("http://localhost:2024", api_key=None) as runs:
        assert_type(await runs.wait(None, "agent"), State)
        async for part in runs.stream(None, "agent", stream_mode="values"):
            if isinstance(part, ValuesPart):
                assert_type(part.data, State)
        assert_type([run.run_id async for run in runs.list_all(thread_id)], list[str])
        state = await get_thread_state.asyncio(thread_id, client=runs.api)
        assert_type(state, ErrorResponse | ThreadState | str | None)
        await runs.wait(None, "agent", inptu=1)  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue]


def unknown_names() -> None:
    langgraph_runs.RunClient  # type: ignore[attr-defined]  # noqa: B018  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
    models.Runs  # type: ignore[attr-defined]  # noqa: B018  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
