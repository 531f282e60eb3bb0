# Derived from _async/sending.py by `make generate`; edit that one.
"""Sends one request with httpx, and follows redirects."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import httpx

from langgraph_runs._sync.hooks import shown
from langgraph_runs._sync.response import closed
from langgraph_runs.observation import ObservedCall
from langgraph_runs.request.call import Call
from langgraph_runs.response.answer import Answer

_MAX_REDIRECTS = 5


def sent(
    http: httpx.Client,
    request: httpx.Request,
    answer: Answer,
    call: Call[Any],
    observed: ObservedCall | None,
    *,
    by_engine: bool,
) -> httpx.Response:
    """The response after redirects. Refuses those to another origin, as the request contains the key, and those that
    would change its method.

    Args:
        http: Sends the request.
        request: The request.
        answer: What is known about the response, for errors.
        call: The call that the request was made from.
        observed: What observes this call; None for nothing.
        by_engine: Whether the engine sends the request.
    """
    for redirects in range(_MAX_REDIRECTS):
        try:
            if observed is None:
                response = http.send(request, stream=True, follow_redirects=False)
            else:
                resends = call.attempt + redirects
                attempt = observed.sending(request, call, shown(request.url), resends, by_engine=by_engine)
                with attempt:
                    response = http.send(request, stream=True, follow_redirects=False)
                    attempt.answered(response.status_code, response.http_version)
        except UnicodeEncodeError:  # not of a redirect: a hook of the caller's `http_client` has set a header
            raise
        except (httpx.InvalidURL, UnicodeError) as error:
            raise answer.unreadable(f"redirected to an invalid URL ({error})") from error
        following = response.next_request
        if following is None:
            return response
        closed(response)
        answer = replace(answer, status=response.status_code)
        if _origin(following.url) != _origin(request.url) or following.method != request.method:
            raise answer.unreadable(f"redirected to {shown(following.url)}, which is not followed")
        request = following
    raise answer.unreadable("too many redirects")


def _origin(url: httpx.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port or {"http": 80, "https": 443}.get(url.scheme)
