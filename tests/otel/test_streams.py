"""The span of a stream lasts as long as the stream is read, and ends once, however that ends."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Callable
from itertools import islice
from typing import Any

import pytest
from engine.variants import Variant, in_both
from opentelemetry import trace
from opentelemetry.trace import StatusCode
from otel.traces import Traces, events, facts, id_of, parent_of

from langgraph_runs import EventTimeoutError, RetryPolicy, WaitTimeoutError
from langgraph_runs.testing import Hold, RunsServer

MODES: Any = ["updates", "values"]


@in_both
async def test_a_resumed_stream_has_one_span_with_its_first_event_and_its_reconnect(
    variant: Variant, server: RunsServer, url: str, traces: Traces
) -> None:
    """And one for each of its requests."""
    server.drop(events=3)
    async with variant.runs(url, retry=RetryPolicy(first_delay=0.001)) as runs:
        parts = await variant.rest(runs.stream(server.thread(), "agent", stream_mode=MODES))
    assert 4 == len(parts)
    span = traces.call
    assert ["first_event", "reconnect"] == events(span)
    reconnect = dict(span.events[1].attributes or {})
    assert "APIConnectionError" == reconnect["error.type"]
    assert reconnect["langgraph.delay"] > 0
    found = facts(span)
    assert {
        "gen_ai.request.stream": True,
        "http.request.resend_count": 1,
        "langgraph.run.status": "success",
        "langgraph.stream.events": 4,
        "langgraph.stream.reconnects": 1,
    }.items() <= found.items()
    assert 0 < found["gen_ai.response.time_to_first_chunk"]
    assert server.runs[0]["run_id"] == found["langgraph.run.id"]
    opened = [one for one in traces.attempts if one.name.endswith("/stream")]
    assert [None, 1] == [facts(one).get("http.request.resend_count") for one in opened[:2]]
    assert {id_of(span)} == {parent_of(one) for one in traces.attempts}


@in_both
async def test_the_first_token_is_an_event_of_its_own(variant: Variant, traces: Traces) -> None:
    """Other events of the graph may come before it."""
    server = RunsServer()
    token = [{"type": "AIMessageChunk", "content": "Hel", "id": "m"}, {}]
    server.run(("updates", {"plan": 1}), ("messages", token), ("messages", token))
    with server.listening() as url:
        async with variant.runs(url) as runs:
            both = ["updates", "messages-tuple"]
            await variant.rest(runs.stream(server.thread(), "agent", stream_mode=both))
    assert ["first_event", "first_token"] == events(traces.call)


@in_both
async def test_join_stream_and_text_are_traced_too(
    variant: Variant, server: RunsServer, url: str, traces: Traces
) -> None:
    """The result of a stream, which may take requests of its own, belongs to its trace."""
    thread_id = server.thread()
    async with variant.runs(url) as runs:
        stream = runs.stream(thread_id, "agent", stream_mode=["messages-tuple", "values"])
        assert [] == await variant.rest(stream.text())
        assert {"n": 2} == await variant.call(stream.result)
        run_id = stream.run_id
        await variant.rest(runs.join_stream(thread_id, run_id, last_event_id="-1"))
    stream_span, join_span = traces.calls
    assert ("invoke_agent agent", "join_stream") == (stream_span.name, join_span.name)
    assert run_id == facts(join_span)["langgraph.run.id"]


async def leave_by_break(stream: Any) -> None:
    async for _ in stream:
        break


async def leave_by_exception(stream: Any) -> None:
    with pytest.raises(LookupError):
        async for _ in stream:
            raise LookupError


async def leave_the_block(stream: Any) -> None:
    async with stream:
        await anext(stream)


async def leave_by_close(stream: Any) -> None:
    await anext(stream)
    await stream.aclose()
    await stream.aclose()


async def leave_by_cancellation(stream: Any) -> None:
    begun = asyncio.Event()

    async def read() -> None:
        async for _ in stream:
            begun.set()

    task = asyncio.ensure_future(read())
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


def break_out(stream: Any) -> None:
    for _ in stream:
        break


def raise_in_the_loop(stream: Any) -> None:
    with pytest.raises(LookupError):
        for _ in stream:
            raise LookupError


def use_a_block(stream: Any) -> None:
    with stream:
        next(stream)


def close_twice(stream: Any) -> None:
    next(stream)
    stream.close()
    stream.close()


LEAVING: list[tuple[str, Callable[[Any], Any]]] = [
    ("async", leave_by_break),
    ("async", leave_by_exception),
    ("async", leave_the_block),
    ("async", leave_by_close),
    ("async", leave_by_cancellation),
    ("sync", break_out),
    ("sync", raise_in_the_loop),
    ("sync", use_a_block),
    ("sync", close_twice),
]


@pytest.fixture
def endless() -> Any:
    """The URL of a server whose runs bring an event, and then nothing more until they are released."""
    server = RunsServer()
    server.run(("values", {"n": 1}), Hold(), times=None)
    with server.listening() as url:
        yield url, server.thread()


@pytest.mark.parametrize(("variant", "leave"), LEAVING, ids=[leave.__name__ for _, leave in LEAVING])
async def test_a_stream_that_is_left_ends_its_span_once(
    variant: str, leave: Callable[[Any], Any], endless: Any, traces: Traces
) -> None:
    """That is no error; what has become of the run is not known."""
    url, thread_id = endless
    one = Variant(variant)
    async with one.runs(url) as runs:
        await one.call(leave, runs.stream(thread_id, "agent"))
        span = await asyncio.to_thread(traces.ended)
    assert StatusCode.UNSET is span.status.status_code
    assert not {"error.type", "langgraph.run.status"} & facts(span).keys()
    assert 1 <= facts(span)["langgraph.stream.events"]
    assert span == traces.call


@in_both
async def test_a_stream_that_is_garbage_collected_ends_its_span(
    variant: Variant, endless: Any, traces: Traces
) -> None:
    """Also one that is read with `next`."""
    url, thread_id = endless
    async with variant.runs(url) as runs:
        streams = [runs.stream(thread_id, "agent")]
        await variant.next(streams[0])
        streams.clear()
        gc.collect()
        await asyncio.to_thread(traces.ended)
    assert 1 == len(traces.calls)


@in_both
async def test_closing_the_client_ends_the_span_of_an_open_stream(
    variant: Variant, endless: Any, traces: Traces
) -> None:
    """Once: the stream is closed later."""
    url, thread_id = endless
    async with variant.runs(url) as runs:
        stream = runs.stream(thread_id, "agent")
        await variant.next(stream)
    assert 1 == len(traces.calls)
    await variant.close(stream)
    assert 1 == len(traces.calls)


@pytest.mark.parametrize(
    ("option", "error"), [("timeout", WaitTimeoutError), ("event_timeout", EventTimeoutError)]
)
@in_both
async def test_a_stream_that_is_too_slow_is_an_error(
    variant: Variant, endless: Any, traces: Traces, option: str, error: type[Exception]
) -> None:
    """The same as its caller gets."""
    url, thread_id = endless
    async with variant.runs(url) as runs:
        with pytest.raises(error):
            await variant.rest(runs.stream(thread_id, "agent", **{option: 0.3}))
    assert StatusCode.ERROR is traces.call.status.status_code
    assert error.__name__ == facts(traces.call)["error.type"]


@in_both
async def test_a_stream_that_is_not_read_has_no_span(variant: Variant, url: str, traces: Traces) -> None:
    """It sends nothing."""
    async with variant.runs(url) as runs:
        await variant.close(runs.stream(None, "agent"))
    assert () == traces.spans


async def test_the_span_of_a_stream_is_not_current_between_its_parts(
    server: RunsServer, url: str, traces: Traces
) -> None:
    """The code of the loop has its own. The stream belongs to the span in which it is read first."""
    async with Variant("async").runs(url) as runs:
        stream = runs.stream(server.thread(), "agent", stream_mode=MODES)
        with traces.tracer.start_as_current_span("shop") as own:
            async for _ in stream:
                assert own is trace.get_current_span()
            assert own is trace.get_current_span()
    assert own.get_span_context().span_id == parent_of(traces.call)


def test_the_span_of_a_sync_stream_is_not_current_between_its_parts(
    server: RunsServer, url: str, traces: Traces
) -> None:
    """Neither after it was left."""
    with Variant("sync").runs_client(url) as runs, traces.tracer.start_as_current_span("shop") as own:
        for _ in islice(runs.stream(server.thread(), "agent", stream_mode=MODES), 2):
            assert own is trace.get_current_span()
        gc.collect()
        assert own is trace.get_current_span()
    assert own.get_span_context().span_id == parent_of(traces.call)
