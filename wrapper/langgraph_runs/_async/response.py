"""An answer whose headers have come, and its body as it comes in."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from time import monotonic
from typing import Any

import httpx

from langgraph_runs.answers import Answer
from langgraph_runs.colours import AsyncDeadline, AsyncShield
from langgraph_runs.engine.request import BODY, timeout_of
from langgraph_runs.errors import APIError, APITimeoutError
from langgraph_runs.pulse import Pulse
from langgraph_runs.translation import translated, translation
from langgraph_runs.watch import AsyncWatch, SilentError


class AsyncResponse:
    """A response whose body is still to be read.

    Attributes:
        answer: Its headers.
        pull: Reads the next bytes, b"" at the end, waiting at most that many seconds; None for no limit. Pass what it
            raises to `failure`. From the engine, a read that is cancelled or times out loses nothing; from another
            transport it ends the connection, which the next read says.
    """

    def __init__(self, response: httpx.Response, answer: Answer, *, beats: bool) -> None:
        self.answer = answer
        self._response = response
        self._beats = beats
        self._began = monotonic()
        body: Any = response.extensions.get(BODY)
        self._is_of_engine = (
            body is not None and "content-encoding" not in response.headers
        )  # which httpx decodes
        source: Any = body if self._is_of_engine else _Decoded(response)
        self.pull: Callable[[float | None], Awaitable[bytes]] = source.read

    def failure(self, error: Exception, timeout: float | None) -> APIError | None:
        """The error for what `pull` has raised; None where that is not of the connection."""
        if not isinstance(error, httpx.HTTPError | httpx.StreamError | SilentError):
            return None
        answer = replace(self.answer, seconds=monotonic() - self._began)
        if timeout is None or not isinstance(error, httpx.ReadTimeout | SilentError):
            return translation(answer, error)
        message = f"{answer.method} {answer.url}: silent for {timeout} s"
        return APITimeoutError(message, **answer.facts())

    async def rest(self, deadline: AsyncDeadline) -> bytes:
        """All bytes to the end. While a run goes on, the server sends white space: once it has begun to, it may not be
        silent for long.

        Raises:
            APIConnectionError: The connection was lost.
            APITimeoutError: Nothing came in time.
        """
        pulse, chunks = Pulse(self._began), list[bytes]()
        if self._is_of_engine and not self._beats:
            with translated(self.answer, self._began):
                while chunk := await self.pull(timeout_of(self._response.request, "read")):
                    chunks.append(chunk)
                    deadline.left()
            return b"".join(chunks)
        if not self._beats and deadline.ends_at is None:
            with translated(self.answer, self._began):
                return await self._response.aread()
        while chunk := await self._read(deadline.left(pulse.patience)):
            chunks.append(chunk)
            if chunk.isspace():
                pulse.beat(monotonic())
        return b"".join(chunks)

    async def aclose(self) -> None:
        """Releases the connection, which is kept for reuse if the response has ended."""
        await closed(self._response)

    async def _read(self, timeout: float | None) -> bytes:
        try:
            return await self.pull(timeout)
        except Exception as error:
            if (failure := self.failure(error, timeout)) is None:
                raise
            raise failure from error


class _Decoded:
    """The body of a response from a transport that is not the engine, or of one that is to be decoded."""

    def __init__(self, response: httpx.Response) -> None:
        self._chunks = response.aiter_bytes()
        self._watch = AsyncWatch(response.extensions.get("network_stream"))
        self._is_broken = False

    async def read(self, timeout: float | None) -> bytes:
        """The next bytes; b"" at the end."""
        if self._is_broken:
            raise httpx.ReadError("a read that was interrupted has ended the connection")
        self._is_broken = True
        async with self._watch.limit(timeout):
            chunk = await anext(self._chunks, b"")
        self._is_broken = False
        return chunk


async def closed(response: httpx.Response) -> None:
    """Closes a response, though the task is cancelled meanwhile: httpcore would forget the connection, and leave it
    open. The engine closes at once, and needs no such care."""
    if response.is_closed:
        return
    if BODY in response.extensions:
        await response.aclose()
    else:
        await AsyncShield.run(response.aclose)
