"""Sends calls with httpx, and brings back responses."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import replace
from time import monotonic
from typing import Any, NoReturn, TypeAlias, TypeVar

import httpx
from langgraph_runs_api.client import Client

from langgraph_runs._async.response import AsyncResponse, closed
from langgraph_runs.answers import Answer
from langgraph_runs.arguments import LONGEST, callback, number
from langgraph_runs.call import REQUEST_ID, Call
from langgraph_runs.colours import AsyncDeadline, AsyncTurns
from langgraph_runs.engine.request import DEADLINE
from langgraph_runs.engine.selection import environment_proxies, is_wanted
from langgraph_runs.settings import Settings, sendable
from langgraph_runs.translation import translated

T = TypeVar("T")

log = logging.getLogger("langgraph_runs")

AsyncHTTPClient: TypeAlias = httpx.AsyncClient
Timeout: TypeAlias = float | httpx.Timeout
OnRequest: TypeAlias = Callable[[httpx.Request], object]

_TIMEOUT = httpx.Timeout(60.0, connect=5.0)
_TIMEOUT_OF_HTTPX = httpx.Timeout(5.0)

# The server gives up an idle connection after 5 s; giving it up first, a call never goes out on a dying one.
_KEPT, _EXPIRY = 100, 4.0
_LIMITS = httpx.Limits(max_connections=None, max_keepalive_connections=_KEPT, keepalive_expiry=_EXPIRY)

_MOST_REDIRECTS = 5


class AsyncTransport:
    """One client's connections.

    Args:
        settings: Where to send, and what headers to send along.
        timeout: In seconds, or as httpx has it, for calls that the server answers at once; 60 (5 to connect) for None.
            Where the answer takes as long as a run, there is no limit on reading it.
        max_concurrency: How many calls may be under way at once; None for any number. A stream counts until its
            headers have come.
        on_request: Is shown every request before it leaves, and may change it.
        http_client: Sends the requests in place of a client of our own, and is left open.

    Raises:
        TypeError: An argument is of another type.
        ValueError: A number is out of its range, or the URL is one that httpx cannot read.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        timeout: Timeout | None,
        max_concurrency: int | None,
        on_request: OnRequest | None,
        http_client: AsyncHTTPClient | None,
    ) -> None:
        self.settings = settings
        self._timeout = _checked(timeout, http_client)
        if max_concurrency is not None:
            number("max_concurrency", max_concurrency, least=1)
        self._turns = AsyncTurns(max_concurrency)
        callback("on_request", on_request, "a request")
        try:
            address = httpx.URL(settings.url)
            self._origin, self._shown = _origin(address), _shown(address).rstrip("/")
            self.http = httpx.AsyncClient(
                base_url=settings.url,
                headers=settings.headers,
                params=http_client.params if http_client else None,
                cookies=http_client.cookies if http_client else None,
                timeout=self._timeout,
                limits=_LIMITS,
                event_hooks={"request": [_shown_to(on_request)]} if on_request else None,
                **_sending_with(http_client),
            )
        except (httpx.InvalidURL, UnicodeError) as error:
            raise ValueError(f"url={settings.url!r} cannot be read as an address: {error}") from error

    def api(self) -> Client:
        """The generated client, on these connections."""
        client = Client(self.settings.url, headers=dict(self.settings.headers))
        for place in ("_client", "_async_client"):  # one of them is ours right after
            setattr(client, place, _OtherColour())
        return client.set_async_httpx_client(self.http)

    async def aclose(self) -> None:
        """Closes the connections, unless they are the caller's own."""
        await self.http.aclose()

    async def send(self, call: Call[T], deadline: AsyncDeadline) -> T:
        """Sends a call, and gives what it means.

        Raises:
            APIError: It could not be sent, or was not answered as it should be.
            OverdueError: The deadline has passed.
        """
        began = monotonic()
        async with self._turn(call, deadline):
            response = await self._begin(call, deadline)
            try:
                answer = response.answer
                if call.long and call.on_run_created and answer.run_id and 200 <= answer.status < 300:
                    call.on_run_created(answer.run_id, answer.thread_id)
                body = await response.rest(deadline)
            finally:
                await response.aclose()
        return call.read(replace(answer, body=body, seconds=monotonic() - began))

    async def open(self, call: Call[None], deadline: AsyncDeadline) -> AsyncResponse:
        """Sends a call that is answered by a stream, and gives that, once it is known to be one.

        Raises:
            APIError: It could not be sent, or was not answered by a stream.
            OverdueError: The deadline has passed.
        """
        async with self._turn(call, deadline):
            response = await self._begin(call, deadline)
        try:
            answer = response.answer
            if answer.status != 200:
                answer = replace(answer, body=await response.rest(deadline))
            call.read(answer)
        except BaseException:
            await response.aclose()
            raise
        return response

    def _turn(self, call: Call[Any], deadline: AsyncDeadline) -> AbstractAsyncContextManager[None]:
        return nullcontext() if call.urgent else self._turns.one(deadline)

    async def _begin(self, call: Call[Any], deadline: AsyncDeadline) -> AsyncResponse:
        """The response, of which only the headers have been read."""
        if self.http.is_closed:
            raise RuntimeError("this client is closed; open another one")
        log.debug("%s %s", call.method, call.path)
        headers, all_have = call.headers, self.settings.headers.get(REQUEST_ID)
        if all_have and call.nonce is not None:  # the caller's wins
            headers = {**headers, REQUEST_ID: all_have}
        request = self._request(call, headers, deadline)
        answer = Answer(
            call.method,
            self._shown + call.path,
            0,
            {},
            b"",
            call.run_id,
            call.thread_id,
            starts_a_run=call.starts_a_run,
            request_id=headers.get(REQUEST_ID) or all_have,
        )
        with translated(answer):
            async with deadline.limit():
                response = await self._followed(request, answer)
        if not response.is_success:  # no run is waited for: what it says, it says at once
            response.request.extensions["timeout"]["read"] = self._timeout.read
        elif call.streams:
            response.request.extensions["timeout"]["read"] = deadline.seconds
        answer = answer.begun(response.status_code, _lower(response.headers))
        return AsyncResponse(response, answer, beats=call.long and not call.streams and response.is_success)

    def _request(self, call: Call[Any], headers: Mapping[str, str], deadline: AsyncDeadline) -> httpx.Request:
        timeout, extensions = self._timeout, dict[str, Any]()
        if call.long and not call.streams:  # of a stream, the headers come at once
            timeout = httpx.Timeout(**{**timeout.as_dict(), "read": None})
        if deadline.ends_at is not None:
            # For the engine; httpx's own transports know only the timeout.
            extensions[DEADLINE] = deadline.ends_at
            timeout = httpx.Timeout(
                **{name: deadline.left(seconds) for name, seconds in timeout.as_dict().items()}
            )
        try:
            return self.http.build_request(
                call.method,
                self.settings.url + call.path,  # whole: httpx would parse it once more to make it so
                params=call.params or None,
                headers=headers,
                content=call.content,
                timeout=timeout,
                extensions={**extensions, "timeout": timeout.as_dict()},
            )
        except (httpx.InvalidURL, UnicodeError) as error:
            raise ValueError(f"this cannot be sent: {error}") from error

    async def _followed(self, request: httpx.Request, answer: Answer) -> httpx.Response:
        """The response, redirects followed: such a request holds the key, so it goes to no other origin, and a POST
        stays one."""
        for _ in range(_MOST_REDIRECTS):
            try:
                response = await self.http.send(request, stream=True, follow_redirects=False)
            except (httpx.InvalidURL, UnicodeError) as error:
                raise answer.unreadable(f"redirected to what is no address ({error})") from error
            following = response.next_request
            if following is None:
                return response
            await closed(response)
            answer = replace(answer, status=response.status_code)
            if _origin(following.url) != self._origin or following.method != request.method:
                raise answer.unreadable(f"redirected to {_shown(following.url)}, which is not followed")
            request = following
        raise answer.unreadable("redirected once too often")


class _Lent(httpx.AsyncBaseTransport):
    """Sends through a client of the caller's, so that its pool, proxies, authentication and hooks stay in force. It is
    theirs to close."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        return await self._client.send(request, stream=True, follow_redirects=False)


class _OtherColour:
    """Stands where the generated layer has its client of the other colour, lest it opens one beside this client."""

    def request(self, *_args: object, **_options: object) -> NoReturn:
        raise RuntimeError(
            "the api belongs to the class AsyncRunsClient: call endpoint.asyncio(...) or endpoint.asyncio_detailed(...)"
        )


def _sending_with(http_client: AsyncHTTPClient | None) -> dict[str, Any]:
    """What an httpx client is to send with: its `transport` and its `mounts`, or nothing for its own."""
    if http_client is not None:
        return {"transport": _Lent(http_client)}
    if not is_wanted(httpx.AsyncHTTPTransport, "handle_async_request"):
        return {}
    try:
        from langgraph_runs._async.engine.pool import AsyncPool  # here: httptools is not to be had everywhere
    except ModuleNotFoundError as error:
        if error.name != "httptools":
            raise
        return {}
    mounts = {
        pattern: None if proxy is None else httpx.AsyncHTTPTransport(proxy=proxy, limits=_LIMITS)
        for pattern, proxy in environment_proxies().items()
    }
    return {"transport": AsyncPool(kept=_KEPT, expiry=_EXPIRY), "mounts": mounts}


def headers_of(http_client: AsyncHTTPClient | None) -> dict[str, str]:
    """The headers that the caller has given a client of theirs.

    Raises:
        TypeError: It is no such client; one for the other colour, perhaps.
    """
    if http_client is None:
        return {}
    if not isinstance(http_client, httpx.AsyncClient):
        raise TypeError(f"http_client is an httpx.AsyncClient, not {type(http_client).__name__}")
    standard = {"accept", "accept-encoding", "connection"}
    if http_client.headers.get("user-agent", "").startswith("python-httpx/"):
        standard.add("user-agent")
    return {name: value for name, value in http_client.headers.items() if name not in standard}


def _checked(timeout: Timeout | None, http_client: AsyncHTTPClient | None) -> httpx.Timeout:
    if timeout is None:
        if http_client is not None and http_client.timeout != _TIMEOUT_OF_HTTPX:
            return http_client.timeout
        return _TIMEOUT
    if not isinstance(timeout, int | float | httpx.Timeout) or isinstance(timeout, bool):
        raise TypeError(f"timeout is a number of seconds or an httpx.Timeout, not {timeout!r}")
    given = timeout if isinstance(timeout, httpx.Timeout) else httpx.Timeout(timeout)
    for seconds in given.as_dict().values():
        if seconds is not None and not 0 < seconds <= LONGEST:
            raise ValueError(f"timeout={timeout!r} is no time to wait; httpx.Timeout(None) switches it off")
    return given


def _shown_to(on_request: OnRequest) -> Callable[[httpx.Request], Any]:
    async def hook(request: httpx.Request) -> None:
        on_request(request)
        sendable(request.headers.raw)

    return hook


def _origin(url: httpx.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port or {"http": 80, "https": 443}.get(url.scheme)


def _shown(url: httpx.URL) -> str:
    """The URL without what may be secret in it."""
    return str(url.copy_with(username=None, password=None, query=None, fragment=None))


def _lower(headers: httpx.Headers) -> dict[str, str]:
    """The headers by their names in lower case; the values of one that comes several times are joined."""
    found: dict[str, str] = {}
    for name, value in headers.raw:
        key, text = name.decode("latin-1").lower(), value.decode("latin-1")
        found[key] = f"{found[key]}, {text}" if key in found else text
    return found
