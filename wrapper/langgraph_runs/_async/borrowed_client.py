"""The caller's own client, of httpx or of httpx2: what is taken from it, and the transport that sends through it."""

from __future__ import annotations

import sys
from contextlib import suppress
from typing import Any, Protocol, TypeAlias

import httpx

from langgraph_runs.engine.request import CHECKED


class AsyncHTTPX2Client(Protocol):
    """An `httpx2.AsyncClient`. This package does not import httpx2, which need not be installed."""

    @property
    def base_url(self) -> Any: ...
    @property
    def cookies(self) -> Any: ...
    @property
    def headers(self) -> Any: ...
    @property
    def params(self) -> Any: ...
    @property
    def timeout(self) -> Any: ...
    async def send(self, request: Any, *, stream: bool = ..., follow_redirects: bool = ...) -> Any: ...
    async def aclose(self) -> None: ...


AsyncHTTPClient: TypeAlias = httpx.AsyncClient | AsyncHTTPX2Client

_STANDARD_HEADERS = {"accept", "accept-encoding", "connection"}
_STANDARD_AGENTS = ("python-httpx/", "python-httpx2/")


def headers_of(http_client: AsyncHTTPClient | None) -> dict[str, str]:
    """The headers that the caller has set on their own client.

    Raises:
        TypeError: It is neither an httpx.AsyncClient nor an httpx2.AsyncClient.
    """
    if http_client is None:
        return {}
    if not isinstance(http_client, httpx.AsyncClient) and not _is_of_httpx2(http_client):
        given = type(http_client)
        name = given.__name__ if given.__module__ == "builtins" else f"{given.__module__}.{given.__name__}"
        raise TypeError(f"http_client must be an httpx.AsyncClient or an httpx2.AsyncClient, not {name}")
    standard = set(_STANDARD_HEADERS)
    if http_client.headers.get("user-agent", "").startswith(_STANDARD_AGENTS):
        standard.add("user-agent")
    return {name: value for name, value in http_client.headers.items() if name not in standard}


def base_url_of(http_client: AsyncHTTPClient | None, url: str | None) -> str:
    """The base_url of the caller's client; "" if it has none.

    Args:
        http_client: The caller's client, as `headers_of` has checked it.
        url: The URL that the caller has passed beside it.

    Raises:
        ValueError: The two differ.
    """
    base = httpx.URL(str(http_client.base_url)) if http_client is not None else httpx.URL()
    if isinstance(url, str) and str(base):
        with suppress(httpx.InvalidURL, UnicodeError):  # `settings` refuses it, and says why
            given = httpx.URL(url.strip())
            shown = f"the base_url of http_client, {str(base.copy_with(username=None, password=None))!r},"
            if given.host and _server(given) != _server(base):
                raise ValueError(f"{shown} differs from url; pass one of them")
            if given.host and base.userinfo not in (b"", given.userinfo):
                raise ValueError(f"{shown} has a user or a password that url does not have; pass one of them")
    return str(base)


def taken_from(http_client: AsyncHTTPClient | None) -> dict[str, Any]:
    """The parameters and the cookies of the caller's client, as arguments for one of httpx."""
    if http_client is None:
        return {}
    return {"params": http_client.params.multi_items(), "cookies": httpx.Cookies(http_client.cookies.jar)}


def timeout_of(http_client: AsyncHTTPClient) -> httpx.Timeout:
    """The timeout of the caller's client."""
    return httpx.Timeout(**http_client.timeout.as_dict())


def sending_through(http_client: AsyncHTTPClient) -> httpx.AsyncBaseTransport:
    """A transport that sends through the caller's client, so that its pool, proxies, authentication and hooks stay in
    force. The caller closes it."""
    if isinstance(http_client, httpx.AsyncClient):
        return _BorrowedClient(http_client)
    from langgraph_runs._async.httpx2_client import AsyncBorrowedHTTPX2Client

    return AsyncBorrowedHTTPX2Client(http_client)


def _server(url: httpx.URL) -> tuple[object, ...]:
    return url.scheme, url.host, url.port, url.raw_path.rstrip(b"/")


def _is_of_httpx2(http_client: object) -> bool:
    kind = getattr(sys.modules.get("httpx2"), "AsyncClient", None)
    return kind is not None and isinstance(http_client, kind)


class _BorrowedClient(httpx.AsyncBaseTransport):
    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        request.extensions.pop(CHECKED, None)  # the hooks of this client may change the request
        return await self._client.send(request, stream=True, follow_redirects=False)
