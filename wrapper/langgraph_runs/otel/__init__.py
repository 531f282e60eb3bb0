"""Traces and metrics of the clients with OpenTelemetry: `pip install "langgraph-runs[otel]"`, then `instrument()`.

See docs/tracing.md.
"""

from __future__ import annotations

from langgraph_runs import observation

try:
    from opentelemetry.metrics import MeterProvider
    from opentelemetry.trace import TracerProvider
except ModuleNotFoundError as error:
    raise ModuleNotFoundError(
        f'langgraph_runs.otel needs OpenTelemetry: pip install "langgraph-runs[otel]" ({error})',
        name=error.name,
    ) from error

from langgraph_runs.otel.tracing import Tracing

__all__ = ["instrument", "uninstrument"]


def instrument(
    tracer_provider: TracerProvider | None = None, meter_provider: MeterProvider | None = None
) -> None:
    """Traces every call of all clients in this process, also of those that exist already. Calling it again changes
    nothing, until `uninstrument` is called.

    Args:
        tracer_provider: Where the spans go; the global provider by default.
        meter_provider: Where the metrics go; the global provider by default.

    Example:
        from langgraph_runs.otel import instrument
        instrument()
    """
    if observation.observer is None:
        observation.observer = Tracing(tracer_provider, meter_provider)


def uninstrument() -> None:
    """Ends what `instrument` has begun. Calls that are under way, and streams that are open, still end their spans.
    Calling it again does nothing."""
    observation.observer = None
