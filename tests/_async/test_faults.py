"""Failures of the connection, of proxies and of servers: each raises one typed error with the URL, not the key."""

from __future__ import annotations

import socket
from collections.abc import Callable
from typing import Any

import pytest
from check_error import KEY, check_error
from servers.scripted_server import HANG, answer, scripted_server

from langgraph_runs import (
    APIConnectionError,
    APIError,
    APIResponseError,
    APIStatusError,
    APITimeoutError,
    AsyncRunsClient,
    InternalServerError,
    NotFoundError,
    RateLimitError,
    RetryPolicy,
    ThreadBusyError,
    UnprocessableEntityError,
)

ONCE = RetryPolicy(attempts=0)


async def test_a_refused_connection_raises_api_connection_error(
    call: Callable[[AsyncRunsClient], Any],
) -> None:
    """With the httpx error as its cause."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    async with AsyncRunsClient(url, api_key=KEY, retry=ONCE) as runs:
        with pytest.raises(APIConnectionError, match="ConnectError") as failed:
            await call(runs)
    check_error(failed.value, url)
    assert "ConnectError" == type(failed.value.__cause__).__name__


async def test_a_server_that_does_not_speak_http_raises_api_connection_error(
    call: Callable[[AsyncRunsClient], Any],
) -> None:
    """Not a decoding error."""
    with scripted_server(b"SSH-2.0-OpenSSH_9.6\r\n") as server:
        async with AsyncRunsClient(server.url, api_key=KEY, retry=ONCE) as runs:
            with pytest.raises(APIConnectionError, match="RemoteProtocolError") as failed:
                await call(runs)
        check_error(failed.value, server.url)


async def test_a_502_page_of_a_proxy_raises_internal_server_error(
    call: Callable[[AsyncRunsClient], Any],
) -> None:
    """The page is the body; the message has only its beginning."""
    page = b"<html><h1>Bad Gateway</h1>" + b"x" * 5000
    with scripted_server(answer(502, page, kind="text/html", x_request_id="7")) as server:
        async with AsyncRunsClient(server.url, api_key=KEY, retry=ONCE) as runs:
            with pytest.raises(InternalServerError, match="502 from .*Bad Gateway") as failed:
                await call(runs)
        check_error(failed.value, server.url)
    assert (502, page.decode(), "7") == (failed.value.status, failed.value.body, failed.value.request_id)
    assert len(str(failed.value)) < 500


async def test_a_200_that_is_not_json_raises_api_response_error(
    call: Callable[[AsyncRunsClient], Any],
) -> None:
    """Also for a cancel: the caller must not believe that it has worked."""
    with scripted_server(answer(200, b"<html>Sign in</html>", kind="text/html")) as server:
        async with AsyncRunsClient(server.url, api_key=KEY, retry=ONCE) as runs:
            with pytest.raises(APIResponseError, match="Sign in|text/html") as failed:
                await call(runs)
        check_error(failed.value, server.url)


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
async def test_a_refusal_in_any_shape_raises_the_error_of_its_status(
    status: int,
    body: bytes,
    kind: type[APIError],
    words: str,
    calls: dict[str, Callable[[AsyncRunsClient], Any]],
) -> None:
    """The message is found wherever the server puts it."""
    with scripted_server(answer(status, body)) as server:
        async with AsyncRunsClient(server.url, api_key=KEY, retry=ONCE) as runs:
            for name in ("get", "wait", "stream"):
                with pytest.raises(kind, match=words) as failed:
                    await calls[name](runs)
                check_error(failed.value, server.url)
                assert type(failed.value) is kind
                assert status == failed.value.status


async def test_an_answer_that_is_cut_raises_api_connection_error_with_its_ids() -> None:
    """The ids are in the headers, whatever the path of the server is."""
    half = answer(200, b'{"a": 1}', content_location="/runs/api/threads/t%201/runs/r1")[:-3]
    with scripted_server(half) as server:
        async with AsyncRunsClient(server.url, api_key=KEY, retry=ONCE) as runs:
            with pytest.raises(APIConnectionError, match="the response was cut") as failed:
                await runs.wait("t 1", "agent")
        check_error(failed.value, server.url)
    assert ("r1", "t 1") == (failed.value.run_id, failed.value.thread_id)


async def test_create_gets_the_run_that_a_cut_answer_names() -> None:
    """If that fails as well, the first error says which run it is."""
    half = answer(200, b'{"run_id": "r1"}', content_location="/threads/t/runs/r1")[:-3]
    reported: list[Any] = []
    for asked in (answer(200, b'{"run_id": "r1", "thread_id": "t"}'), answer(404)):
        with scripted_server(half, asked) as server:
            async with AsyncRunsClient(server.url, api_key=KEY) as runs:
                try:
                    run = await runs.create("t", "agent", on_run_created=lambda *ids: reported.append(ids))
                except APIConnectionError as error:
                    assert ("r1", "t", True) == (error.run_id, error.thread_id, error.run_may_exist)
                else:
                    assert "r1" == run.run_id
        assert ["POST", "GET"] == [request.method for request in server.requests]
        assert "/threads/t/runs/r1" == server.request.target
    assert [("r1", "t")] == reported


async def test_a_late_answer_raises_api_timeout_error() -> None:
    """It is a TimeoutError too. Calls that take as long as a run may take that long."""
    with scripted_server(HANG) as server:
        async with AsyncRunsClient(server.url, api_key=KEY, retry=ONCE, timeout=0.2) as runs:
            with pytest.raises(APITimeoutError) as failed:
                await runs.get("t", "r")
            assert isinstance(failed.value, TimeoutError)
        check_error(failed.value, server.url)
        assert server.closed.acquire(timeout=10)


@pytest.mark.parametrize("name", ["wait", "join", "cancel-wait", "stream", "join_stream"])
async def test_the_body_of_a_refusal_must_arrive_within_the_timeout(
    name: str, calls: dict[str, Callable[[AsyncRunsClient], Any]]
) -> None:
    """Also for methods that wait for a run: after a refusal there is no run to wait for."""
    with scripted_server(answer(503, b"0123456789")[:-5] + HANG) as server:
        async with AsyncRunsClient(server.url, api_key=KEY, retry=ONCE, timeout=1.0) as runs:
            with pytest.raises(APITimeoutError) as failed:
                await calls[name](runs)
        check_error(failed.value, server.url)
    assert 503 == failed.value.status
