"""An idle timeout ends the read of a thread, on httpx's own sync transport."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from time import monotonic
from typing import Any

import httpx
import httpx2
import pytest
from servers.scripted_server import answer, scripted_server
from wait_until import wait_until

from langgraph_runs import RunsClient, watchdog
from langgraph_runs.deadline import IdleTimeout, IdleTimeoutError


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
    with ours, theirs:
        yield ours, theirs


def watchdog_has_ended() -> bool:
    """Whether its thread has ended; it was started."""
    assert watchdog._Current.watchdog is not None
    return watchdog._Current.watchdog.has_ended


def seconds_until_it_ends(timeout: IdleTimeout, reader: socket.socket, seconds: float) -> float:
    """How long a read lasts that hears nothing."""
    began = monotonic()
    with pytest.raises(IdleTimeoutError), timeout.limit(seconds):
        assert reader.recv(1) == b""
    return monotonic() - began


def test_a_silent_read_ends_after_its_time(ends: tuple[socket.socket, socket.socket]) -> None:
    assert 0.1 <= seconds_until_it_ends(IdleTimeout(NetworkStream(ends[0])), ends[0], 0.1) < 5


def test_a_shorter_limit_replaces_the_timer_of_a_longer_one(
    ends: tuple[socket.socket, socket.socket],
) -> None:
    """As when a stream learns of heartbeats after a read with a deadline far away."""
    timeout = IdleTimeout(NetworkStream(ends[0]))
    ends[1].send(b"1")
    with timeout.limit(60):
        assert ends[0].recv(1) == b"1"
    assert seconds_until_it_ends(timeout, ends[0], 0.1) < 30


def test_a_timer_that_goes_off_during_a_later_read_does_not_end_it(
    ends: tuple[socket.socket, socket.socket],
) -> None:
    """Nor is that read without a limit: the timer starts again."""
    timeout = IdleTimeout(NetworkStream(ends[0]))
    went_off = threading.Event()
    for _ in range(3):
        ends[1].send(b"1")
        with timeout.limit(0.2):
            went_off.wait(0.1)
            assert ends[0].recv(1) == b"1"
    assert 0.2 <= seconds_until_it_ends(timeout, ends[0], 0.2) < 5


def test_many_silent_reads_end_at_the_same_time() -> None:
    """None waits for another."""
    pairs = [socket.socketpair() for _ in range(20)]
    seconds: list[float] = []

    def read(reader: socket.socket) -> None:
        seconds.append(seconds_until_it_ends(IdleTimeout(NetworkStream(reader)), reader, 0.2))

    threads = [threading.Thread(target=read, args=[reader]) for reader, _ in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    for pair in pairs:
        for end in pair:
            end.close()
    assert 20 == len(seconds)


def test_no_timer_outlives_its_last_read_for_long(ends: tuple[socket.socket, socket.socket]) -> None:
    """It is not started again when nobody reads."""
    timeout = IdleTimeout(NetworkStream(ends[0]))
    ends[1].send(b"1")
    with timeout.limit(0.1):
        assert ends[0].recv(1) == b"1"
    wait_until(watchdog_has_ended)


def test_without_a_socket_there_is_no_limit() -> None:
    """As with a transport that is not one of httpx's own."""
    with IdleTimeout(None).limit(0.01):
        pass


@pytest.mark.parametrize("family", [httpx, httpx2], ids=lambda family: family.__name__)
def test_no_timer_waits_for_the_deadline_of_a_call_that_has_ended(family: Any) -> None:
    """Its thread would live on for as long as the deadline is away, one for each call."""
    with (
        scripted_server(answer(body=b'{"x": 1}')) as server,
        family.Client() as client,
        RunsClient(server.url, api_key=None, http_client=client) as runs,
    ):
        for _ in range(5):
            assert {"x": 1} == runs.wait(None, "agent", timeout=600)
    wait_until(watchdog_has_ended)


def test_a_call_works_without_a_timer_if_no_thread_can_start(monkeypatch: pytest.MonkeyPatch) -> None:
    """As while the interpreter exits, since Python 3.12: the runs of `cancel_on_exit` are cancelled then."""

    class Thread(threading.Thread):
        def start(self) -> None:
            raise RuntimeError("can't create new thread at interpreter shutdown")

    monkeypatch.setattr(watchdog._Current, "watchdog", None)
    monkeypatch.setattr(watchdog, "Thread", Thread)
    with (
        scripted_server(answer(202)) as server,
        httpx.Client() as client,
        RunsClient(server.url, api_key=None, http_client=client) as runs,
    ):
        runs.cancel("t", "r", timeout=2)
    assert "POST" == server.request.method


def test_shut_down_returns_when_the_thread_that_reads_has_left_the_socket(
    ends: tuple[socket.socket, socket.socket],
) -> None:
    """Closed earlier, its descriptor could become that of another connection, whose bytes the read would take."""
    timeout = IdleTimeout(NetworkStream(ends[0]))
    is_reading, may_leave, order = threading.Event(), threading.Event(), list[str]()

    def read() -> None:
        with timeout.limit(None):
            is_reading.set()
            assert ends[0].recv(1) == b""
            may_leave.wait(20)
            order.append("left")

    def shut_down() -> None:
        timeout.shut_down()
        order.append("may close")

    threads = [threading.Thread(target=read), threading.Thread(target=shut_down)]
    threads[0].start()
    assert is_reading.wait(20)
    threads[1].start()
    assert ends[1].recv(1) == b""  # shut down
    may_leave.set()
    for thread in threads:
        thread.join(20)
    assert ["left", "may close"] == order


def test_a_signal_handler_that_closes_the_stream_its_thread_reads_does_not_wait_for_it(
    ends: tuple[socket.socket, socket.socket],
) -> None:
    timeout = IdleTimeout(NetworkStream(ends[0]))
    began = monotonic()
    with timeout.limit(None):
        timeout.shut_down()
    assert monotonic() - began < 1
