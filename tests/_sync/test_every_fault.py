# Derived from _async/test_every_fault.py by `make generate`; edit that one.
"""Every method with every fault: it raises an error of this package, with httpx's own as its cause if there was one."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic
from typing import Any

import httpx
import pytest
from check_error import KEY, check_error
from servers.scripted_server import HANG, RESET, answer, events, scripted_server

from langgraph_runs import (
    APIConnectionError,
    APIError,
    APITimeoutError,
    InternalServerError,
    LangGraphRunsError,
    RetryPolicy,
    RunsClient,
    StreamInterruptedError,
    WaitTimeoutError,
)

Calls = dict[str, Callable[[RunsClient], Any]]

ONCE, OFTEN = RetryPolicy(attempts=0), RetryPolicy(attempts=2, first_delay=0.005)

BROKEN = {
    "a reset before the answer": RESET,
    "a reset in the headers": answer()[:20] + RESET,
    "a reset in the body": answer(200, b'{"run_id": "r"}')[:-3] + RESET,
    "a reset in a stream": events(b"event: metadata\n") + RESET,
    "an end before the answer": b"",
    "an end in the headers": answer()[:20],
    "an end in the body": answer(200, b'{"run_id": "r"}')[:-3],
    "ids that name nothing, and an end": answer(
        200, b"{}", content_location="/threads/%2E%2E/runs/%2E", location="/threads/../runs/./join"
    )[:-1],
    "half a refusal": answer(503, b"Service Unavailable")[:-3],
    "bytes that are no HTTP": b"\x00\xff" * 50,
    "a length that is no number": b"HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n{}",
    "chunks that are none": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}",
}

SHAPES = [
    b"7",
    b"null",
    b'"text"',
    b"[]",
    b"{}",
    b"[7]",
    b"[null]",
    b"[{}]",
    b'{"run_id": 7}',
    b'[{"run_id": 7}]',
]
SHAPES += [
    b'[{"run_id": null, "kwargs": 7}]',
    b'[{"run_id": "", "kwargs": {"config": []}}]',
    b'[{"run_id": ".."}]',
]
SHAPES += [
    b'{"run_id": [], "thread_id": {}, "status": 7}',
    b'{"__error__": 7}',
    b'{"__error__": {"error": []}}',
]

EVENTS = [b"data: 7\n\n", b"event: metadata\ndata: [1]\n\n", b'event: metadata\ndata: {"run_id": 7}\n\n']
EVENTS += [
    b"event: error\ndata: null\n\n",
    b"event: values\ndata: {broken\n\n",
    b"\xff\xfe\x00\n\n",
    b"id: 1-0\n\n",
]
EVENTS += [
    b'event: metadata\ndata: {"run_id": ""}\nid: 1-0\n\n',
    b'event: metadata\ndata: {"run_id": ".."}\nid: 1-0\n\n',
]
EVENTS += [b"event: error\ndata: [[]]\nid: 1-0\n\n", b"event: values|a:b\nid: x\ndata: 1\n\n", b": \xff\n"]


def causes(error: BaseException) -> list[BaseException]:
    """The chain of causes of an error."""
    return [error.__cause__, *causes(error.__cause__)] if error.__cause__ else []


def test_a_broken_connection_raises_api_connection_error(
    call: Callable[[RunsClient], Any],
) -> None:
    """Of a stream that has begun, the connection's error is the cause."""
    with scripted_server() as server:
        with RunsClient(server.url, api_key=KEY, retry=OFTEN) as runs:
            for fault, broken in BROKEN.items():
                server.answers = [broken]
                with pytest.raises(LangGraphRunsError) as failed:
                    call(runs)
                error = failed.value
                if isinstance(error, APIError):
                    check_error(error, server.url)
                if isinstance(error, APIConnectionError | StreamInterruptedError):
                    assert any(isinstance(cause, httpx.HTTPError) for cause in causes(error)), fault


def test_a_500_in_plain_text_raises_internal_server_error(
    call: Callable[[RunsClient], Any],
) -> None:
    """The server sends it for an error that it did not expect."""
    with scripted_server(answer(500, b"Internal Server Error", kind="text/plain")) as server:
        with RunsClient(server.url, api_key=KEY, retry=OFTEN) as runs:
            with pytest.raises(InternalServerError, match="500 from .*Internal Server Error") as failed:
                call(runs)
        check_error(failed.value, server.url)
    assert (500, "Internal Server Error") == (failed.value.status, failed.value.body)
    assert 1 == len(server.requests), "it is nothing that passes"


def test_json_of_an_unexpected_shape_is_a_result_or_an_error_of_this_package(
    call: Callable[[RunsClient], Any],
) -> None:
    """Any JSON can be the values of a graph."""
    with scripted_server() as server:
        with RunsClient(server.url, api_key=KEY, retry=ONCE) as runs:
            for body in SHAPES:
                server.answers = [answer(200, body)]
                try:
                    call(runs)
                except StopIteration:  # an empty list
                    assert b"[]" == body
                except LangGraphRunsError as error:
                    if isinstance(error, APIError):
                        check_error(error, server.url)
                except Exception as error:
                    error.add_note(f"the body was {body!r}")
                    raise


@pytest.mark.parametrize("raise_error", [True, False])
@pytest.mark.parametrize("body", EVENTS)
def test_events_of_an_unexpected_shape_are_parts_or_raise(body: bytes, raise_error: bool) -> None:
    """Parts if they can be, and otherwise an error that says what is wrong."""
    with scripted_server(events(body)) as server:
        with RunsClient(server.url, api_key=KEY, retry=ONCE) as runs:
            for stream in (
                runs.stream("t", "agent", raise_error=raise_error),
                runs.stream(None, "agent", raise_error=raise_error),
                runs.join_stream("t", "r", raise_error=raise_error),
            ):
                try:
                    for part in stream:
                        assert part.event
                except LangGraphRunsError as error:
                    assert str(error)


@pytest.mark.parametrize("before", [b"", answer()[:20]], ids=["silent", "in the headers"])
def test_a_slow_answer_raises_api_timeout_error(calls: Calls, before: bytes) -> None:
    """After the client's timeout; calls that take as long as a run have a timeout of their own."""
    long: Calls = {
        "wait": lambda runs: runs.wait("t", "agent", timeout=0.45),
        "wait-stateless": lambda runs: runs.wait(None, "agent", timeout=0.45),
        "cancel-wait": lambda runs: runs.cancel("t", "r", wait=True, timeout=0.45),
    }
    timed: Calls = {
        "stream": lambda runs: next(runs.stream("t", "agent", timeout=0.15)),
        "stream-stateless": lambda runs: next(runs.stream(None, "agent", timeout=0.15)),
        "join_stream": lambda runs: next(runs.join_stream("t", "r", timeout=0.15)),
        "join": lambda runs: runs.join("t", "r", timeout=0.15),
        "cancel": lambda runs: runs.cancel("t", "r", timeout=0.15),
    }
    with scripted_server(before + HANG) as server:
        with RunsClient(server.url, api_key=KEY, retry=ONCE, timeout=0.3) as runs:
            for call in (long | timed).values():
                began = monotonic()
                with pytest.raises(WaitTimeoutError) as overdue:
                    call(runs)
                assert monotonic() - began < 1.9  # less than the two seconds that leaving a run may take
                assert isinstance(overdue.value, TimeoutError)
            for name in calls.keys() - long.keys():
                with pytest.raises(APITimeoutError) as failed:
                    calls[name](runs)
                check_error(failed.value, server.url)
                # None if the client's timeout ended it, and not httpx's own
                assert isinstance(failed.value.__cause__, httpx.TimeoutException | None), name


def test_every_method_is_in_this_table(calls: Calls) -> None:
    """A new method must be added to it; `map` waits for each run by itself, and `with_options` sends nothing."""
    public = {name for name in vars(RunsClient) if name[0] != "_"} - {
        "close",
        "api",
        "map",
        "with_options",
    }
    assert public == {name.partition("-")[0] for name in calls}
