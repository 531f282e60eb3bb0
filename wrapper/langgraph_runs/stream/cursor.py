"""The state of one stream: whether to read on, to ask if the run has ended, or to resume. No I/O."""

from __future__ import annotations

from typing import Any

from langgraph_runs_api.models import Run

from langgraph_runs.errors import APIError, NotFoundError, RunError, StreamInterruptedError
from langgraph_runs.request.options import OnReconnect
from langgraph_runs.request.stream_request import StreamRequest
from langgraph_runs.response.answer import Answer
from langgraph_runs.response.failure import is_active
from langgraph_runs.retry import SHORTEST_DELAY, is_transient
from langgraph_runs.run.cancel_on_exit import HeldRun
from langgraph_runs.run.retrying import Flow, once
from langgraph_runs.stream.attempts import Attempts
from langgraph_runs.stream.delivery import Delivery
from langgraph_runs.stream.ending import Ending
from langgraph_runs.stream.heartbeat import Heartbeat
from langgraph_runs.stream.parts import Part
from langgraph_runs.stream.resumption import Resumption, interrupted
from langgraph_runs.stream.sse import SSEDecoder
from langgraph_runs.stream.steps import Step, asking, explaining, opening

_EMPTY_REPLAYS = 2  # of a run that has ended, after which the server certainly has no events


class Cursor:
    """Follows one stream over all of its connections. It is told what happened; `step` says what to do next.

    Args:
        request: The stream to open, and what to repeat when it is resumed.
        raise_error: Whether the error of a failed run is raised, rather than yielded as a part.
        on_reconnect: Called with (attempt, delay, cause) before each new connection.
        held: The run, as far as it is known, and what happens to it when its caller leaves.

    Attributes:
        held, request: The same.
        resumption: Whether the stream can be resumed, and where.
        ending: What is known about the end of the run.
        delivery: Turns the events into parts.
        step: What to do next.
        delay: How many seconds to wait before that.
        patience: How long a connection may be silent, in seconds; None for any time.
    """

    def __init__(
        self, request: StreamRequest, *, raise_error: bool, on_reconnect: OnReconnect | None, held: HeldRun
    ) -> None:
        self.held = held
        self.resumption = resumption = Resumption(request, held)
        self.ending = Ending(held)
        self._attempts = Attempts(held, on_reconnect)
        self._backoff = self._attempts.backoff
        self.delivery = Delivery(request, resumption, self.ending, self._backoff, raise_error=raise_error)
        self.step, self.delay, self.request = Step.OPEN, 0.0, request
        self.patience: float | None = None
        self._call = request.call  # the one that opens the next connection
        self._heartbeat = Heartbeat(0.0)
        self._lost: APIError | None = None  # how, if the server has not named the run
        self._owes_events = request.position is not None  # the server has not shown that it has the events

    # What to send

    def flow(self) -> Flow[Any]:
        """The requests of this step; `received` takes their result."""
        if self.step in (Step.ASK, Step.CHECK):
            return asking(self.request, self.held, self.delivery, self._lost)
        if self.step is Step.EXPLAIN:
            return explaining(self.ending, self.held)
        if not self.resumption.connections:
            return opening(self._call, self.held, self.resumption)
        if self._call.starts_a_run:  # interrupted before it was resumed; a run is never started twice
            self.resume()
        return once(self._call)

    @property
    def is_over(self) -> bool:
        """Whether the stream has reported the end of the run."""
        return self.ending.is_reported or self.step is Step.OVER

    # What has happened

    def opened(self, answer: Answer, now: float) -> None:
        """Takes a new connection, of which the headers have come."""
        self.resumption.begin()
        self.delivery.begin(answer)
        self._attempts.opened(now)
        self._heartbeat = Heartbeat(now, self.patience)
        self.held.learn(answer.run_id, answer.thread_id)

    def received(self, result: Any) -> Part[Any, Any, Any] | None:
        """Takes the result of the requests of this step, which may be an error. Returns the part for it, if any."""
        if self.step is Step.CHECK:
            self.checked(result)
        elif isinstance(result, APIError):
            return self.failed(result)
        elif self.step is Step.EXPLAIN:
            return self.explained(result)
        elif self.step is Step.ASK:
            self.status_received(result)
        else:
            self.run_found(result)
        return None

    def run_found(self, run: Run) -> None:
        """Takes a run that the server has started, although the response to the request that started it was lost."""
        self.resumption.connections = 1
        self.held.learn(run.run_id, run.thread_id)
        self.resume()

    def heard(self, decoder: SSEDecoder, now: float) -> bool:
        """Takes what has come besides events. Returns False if the stream needs this connection no longer. Raises
        StreamError if the run has ended, and only heartbeats come in place of its events."""
        is_flowing, self.delivery.is_flowing = self.delivery.is_flowing or decoder.is_mid_event, False
        self.patience = self._heartbeat.heard(decoder.comments, now, is_flowing=is_flowing)
        self._attempts.heard(decoder, now)
        if self.resumption.is_ambiguous:
            self.resume()
        elif self.ending.unexplained is not None:
            self._finish()
        elif self.held.has_ended:
            return not self._heartbeat.is_over(now) or self._starved()
        else:
            if self.resumption.can_ask and self._heartbeat.must_ask(now):
                self.step, self.delay = Step.CHECK, 0.0
            return True
        return False

    def ended(self, *, mid_event: bool) -> None:
        """Takes the end of a connection. It ends with the run, or when a server or a proxy shuts down.

        After the run has ended, connections are opened until one has its last event, or repeats the earlier events and
        has nothing new. One that ends `mid_event` was cut. One that does not repeat them was cut too, unless the server
        does not keep the events of ended runs; then the same happens several times in a row.
        """
        is_stateless = self.request.is_stateless
        self._owes_events = self._owes_events and self.resumption.is_incomplete
        self.delivery.has_news = has_news = self.delivery.has_news or mid_event
        if not is_stateless and (not self.held.has_ended or self.ending.must_ask):
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
        elif (self.delivery.has_broken or self._owes_events) and not has_news:
            raise self.delivery.gone()
        else:
            self._finish()

    def status_received(self, run: Run | None) -> None:
        """Takes the run with its status; None if it has ended and was deleted, as a stateless run is. If it has ended,
        some events may not have come on a lost connection, so the stream is resumed once more to check."""
        if run is not None and is_active(run) and self.ending.status is None:
            self._reconnect(None)
            return
        self.ending.learn(run)
        self._backoff.attempt = 0
        if self.resumption.obstacle or (self.ending.is_last and not self.resumption.is_incomplete):
            self._finish()
        else:
            self.resume()

    def checked(self, result: Run | APIError | None) -> None:
        """Takes the status of the run while its connection is open. After an error, it is asked for again later."""
        self.step = Step.OPEN
        if isinstance(result, NotFoundError):
            raise self.delivery.about(result)
        if not isinstance(result, APIError) and not (result is not None and is_active(result)):
            self.ending.learn(result)

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
            if self.ending.is_last and self.step is Step.OPEN:
                self.ended(mid_event=False)  # nothing comes after it
            elif self.held.run_id is None and self.request.call.thread_id is not None:
                self.step, self.delay, self._lost, self.delivery.has_broken = Step.ASK, 0.0, error, True
            else:
                self._reconnect(error)
            return None
        if self.step is Step.EXPLAIN:
            return self.explained(self.ending.error())
        if isinstance(error, NotFoundError):
            raise self.delivery.about(error)
        raise self.delivery.about(interrupted(str(error))) from error

    def explained(self, why: RunError | None) -> Part[Any, Any, Any] | None:
        """Takes the error of the run; None if the run has not failed, but waits for an answer."""
        self.step = Step.OVER
        return self.delivery.explained(why)

    def resume(self) -> None:
        """Continues from the position, on a new connection. Raises StreamInterruptedError if that is impossible."""
        try:
            self._call = self.resumption.next_call(self._backoff.attempt)
        except StreamInterruptedError as error:
            raise self.delivery.about(error) from error.__cause__
        self.step, self.delay = Step.OPEN, SHORTEST_DELAY

    # How it decides

    def _reconnect(self, cause: APIError | None) -> None:
        """Resumes a stream whose connection was lost, or has ended before the run."""
        reason = cause or "the connection ended before the run"
        if obstacle := self.resumption.obstacle:
            raise self.delivery.about(interrupted(f"{reason}; {obstacle}")) from cause
        if (delay := self._attempts.next(reason, cause)) is None:
            raise self.delivery.about(interrupted(str(reason))) from cause
        self.delivery.has_broken = True
        if self.step in (Step.OPEN, Step.CHECK) or cause is None:
            self.resume()
        self.delay = delay
        self._attempts.report(delay, cause)

    def _is_complete(self, has_news: bool) -> bool:
        """Whether an ended run has no more events."""
        if self.ending.is_reported or self.resumption.obstacle:
            return True
        return not self.resumption.is_incomplete and (self.ending.is_last or not has_news)

    def _starved(self) -> bool:
        """Ends a connection on which only heartbeats come after the end of the run. Raises if events are missing."""
        if self.resumption.is_replayed and (self._heartbeat.is_empty or self.resumption.is_incomplete):
            raise self.delivery.gone()
        if (obstacle := self.resumption.obstacle) and self.ending.was_asked and not self.ending.is_last:
            raise self.delivery.about(
                interrupted(f"the run has ended, and its connection has not; {obstacle}")
            )
        self.ended(mid_event=False)
        return False

    def _finish(self) -> None:
        self.step = Step.EXPLAIN if self.ending.must_explain else Step.OVER
        self.delay, self.held.has_ended = 0.0, True
