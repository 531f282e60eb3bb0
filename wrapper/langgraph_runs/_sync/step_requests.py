# Derived from _async/step_requests.py by `make generate`; edit that one.
"""The requests of one step of a stream, and those that follow when its caller leaves."""

from __future__ import annotations

from functools import partial
from typing import Any

from langgraph_runs._sync.driver import Driver
from langgraph_runs._sync.response import Response
from langgraph_runs.callbacks import CallbackError, unpacked
from langgraph_runs.concurrency import Ongoing
from langgraph_runs.deadline import Deadline, DeadlineExceededError
from langgraph_runs.errors import APIError
from langgraph_runs.stream.cursor import Cursor
from langgraph_runs.stream.result import result
from langgraph_runs.stream.steps import Step


class StepRequests:
    """Sends the requests that a cursor says. They continue when a read is cancelled.

    Args:
        driver: Sends them.
        cursor: Says which.

    Attributes:
        ongoing: Those that are under way.
    """

    def __init__(self, driver: Driver, cursor: Cursor) -> None:
        self.ongoing = Ongoing[Any]()
        self._driver = driver
        self._cursor = cursor
        self._deadline = Deadline()
        self._is_cancelled = False

    def send(self, deadline: Deadline) -> Any:
        """The result of the requests of this step, an APIError included; None if `cancel` has ended them."""
        self._deadline = deadline
        sent = self.ongoing.run(partial(self._send, deadline))
        if isinstance(sent, CallbackError):
            raise sent
        return sent

    def result(self) -> Any:
        """The outcome of the run, whose stream has ended.

        Raises:
            LangGraphRunsError: The run or its stream has failed.
            RuntimeError: The stream was closed before its end.
        """
        with unpacked():
            try:
                return self._driver.run_in_slot(result(self._cursor), self._deadline)
            except DeadlineExceededError:
                late = self._cursor.held.timeout_error(self._deadline.seconds)
                raise (self._cursor.ending.failure or late) from None

    def cancel(self) -> Any:
        """Ends them as soon as possible. Returns their result if they have one that `send` has not returned."""
        self._is_cancelled = True
        return self.ongoing.cancel()

    def leave(self, unfetched: Any) -> None:
        """Cancels the run if that is configured, and closes a response that nobody has fetched."""
        try:
            if isinstance(unfetched, Response):
                unfetched.close()
                with unpacked():
                    self._cursor.held.learn(unfetched.answer.run_id, unfetched.answer.thread_id)
        finally:
            self._cursor.ending.report(is_over=self._cursor.is_over)
            self._driver.end(self._cursor.held)

    def _send(self, deadline: Deadline) -> Any:
        cursor = self._cursor
        if cursor.delay:
            self.ongoing.pause(deadline.left(cursor.delay) or 0.0)
            if self._is_cancelled:
                return None
        is_first = not cursor.resumption.connections
        begins = is_first and cursor.step is Step.OPEN
        try:
            return (self._driver.run_in_slot if is_first else self._driver.run)(cursor.flow(), deadline)
        except DeadlineExceededError as late:
            if begins:
                cursor.held.learn_late(late)
            raise
        except APIError as error:
            return error
        except CallbackError as carrier:
            cursor.held.learn(*carrier.run)
            return carrier
