"""Makes the httpx client that sends the requests: by the engine, by httpx's own transports or by a caller's client."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NoReturn, TypeAlias

import httpx
from langgraph_runs_api.client import Client

from langgraph_runs.engine.selection import environment_proxies, is_wanted
from langgraph_runs.request.arguments import LONGEST, callback
from langgraph_runs.request.settings import Settings, sendable

AsyncHTTPClient: TypeAlias = httpx.AsyncClient
Timeout: TypeAlias = float | httpx.Timeout
OnRequest: TypeAlias = Callable[[httpx.Request], object]

_TIMEOUT = httpx.Timeout(60.0, connect=5.0)
_TIMEOUT_OF_HTTPX = httpx.Timeout(5.0)

# The server closes an idle connection after 5 s. If we close it earlier, no call goes out on a dying connection.
_KEPT, _EXPIRY = 100, 4.0
_LIMITS = httpx.Limits(max_connections=None, max_keepalive_connections=_KEPT, keepalive_expiry=_EXPIRY)


def make_http_client(
    settings: Settings,
    timeout: Timeout | None,
    on_request: OnRequest | None,
    http_client: AsyncHTTPClient | None,
) -> AsyncHTTPClient:
    """The httpx client for these settings; it sends through `http_client` if that is given.

    Raises:
        TypeError: An argument has the wrong type.
        ValueError: A number is out of range.
        httpx.InvalidURL, UnicodeError: httpx cannot read the URL.
    """
    callback("on_request", on_request, "a request")
    return httpx.AsyncClient(
        base_url=settings.url,
        headers=settings.headers,
        params=http_client.params if http_client else None,
        cookies=http_client.cookies if http_client else None,
        timeout=_checked_timeout(timeout, http_client),
        limits=_LIMITS,
        event_hooks={"request": [_hook(on_request)]} if on_request else None,
        **_transports(http_client),
    )


def headers_of(http_client: AsyncHTTPClient | None) -> dict[str, str]:
    """The headers that the caller has set on their own client.

    Raises:
        TypeError: It is not an httpx.AsyncClient.
    """
    if http_client is None:
        return {}
    if not isinstance(http_client, httpx.AsyncClient):
        raise TypeError(f"http_client must be an httpx.AsyncClient, not {type(http_client).__name__}")
    standard = {"accept", "accept-encoding", "connection"}
    if http_client.headers.get("user-agent", "").startswith("python-httpx/"):
        standard.add("user-agent")
    return {name: value for name, value in http_client.headers.items() if name not in standard}


def generated_client(settings: Settings, http: AsyncHTTPClient) -> Client:
    """The generated client on the same connections and headers."""
    client = Client(settings.url, headers=dict(settings.headers))
    for place in ("_client", "_async_client"):  # ours replaces one of them below
        setattr(client, place, _WrongVariant())
    return client.set_async_httpx_client(http)


class _BorrowedClient(httpx.AsyncBaseTransport):
    """Sends through the caller's client, so that its pool, proxies, authentication and hooks stay in force. The caller
    closes it."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        return await self._client.send(request, stream=True, follow_redirects=False)


class _WrongVariant:
    """Replaces the generated layer's httpx client of the other variant, which would open connections of its own."""

    def request(self, *_args: object, **_options: object) -> NoReturn:
        raise RuntimeError(
            "the api belongs to the class AsyncRunsClient: call endpoint.asyncio(...) or endpoint.asyncio_detailed(...)"
        )


def _transports(http_client: AsyncHTTPClient | None) -> dict[str, Any]:
    """The arguments `transport` and `mounts` of an httpx client; neither if it makes its own."""
    if http_client is not None:
        return {"transport": _BorrowedClient(http_client)}
    if not is_wanted(httpx.AsyncHTTPTransport, "handle_async_request"):
        return {}
    try:
        from langgraph_runs._async.engine.pool import AsyncPool  # here: it needs httptools
    except ModuleNotFoundError as error:
        if error.name != "httptools":
            raise
        return {}
    mounts = {
        pattern: None if proxy is None else httpx.AsyncHTTPTransport(proxy=proxy, limits=_LIMITS)
        for pattern, proxy in environment_proxies().items()
    }
    return {"transport": AsyncPool(kept=_KEPT, expiry=_EXPIRY), "mounts": mounts}


def _checked_timeout(timeout: Timeout | None, http_client: AsyncHTTPClient | None) -> httpx.Timeout:
    if timeout is None:
        if http_client is not None and http_client.timeout != _TIMEOUT_OF_HTTPX:
            return http_client.timeout
        return _TIMEOUT
    if not isinstance(timeout, int | float | httpx.Timeout) or isinstance(timeout, bool):
        raise TypeError(f"timeout must be a number of seconds or an httpx.Timeout, not {timeout!r}")
    given = timeout if isinstance(timeout, httpx.Timeout) else httpx.Timeout(timeout)
    for seconds in given.as_dict().values():
        if seconds is not None and not 0 < seconds <= LONGEST:
            raise ValueError(
                f"timeout={timeout!r} must be a positive number of seconds; httpx.Timeout(None) disables it"
            )
    return given


def _hook(on_request: OnRequest) -> Callable[[httpx.Request], Any]:
    async def hook(request: httpx.Request) -> None:
        on_request(request)
        sendable(request.headers.raw)

    return hook
