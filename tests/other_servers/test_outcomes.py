"""The outcome of a run is its own on LangGraph.js and Aegra too, by whichever method it is asked for."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from clients import client, iterator
from engine.variants import Variant, in_both
from plain_http import LONG, UNKNOWN, Wire

from langgraph_runs import (
    APIStatusError,
    NotFoundError,
    RunCancelledError,
    RunError,
    RunFailedError,
    ThreadBusyError,
    WaitTimeoutError,
)

REASONS = {"langgraphjs": "TypeError", "aegra": "ValueError"}
METHODS = ["wait", "join", "stream", "join_stream"]


@pytest.fixture
def wire(server: Any) -> Iterator[Wire]:
    """The server without a client."""
    with Wire(server.url) as wire:
        yield wire


async def outcome(variant: Variant, runs: Any, wire: Wire, method: str, given: Any, **options: Any) -> Any:
    """What a method returns or raises of a run with this input; that of a stream is its last part."""
    thread_id = wire.thread()
    if method == "wait":
        return await variant.call(runs.wait, thread_id, "agent", input=given, **options)
    if method == "stream":
        return (await variant.rest(runs.stream(thread_id, "agent", input=given, **options)))[-1]
    run = await variant.call(runs.create, thread_id, "agent", input=given, stream_resumable=True, **options)
    wire.ends(thread_id, run.run_id)
    if method == "join":
        return await variant.call(runs.join, thread_id, run.run_id)
    return (await variant.rest(runs.join_stream(thread_id, run.run_id, last_event_id="-1")))[-1]


async def running(runs: Any, variant: Variant, wire: Wire, **options: Any) -> tuple[str, str]:
    """A run that takes long, and its thread."""
    thread_id = wire.thread()
    run = await variant.call(runs.create, thread_id, "agent", input=LONG, **options)
    wire.becomes(thread_id, run.run_id, "running")
    return thread_id, run.run_id


@in_both
@pytest.mark.parametrize("method", METHODS)
async def test_a_failed_run_has_the_class_and_the_message(
    server: Any, wire: Wire, variant: Variant, method: str
) -> None:
    """The same from every method, from wherever the server keeps them."""
    async with client(variant, server.url) as runs:
        with pytest.raises(RunFailedError) as caught:
            await outcome(variant, runs, wire, method, {"fail": "boom"})
    assert (REASONS[server.kind], "boom") == (caught.value.error, caught.value.reason)


@in_both
@pytest.mark.parametrize("method", METHODS)
async def test_a_run_that_asks_is_a_success(server: Any, wire: Wire, variant: Variant, method: str) -> None:
    """And no cancelled run. Wait and join have its values, and the questions."""
    async with client(variant, server.url) as runs:
        got = await outcome(variant, runs, wire, method, {"ask": ["one?", "two?"]})
    if method in ("wait", "join"):
        assert 0 == got["done"]
        assert {"one?", "two?"} == {one["value"] for one in got["__interrupt__"]}
    else:
        assert got.data["__interrupt__"]


@in_both
@pytest.mark.parametrize("method", METHODS)
async def test_a_run_that_has_stopped_before_a_node_is_a_success(
    server: Any, wire: Wire, variant: Variant, method: str
) -> None:
    """Without a question: `interrupt_before`."""
    async with client(variant, server.url) as runs:
        got = await outcome(variant, runs, wire, method, {"count": 1}, interrupt_before=["work"])
    values = got if method in ("wait", "join") else got.data
    assert "done" not in values


@in_both
async def test_the_answer_to_a_question_is_taken(server: Any, wire: Wire, variant: Variant) -> None:
    """By a second run on the thread."""
    thread_id = wire.thread()
    async with client(variant, server.url) as runs:
        await variant.call(runs.wait, thread_id, "agent", input={"ask": "one?"})
        got = await variant.call(runs.wait, thread_id, "agent", command={"resume": "yes"})
    assert "yes" == got["answer"]


@in_both
@pytest.mark.parametrize("wait", [False, True])
async def test_a_cancel_stops_a_run(server: Any, wire: Wire, variant: Variant, wait: bool) -> None:
    """Whether it waits for the stop or not. LangGraph.js takes any `wait` for true, so that it is not sent if false."""
    async with client(variant, server.url) as runs:
        thread_id, run_id = await running(runs, variant, wire)
        await variant.call(runs.cancel, thread_id, run_id, wait=wait)
        if wait:
            assert "interrupted" == wire.run(thread_id, run_id)["status"]
        assert "interrupted" == wire.ends(thread_id, run_id)
        with pytest.raises(RunCancelledError):
            await variant.call(runs.join, thread_id, run_id)
    if not server.is_real:
        (target,) = [one for one in server.running.requests if "/cancel" in one]
        assert ("wait=1" in target, "wait" in target) == (wait, wait)


@in_both
@pytest.mark.parametrize("method", ["wait", "join", "stream"])
async def test_a_run_that_is_cancelled_meanwhile_is_a_cancelled_run(
    server: Any, wire: Wire, variant: Variant, method: str
) -> None:
    """By another client; LangGraph.js also reports a rollback so."""
    for action in ("interrupt", "rollback") if server.kind == "langgraphjs" else ("interrupt",):
        thread_id = wire.thread()
        async with client(variant, server.url) as runs:
            if method == "join":
                thread_id, run_id = await running(runs, variant, wire)
                calling = variant.call(runs.join, thread_id, run_id)
            elif method == "wait":
                calling = variant.call(runs.wait, thread_id, "agent", input=LONG)
            else:
                calling = variant.rest(runs.stream(thread_id, "agent", input=LONG))
            task = asyncio.ensure_future(calling)
            started = await asyncio.to_thread(wire.started, thread_id)
            await asyncio.to_thread(wire.cancel, thread_id, started, action=action)
            with pytest.raises(RunCancelledError):
                await task


@in_both
async def test_a_rollback_is_reported_as_a_cancelled_run(langgraphjs: Any, variant: Variant) -> None:
    """LangGraph.js leaves the run as an error."""
    with Wire(langgraphjs.url) as wire:
        async with client(variant, langgraphjs.url) as runs:
            thread_id, run_id = await running(runs, variant, wire, stream_resumable=True)
            await variant.call(runs.cancel, thread_id, run_id, action="rollback", wait=True)
            with pytest.raises(RunCancelledError):
                await variant.rest(runs.join_stream(thread_id, run_id, last_event_id="-1"))
            with pytest.raises(RunError):  # which of the two, the server does not say any more
                await variant.call(runs.join, thread_id, run_id)


@in_both
async def test_where_a_rollback_is_refused_the_run_is_interrupted(
    aegra: Any, variant: Variant, caplog: pytest.LogCaptureFixture
) -> None:
    """And a warning says so."""
    with Wire(aegra.url) as wire:
        thread_id = wire.thread()
        async with client(variant, aegra.url, cancel_on_exit="rollback") as runs:
            with pytest.raises(WaitTimeoutError) as caught:
                await variant.call(runs.wait, thread_id, "agent", input=LONG, timeout=1)
        assert "interrupted" == wire.ends(thread_id, str(caught.value.run_id))
    assert any("rollback" in one.message and one.levelname == "WARNING" for one in caplog.records)


@in_both
async def test_a_cancelled_stateless_run_is_not_a_success(aegra: Any, variant: Variant) -> None:
    """Neither its wait, whose body is `{}`, nor its stream."""
    with Wire(aegra.url) as wire:
        async with client(variant, aegra.url) as runs:
            for calling in (
                variant.call(runs.wait, None, "agent", input={"sleep": 5}),
                variant.rest(runs.stream(None, "agent", input={"sleep": 5})),
            ):
                task = asyncio.ensure_future(calling)
                await asyncio.sleep(0.5)
                await asyncio.to_thread(wire.http.post, "/runs/cancel", json={"status": "running"})
                with pytest.raises(RunError):
                    await task


@in_both
async def test_an_empty_success_of_a_stateless_run_is_a_success(server: Any, variant: Variant) -> None:
    """And its values are returned."""
    async with client(variant, server.url) as runs:
        assert 2 == (await variant.call(runs.wait, None, "agent", input={"count": 2}))["done"]


@in_both
async def test_a_stateless_run_is_cancelled_when_its_caller_leaves(server: Any, variant: Variant) -> None:
    """Which LangGraph.js does not do by itself."""
    options = {"input": {"count": 400, "delay": 0.05}, "stream_mode": "custom", "cancel_on_exit": "interrupt"}
    with Wire(server.url) as wire:
        async with client(variant, server.url) as runs:
            stream = runs.stream(None, "agent", **options)
            await variant.next(iterator(variant, stream))
            thread_id, run_id = stream.thread_id, stream.run_id
            assert thread_id
            await variant.close(stream)
        answer = wire.http.get(f"/threads/{thread_id}/runs/{run_id}")
        assert 404 == answer.status_code or "interrupted" == wire.ends(str(thread_id), str(run_id))


@in_both
@pytest.mark.parametrize("method", ["create", "wait", "stream"])
async def test_an_unknown_thread_is_not_found_and_a_busy_one_is_busy(
    langgraphjs: Any, variant: Variant, method: str
) -> None:
    """LangGraph.js refuses both with the same words."""
    with Wire(langgraphjs.url) as wire:
        async with client(variant, langgraphjs.url) as runs:
            thread_id, _ = await running(runs, variant, wire)
            for one, expected in ((UNKNOWN, NotFoundError), (thread_id, ThreadBusyError)):
                with pytest.raises(expected):
                    if method == "stream":
                        await variant.rest(runs.stream(one, "agent", input={}))
                    else:
                        await variant.call(getattr(runs, method), one, "agent", input={})


@in_both
async def test_the_error_for_a_refused_null_input_says_what_to_send(aegra: Any, variant: Variant) -> None:
    """The checkpoint at which the run was stopped."""
    with Wire(aegra.url) as wire:
        thread_id = wire.thread()
        async with client(variant, aegra.url) as runs:
            await variant.call(runs.wait, thread_id, "agent", input={"count": 1}, interrupt_before=["work"])
            with pytest.raises(APIStatusError, match="checkpoint") as caught:
                await variant.call(runs.wait, thread_id, "agent", input=None)
            assert 422 == caught.value.status
            checkpoint = wire.http.get(f"/threads/{thread_id}/state").json()["checkpoint"]
            got = await variant.call(runs.wait, thread_id, "agent", input=None, checkpoint=checkpoint)
    assert 1 == got["done"]


@in_both
async def test_after_a_restart_an_incomplete_run_is_an_outcome(aegra: Any, variant: Variant) -> None:
    """Of Aegra's join; the stream ends by its timeout."""
    with Wire(aegra.url) as wire:
        async with client(variant, aegra.url) as runs:
            thread_id, run_id = await running(runs, variant, wire)
        aegra.restart(run_id)
        async with client(variant, aegra.url) as runs:
            with pytest.raises(RunError, match="IncompleteRun"):
                await variant.call(runs.join, thread_id, run_id)
            with pytest.raises(WaitTimeoutError):
                await variant.rest(runs.join_stream(thread_id, run_id, timeout=1))
        wire.cancel(thread_id, run_id)


@in_both
async def test_after_a_restart_a_timeout_ends_the_wait_for_a_run_that_never_ends(
    langgraphjs: Any, variant: Variant
) -> None:
    """LangGraph.js says nothing."""
    with Wire(langgraphjs.url) as wire:
        async with client(variant, langgraphjs.url) as runs:
            thread_id, run_id = await running(runs, variant, wire)
        langgraphjs.restart(run_id)
        async with client(variant, langgraphjs.url) as runs:
            with pytest.raises(WaitTimeoutError):
                await variant.call(runs.join, thread_id, run_id, timeout=1)
            with pytest.raises(WaitTimeoutError):
                await variant.rest(runs.join_stream(thread_id, run_id, timeout=1))
        wire.cancel(thread_id, run_id)
