# Derived from _async/test_bodies.py by `make generate`; edit that one.
"""The bodies of responses: their size is limited, and so is what one read decompresses."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from _sync.stream_ends import is_closed, is_left
from check_error import KEY, check_error
from langgraph_runs_api.api.thread_runs import get_run
from servers.endless_server import EndlessServer
from servers.scripted_server import HANG, answer, events, scripted_server

from langgraph_runs import (
    APIError,
    APIResponseError,
    AuthenticationError,
    InternalServerError,
    RetryPolicy,
    RunsClient,
    StreamDecodeError,
)

ONCE = RetryPolicy(attempts=0)
LIMIT = 100_000
MIB = 1024 * 1024
RUN = b'{"run_id": "r", "thread_id": "t", "status": "success"}'
HEAD = b"HTTP/1.1 %d Some Words\r\nContent-Type: application/json\r\n\r\n"
LOCATION = {"Content_Location": "/threads/t/runs/r"}

Client = Callable[..., RunsClient]


@pytest.fixture(params=["engine", "httpx"])
def client(request: pytest.FixtureRequest) -> Iterator[Client]:
    """Makes clients that send with the engine, or with the caller's own client."""
    with httpx.Client() as http:
        more = {"http_client": http} if request.param == "httpx" else {}
        yield lambda url, **options: RunsClient(url, **{"api_key": KEY, "retry": ONCE, **more, **options})


@pytest.mark.parametrize("coding", ["br", "zstd", "gzip, gzip", "gzip, br"])
def test_a_coding_that_was_not_asked_for_is_refused_by_name(client: Client, coding: str) -> None:
    """Whatever is installed: a kilobyte of Brotli can stand for a gigabyte."""
    sent = answer(200, b"\x1b\xff\xff\xff", Content_Encoding=coding, **LOCATION)
    with scripted_server(sent) as server:
        with client(server.url) as runs:
            with pytest.raises(APIResponseError, match=f"content-encoding is '{coding}'") as refused:
                runs.create("t", "agent")
            check_error(refused.value, server.url)
            assert ("r", True) == (refused.value.run_id, refused.value.run_may_exist)
    with scripted_server(events(b"\x1b\xff\xff\xff", Content_Encoding=coding)) as server:
        with client(server.url) as runs:
            with pytest.raises(APIResponseError, match=f"content-encoding is '{coding}'"):
                next(runs.stream("t", "agent"))


def test_a_refusal_that_cannot_be_decoded_is_still_a_refusal(client: Client) -> None:
    """Its status says more than its body; the message says why there is no reason."""
    for coding, body, words in (
        ("br", b"\x1b", "content-encoding is 'br'"),
        ("gzip", b"garbage", "incorrect header check"),
    ):
        with scripted_server(answer(401, body, Content_Encoding=coding)) as server:
            with client(server.url) as runs:
                with pytest.raises(AuthenticationError, match=words) as refused:
                    runs.get("t", "r")
                check_error(refused.value, server.url)


@pytest.mark.parametrize("coding", ["", "gzip"])
def test_a_body_larger_than_the_limit_is_refused(client: Client, coding: str) -> None:
    """The error names the limit and the argument that sets it. The run exists nevertheless."""
    encode, headers = (gzip.compress, {"Content_Encoding": "gzip"}) if coding else (bytes, {})
    with scripted_server(answer(200, encode(b" " * MIB + RUN), **headers, **LOCATION)) as server:
        with client(server.url, max_body_bytes=LIMIT) as runs:
            for method in (runs.create, runs.wait):
                with pytest.raises(
                    APIResponseError, match=rf"larger than {LIMIT} bytes; max_body_bytes="
                ) as refused:
                    method("t", "agent")
                check_error(refused.value, server.url)
                assert ("r", True, 200) == (
                    refused.value.run_id, refused.value.run_may_exist, refused.value.status,
                )  # fmt: skip
    with scripted_server(answer(200, encode(RUN), **headers)) as server:
        with client(server.url, max_body_bytes=len(RUN)) as runs:
            assert "r" == (runs.get("t", "r")).run_id


def test_the_generated_layer_has_the_same_limit(client: Client) -> None:
    """With httpx's own error."""
    sent = answer(200, gzip.compress(b" " * MIB + RUN), Content_Encoding="gzip")
    with scripted_server(sent) as server:
        with client(server.url, max_body_bytes=LIMIT) as runs:
            with pytest.raises(httpx.DecodingError, match=rf"larger than {LIMIT} bytes; max_body_bytes="):
                get_run.sync("t", "r", client=runs.api)
        with client(server.url) as runs:
            assert "r" == getattr(get_run.sync("t", "r", client=runs.api), "run_id", None)


@pytest.mark.parametrize(("status", "repeated"), [(200, b" "), (200, b"x"), (500, b"x"), (404, b" ")])
def test_an_endless_body_is_left(client: Client, status: int, repeated: bytes) -> None:
    """Reading stops at the limit, and the connection is closed."""
    server = EndlessServer(HEAD % status, repeated, most=400 * MIB)
    with client(server.url, max_body_bytes=2 * MIB) as runs:
        with pytest.raises(APIError) as failed:
            runs.get("t", "r")
        assert is_left(server)
    words = f"larger than {2 * MIB} bytes" if status == 200 else "the body was cut at 1 MiB"
    assert words in str(failed.value)
    assert len(str(getattr(failed.value, "body", ""))) <= MIB


def test_a_stream_that_is_refused_has_the_same_limits(client: Client) -> None:
    """Only a stream of events may be endless."""
    for head, words in (
        (HEAD % 500, "the body was cut at 1 MiB"),
        (HEAD % 206, f"larger than {2 * MIB} bytes"),
        (HEAD % 200, "must be a stream of events"),
    ):
        server = EndlessServer(head, b"x", most=400 * MIB)
        with client(server.url, max_body_bytes=2 * MIB) as runs:
            with pytest.raises((APIResponseError, InternalServerError), match=words):
                next(runs.stream("t", "agent"))
            assert is_left(server)


def test_a_stream_may_be_larger_than_the_limit_of_a_body(client: Client) -> None:
    """Compressed or not."""
    body = b"".join(b'event: custom\ndata: "%b"\nid: %d\n\n' % (b"x" * 1000, number) for number in range(300))
    for sent in (events(body), events(gzip.compress(body), Content_Encoding="gzip")):
        with scripted_server(sent, answer(body=RUN), sent) as server:
            with client(server.url, max_body_bytes=1000) as runs:
                stream = runs.join_stream("t", "r", last_event_id="-1")
                assert ["x" * 1000] * 300 == [part.data for _ in range(300) for part in _one(stream)]
                stream.close()


def test_an_event_that_decompresses_to_a_gigabyte_is_refused(client: Client) -> None:
    """Before all of it is decompressed: the connection hangs, but is not read to its end."""
    data = gzip.compress(b"event: values\ndata: " + bytes(64 * MIB))
    with scripted_server(events(data, Content_Encoding="gzip") + HANG) as server:
        with client(server.url, max_event_bytes=MIB) as runs:
            with pytest.raises(StreamDecodeError, match=f"larger than {MIB} bytes"):
                next(runs.join_stream("t", "r", last_event_id="-1"))
        assert is_closed(server)


def test_a_compressed_body_that_was_truncated_counts_as_a_lost_connection(client: Client) -> None:
    """A proxy has ended it as if it were complete: the run is joined."""
    whole = gzip.compress(b'\n\n{"text": "hi"}')
    headers = {"Content_Encoding": "gzip", **LOCATION}
    run, history = answer(body=RUN), answer(body=b'[{"values": {"text": "hi"}}]')
    for sent in (whole[:-1], whole[:15], whole):
        with scripted_server(answer(body=sent, **headers), run, history) as server:
            with client(server.url) as runs:
                assert {"text": "hi"} == runs.wait("t", "agent")


def test_what_a_mock_or_a_hook_has_read_already_is_limited_too() -> None:
    """httpx has decoded it by then."""

    def read(response: httpx.Response) -> None:
        response.read()

    sent = gzip.compress(b" " * MIB + RUN)
    with scripted_server(answer(200, sent, Content_Encoding="gzip")) as server:
        with httpx.Client(event_hooks={"response": [read]}) as http:
            assert "r" == (RunsClient(server.url, http_client=http).get("t", "r")).run_id
            limited = RunsClient(server.url, http_client=http, max_body_bytes=LIMIT)
            with pytest.raises(APIResponseError, match=f"larger than {LIMIT} bytes"):
                limited.get("t", "r")


def _one(stream: Any) -> Iterator[Any]:
    """The next part."""
    yield next(stream)
