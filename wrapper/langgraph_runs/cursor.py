"""Where a stream stands, and what is next: to read on, to ask whether the run has ended, to go on with it. No I/O."""

from __future__ import annotations

import logging
from dataclasses import replace
from enum import Enum
from typing import Any, TypeAlias, TypeVar

import orjson
from langgraph_runs_api.models import Run

from langgraph_runs import answers, wire
from langgraph_runs.answers import Answer
from langgraph_runs.arguments import callback, flag
from langgraph_runs.call import Call
from langgraph_runs.errors import (
    BY_RUN_STATUS,
    APIError,
    LangGraphRunsError,
    NotFoundError,
    RunError,
    RunFailedError,
    StreamDecodeError,
    StreamError,
    StreamGapError,
    StreamInterruptedError,
)
from langgraph_runs.flow import Flow, attempted, once, started
from langgraph_runs.guard import RunGuard
from langgraph_runs.options import OnReconnect
from langgraph_runs.outcomes import GOES_ON, NOT_TOLD, settled
from langgraph_runs.parts import PLAIN, ErrorPart, MetadataPart, Part, decode
from langgraph_runs.plain import is_object
from langgraph_runs.pulse import Pulse
from langgraph_runs.replay import FROM_THE_START, Position, Replay, is_kept
from langgraph_runs.retry import LIVES_AFTER, SHORTEST_DELAY, Retries, is_passing
from langgraph_runs.sse import ServerSentEvent, SSEDecoder
from langgraph_runs.wire import Following

log = logging.getLogger("langgraph_runs")

Error = TypeVar("Error", bound=LangGraphRunsError)

Standing: TypeAlias = tuple[str | None, str | None, int, int | None]

_EMPTY_AT_MOST = 2  # replays of a run that has ended, before it counts as a fact that nothing is there


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
        retries: How often to try, and how long to wait.
        guard: The run, as far as it is known, and what becomes of it when its caller goes away.

    Attributes:
        guard: The same.
        retries: The same.
        last_event_id: The id of the last event that was handed out; None when none had one.
        step: What to do next.
        patience: How long a connection may be silent, in seconds; None for any time.
        delay: How many seconds to wait before.
    """

    def __init__(
        self,
        following: Following,
        *,
        raise_error: bool,
        on_reconnect: OnReconnect | None,
        retries: Retries,
        guard: RunGuard,
    ) -> None:
        call, position = following.call, following.position
        self.guard = guard
        self.last_event_id = position["last_event_id"] or position["after"] if position else None
        self.step = Step.OPEN
        self.delay = 0.0
        self.patience: float | None = None
        self._pulse = Pulse(0.0)
        self._following = following
        self._call = call
        self._raise_error = flag("raise_error", raise_error)
        self._on_reconnect = callback("on_reconnect", on_reconnect, "(attempt, delay, cause)")
        self.retries = retries
        self._replay = Replay(*_standing(following), is_whole=following.stream_mode is None)
        self._is_kept, self._is_lossy = following.is_kept, following.is_lossy
        self._answer: Answer | None = None
        self._connections = 0
        self._attempt = 0
        self._opened_at = 0.0
        self._comments = 0
        self._least_delay = 0.0
        self._has_broken = False  # the last connection ended before the run, for all that is known
        self._has_news = False  # this connection: it has brought something new
        self._run: Run | None = None  # as it was when it had ended
        self._has_told = False  # that it has failed

    @property
    def run_id(self) -> str | None:
        """The run; None until the server has said it."""
        return self.guard.run_id

    @property
    def thread_id(self) -> str | None:
        """Its thread; None where the server does not say it, as with a stateless run."""
        return self.guard.thread_id

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
            "first": self._replay.first,
            "stream_mode": self._following.stream_mode,
        }

    @property
    def in_doubt(self) -> bool:
        """Whether the rest of this connection is better left unread: `resume` then."""
        return self._replay.in_doubt

    # What to send

    def opening(self) -> Flow[Any]:
        """The way to the next connection; or to the run, where the answer to the request that starts it was lost."""
        if self._connections:
            if (
                self._call.starts_a_run
            ):  # what had to be decided was interrupted: a run is never started twice
                self.resume()
            return once(self._call)
        self.guard.has_begun = True
        if self._call.starts_a_run:
            return started(self._call, self.retries)
        return attempted(self._call, self.retries.of_a_call())

    def asking(self) -> Flow[Run | None]:
        """The way to the run as it is now; None where it has ended, and has gone with its thread, as a stateless run
        does. One that was rolled back or deleted leaves its thread behind.

        Raises:
            NotFoundError: It is one of these.
        """
        try:
            return (yield from once(wire.get(self.guard.options, *self.guard.ids())))
        except NotFoundError:
            if self._following.is_new or self._has_broken:
                raise
            try:
                yield from once(wire.thread(self._call.options, str(self.thread_id)))
            except NotFoundError:
                return None
            raise

    def explaining(self) -> Flow[RunError | None]:
        """The way to what the run has failed with."""
        assert self._run is not None
        outcome = yield from settled(self._run, self.guard, self.retries.of_a_call())
        return outcome.error

    def cleaning(self) -> Call[None] | None:
        """The request to delete the thread that was made for the run, once it has ended; None for nothing to delete."""
        is_over = self._has_told or self.step is Step.OVER
        if not is_over or self._following.thread_to_delete is None:
            return None
        return wire.delete_thread(self._call.options, self._following.thread_to_delete)

    # What has happened

    def opened(self, answer: Answer, now: float) -> None:
        """A connection has begun; its headers have come."""
        has_position = self._following.position is not None
        # The first connection of a join is not dropped for a doubt where that would stop the run.
        may_ask = self._connections > 0 or not self._following.cancel_on_disconnect
        self._replay.begin(replayed=self._connections > 0 or has_position, may_ask=may_ask)
        self._connections += 1
        self._answer = answer
        self._opened_at, self._pulse = now, Pulse(now, self.patience)
        self._comments, self._has_news = 0, False
        self.guard.learn(answer.run_id, answer.thread_id)

    def found(self, run: Run) -> None:
        """The answer to the request that starts the run was lost, but the server has the run."""
        self._connections = 1
        self.guard.learn(run.run_id, run.thread_id)
        self.resume()

    def take(self, event: ServerSentEvent) -> Part[Any, Any, Any] | None:
        """The part that this event is; None if it was handed out before.

        Raises:
            RunFailedError: It is the run's error, unless the caller asked for that as a part.
            NotFoundError: It says that there is no such run.
            StreamGapError: There were events before it that the server does not have any more.
            StreamDecodeError: It cannot be read.
        """
        name, data, event_id, inherits_id = event
        kind = PLAIN.get(name)
        if kind is not None and self._is_kept and not inherits_id and self._replay.is_next(event_id):
            if not self._has_news:
                self._progress()
            self.last_event_id = event_id
            try:
                return kind(name, orjson.loads(data), event_id)  # type: ignore[return-value]
            except orjson.JSONDecodeError:
                pass  # `decode` knows what that may be
        elif not self._is_new(event):
            return None
        try:
            part = decode(event)
        except StreamDecodeError as error:
            self.last_event_id = event.id or self.last_event_id  # where the position is too: right behind it
            raise self._about(error) from error.__cause__
        kind = type(part)
        if kind is MetadataPart and is_object(part.data):
            self.guard.learn(part.data.get("run_id"), None)
        elif kind is ErrorPart and self._answer is not None:
            failure = answers.failure(self._answer, part.data)
            self.guard.has_ended = self._has_told = True
            if self._raise_error or isinstance(failure, NotFoundError):
                raise self._about(failure)
        self._progress()
        if part.id:
            self.last_event_id = part.id
        return part

    def _progress(self) -> None:
        self._attempt, self._has_broken, self._has_news = 0, False, True

    def heard(self, decoder: SSEDecoder, now: float) -> None:
        """Bytes have come."""
        if decoder.comments > self._comments:
            self._comments = decoder.comments
            self._pulse.beat(now)
            self.patience = self._pulse.patience
        if decoder.retry is not None:
            self._least_delay = min(decoder.retry / 1000, self.retries.policy.longest_delay)
        if now - self._opened_at >= LIVES_AFTER:
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
        if not self.guard.has_ended and not self._is_stateless():
            self.step, self.delay = Step.ASK, 0.0
        elif amid and self._is_stateless():
            raise self._interrupted(f"it ended amid an event; {self._why_not()}")
        elif self._has_told or self._why_not() or not (self._is_missing() or self._has_news):
            self._finish()
        elif self._attempt < (self.retries.policy.attempts if self._has_news else _EMPTY_AT_MOST):
            self._attempt += 1
            self.resume()
        elif amid:
            raise self._interrupted("the run has ended, and each connection ends amid an event")
        elif self._has_news:
            self._finish()
        elif self._has_broken:
            message = "the run has ended, and the server does not have its events any more"
            raise self._about(StreamGapError(message))
        else:
            self._finish()

    def answered(self, run: Run | None) -> None:
        """The run is so and so, or gone as it should be. If it has ended, there may still be events of it that a broken
        connection has kept back; so the stream is gone on with once more, to see that nothing comes."""
        if run is not None and run.status in GOES_ON:
            self._again(None)
            return
        self._run = run
        self.guard.has_ended, self._attempt = True, 0
        if self._why_not():
            self._finish()
        else:
            self.resume()

    def failed(self, error: APIError) -> Part[Any, Any, Any] | None:
        """A connection broke, or a request failed. Gives the part that tells of a failed run, where all that failed was
        to ask why it did.

        Raises:
            APIError: It was the first request of all.
            NotFoundError: The run is gone: it was rolled back or deleted, or lost in a crash.
            StreamInterruptedError: The stream cannot be gone on with.
        """
        if not self._connections:
            raise error
        if is_passing(error):
            self._again(error)
            return None
        if self.step is Step.EXPLAIN and self._run is not None:
            return self.explained(answers.run_error(str(self._run.status), NOT_TOLD, **self.guard.facts()))
        if isinstance(error, NotFoundError):
            raise self._about(error)
        raise self._interrupted(str(error)) from error

    def explained(self, why: RunError | None) -> Part[Any, Any, Any] | None:
        """The run has failed with this; or it has not failed, but waits for an answer."""
        self.step, self._has_told = Step.OVER, True
        if why is None:
            return None
        if self._raise_error:
            raise self._about(why)
        if isinstance(why, RunFailedError):
            return ErrorPart("error", {"error": why.error, "message": why.reason})
        return None

    def resume(self) -> None:
        """Go on from where the stream stands, on a new connection.

        Raises:
            StreamInterruptedError: That is not possible.
        """
        position = self.position
        if position is None:
            raise self._interrupted(str(self._why_not()))
        try:
            self._call = replace(wire.rejoin(self._following, position), urgent=True)
        except ValueError as error:  # an id that no header can carry
            raise self._interrupted(str(error)) from error
        self.step, self.delay = Step.OPEN, SHORTEST_DELAY

    # How that is decided

    def _is_new(self, event: ServerSentEvent) -> bool:
        event_id = "" if event.inherits_id else event.id
        if not event_id or not is_kept(event.event, event_id):
            if self._replay.last is not None and self.guard.has_ended and not event_id:
                # `event: end`, which some servers send to whoever comes late; or that the run is gone.
                self._has_told = self._has_told or (event.event == "error" and not self._has_failed)
                return False
            self._is_kept = self._is_kept and (bool(event_id) or event.event in ("error", "end"))
            if event.event.startswith("messages/") and not self._is_lossy:
                self._is_lossy = True
                if self._connections > 1:  # what came before it on the connection that was cut is lost
                    raise self._interrupted(str(self._why_not()))
            return not self._replay.in_doubt
        if not self._is_kept:
            self._is_kept = not self._following.is_new
        try:
            return self._replay.is_new(event_id, event)
        except LookupError as error:
            message = f"the server does not have the events right behind {self._replay.last} any more"
            raise self._about(StreamGapError(message)) from error

    def _again(self, cause: APIError | None) -> None:
        """The connection was lost, or has ended before the run."""
        if why := self._why_not():
            raise self._interrupted(f"{cause or 'the connection ended before the run'}; {why}") from cause
        self._attempt += 1
        if self._attempt > self.retries.policy.attempts:
            raise self._interrupted(f"{cause or 'the connection ended before the run'}") from cause
        self._has_broken = True
        delay = max(self.retries.delay(self._attempt, cause), self._least_delay)
        reason = cause or "it ended before the run"
        log.warning(
            "stream of run %s broke off (%s); attempt %d in %.2f s", self.run_id, reason, self._attempt, delay
        )
        if self.step is Step.OPEN or cause is None:
            self.resume()
        self.delay = delay
        if self._on_reconnect:
            self._on_reconnect(self._attempt, delay, cause)

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

    @property
    def _has_failed(self) -> bool:
        return self._run is not None and self._run.status in BY_RUN_STATUS

    def _is_missing(self) -> bool:
        """Whether this connection has not brought what was there before; of a whole run, the first event at least."""
        is_empty = self._replay.after == FROM_THE_START and self._replay.last is None
        return self._replay.missing or is_empty

    def _finish(self) -> None:
        self.step = Step.EXPLAIN if self._has_failed and not self._has_told else Step.OVER
        self.delay, self.guard.has_ended = 0.0, True

    def _interrupted(self, why: str) -> StreamInterruptedError:
        return self._about(StreamInterruptedError(f"the stream broke off: {why}"))

    def _about(self, error: Error) -> Error:
        """The error, with what is known of the run and of where the stream stands."""
        error.run_id, error.thread_id = self.run_id, self.thread_id
        if isinstance(error, StreamError):
            error.last_event_id, error.position = self.last_event_id, self.position
        return error


def _standing(following: Following) -> Standing:
    """Where a stream begins: the first four arguments of its Replay."""
    if (position := following.position) is not None:
        return position["after"], position["last_event_id"], position["count"], position["first"]
    return FROM_THE_START if following.is_new else None, None, 0, None
