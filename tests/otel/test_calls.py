"""Each call of a method has one span, over all of its requests."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Any

import pytest
from engine.variants import Variant, in_both
from opentelemetry.trace import SpanKind, StatusCode
from otel.traces import Traces, events, facts, id_of, parent_of
from wait_until import wait_until

from langgraph_runs import (
    ConflictError,
    NotFoundError,
    RetryPolicy,
    RunFailedError,
    WaitTimeoutError,
)
from langgraph_runs.testing import Fail, Hold, Interrupt, RunsServer

QUICK = RetryPolicy(first_delay=0.001)
MODES = ["updates", "values"]

# Every method that returns a value, with the name of its span.
METHODS: dict[str, Any] = {
    "invoke_agent agent": lambda runs, thread, run: runs.create(thread, "agent"),
    "invoke_agent": lambda runs, thread, run: runs.create_batch([{"assistant_id": "agent"}] * 2),
    "join": lambda runs, thread, run: runs.join(thread, run),
    "list": lambda runs, thread, run: runs.list(thread),
    "get": lambda runs, thread, run: runs.get(thread, run),
    "cancel": lambda runs, thread, run: runs.cancel(thread, run, wait=True),
    "cancel_all": lambda runs, thread, run: runs.cancel_all(thread),
    "cancel_many": lambda runs, thread, run: runs.cancel_many(thread_id=thread, run_ids=[run]),
    "delete": lambda runs, thread, run: runs.delete(thread, run),
}


@pytest.mark.parametrize("name", METHODS)
@in_both
async def test_a_call_has_one_span_and_one_for_each_request(
    variant: Variant, server: RunsServer, url: str, traces: Traces, name: str
) -> None:
    """Those of the requests are its children. Each request carries the context of its own span."""
    thread_id = server.thread()
    async with variant.runs(url) as runs:
        await variant.call(runs.wait, thread_id, "agent")
        run_id = server.runs[0]["run_id"]
        traces.clear()
        before = len(server.requests)
        with suppress(NotFoundError):  # of `cancel_many`: the run has ended
            await variant.call(METHODS[name], runs, thread_id, run_id)
    span, attempts = traces.call, traces.attempts
    assert (name, SpanKind.CLIENT) == (span.name, span.kind)
    assert (StatusCode.ERROR if name == "cancel_many" else StatusCode.UNSET) is span.status.status_code
    assert {id_of(span)} == {parent_of(attempt) for attempt in attempts}
    assert {SpanKind.CLIENT} == {attempt.kind for attempt in attempts}
    sent = [request.headers["traceparent"].split("-")[1:3] for request in server.requests[before:]]
    assert sent == [[f"{span.context.trace_id:032x}", f"{id_of(one):016x}"] for one in attempts]
    if name != "invoke_agent":
        assert thread_id == facts(span)["gen_ai.conversation.id"]


@in_both
async def test_a_span_says_what_was_called_and_what_became_of_the_run(
    variant: Variant, server: RunsServer, url: str, traces: Traces
) -> None:
    """By the names of the semantic conventions, as far as they have one."""
    thread_id = server.thread()
    async with variant.runs(url) as runs:
        run = await variant.call(runs.create, thread_id, "agent")
        assert {
            "gen_ai.operation.name": "invoke_agent",
            "gen_ai.provider.name": "langgraph",
            "gen_ai.agent.name": "agent",
            "gen_ai.agent.id": run.assistant_id,
            "gen_ai.conversation.id": thread_id,
            "server.address": "127.0.0.1",
            "server.port": int(url.rpartition(":")[2]),
            "langgraph.client.method": "create",
            "langgraph.thread.id": thread_id,
            "langgraph.run.id": run.run_id,
            "langgraph.run.status": run.status,
        } == facts(traces.call)
        traces.clear()
        await variant.call(runs.join, thread_id, run.run_id)
    found = facts(traces.call)
    assert ("join", run.run_id, "success") == tuple(
        found[name] for name in ("gen_ai.operation.name", "langgraph.run.id", "langgraph.run.status")
    )


@in_both
async def test_the_span_of_a_request_is_named_by_its_method_and_its_template(
    variant: Variant, server: RunsServer, url: str, traces: Traces
) -> None:
    """Without ids, so that there are few names."""
    thread_id = server.thread()
    async with variant.runs(url) as runs:
        await variant.call(runs.wait, thread_id, "agent")
    first, second = traces.attempts
    assert "POST /threads/{thread_id}/runs/wait" == first.name
    assert "GET /threads/{thread_id}/runs/{run_id}" == second.name
    assert {
        "http.request.method": "POST",
        "http.response.status_code": 200,
        "network.protocol.version": "1.1",
        "server.address": "127.0.0.1",
        "server.port": int(url.rpartition(":")[2]),
        "url.full": f"{url}/threads/{thread_id}/runs/wait",
        "url.scheme": "http",
        "url.template": "/threads/{thread_id}/runs/wait",
    } == facts(first)


@in_both
async def test_a_retry_is_an_event_of_the_call_and_counted_in_each_request(
    variant: Variant, server: RunsServer, url: str, traces: Traces
) -> None:
    """The call has succeeded in the end."""
    server.refuse(429, times=2)
    async with variant.runs(url, retry=QUICK) as runs:
        await variant.call(runs.wait, server.thread(), "agent")
    assert ["retry", "retry"] == events(traces.call)
    retry = dict(traces.call.events[0].attributes or {})
    assert ("RateLimitError", 429) == (retry["error.type"], retry["http.response.status_code"])
    assert retry["langgraph.delay"] > 0
    assert 2 == facts(traces.call)["http.request.resend_count"]
    waits = [span for span in traces.attempts if span.name.startswith("POST")]
    assert [None, 1, 2] == [facts(span).get("http.request.resend_count") for span in waits]
    assert ["429", "429", None] == [facts(span).get("error.type") for span in waits]
    states = [StatusCode.ERROR, StatusCode.ERROR, StatusCode.UNSET]
    assert states == [span.status.status_code for span in waits]
    assert StatusCode.UNSET is traces.call.status.status_code


@in_both
async def test_a_refused_call_has_the_error_and_its_status(
    variant: Variant, server: RunsServer, url: str, traces: Traces
) -> None:
    """The class of the error, not its message."""
    server.refuse(409)
    async with variant.runs(url) as runs:
        with pytest.raises(ConflictError):
            await variant.call(runs.create, server.thread(), "agent")
        with pytest.raises(NotFoundError):
            await variant.call(runs.get, server.thread(), "01a20752-0000-7000-8000-00000000ffff")
    create, get = traces.calls
    assert StatusCode.ERROR is create.status.status_code
    assert None is create.status.description
    assert ("ThreadBusyError", 409) == (
        facts(create)["error.type"],
        facts(create)["http.response.status_code"],
    )
    assert ("NotFoundError", 404) == (facts(get)["error.type"], facts(get)["http.response.status_code"])
    assert () == create.events


@pytest.mark.parametrize("raise_error", [True, False])
@in_both
async def test_a_failed_run_is_an_error_however_the_caller_gets_it(
    variant: Variant, url: str, server: RunsServer, traces: Traces, raise_error: bool
) -> None:
    """Waited for, and streamed."""
    failing = RunsServer()
    failing.run(Fail("ValueError", "boom"), times=None)
    with failing.listening() as address:
        async with variant.runs(address) as runs:
            thread_id = failing.thread()
            for method in (runs.wait, lambda *ids, **more: variant.rest(runs.stream(*ids, **more))):
                try:
                    if method == runs.wait:
                        await variant.call(method, thread_id, "agent", raise_error=raise_error)
                    else:
                        await method(thread_id, "agent", raise_error=raise_error)
                except RunFailedError:
                    assert raise_error
                else:
                    assert not raise_error
    assert 2 == len(traces.calls)
    for span in traces.calls:
        assert StatusCode.ERROR is span.status.status_code
        found = facts(span)
        assert ("RunFailedError", "error") == (found["error.type"], found["langgraph.run.status"])


@in_both
async def test_a_run_that_waits_for_an_answer_is_interrupted_and_no_error(
    variant: Variant, traces: Traces
) -> None:
    """Waited for, and streamed."""
    asking = RunsServer()
    asking.run(("values", {"n": 1}), Interrupt("Go on?"), times=None)
    with asking.listening() as address:
        async with variant.runs(address) as runs:
            await variant.call(runs.wait, asking.thread(), "agent")
            await variant.rest(runs.stream(asking.thread(), "agent"))
    for span in traces.calls:
        assert StatusCode.UNSET is span.status.status_code
        assert "interrupted" == facts(span)["langgraph.run.status"]


@in_both
async def test_the_request_that_cancels_a_run_belongs_to_the_call_that_was_left(
    variant: Variant, traces: Traces
) -> None:
    """The span of the call ends after it."""
    slow = RunsServer()
    slow.run(Hold(), times=None)
    with slow.listening() as address:
        async with variant.runs(address, cancel_on_exit="interrupt") as runs:
            with pytest.raises(WaitTimeoutError):
                await variant.call(runs.wait, slow.thread(), "agent", timeout=0.3)
    span = traces.call
    assert StatusCode.ERROR is span.status.status_code
    found = facts(span)
    assert ("WaitTimeoutError", "interrupted") == (found["error.type"], found["langgraph.run.status"])
    cancel = traces.attempts[-1]
    assert "POST /threads/{thread_id}/runs/{run_id}/cancel" == cancel.name
    assert id_of(span) == parent_of(cancel)
    assert (cancel.end_time or 0) <= (span.end_time or 0)


@in_both
async def test_map_has_a_span_for_each_run_within_that_of_its_caller(
    variant: Variant, server: RunsServer, url: str, traces: Traces
) -> None:
    """Also in the threads of the sync client."""
    payloads = [{"assistant_id": "agent"}, {"assistant_id": "agent", "thread_id": server.thread()}]

    async def outcomes(runs: Any) -> Any:
        with traces.tracer.start_as_current_span("batch"):
            return [outcome async for outcome in runs.map(payloads)]

    def blocking_outcomes(runs: Any) -> Any:
        with traces.tracer.start_as_current_span("batch"):
            return list(runs.map(payloads))

    async with variant.runs(url) as runs:
        await variant.call(outcomes if variant.is_async else blocking_outcomes, runs)
    assert ["map", "map"] == [facts(span)["langgraph.client.method"] for span in traces.calls]
    (batch,) = [span for span in traces.spans if span.name == "batch"]
    assert {id_of(batch)} == {parent_of(span) for span in traces.calls}


@in_both
async def test_list_all_has_a_span_for_each_page(
    variant: Variant, server: RunsServer, url: str, traces: Traces
) -> None:
    """The loop decides when the next page is fetched."""
    thread_id = server.thread()
    async with variant.runs(url) as runs:
        for _ in range(3):
            await variant.call(runs.wait, thread_id, "agent")
        traces.clear()
        assert 3 == len(await variant.rest(runs.list_all(thread_id, page_size=2)))
    assert {"list_all"} == {span.name for span in traces.calls}
    assert len(traces.calls) == len(traces.attempts) >= 2


@in_both
async def test_a_call_that_gets_no_slot_in_time_has_a_span(
    variant: Variant, server: RunsServer, url: str, traces: Traces
) -> None:
    """Although it has sent nothing."""
    slow = RunsServer()
    slow.run(Hold(), times=None)
    with slow.listening() as address:
        async with variant.runs(address, max_concurrency=1) as runs:
            stream = runs.map([{"assistant_id": "agent", "thread_id": slow.thread()}] * 2, timeout=0.3)
            assert 2 == len(await variant.rest(stream))
    assert {"WaitTimeoutError"} == {facts(span)["error.type"] for span in traces.calls}
    assert 2 == len(traces.calls)


async def test_a_call_that_is_cancelled_has_ended_with_that(traces: Traces) -> None:
    """And its span is no longer current."""
    slow = RunsServer()
    slow.run(Hold(), times=None)
    with slow.listening() as address:
        async with Variant("async").runs(address) as runs:
            task = asyncio.ensure_future(runs.wait(slow.thread(), "agent"))
            await asyncio.to_thread(wait_until, lambda: len(traces.attempts) == 1)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
    assert "CancelledError" == facts(traces.call)["error.type"]
    assert StatusCode.ERROR is traces.call.status.status_code


@in_both
async def test_a_call_with_a_wrong_argument_has_no_span(variant: Variant, url: str, traces: Traces) -> None:
    """Nothing was called."""
    async with variant.runs(url) as runs:
        with pytest.raises(TypeError, match="inputs"):
            await variant.call(runs.wait, None, "agent", inputs={})
        with pytest.raises(ValueError, match="not a valid id"):
            await variant.call(runs.get, "", "r")
    assert () == traces.spans
