"""Sends calls with httpx and brings back answers; nothing else of the wrapper knows httpx."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Generator
from contextlib import AbstractAsyncContextManager, contextmanager, nullcontext
from dataclasses import replace
from typing import Any, TypeAlias, TypeVar

import httpx
from langgraph_runs_api.client import Client

from langgraph_runs.answers import Answer
from langgraph_runs.errors import APIConnectionError, APIResponseError, APITimeoutError
from langgraph_runs.options import number
from langgraph_runs.settings import Settings
from langgraph_runs.wire import Call

T = TypeVar("T")

AsyncHTTPClient: TypeAlias = httpx.AsyncClient
Timeout: TypeAlias = float | httpx.Timeout
OnRequest: TypeAlias = Callable[[httpx.Request], object]

_TIMEOUT = httpx.Timeout(60.0, connect=5.0)

# The server gives up an idle connection after 5 s; giving it up first, a call never goes out on a dying one.
_LIMITS = httpx.Limits(max_connections=None, max_keepalive_connections=100, keepalive_expiry=4.0)

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
        ValueError: A number is out of its range, or the address is one that httpx cannot read.
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
        self._timeout = _checked(timeout)
        self._slot: AbstractAsyncContextManager[Any] = nullcontext()
        if max_concurrency is not None:
            self._slot = asyncio.Semaphore(number("max_concurrency", max_concurrency, least=1))
        if on_request is not None and not callable(on_request):
            raise TypeError(f"on_request is a function of a request, not {type(on_request).__name__}")
        try:
            self.http = httpx.AsyncClient(
                base_url=settings.url,
                headers=settings.headers,
                timeout=self._timeout,
                limits=_LIMITS,
                event_hooks={"request": [_shown_to(on_request)]} if on_request else None,
                transport=_Lent(http_client) if http_client is not None else None,
            )
        except httpx.InvalidURL as error:
            raise ValueError(f"url={settings.url!r} cannot be read as an address: {error}") from error

    def api(self) -> Client:
        """The generated client, on these connections."""
        client = Client(self.settings.url, headers=dict(self.settings.headers))
        return client.set_async_httpx_client(self.http)

    async def aclose(self) -> None:
        """Closes the connections, unless they are the caller's own."""
        await self.http.aclose()

    async def send(self, call: Call[T]) -> T:
        """Sends a call, and gives what it means."""
        async with self._slot:
            response, answer = await self._begin(call)
            try:
                if call.on_run_created and answer.run_id and response.is_success:
                    call.on_run_created(answer.run_id, answer.thread_id)
                with _translated(answer):
                    body = await response.aread()
            finally:
                await response.aclose()
        return call.read(replace(answer, body=body))

    async def open(self, call: Call[None]) -> AsyncConnection:
        """Sends a call that is answered by a stream, and gives that, once it is known to be one."""
        async with self._slot:
            response, answer = await self._begin(call)
        try:
            if response.status_code != 200:
                with _translated(answer):
                    answer = replace(answer, body=await response.aread())
            call.read(answer)
        except BaseException:
            await response.aclose()
            raise
        return AsyncConnection(response, answer)

    async def _begin(self, call: Call[Any]) -> tuple[httpx.Response, Answer]:
        """The response, of which only the headers have been read, and the answer as far as these go."""
        if self.http.is_closed:
            raise RuntimeError("this client is closed; open another one")
        timeout = self._timeout
        if call.long:
            timeout = httpx.Timeout(**{**timeout.as_dict(), "read": None})
        try:
            request = self.http.build_request(
                call.method,
                call.path,
                params=call.params,
                headers=call.headers,
                content=call.content,
                timeout=timeout,
            )
        except httpx.InvalidURL as error:
            raise ValueError(f"this cannot be sent: {error}") from error
        answer = Answer(call.method, _shown(request.url), 0, {}, b"", call.run_id, call.thread_id)
        with _translated(answer):
            response = await self._followed(request, answer)
        answer = replace(answer, status=response.status_code, headers=_lower(response.headers))
        return response, answer.located()

    async def _followed(self, request: httpx.Request, answer: Answer) -> httpx.Response:
        """The response, redirects followed: such a request holds the key, so it goes to no other origin, and a POST
        stays one."""
        origin = _origin(request.url)
        for _ in range(_MOST_REDIRECTS):
            response = await self.http.send(request, stream=True, follow_redirects=False)
            following = response.next_request
            if following is None:
                return response
            await response.aclose()
            if _origin(following.url) != origin or following.method != request.method:
                raise _not_followed(answer, f"to {_shown(following.url)}")
            request = following
        raise _not_followed(answer, "once too often")


class AsyncConnection:
    """A stream of bytes that has begun.

    Attributes:
        answer: Its headers.
    """

    def __init__(self, response: httpx.Response, answer: Answer) -> None:
        self.answer = answer
        self._response = response
        self._chunks = response.aiter_bytes()

    async def read(self) -> bytes:
        """The next bytes; b"" at the end.

        Raises:
            APIConnectionError: The connection was lost.
        """
        with _translated(self.answer):
            return await anext(self._chunks, b"")

    async def aclose(self) -> None:
        """Closes the connection; it is closed already where the end was reached."""
        await self._response.aclose()


class _Lent(httpx.AsyncBaseTransport):
    """Sends through a client of the caller's, so that its pool, proxies, authentication and hooks stay in force. It is
    theirs to close."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        return await self._client.send(request, stream=True, follow_redirects=False)


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


def _checked(timeout: Timeout | None) -> httpx.Timeout:
    if timeout is None or isinstance(timeout, httpx.Timeout):
        return timeout or _TIMEOUT
    if not isinstance(timeout, int | float) or isinstance(timeout, bool):
        raise TypeError(f"timeout is a number of seconds or an httpx.Timeout, not {timeout!r}")
    if not timeout > 0:
        raise ValueError(f"timeout={timeout!r} leaves no time; httpx.Timeout(None) switches it off")
    return httpx.Timeout(timeout)


def _shown_to(on_request: OnRequest) -> Callable[[httpx.Request], Any]:
    async def hook(request: httpx.Request) -> None:
        on_request(request)

    return hook


@contextmanager
def _translated(answer: Answer) -> Generator[None]:
    """httpx's errors become ours."""
    try:
        yield
    except httpx.TimeoutException as error:
        raise _lost(APITimeoutError, "timed out", answer, error) from error
    except (httpx.RequestError, httpx.StreamError) as error:
        raise _lost(APIConnectionError, "no answer", answer, error) from error


def _lost(kind: type[APIConnectionError], what: str, answer: Answer, error: Exception) -> APIConnectionError:
    return kind(
        f"{answer.method} {answer.url}: {what}: {type(error).__name__}: {error}",
        method=answer.method,
        url=answer.url,
        run_id=answer.run_id,
        thread_id=answer.thread_id,
    )


def _not_followed(answer: Answer, where: str) -> APIResponseError:
    return APIResponseError(
        f"{answer.method} {answer.url}: redirected {where}, which is not followed",
        method=answer.method,
        url=answer.url,
        run_id=answer.run_id,
        thread_id=answer.thread_id,
    )


def _origin(url: httpx.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port or {"http": 80, "https": 443}.get(url.scheme)


def _shown(url: httpx.URL) -> str:
    """The address without what may be secret in it."""
    return str(url.copy_with(username=None, password=None, query=None, fragment=None))


def _lower(headers: httpx.Headers) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}
