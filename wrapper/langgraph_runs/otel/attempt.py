"""The span of one request."""

from __future__ import annotations

from time import monotonic, time_ns
from types import TracebackType
from typing import Any, Self

from opentelemetry.context import Context
from opentelemetry.propagate import inject
from opentelemetry.trace import Span, SpanKind, StatusCode, set_span_in_context
from opentelemetry.util.types import AttributeValue

from langgraph_runs.otel import names
from langgraph_runs.otel.failure import error_type, kind_of
from langgraph_runs.otel.instruments import Instruments
from langgraph_runs.otel.scope import Scope
from langgraph_runs.otel.target import server, template


class TracedAttempt:
    """One request of a call. It carries the trace context to the server.

    A request that the engine sends gets a span before it is sent. Where another transport sends it, an instrumentation
    of that may make a span too, and replace the trace context in the headers by its own. Only if it has not done so,
    this one makes the span afterwards.

    Args:
        instruments: What is recorded with.
        context: The context of the call.
        request: The `httpx.Request`.
        path: The path below the URL of the server.
        url: The URL of the request, without what may be secret.
        resends: How many times it was sent before.
        by_engine: Whether the engine sends it.
    """

    def __init__(
        self,
        instruments: Instruments,
        context: Context,
        request: Any,
        path: str,
        url: str,
        resends: int,
        *,
        by_engine: bool,
    ) -> None:
        self._instruments = instruments
        self._context = context
        self._request = request
        self._by_engine = by_engine
        self._template = template(path)
        self._url = url
        self._resends = resends
        self._span: Span | None = None
        self._answer: dict[str, AttributeValue] = {}
        self.status: int | None = None

    def __enter__(self) -> Self:
        self._began, self._began_at = monotonic(), time_ns()
        context = self._context
        if self._by_engine:
            self._span = self._start()
            context = set_span_in_context(self._span, context)
        self._carrier = self._carry(context)
        self._headers = self._request.headers
        self._scope = Scope(context)
        return self

    def answered(self, status: int, version: str) -> None:
        """Takes the status of the response, and the version of HTTP."""
        self.status = status
        self._answer = {
            names.STATUS_CODE: status,
            names.PROTOCOL_VERSION: version.removeprefix("HTTP/"),
        }
        if status >= 400:
            self._answer[names.ERROR_TYPE] = str(status)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._scope.end()
        if self._span is None and self._is_traced_by_another():
            return
        span = self._span or self._start()
        if error is not None:
            self._answer[names.ERROR_TYPE] = error_type(kind_of(error))
        span.set_attributes(self._answer)
        if names.ERROR_TYPE in self._answer:
            span.set_status(StatusCode.ERROR)
        span.end()
        self._instruments.request_duration.record(
            monotonic() - self._began, {**self._facts(), **self._answer}, set_span_in_context(span)
        )

    def _start(self) -> Span:
        attributes = {**self._facts(), names.URL: self._url}
        if self._resends:
            attributes[names.RESEND_COUNT] = self._resends
        return self._instruments.tracer.start_span(
            f"{self._request.method} {self._template}",
            self._context,
            SpanKind.CLIENT,
            attributes,
            start_time=self._began_at,
        )

    def _facts(self) -> dict[str, AttributeValue]:
        """What the span and the metric have in common."""
        return {
            names.METHOD: self._request.method,
            names.URL_TEMPLATE: self._template,
            names.URL_SCHEME: self._request.url.scheme,
            **dict(server(self._url)),
        }

    def _carry(self, context: Context) -> dict[str, str]:
        """Puts the trace context into the headers of the request, and returns it."""
        carrier: dict[str, str] = {}
        inject(carrier, context)
        for name, value in carrier.items():
            before = self._request.headers.get(name)
            if name == "baggage" and before and value not in before:  # for example that of LangSmith
                carrier[name] = value = f"{before},{value}"
            self._request.headers[name] = value
        return carrier

    def _is_traced_by_another(self) -> bool:
        headers = self._request.headers
        if not self._carrier:  # no propagator is set up: an instrumentation replaces the headers nevertheless
            return headers is not self._headers
        return any(headers.get(name) != value for name, value in self._carrier.items())
