"""The trace context: which span is current, which the server gets, and who makes the spans of requests."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

import httpx
import httpx2
import pytest
from engine.variants import Variant, in_both
from opentelemetry import baggage, context, trace
from opentelemetry.instrumentation import httpx as instrumentations
from opentelemetry.instrumentation.httpx import HTTPXClientInstrumentor
from opentelemetry.propagate import get_global_textmap, set_global_textmap
from opentelemetry.propagators.composite import CompositePropagator
from otel.traces import Traces, facts, id_of, parent_of

from langgraph_runs import APIConnectionError, RetryPolicy
from langgraph_runs.testing import RunsServer


@pytest.fixture
def httpx_instrumentor() -> Iterator[HTTPXClientInstrumentor]:
    """OpenTelemetry's instrumentation of httpx, which a test may put in place."""
    instrumentor = HTTPXClientInstrumentor()
    yield instrumentor
    if instrumentor.is_instrumented_by_opentelemetry:
        instrumentor.uninstrument()


def sent_spans(server: RunsServer) -> list[str]:
    """The ids of the spans that the requests have carried to the server."""
    return [request.headers["traceparent"].split("-")[2] for request in server.requests]


def ids(spans: Any) -> list[str]:
    return [f"{id_of(span):016x}" for span in spans]


@in_both
async def test_the_span_of_a_request_is_current_while_it_is_sent(
    variant: Variant, server: RunsServer, url: str, traces: Traces
) -> None:
    """So that callbacks and log records belong to it."""
    current: list[str] = []

    def note(_: object) -> None:
        current.append(f"{trace.get_current_span().get_span_context().span_id:016x}")

    async with variant.runs(url, on_request=note, on_response=note) as runs:
        await variant.call(runs.wait, server.thread(), "agent")
    sent = sent_spans(server)
    assert [sent[0], sent[0], sent[1], sent[1]] == current
    assert sent == ids(traces.attempts)


@in_both
async def test_the_span_of_a_call_is_current_when_it_is_retried(
    variant: Variant, server: RunsServer, url: str, traces: Traces
) -> None:
    """And none afterwards."""
    current: list[int] = []
    server.refuse(429)
    retry = RetryPolicy(first_delay=0.001)

    def note(*_: object) -> None:
        current.append(trace.get_current_span().get_span_context().span_id)

    async with variant.runs(url, retry=retry, on_retry=note) as runs:
        await variant.call(runs.wait, server.thread(), "agent")
    assert [id_of(traces.call)] == current
    assert not trace.get_current_span().get_span_context().is_valid


@in_both
async def test_baggage_is_sent_beside_that_of_langsmith(
    variant: Variant, server: RunsServer, url: str, traces: Traces
) -> None:
    """Both use the same header."""
    headers = {"langsmith-trace": "20261128T220000000000Zid", "baggage": "langsmith-project=shop"}
    token = context.attach(baggage.set_baggage("customer", "42"))
    try:
        async with variant.runs(url, headers=headers) as runs:
            started = runs.create(server.thread(), "agent")  # in this thread, whose context it is
            if variant.is_async:
                await started
    finally:
        context.detach(token)
    (request,) = server.requests
    assert "langsmith-project=shop,customer=42" == request.headers["baggage"]
    assert headers["langsmith-trace"] == request.headers["langsmith-trace"]


@in_both
async def test_beside_the_instrumentation_of_httpx_no_span_is_doubled(
    variant: Variant,
    server: RunsServer,
    url: str,
    traces: Traces,
    httpx_instrumentor: HTTPXClientInstrumentor,
) -> None:
    """It makes those of the requests, within that of the call."""
    httpx_instrumentor.instrument(tracer_provider=traces.provider)
    async with variant.runs(url) as runs:
        await variant.call(runs.wait, server.thread(), "agent")
    assert 2 == len(server.requests) == len(traces.attempts)
    assert {"POST", "GET"} == {span.name for span in traces.attempts}
    assert {id_of(traces.call)} == {parent_of(span) for span in traces.attempts}
    assert sent_spans(server) == ids(traces.attempts)
    assert "http.client.request.duration" not in traces.metrics()


@in_both
async def test_a_client_that_uses_the_engine_gets_its_spans_beside_the_instrumentation(
    variant: Variant,
    server: RunsServer,
    url: str,
    traces: Traces,
    httpx_instrumentor: HTTPXClientInstrumentor,
) -> None:
    """One that was made before: no instrumentation of httpx sees its requests."""
    async with variant.runs(url) as runs:
        httpx_instrumentor.instrument(tracer_provider=traces.provider)
        await variant.call(runs.create, server.thread(), "agent")
    assert ["POST /threads/{thread_id}/runs"] == [span.name for span in traces.attempts]


# That of httpx2 is newer than the oldest OpenTelemetry that the package allows.
OF_HTTPX2 = getattr(instrumentations, "HTTPX2ClientInstrumentor", None)
FAMILIES: list[Any] = [(httpx, HTTPXClientInstrumentor), (httpx, None), (httpx2, OF_HTTPX2), (httpx2, None)]


@pytest.mark.parametrize(
    ("family", "instrumentor"), FAMILIES, ids=["httpx-traced", "httpx", "httpx2-traced", "httpx2"]
)
@in_both
async def test_a_request_of_a_callers_client_has_one_span(
    variant: Variant, server: RunsServer, url: str, traces: Traces, family: Any, instrumentor: Any
) -> None:
    """Made by the instrumentation of that client, or else by this one."""
    is_instrumented = instrumentor is not None
    async with variant.closing(variant.plain_client(family=family)) as http:
        if is_instrumented:
            instrumentor.instrument_client(http, tracer_provider=traces.provider)
        async with variant.runs(url, http_client=http) as runs:
            await variant.call(runs.create, server.thread(), "agent")
    (attempt,) = traces.attempts
    assert ("POST" if is_instrumented else "POST /threads/{thread_id}/runs") == attempt.name
    assert id_of(traces.call) == parent_of(attempt)
    assert sent_spans(server) == ids([attempt if is_instrumented else traces.call])


@pytest.mark.parametrize("is_instrumented", [True, False])
@in_both
async def test_a_lost_request_has_one_span_too(
    variant: Variant,
    traces: Traces,
    httpx_instrumentor: HTTPXClientInstrumentor,
    is_instrumented: bool,
) -> None:
    """With the error, of the engine or of httpx."""
    if is_instrumented:
        httpx_instrumentor.instrument(tracer_provider=traces.provider)
    async with variant.runs("http://127.0.0.1:9") as runs:  # nothing listens there
        with pytest.raises(APIConnectionError):
            await variant.call(runs.get, "t", "r")
    (attempt,) = traces.attempts
    assert "APIConnectionError" == facts(traces.call)["error.type"]
    assert is_instrumented or facts(attempt)["error.type"] == "ConnectError"


@in_both
async def test_without_a_propagator_no_span_is_doubled_either(
    variant: Variant,
    server: RunsServer,
    url: str,
    traces: Traces,
    httpx_instrumentor: HTTPXClientInstrumentor,
) -> None:
    """Then nothing is sent that tells who has made a span."""
    before = get_global_textmap()
    set_global_textmap(CompositePropagator([]))
    try:
        async with variant.plain() as http, variant.runs(url, http_client=http) as runs:
            await variant.call(runs.create, server.thread(), "agent")
        httpx_instrumentor.instrument(tracer_provider=traces.provider)
        async with variant.runs(url) as runs:
            await variant.call(runs.create, server.thread(), "agent")
    finally:
        set_global_textmap(before)
    assert 2 == len(traces.attempts)


@in_both
async def test_nothing_secret_is_recorded(
    variant: Variant, server: RunsServer, traces: Traces, caplog: pytest.LogCaptureFixture
) -> None:
    """Neither keys nor what is sent and received, neither in spans nor in metrics."""
    caplog.set_level(logging.DEBUG, "langgraph_runs")
    server = RunsServer()
    server.run(("values", {"answer": "SECRET-output"}))
    server.run(lambda body: [("values", {"answer": "SECRET-output"})], times=None)
    server.refuse(500, on="POST */runs")
    with server.listening() as url:
        secret = url.replace("http://", "http://SECRET-user:SECRET-password@")
        headers = {"x-tenant": "SECRET-tenant", "authorization": "Bearer SECRET-token"}
        more: Any = {"input": {"text": "SECRET-input"}, "params": {"token": "SECRET-param"}}
        async with variant.runs(secret, api_key="SECRET-key", headers=headers) as runs:
            thread_id = server.thread()
            with pytest.raises(Exception, match="500"):
                await variant.call(runs.create, thread_id, "agent", **more)
            await variant.call(runs.wait, thread_id, "agent", **more)
            await variant.rest(runs.stream(thread_id, "agent", **more))
            with pytest.raises(Exception, match="404"):
                await variant.call(runs.get, thread_id, "01a20752-0000-7000-8000-00000000ffff")
    assert 4 == len(traces.calls)
    assert "SECRET" not in traces.text()
    assert "SECRET-key" == server.requests[0].headers["x-api-key"]
