"""Where a stream stands: which run it is of, what was seen last, what an end means. No I/O."""

from __future__ import annotations

from typing import Any

from langgraph_runs import answers
from langgraph_runs.answers import Answer
from langgraph_runs.arguments import flag
from langgraph_runs.errors import NotFoundError, StreamDecodeError, StreamInterruptedError
from langgraph_runs.options import OnRunCreated
from langgraph_runs.parts import ErrorPart, MetadataPart, Part, decode
from langgraph_runs.plain import is_object
from langgraph_runs.sse import ServerSentEvent


class Cursor:
    """Follows one stream from its headers to its end.

    Attributes:
        run_id: The run; None until the server has said it.
        thread_id: Its thread; None where the server does not say it, as with a stateless run.
        last_event_id: The id of the last event that was handed out; None when none had one.
    """

    def __init__(
        self,
        *,
        run_id: str | None = None,
        thread_id: str | None = None,
        last_event_id: str | None = None,
        raise_error: bool = True,
        on_run_created: OnRunCreated | None = None,
    ) -> None:
        self.run_id = run_id
        self.thread_id = thread_id
        self.last_event_id = last_event_id
        self._raise_error = flag("raise_error", raise_error)
        self._on_run_created = on_run_created
        self._answer: Answer | None = None

    def opened(self, answer: Answer) -> None:
        """The headers have come."""
        self._answer = answer
        self._learn(answer.run_id, answer.thread_id)

    def take(self, event: ServerSentEvent) -> Part[Any, Any, Any]:
        """The part that this event is.

        Raises:
            RunFailedError: It is the run's error, unless the caller asked for that as a part.
            NotFoundError: It says that there is no such run.
            StreamDecodeError: It cannot be read.
        """
        try:
            part = decode(event)
        except StreamDecodeError as error:
            error.run_id, error.thread_id = self.run_id, self.thread_id
            error.last_event_id = self.last_event_id
            raise
        if isinstance(part, MetadataPart) and is_object(part.data):
            self._learn(part.data.get("run_id"), None)
        elif isinstance(part, ErrorPart) and self._answer is not None:
            failure = answers.failure(self._answer, part.data)
            if self._raise_error or isinstance(failure, NotFoundError):
                failure.run_id, failure.thread_id = self.run_id, self.thread_id
                raise failure
        self.last_event_id = part.id or self.last_event_id
        return part

    def interrupted(self, why: object) -> StreamInterruptedError:
        """The connection was lost before the stream's end."""
        return StreamInterruptedError(
            f"the stream broke off: {why}",
            run_id=self.run_id,
            thread_id=self.thread_id,
            last_event_id=self.last_event_id,
        )

    def undecodable(self, why: object) -> StreamDecodeError:
        """The stream cannot be read on."""
        return StreamDecodeError(
            str(why), run_id=self.run_id, thread_id=self.thread_id, last_event_id=self.last_event_id
        )

    def _learn(self, run_id: object, thread_id: str | None) -> None:
        self.thread_id = self.thread_id or thread_id
        if self.run_id is None and isinstance(run_id, str):
            self.run_id = run_id
            if self._on_run_created:
                self._on_run_created(run_id, self.thread_id)
