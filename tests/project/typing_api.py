from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple, NotRequired, TypedDict, assert_type

import httpx
import httpx2
from dateutil.relativedelta import MO, relativedelta
from langgraph_runs_api import models
from langgraph_runs_api.api.threads import get_thread_state
from langgraph_runs_api.models import ErrorResponse, ThreadState
from pydantic import BaseModel

import langgraph_runs
from langgraph_runs import (
    AsyncRunsClient,
    CheckpointPayload,
    CheckpointsPart,
    CustomPart,
    DebugPart,
    Interrupt,
    LangGraphRunsError,
    MessageMetadata,
    MessagePayload,
    MessagesPart,
    MetadataPart,
    ResponseInfo,
    RetryPolicy,
    Run,
    RunsClient,
    RunStream,
    TaskPayload,
    TasksPart,
    UnknownPart,
    UpdatesPart,
    ValuesPart,
    interrupts_of,
    testing,
)


class State(TypedDict):
    text: str


class Update(TypedDict, total=False):
    text: str


class Progress(TypedDict):
    percent: int


class Nested(TypedDict, total=False):
    states: NotRequired[list[State]]


class Model(BaseModel):
    text: str


@dataclass
class Data:
    text: str


class Pair(NamedTuple):
    text: str


async def ask_key() -> str | None:
    return None


def hooks(info: ResponseInfo) -> None:
    assert_type(info.status, int)
    assert_type(info.headers["x"], str)
    assert_type(info.run_id, str | None)
    RunsClient(api_key=lambda: "key", on_response=hooks)
    RunsClient(api_key=lambda: None, on_response=lambda info: info.seconds + info.attempt)
    AsyncRunsClient(api_key=lambda: "key", on_response=hooks)
    AsyncRunsClient(api_key=ask_key)

    RunsClient(api_key=ask_key)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    RunsClient(api_key=lambda: 1)  # type: ignore[arg-type, return-value]  # pyright: ignore[reportArgumentType]
    AsyncRunsClient(on_response=lambda: None)  # type: ignore[arg-type, misc]  # pyright: ignore[reportArgumentType]
    info.status = 200  # type: ignore[misc]  # pyright: ignore[reportAttributeAccessIssue]


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
    assert_type(
        list(
            runs.map([{"assistant_id": "agent", "input": 1}, {"assistant_id": "a", "thread_id": thread_id}])
        ),
        list[tuple[int, Any | LangGraphRunsError]],
    )
    runs.map([{"assistant_id": "agent", "multitask_strategy": "reject"}])  # type: ignore[list-item]  # pyright: ignore[reportArgumentType]
    runs.wait(None, "agent", on_run_created=lambda run_id, thread_id: (run_id.upper(), thread_id))

    runs.wait(None, "agent", inptu=1)  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue]
    runs.wait(None, "agent", multitask_strategy="reject")  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType]
    runs.create(thread_id, "agent", on_completion="keep")  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType]
    runs.create(thread_id, "agent", on_disconnect="cancel")  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue]
    runs.wait(None, "agent", stream_mode="lifecycle")  # type: ignore[arg-type]  # pyright: ignore[reportCallIssue, reportArgumentType]
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
                assert_type(part.message, MessagePayload)
                assert_type(part.message["content"], str | list[Any])
                assert_type(part.metadata, MessageMetadata)
            case TasksPart():
                assert_type(part.data, TaskPayload)
                assert_type(part.interrupts, list[Interrupt])
            case CheckpointsPart():
                assert_type(part.data["next"], list[str])
            case DebugPart() if part.data["type"] == "checkpoint":
                assert_type(part.data["payload"], CheckpointPayload)
            case UnknownPart():
                assert_type(str(part.event), str)
            case _:
                name: str = part.event
                assert name


def parts_by_event(runs: RunsClient[State, Update, Progress], thread_id: str) -> None:
    for part in runs.stream(thread_id, "agent"):
        if part.event == "values":
            assert_type(part, ValuesPart[State])
            assert_type(part.data["text"], str)
            assert_type(part.interrupts, list[Interrupt])
        elif part.event == "updates":
            assert_type(part, UpdatesPart[Update])
        elif part.event == "messages/partial":
            assert_type(part.message, MessagePayload)
        elif isinstance(part, ValuesPart):  # of a subgraph
            assert_type(part.namespace, tuple[str, ...])
        match part.event:
            case "custom":
                assert_type(part, CustomPart[Progress])
            case "metadata":
                assert_type(part, MetadataPart)
            case _:
                pass
        part.interrupts  # type: ignore[union-attr]  # noqa: B018  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]


def streams(runs: RunsClient[State, Update, Progress], thread_id: str) -> None:
    stream = runs.stream(thread_id, "agent", event_timeout=5, stream_mode="messages-tuple")
    assert_type(list(stream.text()), list[str])
    assert_type(list(stream.text(by_message=True)), list[tuple[str | None, str]])
    assert_type(stream.result(), State)
    assert_type(interrupts_of(stream.result()), list[Interrupt])
    assert_type(interrupts_of(None)[0]["id"], str | None)
    runs.join_stream(thread_id, "run", event_timeout="5")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


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


def limited(runs: RunsClient[State, Update, Progress], thread_id: str) -> None:
    copy = runs.with_options(timeout=httpx.Timeout(5), retry=None, cancel_on_exit=None, headers={"x-a": "1"})
    assert_type(copy, RunsClient[State, Update, Progress])
    assert_type(copy.wait(thread_id, "agent", timeout=5, retry=RetryPolicy(attempts=1)), State)
    assert_type(runs.get(thread_id, "run", timeout=None, retry=None), Run)
    runs.get(thread_id, "run", timeout="5")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    runs.delete(thread_id, "run", retry=3)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    runs.with_options(url="http://localhost")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]


async def asynchronous(thread_id: str) -> None:
    async with AsyncRunsClient[State, Update, Progress]("http://localhost:2024", api_key=None) as runs:
        assert_type(await runs.wait(None, "agent"), State)
        assert_type(runs.with_options(timeout=5), AsyncRunsClient[State, Update, Progress])
        async for part in runs.stream(None, "agent", stream_mode="values"):
            if isinstance(part, ValuesPart):
                assert_type(part.data, State)
        stream = runs.join_stream(thread_id, "run", event_timeout=1.5)
        assert_type([text async for text in stream.text()], list[str])
        assert_type([pair async for pair in stream.text(by_message=True)], list[tuple[str | None, str]])
        assert_type(await stream.result(), State)
        assert_type([run.run_id async for run in runs.list_all(thread_id)], list[str])
        async for index, outcome in runs.map(
            [{"assistant_id": "agent"}], on_progress=lambda done, total: None
        ):
            assert_type(index, int)
            assert_type(outcome, State | LangGraphRunsError)
        state = await get_thread_state.asyncio(thread_id, client=runs.api)
        assert_type(state, ErrorResponse | ThreadState | str | None)
        await runs.wait(None, "agent", inptu=1)  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue]


def types_of_json(
    a: RunsClient[State, Nested, Any],
    b: RunsClient[dict[str, Any], Mapping[str, State], list[int]],
    c: AsyncRunsClient[State | None, str, int],
    d: RunStream[Nested, float, bool],
    e: RunsClient[None],
) -> None:
    """A type parameter may be what JSON can be: also a TypedDict, None, or a union."""


def types_that_json_cannot_be(
    a: RunsClient[Model],  # type: ignore[type-var]  # pyright: ignore[reportInvalidTypeArguments]
    b: RunsClient[State, Data],  # type: ignore[type-var]  # pyright: ignore[reportInvalidTypeArguments]
    c: RunsClient[State, State, datetime],  # type: ignore[type-var]  # pyright: ignore[reportInvalidTypeArguments]
    d: AsyncRunsClient[Model | None],  # type: ignore[type-var]  # pyright: ignore[reportInvalidTypeArguments]
    e: AsyncRunsClient[bytes, set[str]],  # type: ignore[type-var]  # pyright: ignore[reportInvalidTypeArguments]
    f: RunStream[Pair],  # type: ignore[type-var]  # pyright: ignore[reportInvalidTypeArguments]
    g: AsyncRunsClient[object],  # type: ignore[type-var]  # pyright: ignore[reportInvalidTypeArguments]
) -> None:
    """The client would return dictionaries and strings all the same."""
    RunsClient[Model]()  # type: ignore[type-var]  # pyright: ignore[reportInvalidTypeArguments]


def clients_of_both_families() -> None:
    RunsClient(http_client=httpx.Client())
    RunsClient(http_client=httpx2.Client())
    AsyncRunsClient(http_client=httpx.AsyncClient())
    AsyncRunsClient(http_client=httpx2.AsyncClient())
    RunsClient(http_client=httpx2.AsyncClient())  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    AsyncRunsClient(http_client=httpx2.Client())  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    RunsClient(http_client=httpx.AsyncClient())  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    AsyncRunsClient(http_client=httpx2.AsyncHTTPTransport())  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


def test_kit() -> None:
    server = testing.RunsServer(heartbeat=1)
    server.run(("values", {"a": 1}), testing.Pause(0.1), testing.Fail())
    server.run(lambda body: [("values", body["input"]), testing.Interrupt("?")], times=None)
    server.run(1)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    server.drop(events=3, how="gone")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    assert_type(server.client(), RunsClient[Any, Any, Any])
    assert_type(server.async_client(api_key="k"), AsyncRunsClient[Any, Any, Any])
    assert_type(server.requests[0].path, str)
    assert_type(testing.ReplayedServer("run.jsonl").client(), RunsClient[Any, Any, Any])
    httpx.Client(transport=testing.RecordingTransport("run.jsonl", server.transport()))
    httpx.AsyncClient(transport=testing.AsyncRecordingTransport("run.jsonl", server.async_transport()))
    with server.listening() as url:
        assert_type(url, str)


def unknown_names() -> None:
    langgraph_runs.RunClient  # type: ignore[attr-defined]  # noqa: B018  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
    models.Runs  # type: ignore[attr-defined]  # noqa: B018  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
