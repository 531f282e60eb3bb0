"""Makes the span of every call."""

from __future__ import annotations

from opentelemetry.metrics import MeterProvider
from opentelemetry.trace import TracerProvider

from langgraph_runs.otel.call import TracedCall
from langgraph_runs.otel.instruments import Instruments


class Tracing:
    """Observes calls, and records their spans and metrics.

    Args:
        tracer_provider: Where the spans go; the global provider for None.
        meter_provider: Where the metrics go; the global provider for None.
    """

    def __init__(self, tracer_provider: TracerProvider | None, meter_provider: MeterProvider | None) -> None:
        self._instruments = Instruments(tracer_provider, meter_provider)

    def call(
        self, url: str, method: str, thread_id: str | None, run_id: str | None, assistant_id: str | None
    ) -> TracedCall:
        """The span of a call, which begins later."""
        return TracedCall(self._instruments, url, method, thread_id, run_id, assistant_id)
