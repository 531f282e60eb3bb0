"""Makes a context the current one for a while, as far as the caller's own context is concerned."""

from __future__ import annotations

from contextvars import Token

from opentelemetry.context import Context, attach, detach, get_current


class Scope:
    """Makes a context the current one.

    Args:
        context: The context.
    """

    def __init__(self, context: Context) -> None:
        self._context = context
        self._token: Token[Context] | None = attach(context)

    def end(self) -> None:
        """Makes the one before current again. A coroutine that was abandoned is ended by the garbage collector, in a
        context that has never had this one, and is left as it is."""
        token, self._token = self._token, None
        if token is not None and get_current() is self._context:
            detach(token)
