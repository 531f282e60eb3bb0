"""OpenTelemetry's instrumentation of httpx sees every request."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

import pytest
from engine.engine_in_use import by_engine, is_served
from engine.variants import Variant, in_both
from opentelemetry.instrumentation.httpx import HTTPXClientInstrumentor
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from servers.peer import Peer


@pytest.fixture
def traced() -> Iterator[tuple[HTTPXClientInstrumentor, TracerProvider, InMemorySpanExporter]]:
    """Instruments httpx, and collects the spans."""
    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    instrumentor = HTTPXClientInstrumentor()
    yield instrumentor, provider, exporter
    if instrumentor.is_instrumented_by_opentelemetry:
        instrumentor.uninstrument()
    provider.shutdown()


@in_both
async def test_opentelemetry_sees_every_request(
    variant: Variant, server: Peer, traced: Any, caplog: pytest.LogCaptureFixture
) -> None:
    """Instrumented after the import of the package (in the plugin: before). The server receives the trace context."""
    instrumentor, provider, exporter = traced
    caplog.set_level(logging.DEBUG, "langgraph_runs")
    instrumentor.instrument(tracer_provider=provider)
    async with variant.runs(server.url) as runs:
        await is_served(variant, runs)
    assert not by_engine(caplog)
    spans = exporter.get_finished_spans()
    assert len(server.requests) == len(spans)
    assert {f"{span.context.span_id:016x}" for span in spans} == {
        request.header("traceparent")[0].split("-")[2] for request in server.requests
    }
    instrumentor.uninstrument()
    async with variant.runs(server.url) as runs:
        await is_served(variant, runs)
    assert by_engine(caplog)
    assert len(spans) == len(exporter.get_finished_spans())


@in_both
async def test_opentelemetry_sees_the_requests_of_an_instrumented_client(
    variant: Variant, server: Peer, traced: Any
) -> None:
    """Of that one only."""
    instrumentor, provider, exporter = traced
    async with variant.plain() as http:
        instrumentor.instrument_client(http, tracer_provider=provider)
        async with variant.runs(server.url, http_client=http) as runs:
            await is_served(variant, runs)
    assert len(server.requests) == len(exporter.get_finished_spans())
