"""Sends calls with httpx, and returns responses."""

from __future__ import annotations

import logging
from dataclasses import replace
from time import monotonic
from typing import Any, TypeVar

import httpx
from langgraph_runs_api.client import Client

from langgraph_runs._async.http_client import (
    AsyncHTTPClient,
    OnRequest,
    Timeout,
    generated_client,
    make_http_client,
)
from langgraph_runs._async.httpx_errors import translated
from langgraph_runs._async.response import AsyncResponse, closed
from langgraph_runs.deadline import AsyncDeadline
from langgraph_runs.engine.request import DEADLINE
from langgraph_runs.request.call import REQUEST_ID, Call, Duration
from langgraph_runs.request.settings import Settings
from langgraph_runs.response.answer import Answer

T = TypeVar("T")

log = logging.getLogger("langgraph_runs")

_MAX_REDIRECTS = 5


class AsyncTransport:
    """The connections of one client.

    Args:
        settings: The URL of the server, and the headers of every request.
        timeout: Seconds, or an `httpx.Timeout`, for calls that the server answers at once; 60 (5 to connect) for None.
            There is no limit on reading a response that takes as long as a run.
        on_request: Called with every request before it is sent; may change it.
        http_client: Sends the requests instead of a client made here, and is left open.

    Raises:
        TypeError: An argument has the wrong type.
        ValueError: A number is out of range, or httpx cannot read the URL.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        timeout: Timeout | None,
        on_request: OnRequest | None,
        http_client: AsyncHTTPClient | None,
    ) -> None:
        self.settings = settings
        try:
            address = httpx.URL(settings.url)
            self._origin, self._shown = _origin(address), _shown(address).rstrip("/")
            self.http = make_http_client(settings, timeout, on_request, http_client)
        except (httpx.InvalidURL, UnicodeError) as error:
            raise ValueError(f"url={settings.url!r} is not a valid URL: {error}") from error
        self._timeout = self.http.timeout  # `api.with_timeout` changes that of the httpx client

    def api(self) -> Client:
        """The generated client, on these connections."""
        return generated_client(self.settings, self.http)

    async def aclose(self) -> None:
        """Closes the connections, unless they are the caller's own."""
        await self.http.aclose()

    async def send(self, call: Call[T], deadline: AsyncDeadline) -> T:
        """Sends a call, and returns what its response means.

        Raises:
            APIError: It could not be sent, or its response is an error.
            DeadlineExceededError: The deadline has passed.
        """
        began = monotonic()
        response = await self._begin(call, deadline)
        try:
            answer = response.answer
            is_long = call.duration is Duration.RUN and 200 <= answer.status < 300
            if is_long and call.on_run_created and answer.run_id:
                call.on_run_created(answer.run_id, answer.thread_id)
            body = await response.rest(deadline)
        finally:
            await response.aclose()
        return call.read(replace(answer, body=body, seconds=monotonic() - began))

    async def open(self, call: Call[None], deadline: AsyncDeadline) -> AsyncResponse:
        """Sends a call whose response is a stream, and returns it once it is known to be one.

        Raises:
            APIError: It could not be sent, or its response is not a stream.
            DeadlineExceededError: The deadline has passed.
        """
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

    async def _begin(self, call: Call[Any], deadline: AsyncDeadline) -> AsyncResponse:
        """The response, of which only the headers have been read."""
        if self.http.is_closed:
            raise RuntimeError("this client is closed; open another one")
        log.debug("%s %s", call.method, call.path)
        request = self._request(call, deadline)
        answer = Answer(
            call.method,
            self._shown + call.path,
            run_id=call.run_id,
            thread_id=call.thread_id,
            starts_a_run=call.starts_a_run,
            request_id=request.headers.get(REQUEST_ID),
        )
        with translated(answer):
            async with deadline.limit():
                response = await self._redirected(request, answer)
        if not response.is_success:  # an error comes at once, without waiting for a run
            response.request.extensions["timeout"]["read"] = self._timeout.read
        elif call.duration is Duration.STREAM:
            response.request.extensions["timeout"]["read"] = deadline.seconds
        answer = answer.with_head(response.status_code, _by_lower_name(response.headers))
        return AsyncResponse(response, answer, beats=call.duration is Duration.RUN and response.is_success)

    def _request(self, call: Call[Any], deadline: AsyncDeadline) -> httpx.Request:
        timeout, extensions = self._timeout, dict[str, Any]()
        if call.duration is Duration.RUN:
            timeout = httpx.Timeout(**{**timeout.as_dict(), "read": None})
        if deadline.ends_at is not None:
            # For the engine; httpx's own transports only have the timeout.
            extensions[DEADLINE] = deadline.ends_at
            left = {name: deadline.left(seconds) for name, seconds in timeout.as_dict().items()}
            timeout = httpx.Timeout(**left)
        try:
            return self.http.build_request(
                call.method,
                # The whole URL: httpx would parse it once more to merge it with its base_url.
                self.settings.url + call.path,
                params=call.params or None,
                headers=call.headers,
                content=call.content,
                timeout=timeout,
                extensions={**extensions, "timeout": timeout.as_dict()},
            )
        except (httpx.InvalidURL, UnicodeError) as error:
            raise ValueError(f"the request cannot be sent: {error}") from error

    async def _redirected(self, request: httpx.Request, answer: Answer) -> httpx.Response:
        """The response after redirects. Refuses those to another origin, as the request contains the key, and those
        that would change its method."""
        for _ in range(_MAX_REDIRECTS):
            try:
                response = await self.http.send(request, stream=True, follow_redirects=False)
            except (httpx.InvalidURL, UnicodeError) as error:
                raise answer.unreadable(f"redirected to an invalid URL ({error})") from error
            following = response.next_request
            if following is None:
                return response
            await closed(response)
            answer = replace(answer, status=response.status_code)
            if _origin(following.url) != self._origin or following.method != request.method:
                raise answer.unreadable(f"redirected to {_shown(following.url)}, which is not followed")
            request = following
        raise answer.unreadable("too many redirects")


def _origin(url: httpx.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port or {"http": 80, "https": 443}.get(url.scheme)


def _shown(url: httpx.URL) -> str:
    """The URL without the parts that may be secret."""
    return str(url.copy_with(username=None, password=None, query=None, fragment=None))


def _by_lower_name(headers: httpx.Headers) -> dict[str, str]:
    """The headers by their names in lower case; the values of a repeated one are joined."""
    found: dict[str, str] = {}
    for name, value in headers.raw:
        key, text = name.decode("latin-1").lower(), value.decode("latin-1")
        found[key] = f"{found[key]}, {text}" if key in found else text
    return found
