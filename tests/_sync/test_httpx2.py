# Derived from _async/test_httpx2.py by `make generate`; edit that one.
"""With a client of httpx2 as `http_client`: its errors are ours, and its responses have the same limits."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from traceback import format_exception
from typing import Any

import httpx
import httpx2
import pytest
from langgraph_runs_api.api.thread_runs import get_run
from servers.scripted_server import HANG, answer, events, scripted_server

from langgraph_runs import (
    APIConnectionError,
    APIError,
    APIResponseError,
    APITimeoutError,
    NotFoundError,
    ResponseInfo,
    RetryPolicy,
    RunsClient,
)

RUN = answer(body=b'{"run_id": "r"}')
ONCE = RetryPolicy(attempts=0)
SECRET = "s3cret"


class OwnTimeout(httpx2.ReadTimeout):
    """Of a transport of the caller's."""


ERRORS = [
    (httpx2.ConnectError, APIConnectionError, False),
    (httpx2.ConnectTimeout, APITimeoutError, False),
    (httpx2.PoolTimeout, APITimeoutError, False),
    (httpx2.ProxyError, APIConnectionError, False),
    (httpx2.ReadError, APIConnectionError, True),
    (httpx2.ReadTimeout, APITimeoutError, True),
    (OwnTimeout, APITimeoutError, True),
    (httpx2.RemoteProtocolError, APIConnectionError, True),
    (httpx2.WriteTimeout, APITimeoutError, True),
    (httpx2.DecodingError, APIResponseError, True),
]


def failing(error: Exception) -> httpx2.Client:
    """A client whose requests fail."""

    def fail(request: httpx2.Request) -> httpx2.Response:
        raise error

    return httpx2.Client(transport=httpx2.MockTransport(fail))


@pytest.mark.parametrize(
    ("kind", "expected", "may_exist"), ERRORS, ids=lambda one: getattr(one, "__name__", "")
)
def test_an_error_of_httpx2_is_one_of_this_package(
    kind: type[httpx2.RequestError], expected: type[APIError], may_exist: bool
) -> None:
    """It says whether a run may have been started, and shows no key."""
    with failing(kind("some words")) as lent:
        runs = RunsClient("http://nowhere.test", api_key=SECRET, http_client=lent, retry=ONCE)
        with pytest.raises(expected, match="some words") as failed:
            runs.create("t", "agent")
        with pytest.raises(APIError) as of_stream:
            next(runs.stream("t", "agent"))
    assert (expected, may_exist) == (type(failed.value), failed.value.run_may_exist)
    assert may_exist == of_stream.value.run_may_exist
    assert isinstance(failed.value.__cause__, httpx.RequestError)
    assert SECRET not in "".join(format_exception(failed.value))
    cause: Any = failed.value.__cause__
    assert SECRET not in f"{cause.request.headers}{cause.__cause__.__dict__}"


def test_a_function_of_the_generated_layer_raises_the_error_of_httpx() -> None:
    """As over any transport."""
    with failing(httpx2.ReadTimeout("slow")) as lent:
        runs = RunsClient("http://nowhere.test", api_key=None, http_client=lent)
        with pytest.raises(httpx.ReadTimeout, match="slow"):
            get_run.sync("t", "r", client=runs.api)


def test_what_a_hook_makes_unsendable_is_refused_by_name() -> None:
    """The message names the header, and does not show its value."""

    def hook(request: httpx2.Request) -> None:
        request.headers = httpx2.Headers([*request.headers.raw, (b"x-mine", f"{SECRET}\r\nx: y".encode())])

    with scripted_server(RUN) as server:
        with httpx2.Client(event_hooks={"request": [hook]}) as lent:
            runs = RunsClient(server.url, api_key=SECRET, http_client=lent)
            with pytest.raises(ValueError, match="header 'x-mine' has a value that no header can") as refused:
                runs.create("t", "agent")
    assert SECRET not in "".join(format_exception(refused.value))
    assert [] == server.requests


def test_a_server_that_cuts_or_is_silent_is_an_error_of_this_package() -> None:
    """Before the head of the response, and in the body."""
    with httpx2.Client(timeout=0.3) as lent:
        for script, kind in (
            (b"", APIConnectionError),
            (RUN[:-1], APIConnectionError),
            (HANG, APITimeoutError),
        ):
            with scripted_server(script) as server:
                runs = RunsClient(server.url, api_key=None, http_client=lent, retry=ONCE)
                with pytest.raises(kind):
                    runs.get("t", "r")
        runs = RunsClient("http://127.0.0.1:1", api_key=None, http_client=lent, retry=ONCE)
        with pytest.raises(APIConnectionError) as refused:
            runs.create("t", "agent")
    assert not refused.value.run_may_exist


def test_the_body_of_a_response_is_decoded_and_limited() -> None:
    """Also one that a hook of the caller's has read."""
    packed = gzip.compress(b'{"run_id": "r", "metadata": {"a": "' + b"x" * 5000 + b'"}}')
    compressed = answer(body=packed, Content_Encoding="gzip")

    def read(response: httpx2.Response) -> None:
        response.read()

    for hooks in ([], [read]):
        with scripted_server(*[compressed] * 2, answer(404, b'{"detail": "gone"}')) as server:
            with httpx2.Client(event_hooks={"response": hooks}) as lent:
                runs = RunsClient(server.url, api_key=None, http_client=lent)
                assert "r" == (runs.get("t", "r")).run_id
                limited = RunsClient(server.url, api_key=None, http_client=lent, max_body_bytes=5000)
                with pytest.raises(APIResponseError, match="max_body_bytes"):
                    limited.get("t", "r")
                with pytest.raises(NotFoundError, match="gone"):
                    limited.get("t", "r")


def test_a_mock_transport_of_httpx2_answers() -> None:
    """A call and a stream, whose body is whole or comes in pieces."""

    def pieces() -> Iterator[bytes]:
        yield b"event: values\ndata: 1\n\neve"
        yield b"nt: values\ndata: 2\n\n"

    def serve(request: httpx2.Request) -> httpx2.Response:
        head = {"content-type": "text/event-stream"}
        if request.method == "GET":
            return httpx2.Response(200, json={"run_id": "mocked"})
        if b"whole" in request.read():
            return httpx2.Response(200, headers=head, content=b"event: values\ndata: 1\n\n")
        return httpx2.Response(200, headers=head, content=pieces())

    with httpx2.Client(transport=httpx2.MockTransport(serve)) as lent:
        runs = RunsClient("http://nowhere.test", api_key=None, http_client=lent)
        assert "mocked" == (runs.get("t", "r")).run_id
        assert [1] == [part.data for part in runs.stream(None, "agent", input="whole")]
        assert [1, 2] == [part.data for part in runs.stream(None, "agent", input="pieces")]


def test_a_body_that_on_request_replaces_is_sent_piece_by_piece() -> None:
    """As a stream of httpx, which httpx2 does not know."""

    def pieces() -> Iterator[bytes]:
        yield b'{"a":'
        yield b"1}"

    def replace(request: httpx.Request) -> None:
        other = httpx.Request("POST", request.url, content=pieces())
        request.stream = other.stream
        del request._content
        request.headers = httpx.Headers({**request.headers, "transfer-encoding": "chunked"})
        del request.headers["content-length"]

    with scripted_server(RUN) as server:
        with httpx2.Client() as lent:
            runs = RunsClient(server.url, api_key=None, http_client=lent, on_request=replace)
            runs.create("t", "agent")
    assert b'{"a":1}' == server.request.body


def test_a_stream_is_resumed_over_httpx2() -> None:
    """After its connection was cut."""
    location = {"Content_Location": "/threads/t/runs/r"}
    event = b"id: 1-0\nevent: values\ndata: 1\n\n"
    first, rest = (events(event + more, **location) for more in (b"", event.replace(b"1", b"2")))
    with scripted_server(first, answer(body=b'{"run_id": "r", "status": "running"}'), rest) as server:
        with httpx2.Client() as lent:
            runs = RunsClient(
                server.url, api_key=None, http_client=lent, retry=RetryPolicy(first_delay=0.001)
            )
            stream = runs.stream("t", "agent")
            assert [1, 2] == [(next(stream)).data, (next(stream)).data]
            stream.close()
    assert ["POST", "GET", "GET"] == [request.method for request in server.requests]


def test_a_callable_key_is_asked_for_each_request_over_httpx2() -> None:
    """And once more after a 401."""
    keys = iter(["old", "new", "newer"])
    refused = answer(401, b'{"detail": "expired"}')
    with scripted_server(refused, RUN, RUN) as server:
        with httpx2.Client() as lent:
            runs = RunsClient(server.url, api_key=lambda: next(keys), http_client=lent)
            runs.get("t", "r")
            runs.get("t", "r")
    assert [["old"], ["new"], ["newer"]] == [request.header("x-api-key") for request in server.requests]


def test_on_response_gets_each_response_over_httpx2() -> None:
    """Retries included, and before the body of a stream."""
    infos = list[ResponseInfo]()
    stream = events(b"id: 1-0\nevent: values\ndata: 1\n\n", Content_Location="/threads/t/runs/r")
    with scripted_server(answer(503, b""), RUN, stream + HANG) as server:
        with httpx2.Client() as lent:
            runs = RunsClient(
                server.url,
                api_key=SECRET,
                http_client=lent,
                retry=RetryPolicy(first_delay=0.001),
                on_response=infos.append,
            )
            runs.get("t", "r")
            with runs.stream("t", "agent") as parts:
                assert 1 == (next(parts)).data
    assert [("GET", 503, 0), ("GET", 200, 1), ("POST", 200, 0)] == [
        (info.method, info.status, info.attempt) for info in infos
    ]
    assert ("r", "t") == (infos[2].run_id, infos[2].thread_id)
    assert SECRET not in repr(infos)
