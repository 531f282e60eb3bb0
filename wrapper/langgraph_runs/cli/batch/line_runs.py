"""The run of a line: finds it on the server, or starts it, and waits for its end."""

from __future__ import annotations

from asyncio import CancelledError, sleep
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from langgraph_runs_api.models import Run

from langgraph_runs._async.client import AsyncRunsClient
from langgraph_runs.cli.batch.lines import Line
from langgraph_runs.errors import (
    APIConnectionError,
    AuthenticationError,
    LangGraphRunsError,
    NotFoundError,
    PermissionDeniedError,
    ThreadBusyError,
)
from langgraph_runs.response.failure import ACTIVE_STATUSES

MARK = "langgraph_runs_batch"
"""In the metadata of a run on a thread that the line names: the key of the line."""
ABOUT_ALL_LINES = (APIConnectionError, AuthenticationError, PermissionDeniedError)
"""Errors that say nothing about the line: the next one would fail in the same way."""

_FIELDS: Sequence[Any] = ("run_id", "thread_id", "status", "created_at", "metadata")
_ATTEMPTS = 20
_DECIDED = frozenset(("metadata", "multitask_strategy", "if_not_exists", "on_completion", "thread_id"))
"""What `extra_body` may not override: by these fields, a run is started once and found again."""
_PAUSE = 0.5  # seconds before a thread is looked at again that is busy, but has no run yet


@dataclass(slots=True)
class Outcome:
    """What has become of a line.

    Attributes:
        line: The line.
        thread_id: The thread of its run, if there is one.
        run_id: Its run, if it is known.
        values: The final values of the run.
        error: Why there are none.
        is_begun: Whether its run has been started or joined.
        was_finished: Whether the run had ended before it was looked for.
    """

    line: Line
    thread_id: str | None = None
    run_id: str | None = None
    values: Any = None
    error: Exception | None = None
    is_begun: bool = False
    was_finished: bool = False

    def learn(self, run_id: str, _: str | None) -> None:
        """Takes the id of the run: `on_run_created`."""
        self.run_id = run_id

    def as_json(self) -> dict[str, Any]:
        """The outcome as a line of the output."""
        ids = {"line": self.line.number, "thread_id": self.thread_id, "run_id": self.run_id}
        if self.error is None:
            return {**ids, "values": self.values}
        return {**ids, "error": type(self.error).__name__, "message": str(self.error)}


class LineRuns:
    """Runs lines, each once, however often it is called for a line.

    Args:
        runs: The client.
        options: How to wait for each run: the options of `map`, such as `timeout` and `cancel_on_exit`.
        skips_finished: Whether not to get the values of a run that has ended before.

    Attributes:
        left: How many runs had not ended when their lines were left.
    """

    def __init__(
        self,
        runs: AsyncRunsClient[Any, Any, Any],
        options: Mapping[str, Any],
        *,
        skips_finished: bool = False,
    ) -> None:
        self.left = 0
        self._runs = runs
        self._options = options
        self._skips_finished = skips_finished

    async def outcome(self, line: Line) -> Outcome:
        """The outcome of a line, at the end of its run.

        Raises:
            APIConnectionError, AuthenticationError, PermissionDeniedError: No other line can be run either.
        """
        if line.payload is None:
            return Outcome(line, error=ValueError(line.problem))
        outcome = Outcome(line)
        try:
            outcome.thread_id, options = self._checked(line)
        except (TypeError, ValueError) as error:
            outcome.error = error
            return outcome
        try:
            await self._run(outcome, outcome.thread_id, options)
        except CancelledError:
            self.left += outcome.is_begun
            raise
        except ABOUT_ALL_LINES as error:
            self.left += outcome.run_id is not None or error.run_may_exist
            raise
        except (LangGraphRunsError, TypeError, ValueError) as error:
            outcome.error = error
            outcome.run_id = outcome.run_id or getattr(error, "run_id", None)
        return outcome

    def _checked(self, line: Line) -> tuple[str, dict[str, Any]]:
        """The thread of a line, and the arguments of `wait`.

        Raises:
            TypeError, ValueError: The payload is invalid.
        """
        payload: Any = dict(line.payload or {})
        try:
            self._runs.map([payload])  # checks it, and sends nothing before it is read
        except (TypeError, ValueError) as error:
            raise type(error)(str(error).removeprefix("payloads[0]: ")) from None
        if hidden := _DECIDED.intersection(payload.get("extra_body") or ()):
            raise ValueError(
                f"extra_body must not contain {min(hidden)}, by which a run is started once and found"
            )
        if payload.get("thread_id") is not None:
            marked: dict[str, Any] = {**(payload.get("metadata") or {}), MARK: line.key}
            return payload.pop("thread_id"), {**payload, "metadata": marked}
        payload.pop("thread_id", None)
        if payload.pop("on_completion", None) == "delete":
            raise ValueError(
                "on_completion='delete' would delete the thread, by which the run is found again: leave it out"
            )
        # "reject": if another process starts the same line at this moment, only one of the two has a run.
        return line.key, {**payload, "if_not_exists": "create", "multitask_strategy": "reject"}

    async def _run(self, outcome: Outcome, thread_id: str, options: Mapping[str, Any]) -> None:
        is_own = thread_id == outcome.line.key
        for attempt in range(1, 1 + _ATTEMPTS):
            if (run := await self._found(outcome.line, thread_id, is_own=is_own)) is not None:
                outcome.run_id, outcome.was_finished = str(run.run_id), run.status not in ACTIVE_STATUSES
                outcome.is_begun = not outcome.was_finished
                if not (outcome.was_finished and self._skips_finished):
                    outcome.values = await self._runs.join(thread_id, outcome.run_id, **self._options)
                return
            outcome.is_begun = True
            try:
                outcome.values = await self._runs.wait(
                    thread_id, **options, on_run_created=outcome.learn, **self._options
                )
            except ThreadBusyError:  # another process has just started it
                if not is_own or attempt == _ATTEMPTS:
                    raise
                await sleep(_PAUSE)
            else:
                return

    async def _found(self, line: Line, thread_id: str, *, is_own: bool) -> Run | None:
        """The run of a line, if it has been started: on a thread of its own the oldest one, as others may have
        continued it since; on another thread the one whose metadata say so."""
        found: list[Run] = []
        try:
            runs = self._runs.list_all(thread_id, select=_FIELDS, params=self._options.get("params"))
            found = [run async for run in runs if is_own or _mark(run) == line.key]
        except NotFoundError:  # no such thread yet
            pass
        return min(found, key=_created, default=None)


def _created(run: Run) -> float:
    return run.created_at.timestamp() if isinstance(run.created_at, datetime) else 0.0


def _mark(run: Run) -> Any:
    """The key of the line that has started a run; None if it was started in another way.

    Raises:
        ValueError: The server does not say.
    """
    if not run.metadata:
        raise ValueError(
            f"the runs of thread {run.thread_id} have no metadata, so it cannot be known whether the run of this line "
            "is one of them: leave out the thread_id"
        )
    return run.metadata.to_dict().get(MARK)
