"""The requests of one step of a stream, and those that follow when its caller leaves."""

from __future__ import annotations

from functools import partial
from typing import Any

from langgraph_runs._async.driver import AsyncDriver
from langgraph_runs._async.response import AsyncResponse
from langgraph_runs.callbacks import CallbackError, unpacked
from langgraph_runs.concurrency import AsyncOngoing
from langgraph_runs.deadline import AsyncDeadline, DeadlineExceededError
from langgraph_runs.errors import APIError
from langgraph_runs.stream.cursor import Cursor
from langgraph_runs.stream.result import result
from langgraph_runs.stream.steps import Step


class AsyncStepRequests:
    """Sends the requests that a cursor says. They continue when a read is cancelled.

    Args:
        driver: Sends them.
        cursor: Says which.

    Attributes:
        ongoing: Those that are under way.
    """

    def __init__(self, driver: AsyncDriver, cursor: Cursor) -> None:
        self.ongoing = AsyncOngoing[Any]()
        self._driver = driver
        self._cursor = cursor
        self._deadline = AsyncDeadline()
        self._is_cancelled = False

    async def send(self, deadline: AsyncDeadline) -> Any:
        """The result of the requests of this step, an APIError included; None if `cancel` has ended them."""
        self._deadline = deadline
        sent = await self.ongoing.run(partial(self._send, deadline))
        if isinstance(sent, CallbackError):
            raise sent
        return sent

    async def result(self) -> Any:
        """The outcome of the run, whose stream has ended.

        Raises:
            LangGraphRunsError: The run or its stream has failed.
            RuntimeError: The stream was closed before its end.
        """
        with unpacked():
            try:
                return await self._driver.run_in_slot(result(self._cursor), self._deadline)
            except DeadlineExceededError:
                late = self._cursor.held.timeout_error(self._deadline.seconds)
                raise (self._cursor.ending.failure or late) from None

    async def cancel(self) -> Any:
        """Ends them as soon as possible. Returns their result if they have one that `send` has not returned."""
        self._is_cancelled = True
        return await self.ongoing.cancel()

    async def leave(self, unfetched: Any) -> None:
        """Cancels the run if that is configured, and closes a response that nobody has fetched."""
        try:
            if isinstance(unfetched, AsyncResponse):
                await unfetched.aclose()
                with unpacked():
                    self._cursor.held.learn(unfetched.answer.run_id, unfetched.answer.thread_id)
        finally:
            self._cursor.ending.report(is_over=self._cursor.is_over)
            await self._driver.end(self._cursor.held)

    async def _send(self, deadline: AsyncDeadline) -> Any:
        cursor = self._cursor
        if cursor.delay:
            await self.ongoing.pause(deadline.left(cursor.delay) or 0.0)
            if self._is_cancelled:
                return None
        is_first = not cursor.resumption.connections
        begins = is_first and cursor.step is Step.OPEN
        try:
            return await (self._driver.run_in_slot if is_first else self._driver.run)(cursor.flow(), deadline)
        except DeadlineExceededError as late:
            if begins:
                cursor.held.learn_late(late)
            raise
        except APIError as error:
            return error
        except CallbackError as carrier:
            cursor.held.learn(*carrier.run)
            return carrier
