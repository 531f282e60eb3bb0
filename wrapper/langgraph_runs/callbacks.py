"""Exceptions of the caller's callbacks: they pass everything that handles the errors of requests, and reach the caller
unchanged. No I/O."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NoReturn


class CallbackError(BaseException):
    """Carries an exception of a callback through the code of this package. It is not an Exception: what retries a
    request, looks for a run or reports a lost connection must not mistake the callback's error for one of its own.

    Args:
        error: The exception that the callback has raised.
        run_id: The run that the response names which the callback was called with; None if there is none.
        thread_id: Its thread, likewise.

    Attributes:
        error: The same.
        run: The two ids.
    """

    def __init__(self, error: Exception, run_id: str | None = None, thread_id: str | None = None) -> None:
        super().__init__(error)
        self.error = error
        self.run = run_id, thread_id

    def unpack(self) -> NoReturn:
        """Raises the exception of the callback, as the callback raised it."""
        error, context = self.error, self.error.__context__
        try:
            raise error
        finally:
            error.__context__ = context  # Python has just replaced it by this carrier


class unpacked:  # noqa: N801  # used like a function: a generator-based context manager costs more
    """Raises the exception of a callback that ends this block, in place of its carrier."""

    def __enter__(self) -> None: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: object
    ) -> None:
        if isinstance(error, CallbackError):
            error.unpack()


def carried(callback: Callable[..., object]) -> Callable[..., None]:
    """The callback, with a CallbackError around any exception that it raises. Others, such as KeyboardInterrupt, pass
    everything as they are."""

    def call(*arguments: Any) -> None:
        try:
            callback(*arguments)
        except Exception as error:  # noqa: BLE001
            raise CallbackError(error) from None

    return call
