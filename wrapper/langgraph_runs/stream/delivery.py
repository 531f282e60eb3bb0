"""Events in, parts out: each event of a run once, over all of its connections. No I/O."""

from __future__ import annotations

from typing import Any, TypeVar

import orjson

from langgraph_runs.errors import LangGraphRunsError, NotFoundError, StreamDecodeError, StreamError
from langgraph_runs.json_types import is_object
from langgraph_runs.request.stream_request import StreamRequest
from langgraph_runs.response import reading
from langgraph_runs.response.answer import Answer
from langgraph_runs.retry import Backoff
from langgraph_runs.run.cancel_on_exit import HeldRun
from langgraph_runs.stream.parts import PLAIN, ErrorPart, MetadataPart, Part, decode
from langgraph_runs.stream.resumption import Resumption
from langgraph_runs.stream.sse import ServerSentEvent

Error = TypeVar("Error", bound=LangGraphRunsError)


class Delivery:
    """Turns the events of a stream into parts, and skips those that were yielded before.

    Args:
        request: The stream.
        resumption: Says which events are new.
        held: The run, as far as it is known.
        backoff: The count of attempts, which is reset when something new comes.
        raise_error: Whether the error of a failed run is raised, rather than yielded as a part.

    Attributes:
        raise_error: The same.
        last_event_id: The id of the last event that was yielded; None if none had one.
        has_news: Whether this connection has brought something new.
        has_broken: Whether a connection has ended although the run may not have, and nothing new has come since.
        failure_reported: Whether the failure of the run has been reported to the caller.
        run_failed: Whether the run has failed, according to its status.
    """

    def __init__(
        self,
        request: StreamRequest,
        resumption: Resumption,
        held: HeldRun,
        backoff: Backoff,
        *,
        raise_error: bool,
    ) -> None:
        start_at = request.position
        self.last_event_id = (start_at["last_event_id"] or start_at["after"]) if start_at else None
        self.has_news = False
        self.has_broken = False
        self.failure_reported = False
        self.run_failed = False
        self._resumption = resumption
        self._held = held
        self.raise_error = raise_error
        self._backoff = backoff
        self._answer: Answer | None = None

    def begin(self, answer: Answer) -> None:
        """Begins a connection, of which the headers have come."""
        self._answer, self.has_news = answer, False

    def take(self, event: ServerSentEvent) -> Part[Any, Any, Any] | None:
        """The part for this event; None if it was yielded before.

        Raises:
            RunFailedError: It is the error of the run, and `raise_error` is set.
            NotFoundError: It says that there is no such run.
            StreamGapError: The server no longer has some of the events before it.
            StreamDecodeError: It cannot be decoded.
        """
        kind = PLAIN.get(event.event)
        if kind is not None and self._resumption.is_next(event):
            if not self.has_news:
                self._progress()
            self.last_event_id = event.id
            try:
                return kind(event.event, orjson.loads(event.data), event.id)  # type: ignore[return-value]
            except orjson.JSONDecodeError:
                pass  # left to `decode`
        elif not self._is_new(event):
            return None
        try:
            part = decode(event)
        except StreamDecodeError as error:
            self.last_event_id = event.id or self.last_event_id  # as in the position, which is just after it
            raise self.about(error) from error.__cause__
        kind = type(part)
        if kind is MetadataPart and is_object(part.data):
            self._held.learn(part.data.get("run_id"), None)
        elif kind is ErrorPart and self._answer is not None:
            failure = reading.failure(self._answer, part.data)
            self._held.has_ended = self.failure_reported = True
            if self.raise_error or isinstance(failure, NotFoundError):
                raise self.about(failure)
        self._progress()
        if part.id:
            self.last_event_id = part.id
        return part

    def undecodable(self, why: Exception) -> StreamDecodeError:
        """The error for bytes that cannot be decoded."""
        return self.about(StreamDecodeError(str(why)))

    def about(self, error: Error) -> Error:
        """Adds what is known about the run and the position of the stream to an error, and returns it."""
        error.run_id, error.thread_id = self._held.run_id, self._held.thread_id
        if isinstance(error, StreamError):
            error.last_event_id, error.position = self.last_event_id, self._resumption.position
        return error

    def _progress(self) -> None:
        self._backoff.attempt, self.has_broken, self.has_news = 0, False, True

    def _is_new(self, event: ServerSentEvent) -> bool:
        if self._held.has_ended and self._resumption.has_events and (event.inherits_id or not event.id):
            # Either `event: end`, which some servers send to a late reader, or the error that the run does not exist.
            self.failure_reported = self.failure_reported or (event.event == "error" and not self.run_failed)
            return False
        try:
            return self._resumption.is_new(event)
        except StreamError as error:
            raise self.about(error) from error.__cause__
