"""Makes the httpx client that sends the requests: by the engine, by httpx's own transports or by a caller's client."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NoReturn, TypeAlias

import httpx
from langgraph_runs_api.client import Client

from langgraph_runs._async.borrowed_client import AsyncHTTPClient, sending_through, taken_from, timeout_of
from langgraph_runs._async.bounded_body import AsyncBoundedTransport
from langgraph_runs.engine.no_auth import AsyncNoAuth
from langgraph_runs.engine.selection import environment_proxies, is_wanted
from langgraph_runs.head_limit import AsyncHeadLimit
from langgraph_runs.request.arguments import LONGEST
from langgraph_runs.request.key_source import AsyncKeySource
from langgraph_runs.request.settings import Settings
from langgraph_runs.response.info import ResponseInfo

Timeout: TypeAlias = float | httpx.Timeout
OnRequest: TypeAlias = Callable[[httpx.Request], object]
OnResponse: TypeAlias = Callable[[ResponseInfo], object]

CLOSED = "this client is closed; open another one"

_TIMEOUT = httpx.Timeout(60.0, connect=5.0)
_TIMEOUT_OF_HTTPX = httpx.Timeout(5.0)

# The server closes an idle connection after 5 s. If we close it earlier, no call goes out on a dying connection.
_KEPT, _EXPIRY = 100, 4.0
_LIMITS = httpx.Limits(max_connections=None, max_keepalive_connections=_KEPT, keepalive_expiry=_EXPIRY)


class AsyncConnections:
    """What sends the requests of a client and of its copies.

    Args:
        http_client: Sends them, if it is given.
        max_body_bytes: The largest size of the body of a response.

    Attributes:
        http_client: The same.
        original: The httpx client of the client, which closes the connections.
        by_engine: Whether the engine sends all requests.
    """

    def __init__(self, http_client: AsyncHTTPClient | None, max_body_bytes: int) -> None:
        self.http_client = http_client
        self.original: httpx.AsyncClient | None = None
        self._transport, self._mounts, self.by_engine = _transports(http_client, max_body_bytes)

    def arguments(self) -> dict[str, Any]:
        """The arguments of an httpx client that sends on them: of the first one, or of another one for a copy."""
        own, taken = self.original, taken_from(self.http_client)
        if own is None:
            return {**taken, "transport": self._transport, "mounts": self._mounts}
        return {
            **taken,
            "cookies": own.cookies.jar,
            "transport": _SharedTransport(self._transport, own),
            "mounts": {
                pattern: None if transport is None else _SharedTransport(transport, own)
                for pattern, transport in self._mounts.items()
            },
        }


def make_http_client(
    settings: Settings,
    timeout: Timeout | None,
    on_request: OnRequest | None,
    on_response: OnResponse | None,
    connections: AsyncConnections,
) -> httpx.AsyncClient:
    """The httpx client for these settings.

    Raises:
        TypeError: An argument has the wrong type.
        ValueError: A number is out of range.
        httpx.InvalidURL, UnicodeError: httpx cannot read the URL.
    """
    # Here: at the top, they would double the time it takes to import a client.
    from langgraph_runs._async.hooks import hooks
    from langgraph_runs._async.key_auth import AsyncKeyAuth

    ask_key = settings.ask_key
    return httpx.AsyncClient(
        auth=AsyncNoAuth() if ask_key is None else AsyncKeyAuth(AsyncKeySource(ask_key)),
        base_url=settings.url,
        headers=settings.headers,
        timeout=_checked_timeout(timeout, connections.http_client),
        event_hooks=hooks(on_request, on_response),
        **connections.arguments(),
    )


def total_seconds(timeout: Timeout | None, http_client: AsyncHTTPClient | None) -> float | None:
    """How many seconds a response that the server sends at once may take in total. None if only each operation is
    limited, as by an `httpx.Timeout`."""
    given = _given_timeout(timeout, http_client)
    if isinstance(given, httpx.Timeout):
        return None
    return _TIMEOUT.read if given is None else given


def generated_client(settings: Settings, http: httpx.AsyncClient) -> Client:
    """The generated client on the same connections and headers."""
    client = Client(settings.url, headers=dict(settings.headers))
    for place in ("_client", "_async_client"):  # ours replaces one of them below
        setattr(client, place, _WrongVariant())
    return client.set_async_httpx_client(http)


class _SharedTransport(httpx.AsyncBaseTransport):
    """The transport of a copy. Closing it closes nothing."""

    def __init__(self, transport: httpx.AsyncBaseTransport, original: httpx.AsyncClient) -> None:
        self._transport = transport
        self._original = original

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if self._original.is_closed:
            raise RuntimeError(CLOSED)
        return await self._transport.handle_async_request(request)


class _OtherTransport(httpx.AsyncBaseTransport):
    """A transport other than the engine, which observes the deadline of a request by itself."""

    def __init__(self, transport: httpx.AsyncBaseTransport) -> None:
        self._transport = transport
        self._heads = AsyncHeadLimit(owns_pool=isinstance(transport, httpx.AsyncHTTPTransport))

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        with self._heads.limit(request.extensions):
            response = await self._transport.handle_async_request(request)
        self._heads.came(response)
        return response

    async def aclose(self) -> None:
        await self._transport.aclose()


class _WrongVariant:
    """Replaces the generated layer's httpx client of the other variant, which would open connections of its own."""

    def request(self, *_args: object, **_options: object) -> NoReturn:
        raise RuntimeError(
            "the api belongs to the class AsyncRunsClient: call endpoint.asyncio(...) or endpoint.asyncio_detailed(...)"
        )


_Mounts: TypeAlias = dict[str, httpx.AsyncBaseTransport | None]


def _transports(
    http_client: AsyncHTTPClient | None, max_body_bytes: int
) -> tuple[httpx.AsyncBaseTransport, _Mounts, bool]:
    """The arguments `transport` and `mounts` of the httpx client, and whether the engine sends all requests."""
    if http_client is not None:
        borrowed = _OtherTransport(sending_through(http_client))
        return AsyncBoundedTransport(borrowed, max_body_bytes), {}, False
    mounts: _Mounts = {
        pattern: None
        if proxy is None
        else AsyncBoundedTransport(
            _OtherTransport(httpx.AsyncHTTPTransport(proxy=proxy, limits=_LIMITS)), max_body_bytes
        )
        for pattern, proxy in environment_proxies().items()
    }
    direct = _direct()
    by_engine = not isinstance(direct, _OtherTransport) and not any(mounts.values())
    return AsyncBoundedTransport(direct, max_body_bytes), mounts, by_engine


def _direct() -> httpx.AsyncBaseTransport:
    """The transport without a proxy: the engine, or httpx's own."""
    if is_wanted(httpx.AsyncHTTPTransport, "handle_async_request"):
        try:
            from langgraph_runs._async.engine.pool import AsyncPool  # here: it needs httptools

            return AsyncPool(kept=_KEPT, expiry=_EXPIRY)
        except ModuleNotFoundError as error:
            if error.name != "httptools":
                raise
    return _OtherTransport(httpx.AsyncHTTPTransport(limits=_LIMITS))


def _given_timeout(timeout: Timeout | None, http_client: AsyncHTTPClient | None) -> Timeout | None:
    """The `timeout` of the client, or that of the caller's own client; None if neither is given."""
    if timeout is None and http_client is not None:
        theirs = timeout_of(http_client)
        return None if theirs == _TIMEOUT_OF_HTTPX else theirs
    return timeout


def _checked_timeout(timeout: Timeout | None, http_client: AsyncHTTPClient | None) -> httpx.Timeout:
    if timeout is None:
        theirs = _given_timeout(None, http_client)
        return theirs if isinstance(theirs, httpx.Timeout) else _TIMEOUT
    if not isinstance(timeout, int | float | httpx.Timeout) or isinstance(timeout, bool):
        raise TypeError(f"timeout must be a number of seconds or an httpx.Timeout, not {timeout!r}")
    given = timeout if isinstance(timeout, httpx.Timeout) else httpx.Timeout(timeout)
    for seconds in given.as_dict().values():
        if seconds is not None and not 0 < seconds <= LONGEST:
            raise ValueError(
                f"timeout={timeout!r} must be a positive number of seconds; httpx.Timeout(None) disables it"
            )
    return given
