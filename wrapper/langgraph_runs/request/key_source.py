"""An API key that a callable of the caller's returns: called before each request, so that a token can be refreshed. No
I/O but what the callable does."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from inspect import isawaitable, iscoroutine
from typing import TypeAlias, TypeVar

from langgraph_runs.request.arguments import is_asynchronous
from langgraph_runs.request.settings import checked_key

T = TypeVar("T")

AskKey: TypeAlias = Callable[[], str | None]
AsyncAskKey: TypeAlias = Callable[[], str | Awaitable[str | None] | None]


class AsyncKeySource:
    """Asks a sync or async callable for the key.

    Args:
        function: The callable.
    """

    def __init__(self, function: AsyncAskKey) -> None:
        self._function = function

    async def ask(self) -> str | None:
        """The key that the callable returns now; None for no key.

        Raises:
            Exception: What the callable raises.
            TypeError: It returns something else than a string or None.
            ValueError: No header can carry the key. No message shows it.
        """
        found = _called(self._function)
        return _checked(await found if isawaitable(found) else found)


class KeySource:
    """The same for the sync client, which cannot await.

    Raises:
        TypeError: The callable is an async function.
    """

    def __init__(self, function: AskKey) -> None:
        if is_asynchronous(function):
            raise TypeError(
                "api_key must be a string, a sync callable that takes nothing, or None, not an async function; "
                "AsyncRunsClient takes one"
            )
        self._function = function

    def ask(self) -> str | None:
        """The key that the callable returns now; None for no key. It raises the same errors."""
        found = _called(self._function)
        if isawaitable(found):
            if iscoroutine(found):
                found.close()  # otherwise Python warns that it was never awaited
            raise TypeError("api_key() returned an awaitable: use AsyncRunsClient, or a sync callable")
        return _checked(found)


def _called(function: Callable[[], T]) -> T:
    try:
        return function()
    except (StopIteration, StopAsyncIteration) as error:  # it would look like the end of a stream
        raise RuntimeError(f"api_key() raised {type(error).__name__}") from error


def _checked(key: object) -> str | None:
    return None if key is None else checked_key("api_key()", key)
