"""How tests reach a server that is in memory: by transports of httpx, and by clients on them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import httpx

from langgraph_runs.testing.exchange import Reply, Request
from langgraph_runs.testing.transport import AsyncFakeTransport, FakeTransport

if TYPE_CHECKING:
    from langgraph_runs._async.client import AsyncRunsClient
    from langgraph_runs._sync.client import RunsClient


class InMemoryServer:
    """A server without a socket.

    Attributes:
        url: The URL for clients that use its transports. Nothing listens there.
    """

    url = "http://runs.test"

    def __init__(self) -> None:
        self._requests: list[Request] = []

    @property
    def requests(self) -> Sequence[Request]:
        """The requests so far, the oldest first."""
        return tuple(self._requests)

    def respond(self, request: Request) -> Reply:
        """The response to a request. For transports of other libraries.

        Args:
            request: The request.
        """
        raise NotImplementedError

    def transport(self) -> httpx.BaseTransport:
        """A transport for an `httpx.Client` or `httpx2.Client`, which takes each request to this server."""
        return FakeTransport(self.respond)

    def async_transport(self) -> httpx.AsyncBaseTransport:
        """A transport for an `httpx.AsyncClient` or `httpx2.AsyncClient`, which takes each request to this server."""
        return AsyncFakeTransport(self.respond)

    def client(self, **options: Any) -> RunsClient[Any, Any, Any]:
        """A client of this server, without a socket. Its retries do not wait.

        Args:
            options: Arguments of `RunsClient`. By default, `api_key=None` and `retry=RetryPolicy(first_delay=0)`.

        Example:
            runs = server.client(cancel_on_exit="interrupt")
        """
        from langgraph_runs._sync.client import RunsClient

        http = httpx.Client(transport=self.transport())
        return RunsClient(self.url, **_with_defaults(options, http))

    def async_client(self, **options: Any) -> AsyncRunsClient[Any, Any, Any]:
        """The same as `client`, for asyncio.

        Args:
            options: Arguments of `AsyncRunsClient`, with the same defaults.
        """
        from langgraph_runs._async.client import AsyncRunsClient

        http = httpx.AsyncClient(transport=self.async_transport())
        return AsyncRunsClient(self.url, **_with_defaults(options, http))


def _with_defaults(options: dict[str, Any], http: httpx.Client | httpx.AsyncClient) -> dict[str, Any]:
    from langgraph_runs.retry import RetryPolicy

    return {"api_key": None, "retry": RetryPolicy(first_delay=0), "http_client": http, **options}
