"""A read of a stream that a signal interrupts loses nothing, and starts no second run."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import sleep
from types import FrameType
from typing import Any

import pytest
from servers.heartbeat_server import heartbeat_server
from servers.scripted_server import HANG, PAUSE_SECONDS, answer, events, scripted_server
from wait_until import LIMIT, wait_until

from langgraph_runs import RunsClient, WaitTimeoutError

HERE = "/threads/t/runs/r"
FIRST = b'event: metadata\ndata: {"run_id": "r", "attempt": 1}\nid: 1-0\n\n'
ENDED = answer(body=b'{"run_id": "r", "status": "success"}')
SHORT = PAUSE_SECONDS / 10


def custom(number: int) -> bytes:
    return b'event: custom\ndata: {"i": %d}\nid: %d-0\n\n' % (number, number)


class Interruption(BaseException):  # like KeyboardInterrupt, whose name does not either
    """Raised by the signal handler."""


@contextmanager
def interrupted_after(seconds: float, error: Callable[[], BaseException]) -> Iterator[None]:
    """Sends one signal during this block."""

    def handler(number: int, frame: FrameType | None) -> None:
        raise error()

    before = signal.signal(signal.SIGALRM, handler)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@contextmanager
def interrupted_when(condition: Callable[[], bool]) -> Iterator[None]:
    """Sends a signal during this block when the condition is true."""

    def interrupt() -> None:
        wait_until(condition)
        signal.setitimer(signal.ITIMER_REAL, SHORT)

    waiting = threading.Thread(target=interrupt)
    with interrupted_after(2 * LIMIT, Interruption):
        waiting.start()
        yield
        waiting.join()


class Alarm(Exception):  # noqa: N818
    """An ordinary exception."""


@pytest.mark.parametrize("kind", [Interruption, Alarm])
def test_a_read_that_a_signal_interrupts_loses_nothing(kind: type[BaseException]) -> None:
    """With KeyboardInterrupt or any other exception. It may be raised between any two instructions, so the connection
    counts as lost, and the stream resumes on a new one."""
    first = events(FIRST + custom(2)[: len(custom(2)) // 2], Content_Location=HERE) + HANG
    rest = events(FIRST + custom(2) + custom(3))
    with (
        scripted_server(first, rest, ENDED, events(custom(3))) as server,
        RunsClient(server.url, api_key=None, cancel_on_exit="interrupt") as runs,
    ):
        stream = runs.stream("t", "agent")
        assert "1-0" == next(stream).id
        with interrupted_after(SHORT, kind), pytest.raises(kind):
            next(stream)
        assert ["2-0", "3-0"] == [part.id for part in stream]
    assert ["POST", "GET", "GET", "GET"] == [request.method for request in server.requests]


def test_a_deadline_that_has_passed_is_reported_before_the_loss_of_a_connection() -> None:
    """Even if the stream cannot be resumed after the read that a signal has interrupted."""
    with (
        scripted_server(events(FIRST, Content_Location=HERE) + HANG) as server,
        RunsClient(server.url, api_key=None) as runs,
    ):
        stream = runs.stream("t", "agent", stream_resumable=False, timeout=3 * SHORT)
        assert "1-0" == next(stream).id
        with interrupted_after(SHORT, Interruption), pytest.raises(Interruption):
            next(stream)
        sleep(3 * SHORT)  # the deadline is time itself
        with pytest.raises(WaitTimeoutError):
            next(stream)


def test_a_request_that_a_signal_interrupts_is_not_sent_again() -> None:
    """It may have started the run."""
    with heartbeat_server() as server:
        server.may_begin.clear()
        with RunsClient(server.url, api_key=None) as runs:
            stream = runs.stream("t", "agent")
            with interrupted_when(lambda: bool(server.requests)), pytest.raises(Interruption):
                next(stream)
            with pytest.raises(RuntimeError, match="a signal handler has interrupted a request"):
                next(stream)
            server.may_begin.set()
    assert 1 == len(server.requests)


def test_a_signal_while_a_lost_connection_is_handled_starts_no_second_run() -> None:
    """Even if the next step is not decided yet."""
    first = events(FIRST + custom(2), Content_Location=HERE)
    running = answer(body=b'{"run_id": "r", "status": "running"}')
    reported: list[Any] = []

    def interrupt(*what: Any) -> None:
        reported.append(what)
        if len(reported) == 1:
            raise Interruption

    rest = events(FIRST + custom(2) + custom(3))
    with (
        scripted_server(first, running, rest, ENDED, events(custom(3))) as server,
        RunsClient(server.url, api_key=None) as runs,
    ):
        stream = runs.stream("t", "agent", on_reconnect=interrupt)
        assert ["1-0", "2-0"] == [next(stream).id for _ in range(2)]
        with pytest.raises(Interruption):
            next(stream)
        assert ["3-0"] == [part.id for part in stream]
    assert 1 == [request.method for request in server.requests].count("POST")
