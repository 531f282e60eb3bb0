"""Calls `on_request` before each request, and `on_response` after each response, which is also logged."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from time import monotonic
from typing import Any, Final

import httpx

from langgraph_runs._async.httpx_errors import check
from langgraph_runs.callbacks import CallbackError, carried
from langgraph_runs.engine.request import CHECKED, FROM_CALL
from langgraph_runs.logs import log
from langgraph_runs.request.arguments import callback
from langgraph_runs.request.call import REQUEST_ID
from langgraph_runs.response.answer import ids_in
from langgraph_runs.response.info import ResponseHeaders, ResponseInfo

_BEGAN: Final = "langgraph_runs.began"
"""Request extension: when it was sent, in seconds of `time.monotonic`."""

# In the path of a request of the generated layer, an id is a UUID; other words are endpoints.
_UUID = r"([0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})"
_RUN, _THREAD = (re.compile(rf"/{name}/{_UUID}(?:/|$)") for name in ("runs", "threads"))


def hooks(
    on_request: Callable[..., object] | None, on_response: Callable[..., object] | None
) -> dict[str, list[Any]]:
    """The event hooks of the httpx client, which sees every request, redirects and the generated layer's included.

    Raises:
        TypeError: A callback is not a sync callable.
    """
    callback("on_request", on_request, "a request")
    callback("on_response", on_response, "a response")
    return {"request": [_before(on_request)], "response": [_after(on_response)]}


def _before(on_request: Callable[..., object] | None) -> Callable[[httpx.Request], Any]:
    """The last to see a request before it is sent."""

    async def hook(request: httpx.Request) -> None:
        call = request.extensions.get(FROM_CALL)
        if on_request is not None:
            # Those who call the generated layer have no use for a carrier.
            (carried(on_request) if call else on_request)(request)
        check(request)
        if call:
            request.extensions[FROM_CALL] = call  # the callback may have replaced the extensions
        request.extensions[CHECKED] = True
        request.extensions[_BEGAN] = monotonic()

    return hook


def _after(on_response: Callable[..., object] | None) -> Callable[[httpx.Response], Any]:
    """The first to see a response, whose body has not been read."""

    async def hook(response: httpx.Response) -> None:
        if on_response is None and not log.isEnabledFor(logging.DEBUG):
            return
        info = _info(response)
        log.debug("%s", info, extra={"response": info})
        if on_response is None:
            return
        try:
            on_response(info)
        except Exception as error:
            if FROM_CALL not in response.request.extensions:
                raise
            raise CallbackError(
                error, *((info.run_id, info.thread_id) if info.status < 300 else ())
            ) from None

    return hook


def _info(response: httpx.Response) -> ResponseInfo:
    request, headers = response.request, by_lower_name(response.headers)
    attempt, run_id, thread_id = request.extensions.get(FROM_CALL) or (0, *_ids_in_path(request.url.path))
    if response.status_code < 300:  # the location of a redirect may not be that of a run
        named = ids_in(headers.get("content-location") or headers.get("location") or "")
        run_id, thread_id = named[0] or run_id, named[1] or thread_id
    now = monotonic()
    return ResponseInfo(
        method=request.method,
        url=shown(request.url),
        status=response.status_code,
        headers=ResponseHeaders(headers),
        request_id=headers.get("x-request-id") or request.headers.get(REQUEST_ID),
        seconds=now - request.extensions.get(_BEGAN, now),
        attempt=attempt,
        run_id=run_id,
        thread_id=thread_id,
    )


def _ids_in_path(path: str) -> tuple[str | None, str | None]:
    """The ids of the run and its thread."""
    run, thread = _RUN.search(path), _THREAD.search(path)
    return run and run[1], thread and thread[1]


def shown(url: httpx.URL) -> str:
    """The URL without the parts that may be secret."""
    return str(url.copy_with(username=None, password=None, query=None, fragment=None))


def by_lower_name(headers: httpx.Headers) -> dict[str, str]:
    """The headers by their names in lower case; the values of a repeated one are joined."""
    found: dict[str, str] = {}
    for name, value in headers.raw:
        key, text = name.decode("latin-1").lower(), value.decode("latin-1")
        found[key] = f"{found[key]}, {text}" if key in found else text
    return found
