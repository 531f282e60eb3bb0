# Derived from _async/test_faults.py by `make generate`; edit that one.
"""What goes wrong below or before the API: one clear, typed error each, naming the URL and never the key."""

from __future__ import annotations

import socket
from collections.abc import Callable
from typing import Any

import pytest
from clear_errors import KEY, is_clear
from servers.scripted_server import HANG, answer, events, scripted_server

from langgraph_runs import (
    UNSET,
    APIConnectionError,
    APIError,
    APIResponseError,
    APIStatusError,
    APITimeoutError,
    InternalServerError,
    NotFoundError,
    RateLimitError,
    RetryPolicy,
    RunsClient,
    ThreadBusyError,
    UnprocessableEntityError,
)

ONCE = RetryPolicy(attempts=0)


def test_a_port_where_nobody_listens(call: Callable[[RunsClient], Any]) -> None:
    """APIConnectionError, with the httpx error as its cause."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    with RunsClient(url, api_key=KEY, retry=ONCE) as runs:
        with pytest.raises(APIConnectionError, match="ConnectError") as failed:
            call(runs)
    is_clear(failed.value, url)
    assert "ConnectError" == type(failed.value.__cause__).__name__


def test_a_port_that_speaks_something_else(call: Callable[[RunsClient], Any]) -> None:
    """APIConnectionError, not a decoding error."""
    with scripted_server(b"SSH-2.0-OpenSSH_9.6\r\n") as server:
        with RunsClient(server.url, api_key=KEY, retry=ONCE) as runs:
            with pytest.raises(APIConnectionError, match="RemoteProtocolError") as failed:
                call(runs)
        is_clear(failed.value, server.url)


def test_a_proxy_s_502_with_a_page(call: Callable[[RunsClient], Any]) -> None:
    """InternalServerError with the page as its body, and only the page's beginning in its message."""
    page = b"<html><h1>Bad Gateway</h1>" + b"x" * 5000
    with scripted_server(answer(502, page, kind="text/html", x_request_id="7")) as server:
        with RunsClient(server.url, api_key=KEY, retry=ONCE) as runs:
            with pytest.raises(InternalServerError, match="502 from .*Bad Gateway") as failed:
                call(runs)
        is_clear(failed.value, server.url)
    assert (502, page.decode(), "7") == (failed.value.status, failed.value.body, failed.value.request_id)
    assert len(str(failed.value)) < 500


def test_a_200_that_is_not_json(call: Callable[[RunsClient], Any]) -> None:
    """APIResponseError, of a cancel too: nobody is to believe that it has worked."""
    with scripted_server(answer(200, b"<html>Sign in</html>", kind="text/html")) as server:
        with RunsClient(server.url, api_key=KEY, retry=ONCE) as runs:
            with pytest.raises(APIResponseError, match="Sign in|text/html") as failed:
                call(runs)
        is_clear(failed.value, server.url)


@pytest.mark.parametrize(
    "body", [b"[]", b"7", b'"run"', b"null", b'{"created_at": 7}', b'{"metadata": 7}', b"[7]", b""]
)
@pytest.mark.parametrize("name", ["create", "get", "list", "create_batch"])
def test_json_of_another_shape(name: str, body: bytes, calls: dict[str, Callable[[RunsClient], Any]]) -> None:
    """Is said to be that, or is a run (a list of them) after all; never a TypeError or KeyError."""
    with scripted_server(answer(200, body)) as server:
        with RunsClient(server.url, api_key=KEY, retry=ONCE) as runs:
            try:
                calls[name](runs)
            except APIResponseError as error:
                is_clear(error, server.url)
            else:
                assert (name in ("list", "create_batch"), body) == (True, b"[]")


def test_a_run_that_cannot_be_read_is_named_all_the_same() -> None:
    """It has been created."""
    with scripted_server(answer(200, b'{"run_id": "r7", "created_at": "yesterday"}')) as server:
        with RunsClient(server.url, api_key=KEY, retry=ONCE) as runs:
            with pytest.raises(APIResponseError) as failed:
                runs.create("t", "agent")
    assert "r7" == failed.value.run_id


def test_a_batch_is_answered_by_as_many_runs() -> None:
    """Or it is not known which have begun."""
    with scripted_server(answer(200, b'[{"run_id": "r"}]')) as server:
        with RunsClient(server.url, api_key=KEY, retry=ONCE) as runs:
            with pytest.raises(APIResponseError, match="2 runs were asked for, and 1 answered"):
                runs.create_batch([{"assistant_id": "agent"}] * 2)


def test_a_run_with_nulls_still_parses() -> None:
    """A null where none can be is a field that is missing."""
    body = (
        b'{"run_id": "r", "metadata": null, "kwargs": null, "created_at": null, "multitask_strategy": null}'
    )
    with scripted_server(answer(200, body)) as server:
        with RunsClient(server.url, api_key=KEY, retry=ONCE) as runs:
            run = runs.get("t", "r")
    assert (UNSET, UNSET, UNSET, None) == (run.metadata, run.kwargs, run.created_at, run.multitask_strategy)


def test_a_run_that_lacks_fields_or_has_others_still_parses() -> None:
    """Servers differ: what is not there is UNSET, what nobody knows is kept, a new status is a string."""
    body = b'{"run_id": "r", "status": "paused", "output": {"a": 1}, "multitask_strategy": "new"}'
    with scripted_server(answer(200, body)) as server:
        with RunsClient(server.url, api_key=KEY, retry=ONCE) as runs:
            run = runs.get("t", "r")
    assert ("r", "paused", "new", {"a": 1}) == (run.run_id, run.status, run.multitask_strategy, run["output"])
    assert not run.thread_id
    assert {
        "run_id": "r",
        "status": "paused",
        "output": {"a": 1},
        "multitask_strategy": "new",
    } == run.to_dict()


@pytest.mark.parametrize(
    ("status", "body", "kind", "words"),
    [
        (404, b"404 page not found", NotFoundError, "page not found"),
        (404, b'{"message": "no such run"}', NotFoundError, "no such run"),
        (404, b'{"error": "not_found", "message": null}', NotFoundError, "not_found"),
        (404, b"[]", NotFoundError, "404 from"),
        (404, b"", NotFoundError, "no reason given"),
        (404, b"\xff\xfe", NotFoundError, "404 from"),
        (404, b'{"detail": %s7%s}' % (b"[" * 1000, b"]" * 1000), NotFoundError, "404 from"),
        (422, b"Thread is already running a task.", ThreadBusyError, "already running"),
        (422, b'{"detail": [{"loc": ["body"], "msg": "bad"}]}', UnprocessableEntityError, "bad"),
        (429, b'{"detail": "slow down"}', RateLimitError, "slow down"),
        (418, b"{}", APIStatusError, "418 from"),
        (500, b"Internal Server Error", InternalServerError, "Internal Server Error"),
        (520, b"?", InternalServerError, "520 from"),
        (599, b"?", InternalServerError, "599 from"),
    ],
)
def test_a_refusal_of_any_shape(
    status: int,
    body: bytes,
    kind: type[APIError],
    words: str,
    calls: dict[str, Callable[[RunsClient], Any]],
) -> None:
    """Its class is that of the status; its words are found wherever a server puts them."""
    with scripted_server(answer(status, body)) as server:
        with RunsClient(server.url, api_key=KEY, retry=ONCE) as runs:
            for name in ("get", "wait", "stream"):
                with pytest.raises(kind, match=words) as failed:
                    calls[name](runs)
                is_clear(failed.value, server.url)
                assert type(failed.value) is kind
                assert status == failed.value.status


def test_an_answer_that_breaks_off() -> None:
    """APIConnectionError with the ids that the headers told, whatever path the server itself has."""
    half = answer(200, b'{"a": 1}', content_location="/runs/api/threads/t%2F1/runs/r1")[:-3]
    with scripted_server(half) as server:
        with RunsClient(server.url, api_key=KEY, retry=ONCE) as runs:
            with pytest.raises(APIConnectionError, match="the answer broke off") as failed:
                runs.wait("t/1", "agent")
        is_clear(failed.value, server.url)
    assert ("r1", "t/1") == (failed.value.run_id, failed.value.thread_id)


def test_create_goes_on_with_a_run_that_a_broken_answer_has_named() -> None:
    """It is asked for; where that is not answered either, the first failure tells which run it is."""
    half = answer(200, b'{"run_id": "r1"}', content_location="/threads/t/runs/r1")[:-3]
    told: list[Any] = []
    for asked in (answer(200, b'{"run_id": "r1", "thread_id": "t"}'), answer(404)):
        with scripted_server(half, asked) as server:
            with RunsClient(server.url, api_key=KEY) as runs:
                try:
                    run = runs.create("t", "agent", on_run_created=lambda *ids: told.append(ids))
                except APIConnectionError as error:
                    assert ("r1", "t", True) == (error.run_id, error.thread_id, error.run_may_exist)
                else:
                    assert "r1" == run.run_id
        assert ["POST", "GET"] == [request.method for request in server.requests]
        assert "/threads/t/runs/r1" == server.request.target
    assert [("r1", "t")] == told


def test_an_answer_that_does_not_come_in_time() -> None:
    """APITimeoutError, a TimeoutError too; but what takes as long as a run may take that long."""
    with scripted_server(HANG) as server:
        with RunsClient(server.url, api_key=KEY, retry=ONCE, timeout=0.2) as runs:
            with pytest.raises(APITimeoutError) as failed:
                runs.get("t", "r")
            assert isinstance(failed.value, TimeoutError)
        is_clear(failed.value, server.url)
        assert server.closed.acquire(timeout=10)


@pytest.mark.parametrize("name", ["wait", "join", "cancel-wait", "stream", "join_stream"])
def test_a_refusal_whose_words_do_not_come_in_time(
    name: str, calls: dict[str, Callable[[RunsClient], Any]]
) -> None:
    """No run is waited for then, so the client's timeout goes for these methods too."""
    with scripted_server(answer(503, b"0123456789")[:-5] + HANG) as server:
        with RunsClient(server.url, api_key=KEY, retry=ONCE, timeout=0.2) as runs:
            with pytest.raises(APITimeoutError) as failed:
                calls[name](runs)
        is_clear(failed.value, server.url)
    assert 503 == failed.value.status


def test_a_body_that_cannot_be_decoded() -> None:
    """An answer came, and is not what it says."""
    with scripted_server(answer(200, b"garbage", content_encoding="gzip")) as server:
        with RunsClient(server.url, api_key=KEY, retry=ONCE) as runs:
            with pytest.raises(APIResponseError, match="cannot be decoded") as failed:
                runs.get("t", "r")
        is_clear(failed.value, server.url)


@pytest.mark.parametrize("name", ["get", "create", "wait", "stream"])
def test_a_redirect_of_the_same_origin_is_followed(
    name: str, calls: dict[str, Callable[[RunsClient], Any]]
) -> None:
    """As the server sends for a slash too many; a POST stays a POST, with its body."""
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
    """The key goes to the client's own origin only."""
    with scripted_server() as other:
        moved = answer(307, b"", Location=f"{other.url}/threads/t/runs/r?key=1")
        with scripted_server(moved) as server:
            with RunsClient(server.url, api_key=KEY, retry=ONCE) as runs:
                with pytest.raises(APIResponseError, match="redirected to .* not followed") as failed:
                    calls[name](runs)
            is_clear(failed.value, server.url)
    assert other.requests == []


@pytest.mark.parametrize("status", [301, 302, 303])
def test_a_redirect_that_makes_a_post_a_get_is_refused(status: int) -> None:
    """The run would not be created, and nobody would know."""
    with scripted_server(answer(status, b"", Location="/elsewhere")) as server:
        with RunsClient(server.url, api_key=KEY, retry=ONCE) as runs:
            with pytest.raises(APIResponseError, match="not followed"):
                runs.create(None, "agent")
    assert 1 == len(server.requests)


@pytest.mark.parametrize(
    "where", ["http:x", "mailto:x", "data:,x", "a:b", "http://xn--/", "http://xn--a/", "http://[/"]
)
def test_a_redirect_to_what_is_no_address_is_refused(where: str) -> None:
    """Whatever httpx makes of it."""
    with scripted_server(answer(307, b"", Location=where)) as server:
        with RunsClient(server.url, api_key=KEY, retry=ONCE) as runs:
            with pytest.raises(APIResponseError, match="redirected to") as failed:
                runs.get("t", "r")
        is_clear(failed.value, server.url)


def test_a_redirect_in_circles_ends() -> None:
    """After a few rounds."""
    with scripted_server(answer(307, b"", Location="/threads/t/runs/r")) as server:
        with RunsClient(server.url, api_key=KEY, retry=ONCE) as runs:
            with pytest.raises(APIResponseError, match="once too often"):
                runs.get("t", "r")
    assert len(server.requests) < 10


def test_a_300_or_304_is_no_answer() -> None:
    """It promises nothing."""
    with scripted_server(answer(304, b"")) as server:
        with RunsClient(server.url, api_key=KEY, retry=ONCE) as runs:
            with pytest.raises(APIResponseError, match="304"):
                runs.get("t", "r")


def test_an_unknown_run_is_unknown_however_it_is_told() -> None:
    """Python's server says so in a body with status 200, JavaScript's in an event that is a mere string."""
    told = b'{"__error__": {"error": "HTTPException", "message": "404: Run not found"}}'
    there = answer(body=b'{"run_id": "r", "status": "running"}')
    event = events(b'event: error\ndata: "Run not found"\n\n')
    with scripted_server(there, answer(body=told), event) as server:
        with RunsClient(server.url, api_key=KEY, retry=ONCE) as runs:
            with pytest.raises(NotFoundError):
                runs.join("t", "r")
            with pytest.raises(NotFoundError):
                next(runs.join_stream("t", "r"))


def test_null_is_a_result() -> None:
    """And so are values that are no object."""
    for body, expected in ((b"null", None), (b"7", 7), (b' \n\n{"__error__": 7}', {"__error__": 7})):
        with scripted_server(answer(body=body)) as server:
            with RunsClient(server.url, api_key=KEY, retry=ONCE) as runs:
                assert expected == runs.wait(None, "agent")
