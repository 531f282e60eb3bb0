"""The tracer and the metrics, of the providers that the application has set up."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version

from opentelemetry.metrics import MeterProvider, get_meter
from opentelemetry.trace import TracerProvider, get_tracer

from langgraph_runs.otel import names

_SCOPE = "langgraph_runs.otel"


class Instruments:
    """What is recorded with.

    Args:
        tracer_provider: The provider of the tracer; the global one for None.
        meter_provider: The provider of the metrics; the global one for None.

    Attributes:
        tracer: Makes the spans.
        duration: The seconds of a call.
        time_to_first_event: The seconds until a stream has brought something of the graph.
        events: The parts of streams.
        reconnects: The new connections of streams.
        request_duration: The seconds of a request, until the head of its response.
    """

    def __init__(self, tracer_provider: TracerProvider | None, meter_provider: MeterProvider | None) -> None:
        try:
            own = version("langgraph-runs")
        except PackageNotFoundError:  # run from its sources
            own = ""
        self.tracer = get_tracer(_SCOPE, own, tracer_provider)
        meter = get_meter(_SCOPE, own, meter_provider)
        self.duration = meter.create_histogram(
            names.OPERATION_DURATION,
            unit="s",
            description="GenAI operation duration.",
            explicit_bucket_boundaries_advisory=names.OPERATION_BUCKETS,
        )
        self.time_to_first_event = meter.create_histogram(
            names.OPERATION_TIME_TO_FIRST_CHUNK,
            unit="s",
            description="Time until a stream has brought its first event of the graph.",
            explicit_bucket_boundaries_advisory=names.OPERATION_BUCKETS,
        )
        self.request_duration = meter.create_histogram(
            names.REQUEST_DURATION,
            unit="s",
            description="Duration of HTTP client requests.",
            explicit_bucket_boundaries_advisory=names.REQUEST_BUCKETS,
        )
        self.events = meter.create_counter(
            names.EVENTS, unit="{event}", description="Events of streams that were yielded."
        )
        self.reconnects = meter.create_counter(
            names.RECONNECTS, unit="{reconnect}", description="New connections of interrupted streams."
        )
