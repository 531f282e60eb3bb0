"""Which connections the deadline of a request ends while its head is awaited, on httpx's own sync transports."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from time import monotonic
from typing import Any

import httpx
import pytest
from servers.dribbling_server import HEAD, dribbling_server
from wait_until import wait_until

from langgraph_runs import RunsClient, WaitTimeoutError
from langgraph_runs.engine.request import DEADLINE
from langgraph_runs.engine.selection import VARIABLE
from langgraph_runs.head_limit import HeadLimit


class NetworkStream:
    """httpx's response extension of this name, as far as it is used."""

    def __init__(self, connected: socket.socket) -> None:
        self._socket = connected

    def get_extra_info(self, name: str) -> object:
        return self._socket if name == "socket" else None


@pytest.fixture
def ends() -> Iterator[tuple[socket.socket, socket.socket]]:
    """Both ends of a connection."""
    ours, theirs = socket.socketpair()
    theirs.setblocking(False)
    with ours, theirs:
        yield ours, theirs


@contextmanager
def late(limit: HeadLimit, *events: tuple[str, Any]) -> Iterator[None]:
    """In this block, a request waits whose alarm has gone off."""
    extensions: dict[str, Any] = {DEADLINE: monotonic()}
    with limit.limit(extensions):
        for event in events:
            extensions["trace"](*event)
        head = list(limit._waiting)[-1]
        first = head.alarm
        wait_until(lambda: head.alarm is not first)
        second = head.alarm
        wait_until(lambda: head.alarm is not second)
        yield


def idle_response(connected: socket.socket) -> httpx.Response:
    """A response that has come on this connection, and has been read."""
    response = httpx.Response(200, extensions={"network_stream": NetworkStream(connected)})
    response.close()
    return response


def is_open(peer: socket.socket) -> bool:
    """Whether its connection was not shut down."""
    try:
        return peer.recv(1) != b""
    except BlockingIOError:
        return True


@pytest.mark.parametrize("owns_pool", [True, False])
def test_the_idle_connections_of_a_callers_client_stay_open(
    owns_pool: bool, ends: tuple[socket.socket, socket.socket]
) -> None:
    """The caller may have sent a request on one of them."""
    limit, response = HeadLimit(owns_pool=owns_pool), idle_response(ends[0])
    limit.came(response)
    with late(limit):
        assert is_open(ends[1]) is not owns_pool


@pytest.mark.parametrize("due", [None, 600.0])
def test_no_idle_connection_is_ended_if_a_request_in_time_may_use_it(
    due: float | None, ends: tuple[socket.socket, socket.socket]
) -> None:
    limit, response = HeadLimit(owns_pool=True), idle_response(ends[0])
    limit.came(response)
    with limit.limit({} if due is None else {DEADLINE: monotonic() + due}), late(limit):
        assert is_open(ends[1])


@pytest.mark.parametrize("owns_pool", [True, False])
@pytest.mark.parametrize(
    ("later", "remains"), [("http2.send_connection_init.started", True), ("http11.x", False)]
)
def test_a_new_connection_is_ended_unless_others_share_it(
    owns_pool: bool, later: str, remains: bool, ends: tuple[socket.socket, socket.socket]
) -> None:
    made = ("connection.connect_tcp.complete", {"return_value": NetworkStream(ends[0])})
    with late(HeadLimit(owns_pool=owns_pool), made, (later, {})):
        assert is_open(ends[1]) is remains


def test_a_connection_that_another_request_may_use_is_not_ended(
    ends: tuple[socket.socket, socket.socket],
) -> None:
    """An `auth` of the caller's client sends once more, on any connection."""
    made = ("connection.connect_tcp.complete", {"return_value": NetworkStream(ends[0])})
    with late(HeadLimit(owns_pool=False), made, ("http11.response_closed.complete", {})):
        assert is_open(ends[1])


def test_requests_on_reused_connections_do_not_wait_for_each_other(monkeypatch: pytest.MonkeyPatch) -> None:
    """If all of them are late."""
    monkeypatch.setenv(VARIABLE, "httpx")

    def join(_number: int) -> float:
        with pytest.raises(WaitTimeoutError):
            runs.join("t", "r", timeout=0.5)
        return monotonic() - began

    with (
        dribbling_server(HEAD, good=1) as url,
        RunsClient(url, api_key=None) as runs,
        ThreadPoolExecutor(3) as threads,
    ):
        began = monotonic()
        assert max(threads.map(join, range(3))) < 15
