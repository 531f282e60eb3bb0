"""Events in, parts out: each event of a run once, over all of its connections. No I/O."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import orjson

from langgraph_runs.errors import (
    LangGraphRunsError,
    NotFoundError,
    RunError,
    RunFailedError,
    StreamDecodeError,
    StreamError,
    StreamGapError,
)
from langgraph_runs.json_types import is_object
from langgraph_runs.request.stream_request import StreamRequest
from langgraph_runs.response import reading
from langgraph_runs.response.answer import Answer
from langgraph_runs.response.failure import is_complete, name_and_reason
from langgraph_runs.retry import Backoff
from langgraph_runs.stream.decoding import decode
from langgraph_runs.stream.ending import END, Ending
from langgraph_runs.stream.parts import (
    PARTS,
    ErrorPart,
    MetadataPart,
    Part,
    StreamPart,
    UpdatesPart,
    ValuesPart,
)
from langgraph_runs.stream.resumption import Resumption
from langgraph_runs.stream.sse import ServerSentEvent

Error = TypeVar("Error", bound=LangGraphRunsError)

_ABOUT_THE_RUN = ("metadata", "error", "feedback")
_PLAIN = {
    name: kind
    for name, kind in PARTS.items()
    if not name.startswith("messages/") and name not in _ABOUT_THE_RUN
}
"""Events of the graph that every server keeps. Most events are; they take a fast path."""
_STATES = ("values", "updates")
_QUESTION = b'"__interrupt__"'


def is_asked(event: str, modes: Sequence[str]) -> bool:
    """Whether an event belongs to one of these stream modes, or is about the run itself."""
    name = event.partition("|")[0]
    if name.startswith("messages"):
        return ("messages-tuple" if name == "messages" else "messages") in modes
    return name in modes or name in _ABOUT_THE_RUN


class Delivery:
    """Turns the events of a stream into parts, and skips those that were yielded before.

    Args:
        request: The stream.
        resumption: Says which events are new.
        ending: Learns how the run ends.
        backoff: The count of attempts, which is reset when something new comes.
        raise_error: Whether the error of a failed run is raised, rather than yielded as a part.

    Attributes:
        raise_error: The same.
        ending: The same.
        last_event_id: The id of the last event that was yielded; None if none had one.
        has_news: Whether this connection has brought something new.
        has_broken: Whether a connection has ended although the run may not have, and nothing new has come since.
        is_flowing: Whether an event has come since the last heartbeat.
    """

    def __init__(
        self,
        request: StreamRequest,
        resumption: Resumption,
        ending: Ending,
        backoff: Backoff,
        *,
        raise_error: bool,
    ) -> None:
        start_at = request.position
        self.last_event_id = (start_at["last_event_id"] or start_at["after"]) if start_at else None
        self.has_news = False
        self.has_broken = False
        self.is_flowing = False
        self.ending = ending
        self._modes = request.stream_mode
        # What takes the fast path: not the states of a stateless run, which may say that it waits for an answer.
        self._plain: dict[str, Callable[[str, Any, str], StreamPart[Any]]] = {
            name: kind
            for name, kind in _PLAIN.items()
            if (self._modes is None or is_asked(name, self._modes))
            and not (request.is_stateless and name in _STATES)
        }
        if "values" in self._plain:
            self._plain["values"] = self._values
        self._resumption = resumption
        self._held = ending.held
        self.raise_error = raise_error
        self._backoff = backoff
        self._answer: Answer | None = None

    def begin(self, answer: Answer) -> None:
        """Begins a connection, of which the headers have come."""
        self._answer, self.has_news, self.is_flowing = answer, False, False
        self.ending.is_last = False

    def take(self, event: ServerSentEvent) -> Part[Any, Any, Any] | None:
        """The part for this event; None if it was yielded before, or is not for the caller.

        Raises:
            RunFailedError: It is the error of the run, and `raise_error` is set.
            NotFoundError: It says that there is no such run.
            StreamGapError: The server no longer has some of the events before it.
            StreamDecodeError: It cannot be decoded.
        """
        kind = self._plain.get(event.event)
        if kind is not None and self._resumption.is_next(event):
            if not self.is_flowing:
                self._progress()
            self.last_event_id = event.id
            try:
                return kind(event.event, orjson.loads(event.data), event.id)  # type: ignore[return-value]
            except orjson.JSONDecodeError:
                pass  # left to `decode`
        elif not self._is_new(event):
            self.is_flowing = True
            return None
        elif self._modes is not None and not is_asked(event.event, self._modes):
            self._progress()
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
            self._held.has_ended = True
            is_gone = isinstance(failure, NotFoundError)
            if not is_gone and not is_complete(*name_and_reason(part.data)):
                self.ending.unexplained = part  # type: ignore[assignment]  # it is an ErrorPart
                return None
            self.ending.is_reported, self.ending.failure = True, failure
            if self.raise_error or is_gone:
                raise self.about(failure)
        self._note(part, event.data)
        self._progress()
        if part.id:
            self.last_event_id = part.id
        return part

    def explained(self, why: RunError | None) -> ErrorPart | None:
        """Takes the error of the run: raises it, or returns its part, in place of the event that did not explain it."""
        self.ending.is_reported, self.ending.failure = True, why
        if why is not None and self.raise_error:
            raise self.about(why)
        if not isinstance(why, RunFailedError):
            return None
        sent = self.ending.unexplained
        event_id = None if sent is None else sent.id
        self.last_event_id = event_id or self.last_event_id
        return ErrorPart("error", {"error": why.error, "message": why.reason}, event_id)

    def gone(self) -> StreamGapError:
        """The error for a run that has ended, and whose events do not come."""
        return self.about(StreamGapError("the run has ended, and the server no longer has its events"))

    def undecodable(self, why: Exception) -> StreamDecodeError:
        """The error for bytes that cannot be decoded."""
        return self.about(StreamDecodeError(str(why)))

    def about(self, error: Error) -> Error:
        """Adds what is known about the run and the position of the stream to an error, and returns it."""
        error.run_id, error.thread_id = self._held.run_id, self._held.thread_id
        if isinstance(error, StreamError):
            error.last_event_id, error.position = self.last_event_id, self._resumption.position
        return error

    def _values(self, event: str, data: Any, event_id: str | None) -> ValuesPart[Any]:
        part = ValuesPart(event, data, event_id)
        self.ending.take_values(part)
        return part

    def _note(self, part: Part[Any, Any, Any], sent: bytes) -> None:
        """Notes what a part that has not taken the fast path says about the outcome."""
        if isinstance(part, ValuesPart | UpdatesPart) and _QUESTION in sent:
            self.ending.has_question = True
        if isinstance(part, ValuesPart) and not part.namespace:
            self.ending.take_values(part)

    def _progress(self) -> None:
        self._backoff.attempt, self.has_broken, self.has_news, self.is_flowing = 0, False, True, True

    def _is_new(self, event: ServerSentEvent) -> bool:
        if self._held.has_ended and self._resumption.has_events and (event.inherits_id or not event.id):
            # Either `event: end`, which some servers send to a late reader, or the error that the run does not exist.
            if event.event == "error" and not self.ending.has_failed:
                self.ending.is_reported = True
            return False
        if self.ending.unexplained is not None:
            return False
        try:
            is_new = self._resumption.is_new(event)
        except StreamError as error:
            raise self.about(error) from error.__cause__
        if event.event != END:
            return is_new
        self.ending.take(event)
        return False
