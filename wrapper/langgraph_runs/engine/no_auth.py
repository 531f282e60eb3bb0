"""httpx's authentication where there is none, without the async generator that httpx starts for each request."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Any

import httpx

NoAuth = httpx.Auth
"""For the sync client, in which generators do no harm."""


class AsyncNoAuth(httpx.Auth):
    """Sends each request as it is. An event loop that ends cancels the runs of open streams, and prints a warning about
    each async generator that is started then."""

    def async_auth_flow(self, request: httpx.Request) -> AsyncGenerator[httpx.Request, httpx.Response]:
        """Yields the request."""
        return _Once(request)


class _Once(AsyncGenerator[httpx.Request, httpx.Response]):
    """Yields one request."""

    def __init__(self, request: httpx.Request) -> None:
        self._request: httpx.Request | None = request

    async def asend(self, _response: httpx.Response | None) -> httpx.Request:
        request, self._request = self._request, None
        if request is None:
            raise StopAsyncIteration
        return request

    async def athrow(self, *_error: Any) -> httpx.Request:
        raise StopAsyncIteration

    async def aclose(self) -> None:
        """Does nothing."""
