# Derived from _async/test_api_key.py by `make generate`; edit that one.
"""`api_key=` as a callable: asked before each request, and once more after a 401."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from time import sleep as block
from typing import Any

import httpx
import pytest
from check_error import KEY, check_error
from langgraph_runs_api.api.thread_runs import get_run
from servers.scripted_server import HANG, ScriptedServer, answer, events, scripted_server

from langgraph_runs import (
    APIConnectionError,
    AuthenticationError,
    ResponseInfo,
    RetryPolicy,
    Run,
    RunsClient,
    WaitTimeoutError,
)

FAST = RetryPolicy(first_delay=0.01, longest_delay=0.01)
ONCE = RetryPolicy(attempts=0)
RUN = answer(body=b'{"run_id": "r", "thread_id": "t", "status": "success"}')
REFUSED = answer(401, b'{"detail": "expired"}')
HEADER = "x-api-key"


class Keys:
    """Returns "key-0", then "key-1" and so on; the last one again and again.

    Attributes:
        asked: How many times it was called.
    """

    def __init__(self, last: int = 1000) -> None:
        self.asked = 0
        self._last = last

    def __call__(self) -> str:
        key = f"key-{min(self.asked, self._last)}"
        self.asked += 1
        return key


def sent(server: ScriptedServer) -> list[str]:
    """The keys of the requests that the server got; "" for none."""
    return [",".join(request.header(HEADER)) for request in server.requests]


def test_the_callable_is_asked_before_each_request() -> None:
    """Retries and redirects included, and the requests of the generated functions."""
    moved = answer(307, b"", Location="/elsewhere")
    with scripted_server(answer(503, b""), moved, RUN) as server:
        with RunsClient(server.url, api_key=Keys(), retry=FAST) as runs:
            runs.get("t", "r")
            get_run.sync("t", "r", client=runs.api)
    assert ["key-0", "key-1", "key-2", "key-3"] == sent(server)


def test_a_resumed_stream_asks_for_the_key_again() -> None:
    """Each connection and each request for the status."""
    first = events(b"data: 1\nid: 0\n\n", Content_Location="/threads/t/runs/r")
    running = answer(body=b'{"run_id": "r", "status": "running"}')
    rest = events(b"data: 1\nid: 0\n\ndata: 2\nid: 1\n\n")
    with scripted_server(first, running, rest, RUN, events(b"data: 2\nid: 1\n\n")) as server:
        with RunsClient(server.url, api_key=Keys(), retry=FAST) as runs:
            assert [1, 2] == [part.data for part in runs.stream("t", "agent")]
    assert [f"key-{number}" for number in range(5)] == sent(server)


@pytest.mark.parametrize("name", ["create", "wait", "get", "delete", "stream", "list_all"])
def test_after_a_401_the_request_is_repeated_with_a_new_key(
    name: str, calls: dict[str, Callable[[RunsClient], Any]]
) -> None:
    """The server has refused it, so this is safe even if it starts a run. It is the same request, with the same id."""
    page = answer(body=b'[{"run_id": "r"}]')
    accepted = {"wait": answer(), "stream": events(b"data: 1\n\n"), "list_all": page}
    with scripted_server(REFUSED, accepted.get(name, RUN), RUN) as server:
        with RunsClient(server.url, api_key=Keys(), retry=ONCE) as runs:
            calls[name](runs)
    first, second = server.requests[:2]
    assert ["key-0", "key-1"] == sent(server)[:2]
    assert (first.method, first.target, first.body) == (second.method, second.target, second.body)
    assert first.header("x-request-id") == second.header("x-request-id")


def test_a_generated_function_repeats_a_request_after_a_401() -> None:
    with scripted_server(REFUSED, RUN) as server:
        with RunsClient(server.url, api_key=Keys()) as runs:
            run = get_run.sync("t", "r", client=runs.api)
    assert isinstance(run, Run)
    assert ["key-0", "key-1"] == sent(server)


def test_a_second_401_is_an_authentication_error() -> None:
    """A request is repeated once."""
    with scripted_server(REFUSED) as server:
        with RunsClient(server.url, api_key=Keys(), retry=FAST) as runs:
            with pytest.raises(AuthenticationError, match="401 .*: expired"):
                runs.create("t", "agent")
    assert ["key-0", "key-1"] == sent(server)


@pytest.mark.parametrize("second", ["key-0", " 'key-0' ", None, ""])
def test_a_401_stands_if_there_is_no_other_key(second: str | None) -> None:
    """The callable is asked once more; the error has the body of the response."""
    keys = ["key-0", second]
    with scripted_server(REFUSED) as server:
        with RunsClient(server.url, api_key=lambda: keys.pop(0), retry=FAST) as runs:
            with pytest.raises(AuthenticationError) as refused:
                runs.get("t", "r")
    assert {"detail": "expired"} == refused.value.body
    assert (["key-0"], []) == (sent(server), keys)


def test_other_errors_do_not_ask_again() -> None:
    """A 403 means that the key is valid, and may not do that."""
    keys = Keys()
    with scripted_server(answer(403, b"{}")) as server:
        with RunsClient(server.url, api_key=keys, retry=FAST) as runs:
            with pytest.raises(Exception, match="403"):
                runs.get("t", "r")
    assert (1, ["key-0"]) == (keys.asked, sent(server))


def test_the_body_of_a_401_need_not_end() -> None:
    """The connection is given up, and the request is repeated on another one."""
    endless = b"HTTP/1.1 401 No\r\nContent-Length: 1000\r\n\r\n{" + HANG
    with scripted_server(endless, answer()) as server:
        with RunsClient(server.url, api_key=Keys(), retry=ONCE) as runs:
            assert {} == runs.wait(None, "agent", timeout=20)
    assert ["key-0", "key-1"] == sent(server)


def test_a_run_cannot_exist_if_its_request_was_refused_and_could_not_be_repeated() -> None:
    """So it is retried, or reported with run_may_exist=False."""
    keys = Keys()
    with ExitStack() as stack:
        server = stack.enter_context(scripted_server(REFUSED))

        def ask() -> str:
            if keys.asked:
                stack.close()
            return keys()

        with RunsClient(server.url, api_key=ask, retry=ONCE) as runs:
            with pytest.raises(APIConnectionError) as failed:
                runs.create("t", "agent")
    assert not failed.value.run_may_exist
    assert ["key-0"] == sent(server)


@pytest.mark.parametrize(("given", "expected"), [("key", "key"), (' "key"\n', "key"), ("", ""), (None, "")])
def test_a_key_is_trimmed_and_none_is_not_sent(given: str | None, expected: str) -> None:
    """As a key that is given as a string."""
    with scripted_server(RUN) as server:
        with RunsClient(server.url, api_key=lambda: given) as runs:
            runs.get("t", "r")
    assert [expected] == sent(server)


@pytest.mark.parametrize(
    ("given", "kind", "message"),
    [
        (f"{KEY}\n.", ValueError, r"api_key\(\) contains a character that no header can carry"),
        (f"{KEY}\xe9", ValueError, r"api_key\(\) contains a character that no header can carry"),
        (KEY.encode(), TypeError, r"api_key\(\) must return a string or None, not bytes"),
        (7, TypeError, "not int"),
    ],
)
def test_an_invalid_key_is_refused_by_name_before_anything_is_sent(
    given: Any, kind: type[Exception], message: str
) -> None:
    """Without showing it."""
    with scripted_server(RUN) as server:
        with RunsClient(server.url, api_key=lambda: given, retry=FAST) as runs:
            with pytest.raises(kind, match=message) as refused:
                runs.wait("t", "agent")
            assert KEY not in f"{refused.value!r}"
            with pytest.raises(kind, match=message):
                get_run.sync("t", "r", client=runs.api)
    assert [] == server.requests


@pytest.mark.parametrize("place", ["client", "call", "http_client"])
def test_a_key_header_of_the_caller_wins(place: str) -> None:
    """The callable is not asked, not even after a 401."""
    keys, given = Keys(), {"X-API-Key": "mine"}
    lent = httpx.Client(headers=given if place == "http_client" else {})
    options: dict[str, Any] = {"headers": given} if place == "client" else {}
    with scripted_server(REFUSED) as server:
        with lent, RunsClient(server.url, api_key=keys, http_client=lent, **options) as runs:
            with pytest.raises(AuthenticationError):
                runs.get("t", "r", headers=given if place == "call" else {})
    assert (0, ["mine"]) == (keys.asked, sent(server))


def test_on_request_sees_the_key_and_may_replace_it() -> None:
    """It is the last to change a request."""
    seen = list[str]()

    def change(request: httpx.Request) -> None:
        seen.append(request.headers[HEADER])
        request.headers[HEADER] = "changed"

    with scripted_server(RUN) as server:
        with RunsClient(server.url, api_key=Keys(), on_request=change) as runs:
            runs.get("t", "r")
    assert (["key-0"], ["changed"]) == (seen, sent(server))


def test_on_response_may_drop_a_cached_key_that_was_refused() -> None:
    """It is called before the callable is asked again."""
    keys, cached = Keys(), list[str]()

    def ask() -> str:
        if not cached:
            cached.append(keys())
        return cached[0]

    def forget(info: ResponseInfo) -> None:
        if info.status == 401:
            cached.clear()

    with scripted_server(RUN, REFUSED, RUN) as server:
        with RunsClient(server.url, api_key=ask, on_response=forget) as runs:
            for _ in range(3):
                runs.get("t", "r")
    assert ["key-0", "key-0", "key-1", "key-1"] == sent(server)


def test_the_callable_counts_under_the_deadline() -> None:
    """If the time is up when it returns, nothing is sent."""

    def slow() -> str:
        block(0.3)
        return KEY

    with scripted_server(RUN) as server:
        with RunsClient(server.url, api_key=slow) as runs:
            with pytest.raises(WaitTimeoutError):
                runs.wait("t", "agent", timeout=0.1)
    assert [] == server.requests


def test_the_key_of_a_callable_is_in_no_error() -> None:
    """Nor in the variables of a frame of its traceback."""
    cut = b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{"
    with scripted_server(answer(403, b"{}"), cut, answer(307, b"", Location="http://other.test/")) as server:
        with RunsClient(server.url, api_key=lambda: KEY, retry=ONCE) as runs:
            for _ in range(3):
                with pytest.raises(Exception, match="GET") as failed:
                    runs.get("t", "r")
                check_error(failed.value, server.url)  # type: ignore[arg-type]
            assert KEY not in f"{runs!r}{vars(runs)}{vars(runs._transport)}{runs.api!r}"
    assert [KEY] * 3 == sent(server)
