"""Where a stream stands, and what is next: to read on, to ask whether the run has ended, to go on with it. No I/O."""

from __future__ import annotations

import logging
from dataclasses import replace
from enum import Enum
from random import Random
from typing import Any, TypeVar

from langgraph_runs_api.models import Run

from langgraph_runs import answers, wire
from langgraph_runs.answers import Answer
from langgraph_runs.arguments import callback, flag
from langgraph_runs.errors import (
    APIError,
    LangGraphRunsError,
    NotFoundError,
    RunFailedError,
    StreamDecodeError,
    StreamError,
    StreamGapError,
    StreamInterruptedError,
)
from langgraph_runs.options import OnReconnect
from langgraph_runs.parts import ErrorPart, MetadataPart, Part, decode
from langgraph_runs.plain import is_object
from langgraph_runs.replay import FROM_THE_START, Position, Replay, is_kept
from langgraph_runs.retry import SHORTEST_DELAY, RetryPolicy, is_passing
from langgraph_runs.sse import ServerSentEvent, SSEDecoder
from langgraph_runs.wire import Call, Following

log = logging.getLogger("langgraph_runs")

_GONE = "the server does not know the run any more: it was rolled back or deleted, or lost in a crash"

_GOES_ON = ("pending", "running")
_FAILED = ("error", "timeout")

Error = TypeVar("Error", bound=LangGraphRunsError)

_LEAST_PATIENCE = 15.0  # seconds without a byte, where there are heartbeats
_BEATS = 3  # that may be missed
_EMPTY_AT_MOST = 2  # replays of a run that has ended, before it counts as a fact that nothing is there
_LIVES_AFTER = (
    5.0  # seconds: a connection that has held so long was worth its attempt, though nothing happened
)


class Step(Enum):
    """What a stream does next."""

    OPEN = "open a connection, and read it to its end"
    ASK = "ask where the run stands"
    EXPLAIN = "ask why the run has failed"
    OVER = "nothing"


class Cursor:
    """Follows one stream over all of its connections. What happened is told to it; `step` says what to do then.

    Args:
        following: What to open, and to repeat.
        raise_error: Whether a failed run raises.
        on_reconnect: Is told (attempt, delay, cause) before each new connection.
        policy: How often to try, and how long to wait.
        random: For the jitter.

    Attributes:
        run_id: The run; None until the server has said it.
        thread_id: Its thread; None where the server does not say it, as with a stateless run.
        last_event_id: The id of the last event that was handed out; None when none had one.
        step: What to do next.
        delay: How many seconds to wait before.
        patience: How long a connection may be silent, in seconds; None for any time.
    """

    def __init__(
        self,
        following: Following,
        *,
        raise_error: bool,
        on_reconnect: OnReconnect | None,
        policy: RetryPolicy,
        random: Random,
    ) -> None:
        call, position = following.call, following.position
        self.run_id = call.run_id
        self.thread_id = call.thread_id
        self.last_event_id = position["last_event_id"] or position["after"] if position else None
        self.step = Step.OPEN
        self.delay = 0.0
        self.patience: float | None = None
        self._following = following
        self._call = call
        self._raise_error = flag("raise_error", raise_error)
        self._on_reconnect = callback("on_reconnect", on_reconnect, "(attempt, delay, cause)")
        self._policy = policy
        self._random = random
        self._replay = Replay(FROM_THE_START if following.is_new else None)
        if position:
            self._replay = Replay(position["after"], position["last_event_id"], position["count"])
        self._is_kept, self._is_lossy = following.is_kept, following.is_lossy
        self._answer: Answer | None = None
        self._connections = 0
        self._attempt = 0
        self._opened_at = self._beat_at = 0.0
        self._comments = 0
        self._has_broken = False  # the last connection ended before the run, for all that is known
        self._has_news = False  # this connection: it has brought something new
        self._has_ended = False  # the run
        self._has_failed = False  # the run
        self._has_told = False  # that it has failed

    @property
    def position(self) -> Position | None:
        """Where the stream stands, for another one to go on from; None where that is not possible."""
        if self._why_not() or self.run_id is None or self.thread_id is None or self._replay.after is None:
            return None
        return {
            "thread_id": self.thread_id,
            "run_id": self.run_id,
            "after": self._replay.after,
            "last_event_id": self._replay.last,
            "count": self._replay.count,
            "stream_mode": self._following.stream_mode,
        }

    @property
    def in_doubt(self) -> bool:
        """Whether the rest of this connection is better left unread: `resume` then."""
        return self._replay.in_doubt

    # What to send

    def opening(self) -> Call[None]:
        """The request for the next connection."""
        return self._call

    def asking(self) -> Call[Run]:
        """The request for the run as it is now."""
        return replace(wire.get(self._following.options, str(self.thread_id), str(self.run_id)), urgent=True)

    def explaining(self) -> Call[Any]:
        """The request for what the run failed with."""
        ids = str(self.thread_id), str(self.run_id)
        return replace(wire.join(self._following.options, *ids, raise_error=False), urgent=True)

    def cleaning(self) -> Call[None] | None:
        """The request to delete the thread that was made for the run, once it has ended; None for nothing to delete."""
        if not self._has_ended or self._following.thread_to_delete is None:
            return None
        return wire.delete_thread(self._following.options, self._following.thread_to_delete)

    # What has happened

    def opened(self, answer: Answer, now: float) -> None:
        """A connection has begun; its headers have come."""
        has_position = self._following.position is not None
        # The first connection of a join is not dropped for a doubt where that would stop the run.
        may_ask = self._connections > 0 or not self._following.cancel_on_disconnect
        self._replay.begin(replayed=self._connections > 0 or has_position, may_ask=may_ask)
        self._connections += 1
        self._answer = answer
        self._opened_at = self._beat_at = now
        self._comments, self._has_news = 0, False
        self._learn(answer.run_id, answer.thread_id)

    def take(self, event: ServerSentEvent) -> Part[Any, Any, Any] | None:
        """The part that this event is; None if it was handed out before.

        Raises:
            RunFailedError: It is the run's error, unless the caller asked for that as a part.
            NotFoundError: It says that there is no such run.
            StreamGapError: There were events before it that the server does not have any more.
            StreamDecodeError: It cannot be read.
        """
        if not self._is_new(event):
            return None
        try:
            part = decode(event)
        except StreamDecodeError as error:
            raise self._about(error) from error.__cause__
        kind = type(part)
        if kind is MetadataPart and is_object(part.data):
            self._learn(part.data.get("run_id"), None)
        elif kind is ErrorPart and self._answer is not None:
            failure = answers.failure(self._answer, part.data)
            if isinstance(failure, NotFoundError) and self._connections > 1:
                raise self._interrupted(_GONE) from failure
            self._has_ended = self._has_told = True
            if self._raise_error or isinstance(failure, NotFoundError):
                raise self._about(failure)
        self._attempt, self._has_broken, self._has_news = 0, False, True
        if part.id:
            self.last_event_id = part.id
        return part

    def heard(self, decoder: SSEDecoder, now: float) -> None:
        """Bytes have come."""
        if decoder.comments > self._comments:
            interval = now - self._beat_at
            self._comments, self._beat_at = decoder.comments, now
            self.patience = max(_LEAST_PATIENCE, _BEATS * interval, self.patience or 0.0)
        if now - self._opened_at >= _LIVES_AFTER:
            self._attempt = 0

    def undecodable(self, why: Exception) -> StreamDecodeError:
        """The stream cannot be read on."""
        return self._about(StreamDecodeError(str(why)))

    def ended(self, *, amid: bool) -> None:
        """The connection has ended, as it does with the run, or when a server or a proxy shuts down.

        Once the run has ended, a connection that brings what was there before, and nothing new, is the last one. One
        that breaks off `amid` an event was cut. One that does not even bring what was there before was cut too, or the
        server does not keep what has ended: that it happens several times in a row tells.
        """
        self._has_news = self._has_news or amid
        if not self._has_ended and not self._is_stateless():
            self.step, self.delay = Step.ASK, 0.0
        elif amid and self._is_stateless():
            raise self._interrupted(f"it ended amid an event; {self._why_not()}")
        elif self._has_told or self._why_not() or not (self._replay.missing or self._has_news):
            self._finish()
        elif self._has_news or self._attempt < _EMPTY_AT_MOST:
            self._attempt += 1
            self.resume()
        elif self._has_broken:
            message = "the run has ended, and the server does not have its events any more"
            raise self._about(StreamGapError(message))
        else:
            self._finish()

    def answered(self, run: Run) -> None:
        """The run is so and so. If it has ended, there may still be events of it that a broken connection has kept
        back; so the stream is gone on with once more, to see that nothing comes."""
        if run.status in _GOES_ON:
            self._again(None)
            return
        self._over(has_failed=run.status in _FAILED)

    def failed(self, error: APIError) -> Part[Any, Any, Any] | None:
        """A connection broke, or a request failed. Gives the part that tells of a failed run, where all that failed was
        to ask why it did.

        Raises:
            APIError: It was the first request of all.
            StreamInterruptedError: The stream cannot be gone on with.
        """
        if self._answer is None:
            raise error
        if self.step is Step.EXPLAIN and not is_passing(error):
            return self.explained(None)
        if self.step is Step.ASK and isinstance(error, NotFoundError) and not self._has_broken:
            self._over(has_failed=False)  # and was deleted: a stateless run's thread goes with it
            return None
        if not is_passing(error):
            raise self._interrupted(_GONE if isinstance(error, NotFoundError) else str(error)) from error
        self._again(error)
        return None

    def explained(self, values: object) -> Part[Any, Any, Any] | None:
        """The run failed with this, or nobody knows with what."""
        told = values.get("__error__") if is_object(values) else None
        data = told if is_object(told) else {"error": "Error", "message": "the server does not say why"}
        self.step, self._has_told = Step.OVER, True
        if self._raise_error:
            raise self._about(RunFailedError(str(data.get("error")), str(data.get("message"))))
        return ErrorPart("error", data)

    def resume(self) -> None:
        """Go on from where the stream stands, on a new connection.

        Raises:
            StreamInterruptedError: That is not possible.
        """
        position = self.position
        if position is None:
            raise self._interrupted(str(self._why_not()))
        self._call = replace(wire.rejoin(self._following, position), urgent=True)
        self.step, self.delay = Step.OPEN, SHORTEST_DELAY

    # How that is decided

    def _is_new(self, event: ServerSentEvent) -> bool:
        if not event.id or not is_kept(event.event, event.id):
            if self._replay.last is not None and self._has_ended and not event.id:
                # `event: end`, which some servers send to whoever comes late; or that the run is gone.
                self._has_told = self._has_told or (event.event == "error" and not self._has_failed)
                return False
            self._is_kept = self._is_kept and (bool(event.id) or event.event in ("error", "end"))
            self._is_lossy = self._is_lossy or event.event.startswith("messages/")
            return not self._replay.in_doubt
        if not self._is_kept:
            self._is_kept = not self._following.is_new
        try:
            return self._replay.is_new(event.id, event)
        except LookupError as error:
            message = f"the server does not have the events right behind {self._replay.last} any more"
            raise self._about(StreamGapError(message)) from error

    def _again(self, cause: APIError | None) -> None:
        """The connection was lost, or has ended before the run."""
        if why := self._why_not():
            raise self._interrupted(f"{cause or 'the connection ended before the run'}; {why}") from cause
        self._attempt += 1
        if self._attempt > self._policy.attempts:
            raise self._interrupted(f"{cause or 'the connection ended before the run'}") from cause
        self._has_broken = True
        delay = self._policy.delay(self._attempt, self._random)
        reason = cause or "it ended before the run"
        log.warning(
            "stream of run %s broke off (%s); attempt %d in %.2f s", self.run_id, reason, self._attempt, delay
        )
        if self._on_reconnect:
            self._on_reconnect(self._attempt, delay, cause)
        if self.step is Step.OPEN or cause is None:
            self.resume()
        self.delay = delay

    def _why_not(self) -> str | None:
        """Why this stream cannot be gone on with; None if it can."""
        if self._is_stateless():
            return "a stateless run has no stream to go on with (stream_resumable=True makes one)"
        if self.run_id is None or self.thread_id is None:
            return "the server has not said which run it is"
        if not self._is_kept:
            return "the server does not keep the events of a run that is not resumable"
        if self._is_lossy and not is_kept("messages/partial", self._replay.last or "0-0"):
            return "the server does not keep events of the mode 'messages' ('messages-tuple' it does)"
        if self._replay.after is None:
            return "no event has come that would say where to go on"
        return None

    def _is_stateless(self) -> bool:
        return self._following.is_new and self._following.call.thread_id is None

    def _over(self, *, has_failed: bool) -> None:
        self._has_ended, self._attempt = True, 0
        self._has_failed = has_failed
        if self._replay.last is not None and not self._why_not():
            self.resume()
        else:
            self._finish()

    def _finish(self) -> None:
        self.step = Step.EXPLAIN if self._has_failed and not self._has_told else Step.OVER
        self.delay = 0.0

    def _interrupted(self, why: str) -> StreamInterruptedError:
        return self._about(StreamInterruptedError(f"the stream broke off: {why}"))

    def _about(self, error: Error) -> Error:
        """The error, with what is known of the run and of where the stream stands."""
        error.run_id, error.thread_id = self.run_id, self.thread_id
        if isinstance(error, StreamError):
            error.last_event_id, error.position = self.last_event_id, self.position
        return error

    def _learn(self, run_id: object, thread_id: str | None) -> None:
        self.thread_id = self.thread_id or thread_id
        if self.run_id is None and isinstance(run_id, str):
            self.run_id = run_id
            if tell := self._following.call.on_run_created:
                tell(run_id, self.thread_id)
