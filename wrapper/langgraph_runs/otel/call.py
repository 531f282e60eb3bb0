"""The span of one call of a method."""

from __future__ import annotations

import re
from collections.abc import Callable
from time import monotonic
from types import TracebackType
from typing import Any, Self, TypeVar

from langgraph_runs_api.models import Run
from opentelemetry.context import Context, get_current
from opentelemetry.trace import Span, SpanKind, StatusCode, set_span_in_context
from opentelemetry.util.types import AttributeValue

from langgraph_runs.errors import APIConnectionError, APIError, APIStatusError, RunError
from langgraph_runs.otel import names
from langgraph_runs.otel.attempt import TracedAttempt
from langgraph_runs.otel.counting import Counted
from langgraph_runs.otel.failure import error_type, kind_of
from langgraph_runs.otel.instruments import Instruments
from langgraph_runs.otel.scope import Scope
from langgraph_runs.otel.target import server

Take = TypeVar("Take", bound=Callable[[Any], Any])

_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


class TracedCall:
    """One call of a method: its span, over all of its requests, and its metrics.

    Args:
        instruments: What is recorded with.
        url: The URL of the server.
        method: The name of the method.
        thread_id: The thread, if the call names one.
        run_id: The run, likewise.
        assistant_id: The assistant, likewise.
    """

    def __init__(
        self,
        instruments: Instruments,
        url: str,
        method: str,
        thread_id: str | None,
        run_id: str | None,
        assistant_id: str | None,
    ) -> None:
        self._instruments = instruments
        operation = names.INVOKE_AGENT if method in names.STARTING else method
        self._name = operation
        self._facts: dict[str, AttributeValue] = {
            names.OPERATION: operation,
            names.PROVIDER: names.LANGGRAPH,
            names.CLIENT_METHOD: method,
            **dict(server(url)),
        }
        self._ids: dict[str, AttributeValue] = {}
        if method in names.STREAMING:
            self._ids[names.IS_STREAM] = True
        if assistant_id is not None:
            assistant = str.__str__(assistant_id)  # for a member of an enum: its value, not its name
            if _UUID.fullmatch(assistant):
                self._ids[names.AGENT_ID] = assistant
            else:
                self._facts[names.AGENT_NAME] = assistant
                self._name = f"{operation} {assistant}"
        self._learn(run_id, thread_id)
        self._span: Span | None = None
        self._scope: Scope | None = None
        self._parts: Counted | None = None
        self._held: Any = None
        self._resends = self._reconnects = 0
        self._last: TracedAttempt | None = None
        self._is_open = True  # deleted when the span ends, which is atomic

    # Begin

    def begin(self, held: Any = None) -> None:
        """Begins the span, if it has not begun, in the context of the caller."""
        self._held = held or self._held
        if self._span is not None:
            return
        self._began = monotonic()
        parent = get_current()
        attributes = {**self._facts, **self._ids}
        self._span = self._instruments.tracer.start_span(self._name, parent, SpanKind.CLIENT, attributes)
        self._context: Context = set_span_in_context(self._span, parent)

    def __enter__(self) -> Self:
        self.begin()
        self._scope = Scope(self._context)
        return self

    # What happens

    def sending(self, request: Any, call: Any, url: str, resends: int, *, by_engine: bool) -> TracedAttempt:
        """The span of a request that is about to be sent."""
        self._last = TracedAttempt(
            self._instruments, self._context, request, call.path, url, resends, by_engine=by_engine
        )
        return self._last

    def counting(self, take: Take) -> Take:
        """The same function, which also counts the parts of a stream."""
        self._parts = Counted(take, self._first)
        counted: Any = self._parts.take
        return counted  # type: ignore[no-any-return]

    def retrying(self, delay: float | None, error: Exception) -> None:
        """Notes that the call continues after this error of a request."""
        if delay is not None or isinstance(error, APIConnectionError):
            self._resends += 1
            self._note(names.RETRY, delay, error)

    def reconnecting(self, delay: float, cause: Exception | None) -> None:
        """Notes that a stream is resumed after this delay."""
        self._resends += 1
        self._reconnects += 1
        self._note(names.RECONNECT, delay, cause)

    def returned(self, value: Any) -> None:
        """Takes the value that the call returns."""
        if isinstance(value, Run):
            self._learn(value.run_id, value.thread_id)
            for name, found in ((names.AGENT_ID, value.assistant_id), (names.RUN_STATUS, value.status)):
                if isinstance(found, str):  # a server may leave out anything
                    self._ids[name] = found

    # End

    def left(self) -> None:
        """Ends the span of a stream."""
        if self._scope is None:
            self._end(None)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._scope is not None:
            self._scope.end()
        if isinstance(error, APIError):
            self._learn(error.run_id, error.thread_id)
        self._end(None if error is None else kind_of(error))

    def _end(self, failure: type[BaseException] | None) -> None:
        try:
            del self._is_open
        except AttributeError:
            return
        assert self._span is not None
        if self._held is not None:
            self._learn(self._held.run_id, self._held.thread_id)
            self._ids |= _outcome(self._held)
            failure = failure or self._held.failure
        if failure is not None:
            self._facts[names.ERROR_TYPE] = error_type(failure)
            self._span.set_status(StatusCode.ERROR)
            if (
                issubclass(failure, APIStatusError)
                and self._last is not None
                and self._last.status is not None
            ):
                self._ids[names.STATUS_CODE] = self._last.status
        if self._resends:
            self._ids[names.RESEND_COUNT] = self._resends
        self._record()
        self._span.set_attributes({**self._facts, **self._ids})
        self._span.end()
        self._held = self._parts = None  # which have this object

    def _record(self) -> None:
        """Records the metrics."""
        instruments = self._instruments
        instruments.duration.record(monotonic() - self._began, self._facts, self._context)
        if self._parts is not None:
            self._ids[names.EVENT_COUNT] = self._parts.count
            self._ids[names.RECONNECT_COUNT] = self._reconnects
            instruments.events.add(self._parts.count, self._facts, self._context)
            instruments.reconnects.add(self._reconnects, self._facts, self._context)
            if (seconds := self._ids.get(names.TIME_TO_FIRST_CHUNK)) is not None:
                instruments.time_to_first_event.record(seconds, self._facts, self._context)  # type: ignore[arg-type]

    def _first(self, name: str) -> None:
        """Notes the first event of the graph, or the first token of a model."""
        if self._span is not None:
            self._span.add_event(name)
        if name == names.FIRST_EVENT:
            self._ids[names.TIME_TO_FIRST_CHUNK] = monotonic() - self._began

    def _note(self, name: str, delay: float | None, cause: Exception | None) -> None:
        attributes: dict[str, AttributeValue] = {names.DELAY: delay or 0.0}
        if cause is not None:
            attributes[names.ERROR_TYPE] = error_type(type(cause))
        if isinstance(cause, APIStatusError) and cause.status is not None:
            attributes[names.STATUS_CODE] = cause.status
        if self._span is not None:
            self._span.add_event(name, attributes)

    def _learn(self, run_id: Any, thread_id: Any) -> None:
        if isinstance(run_id, str):
            self._ids[names.RUN_ID] = str.__str__(run_id)
        if isinstance(thread_id, str):
            self._ids[names.THREAD_ID] = self._ids[names.CONVERSATION_ID] = str.__str__(thread_id)


def _outcome(held: Any) -> dict[str, AttributeValue]:
    """The status of a run that was waited for or read, as far as it is known."""
    status = None
    if held.failure is not None and issubclass(held.failure, RunError):
        status = held.failure.status
    elif held.is_waiting or held.was_cancelled:
        status = "interrupted"
    elif held.is_over:
        status = "success"
    return {} if status is None else {names.RUN_STATUS: status}
