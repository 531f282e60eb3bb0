"""The state of one stream: whether to read on, to ask if the run has ended, or to resume. No I/O."""

from __future__ import annotations

import logging
from typing import Any

from langgraph_runs_api.models import Run

from langgraph_runs.errors import (
    APIError,
    NotFoundError,
    RunError,
    RunFailedError,
    StreamGapError,
    StreamInterruptedError,
)
from langgraph_runs.request.options import OnReconnect
from langgraph_runs.request.stream_request import StreamRequest
from langgraph_runs.response.answer import Answer
from langgraph_runs.response.failure import BY_RUN_STATUS, UNKNOWN_FAILURE, is_active, run_error
from langgraph_runs.retry import SHORTEST_DELAY, STABLE_AFTER, is_transient
from langgraph_runs.run.cancel_on_exit import HeldRun
from langgraph_runs.run.retrying import Flow, once
from langgraph_runs.stream.delivery import Delivery
from langgraph_runs.stream.heartbeat import Heartbeat
from langgraph_runs.stream.parts import ErrorPart, Part
from langgraph_runs.stream.resumption import Resumption, interrupted
from langgraph_runs.stream.sse import SSEDecoder
from langgraph_runs.stream.steps import Step, asking, cleaning, explaining, opening

log = logging.getLogger("langgraph_runs")

_EMPTY_REPLAYS = 2  # of a run that has ended, after which the server certainly has no events


class Cursor:
    """Follows one stream over all of its connections. It is told what happened; `step` says what to do next.

    Args:
        request: The stream to open, and what to repeat when it is resumed.
        raise_error: Whether the error of a failed run is raised, rather than yielded as a part.
        on_reconnect: Called with (attempt, delay, cause) before each new connection.
        held: The run, as far as it is known, and what happens to it when its caller leaves.

    Attributes:
        held: The same.
        resumption: Whether the stream can be resumed, and where.
        delivery: Turns the events into parts.
        step: What to do next.
        delay: How many seconds to wait before that.
        patience: How long a connection may be silent, in seconds; None for any time.
    """

    def __init__(
        self, request: StreamRequest, *, raise_error: bool, on_reconnect: OnReconnect | None, held: HeldRun
    ) -> None:
        self.held = held
        self.resumption = Resumption(request, held)
        self._backoff = held.backoff.for_run()
        self.delivery = Delivery(request, self.resumption, held, self._backoff, raise_error=raise_error)
        self.step = Step.OPEN
        self.delay = 0.0
        self.patience: float | None = None
        self._request = request
        self._call = request.call  # the one that opens the next connection
        self._on_reconnect = on_reconnect
        self._heartbeat = Heartbeat(0.0)
        self._opened_at = 0.0
        self._least_delay = 0.0
        self._ended_run: Run | None = None

    # What to send

    def flow(self) -> Flow[Any]:
        """The requests of this step; `received` takes their result."""
        if self.step is Step.ASK:
            return asking(self._request, self.held, has_broken=self.delivery.has_broken)
        if self.step is Step.EXPLAIN and self._ended_run is not None:
            return explaining(self._ended_run, self.held)
        if not self.resumption.connections:
            return opening(self._call, self.held)
        if self._call.starts_a_run:  # interrupted before it was resumed; a run is never started twice
            self.resume()
        return once(self._call)

    def cleaning(self) -> Flow[None] | None:
        """The flow that deletes the thread created for the run; None if there is none, or the run is active."""
        is_over = self.delivery.failure_reported or self.step is Step.OVER
        return cleaning(self._request, self.held) if is_over and self._request.thread_to_delete else None

    # What has happened

    def opened(self, answer: Answer, now: float) -> None:
        """Takes a new connection, of which the headers have come."""
        self.resumption.begin()
        self.delivery.begin(answer)
        self._opened_at, self._heartbeat = now, Heartbeat(now, self.patience)
        self.held.learn(answer.run_id, answer.thread_id)

    def received(self, result: Any) -> Part[Any, Any, Any] | None:
        """Takes the result of the requests of this step, which may be an error. Returns the part for it, if any."""
        if isinstance(result, APIError):
            return self.failed(result)
        if self.step is Step.EXPLAIN:
            return self.explained(result)
        if self.step is Step.ASK:
            self.status_received(result)
        else:
            self.run_found(result)
        return None

    def run_found(self, run: Run) -> None:
        """Takes a run that the server has started, although the response to the request that started it was lost."""
        self.resumption.connections = 1
        self.held.learn(run.run_id, run.thread_id)
        self.resume()

    def heard(self, decoder: SSEDecoder, now: float) -> None:
        """Takes what has come besides events."""
        self.patience = self._heartbeat.heard(decoder.comments, now)
        if decoder.retry is not None:
            self._least_delay = min(decoder.retry / 1000, self._backoff.policy.longest_delay)
        if now - self._opened_at >= STABLE_AFTER:
            self._backoff.attempt = 0

    def ended(self, *, mid_event: bool) -> None:
        """Takes the end of a connection. It ends with the run, or when a server or a proxy shuts down.

        After the run has ended, connections are opened until one repeats the earlier events and has nothing new. One
        that ends `mid_event` was cut. One that does not repeat the earlier events was cut too, unless the server does
        not keep the events of ended runs; in that case, the same happens several times in a row.
        """
        is_stateless = self._request.is_stateless
        self.delivery.has_news = has_news = self.delivery.has_news or mid_event
        if not self.held.has_ended and not is_stateless:
            self.step, self.delay = Step.ASK, 0.0
        elif mid_event and is_stateless:
            raise self.delivery.about(interrupted(f"it ended mid-event; {self.resumption.obstacle}"))
        elif self._is_complete(has_news):
            self._finish()
        elif self._backoff.attempt < (self._backoff.limit if has_news else _EMPTY_REPLAYS):
            self._backoff.attempt += 1
            self.resume()
        elif mid_event:
            raise self.delivery.about(interrupted("the run has ended, and each connection ends mid-event"))
        elif self.delivery.has_broken and not has_news:
            raise self.delivery.about(
                StreamGapError("the run has ended, and the server no longer has its events")
            )
        else:
            self._finish()

    def status_received(self, run: Run | None) -> None:
        """Takes the run with its status; None if it has ended and was deleted, as a stateless run is. If it has ended,
        some events may not have come on a lost connection, so the stream is resumed once more to check."""
        if run is not None and is_active(run):
            self._reconnect(None)
            return
        self._ended_run = run
        self.delivery.run_failed = run is not None and run.status in BY_RUN_STATUS
        self.held.has_ended, self._backoff.attempt = True, 0
        if self.resumption.obstacle:
            self._finish()
        else:
            self.resume()

    def failed(self, error: APIError) -> Part[Any, Any, Any] | None:
        """Takes the loss of a connection, or the error of a request. Returns a part if the run has failed, and only the
        request for the reason went wrong.

        Raises:
            APIError: The first request failed.
            NotFoundError: The run does not exist any more: it was rolled back, deleted, or lost in a crash.
            StreamInterruptedError: The stream cannot be resumed.
        """
        if not self.resumption.connections:
            raise error
        if is_transient(error):
            self._reconnect(error)
            return None
        if self.step is Step.EXPLAIN and self._ended_run is not None:
            return self.explained(
                run_error(str(self._ended_run.status), UNKNOWN_FAILURE, **self.held.facts())
            )
        if isinstance(error, NotFoundError):
            raise self.delivery.about(error)
        raise self.delivery.about(interrupted(str(error))) from error

    def explained(self, why: RunError | None) -> Part[Any, Any, Any] | None:
        """Takes the error of the run; None if the run has not failed, but waits for an answer."""
        self.step, self.delivery.failure_reported = Step.OVER, True
        if why is not None and self.delivery.raise_error:
            raise self.delivery.about(why)
        if isinstance(why, RunFailedError):
            return ErrorPart("error", {"error": why.error, "message": why.reason})
        return None

    def resume(self) -> None:
        """Continues from the current position, on a new connection.

        Raises:
            StreamInterruptedError: The stream cannot be resumed.
        """
        try:
            self._call = self.resumption.next_call()
        except StreamInterruptedError as error:
            raise self.delivery.about(error) from error.__cause__
        self.step, self.delay = Step.OPEN, SHORTEST_DELAY

    # How it decides

    def _reconnect(self, cause: APIError | None) -> None:
        """Resumes a stream whose connection was lost, or has ended before the run."""
        reason = cause or "the connection ended before the run"
        if obstacle := self.resumption.obstacle:
            raise self.delivery.about(interrupted(f"{reason}; {obstacle}")) from cause
        if self._backoff.attempt >= self._backoff.limit:
            raise self.delivery.about(interrupted(str(reason))) from cause
        self._backoff.attempt += 1
        attempt, self.delivery.has_broken = self._backoff.attempt, True
        delay = max(self._backoff.delay(attempt, cause), self._least_delay)
        message = "stream of run %s was interrupted (%s); attempt %d in %.2f s"
        log.warning(message, self.held.run_id, reason, attempt, delay)
        if self.step is Step.OPEN or cause is None:
            self.resume()
        self.delay = delay
        if self._on_reconnect:
            self._on_reconnect(attempt, delay, cause)

    def _is_complete(self, has_news: bool) -> bool:
        """Whether an ended run has no more events."""
        if self.delivery.failure_reported or self.resumption.obstacle:
            return True
        return not self.resumption.is_incomplete and not has_news

    def _finish(self) -> None:
        self.step = (
            Step.EXPLAIN if self.delivery.run_failed and not self.delivery.failure_reported else Step.OVER
        )
        self.delay, self.held.has_ended = 0.0, True
