"""What observes the calls of the clients, such as a tracer; nothing does by default. No I/O.

The package imports no tracer. One that is to be used sets `observer`. Calls that have begun before keep theirs.
"""

from __future__ import annotations

from collections.abc import Callable
from types import TracebackType
from typing import Any, Protocol, Self, TypeVar

Take = TypeVar("Take", bound=Callable[[Any], Any])
"""A function that turns an event into a part, or into None."""


class Attempt(Protocol):
    """One request of a call. It is entered before the request is sent, and left when the head of its response has come,
    or an exception."""

    def __enter__(self) -> Self: ...
    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None: ...
    def answered(self, status: int, version: str) -> None:
        """Takes the status of the response, and the version of HTTP."""


class ObservedCall(Protocol):
    """One call of a method. It is entered when the call begins, and left with the exception that the caller gets. A
    stream, which the caller reads bit by bit, is not entered: it begins with `begin`, and `left` ends it."""

    def __enter__(self) -> object: ...
    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None: ...
    def begin(self, held: Any) -> None:
        """Takes the run that the caller waits for, or reads: a HeldRun, which learns more later."""

    def left(self) -> None:
        """Takes that the caller has left that run: it waits for it, or reads it, no longer."""

    def returned(self, value: Any) -> None:
        """Takes the value that the call returns."""

    def retrying(self, delay: float | None, error: Exception) -> None:
        """Takes that the call continues after this error of a request; the delay is None if it continues at once."""

    def reconnecting(self, delay: float, cause: Exception | None) -> None:
        """Takes that a stream is resumed after this delay."""

    def counting(self, take: Take) -> Take:
        """The same function, which also counts the parts of a stream."""
        raise NotImplementedError

    def sending(self, request: Any, call: Any, url: str, resends: int, *, by_engine: bool) -> Attempt:
        """A request is about to be sent, and may get more headers.

        Args:
            request: The `httpx.Request`.
            call: The Call that it is made from.
            url: Its URL, without what may be secret.
            resends: How many times it was sent before.
            by_engine: Whether the engine sends it, which no instrumentation of httpx sees.
        """
        raise NotImplementedError


class Observer(Protocol):
    """Observes calls."""

    def call(
        self, url: str, method: str, thread_id: str | None, run_id: str | None, assistant_id: str | None
    ) -> ObservedCall:
        """A method was called, and its arguments are valid.

        Args:
            url: The URL of the server.
            method: The name of the method.
            thread_id: The thread, if the call names one.
            run_id: The run, likewise.
            assistant_id: The assistant, likewise.
        """
        raise NotImplementedError


observer: Observer | None = None
"""What observes the calls of every client."""
