"""Sends the API key that a callable of the caller's returns, and asks it once more if the server refuses the key."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from time import monotonic
from typing import Any, Final

import httpx

from langgraph_runs.callbacks import CallbackError
from langgraph_runs.concurrency import async_shield
from langgraph_runs.deadline import DeadlineExceededError
from langgraph_runs.engine.request import DEADLINE, FROM_CALL, WAS_SENT
from langgraph_runs.request.key_source import AsyncKeySource
from langgraph_runs.request.settings import KEY_HEADER

_ASKED: Final = "langgraph_runs.asked"
"""Request extension: the key in the headers is the callable's. A request that follows a redirect has the same."""


class AsyncKeyAuth(httpx.Auth):
    """Asks for the key before each request, unless the request has one already, which the caller has set.

    Args:
        source: Asks the callable.
    """

    def __init__(self, source: AsyncKeySource) -> None:
        self._source = source

    def async_auth_flow(self, request: httpx.Request) -> AsyncGenerator[httpx.Request, httpx.Response]:
        """Yields the request, and yields it again if it was refused with 401 and there is another key then."""
        return _Flow(self._source, request)


class _Flow(AsyncGenerator[httpx.Request, httpx.Response]):
    """Not an async generator of Python's: see `engine/no_auth.py`."""

    def __init__(self, source: AsyncKeySource, request: httpx.Request) -> None:
        self._source = source
        self._request = request
        self._is_of_call = FROM_CALL in request.extensions
        self._may_ask = KEY_HEADER not in request.headers or _ASKED in request.extensions
        self._has_begun = False
        self._key: str | None = None

    async def asend(self, response: httpx.Response | None) -> httpx.Request:
        if not self._has_begun:
            self._has_begun = True
            if self._may_ask:
                await self._renew()
                self._set()
            return self._request
        if not self._may_ask or response is None or response.status_code != 401:
            raise StopAsyncIteration
        self._may_ask = False
        if not await self._renew():
            raise StopAsyncIteration
        await _discard(response)
        # It was refused, so it may be repeated if it is not sent this time.
        self._request.extensions.pop(WAS_SENT, None)
        self._set()
        return self._request

    async def athrow(self, *_error: Any) -> httpx.Request:
        raise StopAsyncIteration

    async def aclose(self) -> None:
        """Does nothing."""

    async def _renew(self) -> bool:
        """Asks for the key. Returns whether there is one, and another than before."""
        try:
            key = await self._source.ask()
        except Exception as error:
            if self._is_of_call:
                raise CallbackError(error) from None
            raise  # those who call the generated layer have no use for a carrier
        is_new = key is not None and key != self._key
        self._key = key
        return is_new

    def _set(self) -> None:
        ends_at: float | None = self._request.extensions.get(DEADLINE)
        if ends_at is not None and monotonic() >= ends_at:
            raise DeadlineExceededError
        self._request.headers.pop(KEY_HEADER, None)
        if self._key is not None:
            self._request.headers[KEY_HEADER] = self._key
            self._request.extensions[_ASKED] = True


async def _discard(response: httpx.Response) -> None:
    """Ends a response that is not wanted, so that httpx need not read its body, which may never end."""
    stream, response.stream = response.stream, httpx.ByteStream(b"")
    response.headers.pop("content-encoding", None)
    assert isinstance(stream, httpx.AsyncByteStream)
    await async_shield(stream.aclose)
