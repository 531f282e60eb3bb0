"""What was traced: spans and metrics, in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from wait_until import wait_until

from langgraph_runs.otel import instrument, uninstrument


class Traces:
    """Where spans and metrics go."""

    def __init__(self) -> None:
        self.exporter = InMemorySpanExporter()
        self.provider = TracerProvider()
        self.provider.add_span_processor(SimpleSpanProcessor(self.exporter))
        self._reader = InMemoryMetricReader()
        self.meter_provider = MeterProvider([self._reader])
        self.tracer = self.provider.get_tracer("test")

    @property
    def spans(self) -> tuple[ReadableSpan, ...]:
        """All spans that have ended."""
        return self.exporter.get_finished_spans()

    @property
    def calls(self) -> list[ReadableSpan]:
        """Those of calls."""
        return [span for span in self.spans if "langgraph.client.method" in facts(span)]

    @property
    def call(self) -> ReadableSpan:
        """The only one of a call."""
        (span,) = self.calls
        return span

    @property
    def attempts(self) -> list[ReadableSpan]:
        """Those of requests."""
        return [span for span in self.spans if span not in self.calls]

    def ended(self, count: int = 1) -> ReadableSpan:
        """The last span of a call, as soon as so many have ended: the caller may leave before that."""
        wait_until(lambda: len(self.calls) == count)
        return self.calls[-1]

    def clear(self) -> None:
        """Forgets all spans."""
        self.exporter.clear()

    def metrics(self) -> dict[str, list[Any]]:
        """The data points of every metric, by its name."""
        found: dict[str, list[Any]] = {}
        data = self._reader.get_metrics_data()
        for resource in data.resource_metrics if data else ():
            for scope in resource.scope_metrics:
                for metric in scope.metrics:
                    found[metric.name] = list(metric.data.data_points)
        return found

    def text(self) -> str:
        """Everything that was recorded."""
        return "".join(span.to_json() for span in self.spans) + repr(self.metrics())


@contextmanager
def traced() -> Iterator[Traces]:
    """Traces all clients."""
    traces = Traces()
    instrument(traces.provider, traces.meter_provider)
    try:
        yield traces
    finally:
        uninstrument()
        traces.provider.shutdown()
        traces.meter_provider.shutdown()


def facts(span: ReadableSpan) -> dict[str, Any]:
    """The attributes of a span."""
    return dict(span.attributes or {})


def events(span: ReadableSpan) -> list[str]:
    """The names of the events of a span."""
    return [event.name for event in span.events]


def parent_of(span: ReadableSpan) -> int | None:
    """The id of the span that a span belongs to."""
    return span.parent.span_id if span.parent else None


def id_of(span: ReadableSpan) -> int:
    """The id of a span."""
    context: Any = span.context
    return int(context.span_id)


Call = Callable[[Any, str, str], Any]
"""A call of a method, with a client, a thread and a run."""
