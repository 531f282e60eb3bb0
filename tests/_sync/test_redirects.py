# Derived from _async/test_redirects.py by `make generate`; edit that one.
"""Redirects are followed within the client's own origin, if they keep the method; others raise."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from check_error import KEY, check_error
from servers.scripted_server import answer, events, scripted_server

from langgraph_runs import (
    APIResponseError,
    RetryPolicy,
    RunsClient,
)

ONCE = RetryPolicy(attempts=0)


@pytest.mark.parametrize("name", ["get", "create", "wait", "stream"])
def test_a_redirect_to_the_same_origin_is_followed(
    name: str, calls: dict[str, Callable[[RunsClient], Any]]
) -> None:
    """The server sends one for a trailing slash; a POST stays a POST with its body."""
    ended = {"get": answer(body=b'{"run_id": "r"}'), "wait": answer(), "stream": events(b"data: 1\n\n")}
    moved = answer(307, b"", Location="/elsewhere?x=1")
    with scripted_server(moved, ended.get(name, ended["get"])) as server:
        with RunsClient(server.url, api_key=KEY, retry=ONCE) as runs:
            calls[name](runs)
    first, second = server.requests
    assert ("/elsewhere?x=1", first.method, first.body) == (second.target, second.method, second.body)
    assert [KEY] == second.header("x-api-key")


@pytest.mark.parametrize("name", ["get", "create", "wait", "stream"])
def test_a_redirect_to_another_origin_is_refused(
    name: str, calls: dict[str, Callable[[RunsClient], Any]]
) -> None:
    """The key is for the client's own origin only."""
    with scripted_server() as other:
        moved = answer(307, b"", Location=f"{other.url}/threads/t/runs/r?key=1")
        with scripted_server(moved) as server:
            with RunsClient(server.url, api_key=KEY, retry=ONCE) as runs:
                with pytest.raises(APIResponseError, match="redirected to .* not followed") as failed:
                    calls[name](runs)
            check_error(failed.value, server.url)
    assert other.requests == []


@pytest.mark.parametrize("status", [301, 302, 303])
def test_a_redirect_that_turns_a_post_into_a_get_is_refused(status: int) -> None:
    """It would hide that no run was created."""
    with scripted_server(answer(status, b"", Location="/elsewhere")) as server:
        with RunsClient(server.url, api_key=KEY, retry=ONCE) as runs:
            with pytest.raises(APIResponseError, match="not followed"):
                runs.create(None, "agent")
    assert 1 == len(server.requests)


@pytest.mark.parametrize(
    "where", ["http:x", "mailto:x", "data:,x", "a:b", "http://xn--/", "http://xn--a/", "http://[/"]
)
def test_a_redirect_to_an_invalid_url_is_refused(where: str) -> None:
    """Whatever httpx makes of it."""
    with scripted_server(answer(307, b"", Location=where)) as server:
        with RunsClient(server.url, api_key=KEY, retry=ONCE) as runs:
            with pytest.raises(APIResponseError, match="redirected to") as failed:
                runs.get("t", "r")
        check_error(failed.value, server.url)


def test_a_redirect_loop_raises() -> None:
    """After a few redirects."""
    with scripted_server(answer(307, b"", Location="/threads/t/runs/r")) as server:
        with RunsClient(server.url, api_key=KEY, retry=ONCE) as runs:
            with pytest.raises(APIResponseError, match="too many redirects"):
                runs.get("t", "r")
    assert len(server.requests) < 10


def test_a_300_or_304_raises_api_response_error() -> None:
    """Neither has the result of a call."""
    with scripted_server(answer(304, b"")) as server:
        with RunsClient(server.url, api_key=KEY, retry=ONCE) as runs:
            with pytest.raises(APIResponseError, match="304"):
                runs.get("t", "r")
