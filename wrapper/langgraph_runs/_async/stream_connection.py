"""One connection of a stream, whose bytes become events."""

from __future__ import annotations

from time import monotonic

from langgraph_runs._async.response import AsyncResponse
from langgraph_runs.deadline import AsyncDeadline
from langgraph_runs.errors import APIConnectionError
from langgraph_runs.stream.cursor import Cursor
from langgraph_runs.stream.sse import EventTooLargeError, ServerSentEvent, SSEDecoder


class AsyncStreamConnection:
    """One connection of a stream.

    Args:
        response: The response.
        cursor: Gets what comes besides events.
        max_event_bytes: The largest size of one event.

    Attributes:
        response: The same.
        decoder: Turns the bytes into events. If it has news, call `check`.
        interruption: The exception of a read if it has nothing to do with the connection, such as one of a signal
            handler.
        is_torn: Whether something that was read may be missing, because a signal has interrupted a read.
    """

    def __init__(self, response: AsyncResponse, cursor: Cursor, max_event_bytes: int) -> None:
        self.response = response
        self.decoder = SSEDecoder(max_event_bytes=max_event_bytes)
        self.interruption: Exception | None = None
        self.is_torn = False
        self._cursor = cursor
        self._silent_since: float | None = None  # when a read was interrupted, with nothing read since

    async def read(self, deadline: AsyncDeadline) -> list[ServerSentEvent] | None:
        """The events that have come, the next one last; None at the end of the connection.

        Raises:
            APIConnectionError: The connection was lost.
            DeadlineExceededError: The deadline has passed.
        """
        timeout = self._cursor.patience
        if deadline.ends_at is not None:
            timeout = deadline.left(timeout)
        if self._silent_since is not None and timeout is not None:
            timeout = max(0.0, timeout - (monotonic() - self._silent_since))
        try:
            data = await self.response.pull(timeout)
        except Exception as error:
            if (failure := self.response.failure(error, timeout)) is None:
                self.interruption = error
                raise
            raise failure from error
        self._silent_since = None
        if not data:
            return None
        events = self.decoder.events(data)
        events.reverse()
        return events

    def check(self) -> bool:
        """Handles what has come besides events. Returns False if the stream does not need this connection any more.

        Raises:
            StreamDecodeError: An event is too large.
            StreamGapError: The server no longer has the events.
            StreamInterruptedError: The stream cannot be resumed.
        """
        if self.is_torn:
            facts = self.response.answer.facts()
            self._cursor.failed(APIConnectionError("a signal has interrupted a read", **facts))
            return False
        self.decoder.has_news = False
        try:
            self.decoder.check()
        except EventTooLargeError as error:
            raise self._cursor.delivery.undecodable(error) from error
        return self._cursor.heard(self.decoder, monotonic())

    def interrupted(self, *, is_exact: bool) -> bool:
        """Notes that a read was interrupted; unless `is_exact`, between any two instructions. Silence still counts.
        Returns whether something may be missing."""
        self.interruption = None
        self.is_torn = not is_exact
        self._silent_since = self._silent_since or monotonic()
        return self.is_torn

    async def aclose(self) -> None:
        """Releases the connection."""
        await self.response.aclose()
