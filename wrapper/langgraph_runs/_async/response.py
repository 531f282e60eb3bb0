"""A response whose headers have come, and its body as it comes in."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from time import monotonic
from typing import Any

import httpx

from langgraph_runs._async.httpx_errors import translation
from langgraph_runs.concurrency import async_shield
from langgraph_runs.deadline import AsyncDeadline, AsyncIdleTimeout, DeadlineExceededError, IdleTimeoutError
from langgraph_runs.engine.request import BODY, timeout_of
from langgraph_runs.errors import APIError, APIResponseError, APITimeoutError
from langgraph_runs.response.answer import Answer
from langgraph_runs.response.failure import MAX_ERROR_BYTES
from langgraph_runs.stream.heartbeat import Heartbeat


class AsyncResponse:
    """A response whose body is still to be read.

    Args:
        response: The response.
        answer: Its status and headers.
        beats: Whether the server sends white space as long as the run is active.

    Attributes:
        answer: The same.
        pull: Reads the next bytes; b"" at the end. Takes the number of seconds to wait, or None for no limit. Pass its
            exceptions to `failure`. With the engine, a read that is cancelled or times out loses nothing; with another
            transport it ends the connection, and the next read raises an error.
    """

    def __init__(self, response: httpx.Response, answer: Answer, *, beats: bool) -> None:
        self.answer = answer
        self._response = response
        self._beats = beats
        self._began = monotonic()
        body: Any = response.extensions.get(BODY)
        self._iterated = _Iterated(response) if body is None else None
        source: Any = self._iterated or body
        self.pull: Callable[[float | None], Awaitable[bytes]] = source.read

    def failure(self, error: Exception, timeout: float | None) -> APIError | None:
        """The error for an exception of `pull`; None if the exception has nothing to do with the connection."""
        if not isinstance(error, httpx.HTTPError | httpx.StreamError | IdleTimeoutError):
            return None
        answer = replace(self.answer, seconds=monotonic() - self._began)
        failure = translation(answer, error)
        if timeout is not None and isinstance(error, httpx.ReadTimeout | IdleTimeoutError):
            message = f"{answer.method} {answer.url}: silent for {timeout} s"
            failure = APITimeoutError(message, **answer.facts())
        return failure

    async def whole(self, deadline: AsyncDeadline, began: float) -> Answer:
        """The response with its body; that of a refusal only as far as an error keeps it. While a run is active, the
        server sends white space; if that stops, the connection counts as lost. The call began at `began`, in seconds of
        `time.monotonic`.

        Raises:
            APIConnectionError: The connection was lost.
            APITimeoutError: Nothing came in time.
            APIResponseError: The body is too large or cannot be decoded.
        """
        heartbeat, flaw = Heartbeat(self._began), ""
        body = bytearray()  # not a list: a server may send byte by byte
        try:
            while chunk := await self._read(self._patience(heartbeat), deadline):
                body += chunk
                if self._beats and chunk.isspace():
                    heartbeat.beat(monotonic())
                if len(body) > MAX_ERROR_BYTES and not self._response.is_success:
                    break
        except APIResponseError as error:
            if self._response.is_success:
                raise
            flaw = str(error.__cause__)
        except DeadlineExceededError:
            raise replace(self.answer, seconds=monotonic() - began).late(deadline.seconds) from None
        return replace(self.answer, body=bytes(body), flaw=flaw, seconds=monotonic() - began)

    def _patience(self, heartbeat: Heartbeat) -> float | None:
        if self._beats:
            return heartbeat.patience
        # httpx's own transports observe the timeout of the request by themselves.
        return timeout_of(self._response.request, "read") if self._iterated is None else None

    async def aclose(self) -> None:
        """Releases the connection, which is kept for reuse if the response has ended."""
        if self._iterated is not None:
            self._iterated.end()
        await closed(self._response)

    async def _read(self, patience: float | None, deadline: AsyncDeadline) -> bytes:
        timeout = deadline.left(patience)
        try:
            return await self.pull(timeout)
        except Exception as error:
            if isinstance(error, httpx.TimeoutException | IdleTimeoutError):
                deadline.left()  # raises if it was not the patience
            if (failure := self.failure(error, timeout)) is None:
                raise
            raise failure from error


class _Iterated:
    """The body of a response whose transport is not the engine. It must be ended."""

    def __init__(self, response: httpx.Response) -> None:
        self._chunks = response.aiter_bytes()
        self._idle_timeout = AsyncIdleTimeout(response.extensions.get("network_stream"))
        self._is_broken = False

    async def read(self, timeout: float | None) -> bytes:
        """The next bytes; b"" at the end."""
        if self._is_broken:
            raise httpx.ReadError("an earlier read was interrupted, which has ended the connection")
        self._is_broken = True
        async with self._idle_timeout.limit(timeout):
            chunk = await anext(self._chunks, b"")
        self._is_broken = False
        return chunk

    def end(self) -> None:
        """Ends a read that is under way."""
        if self._is_broken:
            self._idle_timeout.shut_down()


async def closed(response: httpx.Response) -> None:
    """Closes a response even if the task is cancelled meanwhile: otherwise httpcore would forget the connection and
    leave it open. The engine closes at once, and does not need this."""
    if response.is_closed:
        return
    if BODY in response.extensions:
        await response.aclose()
    else:
        await async_shield(response.aclose)
