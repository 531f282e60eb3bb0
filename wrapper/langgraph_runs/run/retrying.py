"""Flows: the requests and pauses that a method takes, and when a request is sent again. No I/O.

A flow is a generator that yields calls and pauses. The driver sends each call, and sends the result back into the flow
or throws the APIError into it; for a pause, the driver waits. The flow returns the result of the method:

    def flow() -> Flow[Run]:
        run = yield from with_retries(endpoints.get({}, thread_id, run_id), backoff)
        ...
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, replace
from typing import Any, TypeAlias, TypeVar

from langgraph_runs.errors import APIError, NotFoundError
from langgraph_runs.request.call import Call
from langgraph_runs.retry import Backoff, is_safe_to_retry

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Pause:
    """Wait this many seconds."""

    seconds: float


Flow: TypeAlias = Generator[Call[Any] | Pause, Any, T]


def once(call: Call[T]) -> Flow[T]:
    """Sends a call once, and returns what the response means."""
    value: T = yield call
    return value


def with_retries(call: Call[T], backoff: Backoff) -> Flow[T]:
    """Sends a call and returns what the response means. Retries it if that is safe and may help.

    Raises:
        APIError: The error of the last attempt.
    """
    may_have_passed = False
    while True:
        try:
            return (yield from once(call))
        except NotFoundError:
            if may_have_passed and call.missing_is_success:
                return None  # type: ignore[return-value]  # such calls return nothing: they delete or cancel
            raise
        except APIError as error:
            if not is_safe_to_retry(error, starts_a_run=call.starts_a_run):
                raise
            may_have_passed = may_have_passed or error.may_have_passed
            yield Pause(backoff.after(error))
            call = replace(call, attempt=backoff.attempt)
