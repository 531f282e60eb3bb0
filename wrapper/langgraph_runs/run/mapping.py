"""What `map` runs: checks each payload before its run is started, and counts the runs that have ended. No I/O."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NoReturn, TypeAlias

from langgraph_runs.callbacks import unpacked
from langgraph_runs.json_types import is_array, is_mapping
from langgraph_runs.request.arguments import callback, number
from langgraph_runs.request.options import OnProgress
from langgraph_runs.run.cancel_on_exit import HeldRun
from langgraph_runs.run.retrying import Flow

Start: TypeAlias = Callable[[Any], tuple[Flow[Any], HeldRun]]


class RunMap:
    """Many runs, one for each payload.

    Args:
        payloads: The payloads. A list is checked at once, anything else payload by payload.
        start: Returns the flow that starts the run of a payload and waits for its end, and the run.
        limit: How many payloads to take before the outcome of the first one is yielded.
        on_progress: Called with (done, total) before each outcome.

    Attributes:
        payloads: The same.
        limit: The same.

    Raises:
        TypeError, ValueError: An argument is invalid, or a payload in a list; the message has its index.
    """

    def __init__(
        self,
        payloads: Any,
        start: Start,
        *,
        limit: int,
        on_progress: OnProgress | None,
    ) -> None:
        if isinstance(payloads, str | bytes) or is_mapping(payloads):
            raise TypeError(f"payloads must be a list or another iterable, not {type(payloads).__name__}")
        self.payloads: Any = payloads
        self.limit = number("limit", limit, least=1)
        self._start = start
        self._on_progress: OnProgress | None = callback("on_progress", on_progress, "(done, total)")
        self._total = len(payloads) if hasattr(payloads, "__len__") else None
        self._done = 0
        if is_array(payloads) or isinstance(payloads, tuple):
            for index, payload in enumerate(self.payloads):
                self.start(index, payload)

    def start(self, index: int, payload: Any) -> tuple[Flow[Any], HeldRun]:
        """The flow that starts the run of a payload and waits for its end, and the run.

        Raises:
            TypeError, ValueError: The payload is invalid.
        """
        try:
            return self._start(payload)
        except (TypeError, ValueError) as error:
            refuse(index, error)

    def done(self) -> None:
        """Counts a run that has ended."""
        self._done += 1
        if self._on_progress is not None:
            with unpacked():
                self._on_progress(self._done, self._total)


def refuse(index: int, error: TypeError | ValueError) -> NoReturn:
    """Raises this error about a payload, with the index of the payload."""
    raise (TypeError if isinstance(error, TypeError) else ValueError)(
        f"payloads[{index}]: {error}"
    ) from error
