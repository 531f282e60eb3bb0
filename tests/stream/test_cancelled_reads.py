"""A read of a stream that is cancelled, times out or is interrupted loses nothing, and does not leave the stream."""

from __future__ import annotations

import asyncio
import gc
import gzip
from collections.abc import Callable
from time import monotonic
from typing import Any

import httpx
import httpx2
import pytest
from servers.heartbeat_server import heartbeat_server
from servers.scripted_server import HANG, PAUSE, PAUSE_SECONDS, answer, events, scripted_server
from wait_until import wait_until

from langgraph_runs import (
    AsyncRunsClient,
    AsyncRunStream,
    RetryPolicy,
    RunFailedError,
    RunsClient,
    StreamInterruptedError,
    WaitTimeoutError,
)

HERE = "/threads/t/runs/r"
FIRST = b'event: metadata\ndata: {"run_id": "r", "attempt": 1}\nid: 1-0\n\n'
ENDED = answer(body=b'{"run_id": "r", "status": "success"}')
SHORT = PAUSE_SECONDS / 10


def custom(number: int) -> bytes:
    return b'event: custom\ndata: {"i": %d}\nid: %d-0\n\n' % (number, number)


async def read_with_timeouts(stream: AsyncRunStream[Any, Any, Any], seconds: float) -> tuple[list[Any], int]:
    """The ids of all parts, and how many reads timed out."""
    ids, timeouts = [], 0
    while True:
        try:
            ids.append((await asyncio.wait_for(anext(stream), seconds)).id)
        except TimeoutError:
            timeouts += 1
        except StopAsyncIteration:
            return ids, timeouts


async def test_reads_that_time_out_lose_no_part() -> None:
    half = len(custom(4)) // 2
    body = (
        FIRST
        + PAUSE
        + custom(2)
        + custom(3)
        + custom(4)[:half]
        + PAUSE
        + custom(4)[half:]
        + PAUSE
        + custom(5)
    )
    with scripted_server(events(body, Content_Location=HERE), ENDED, events(custom(5))) as server:
        async with AsyncRunsClient(server.url, api_key=None) as runs:
            ids, timeouts = await read_with_timeouts(runs.stream("t", "agent"), SHORT)
    assert (["1-0", "2-0", "3-0", "4-0", "5-0"], True) == (ids, timeouts > 3)
    assert ["POST", "GET", "GET"] == [request.method for request in server.requests]


async def test_reads_of_a_compressed_stream_that_time_out_lose_no_part() -> None:
    """What came need not complete anything: the header of gzip alone, or half a block."""
    sent = gzip.compress(FIRST + custom(2) + custom(3))
    body = sent[:10] + PAUSE + sent[10:30] + PAUSE + sent[30:]
    first = events(body, Content_Location=HERE, Content_Encoding="gzip")
    with scripted_server(first, ENDED, events(custom(3))) as server:
        async with AsyncRunsClient(server.url, api_key=None) as runs:
            ids, timeouts = await read_with_timeouts(runs.stream("t", "agent"), SHORT)
    assert (["1-0", "2-0", "3-0"], True) == (ids, timeouts > 3)
    assert ["POST", "GET", "GET"] == [request.method for request in server.requests]


async def test_a_read_cancelled_before_the_answer_continues_the_same_request() -> None:
    """The run is started once, however many reads are cancelled."""
    with heartbeat_server() as server:
        server.may_begin.clear()
        async with AsyncRunsClient(server.url, api_key=None) as runs:
            stream = runs.stream("t", "agent")
            for _ in range(3):
                with pytest.raises(TimeoutError):
                    await asyncio.wait_for(anext(stream), SHORT)
            server.may_begin.set()
            assert "1-0" == (await anext(stream)).id
            await stream.aclose()
    assert 1 == len(server.requests)


async def test_a_read_cancelled_during_a_reconnect_continues_the_reconnect() -> None:
    """In the pause before it, and while it waits for the answer."""
    first = events(FIRST + custom(2), Content_Location=HERE)
    running = answer(body=b'{"run_id": "r", "status": "running"}')
    slow = PAUSE + events(custom(2) + custom(3))
    reported: list[Any] = []
    with scripted_server(first, running, slow, ENDED, events(custom(3))) as server:
        async with AsyncRunsClient(server.url, api_key=None) as runs:
            stream = runs.stream("t", "agent", on_reconnect=lambda *what: reported.append(what))
            ids, timeouts = await read_with_timeouts(stream, SHORT)
    assert (["1-0", "2-0", "3-0"], 1, True) == (ids, len(reported), timeouts > 3)
    assert 5 == len(server.requests)


async def test_cancelling_a_bare_read_does_not_cancel_the_run_and_leaving_does() -> None:
    """By `aclose`, and by dropping the stream."""
    for leave in ("aclose", "drop"):
        with heartbeat_server() as server:
            async with AsyncRunsClient(server.url, api_key=None, cancel_on_exit="interrupt") as runs:
                stream: Any = runs.stream("t", "agent")
                await anext(stream)
                with pytest.raises(TimeoutError):
                    await asyncio.wait_for(anext(stream), SHORT)
                assert [] == server.cancels
                if leave == "aclose":
                    await stream.aclose()
                del stream
                gc.collect()
                await asyncio.to_thread(wait_until, lambda server=server: bool(server.cancels))
        assert 1 == len(server.cancels)


async def test_dropping_a_stream_whose_opening_was_cancelled_ends_the_request_and_the_run() -> None:
    with heartbeat_server() as server:
        server.may_begin.clear()
        async with AsyncRunsClient(server.url, api_key=None, cancel_on_exit="interrupt") as runs:
            stream: Any = runs.stream("t", "agent")
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(anext(stream), SHORT)
            del stream
            gc.collect()
            await asyncio.to_thread(wait_until, lambda: bool(server.cancels))
            server.may_begin.set()
    assert 1 == len([request for request in server.requests if request.endswith("/runs/stream")])


# Of httpx, which creates one for every request. Python shows such warnings to developers only.
@pytest.mark.filterwarnings("ignore:asynchronous generator .*Auth.async_auth_flow:ResourceWarning")
async def test_the_end_of_an_event_loop_leaves_its_streams() -> None:
    """As it closes async generators."""

    async def main(url: str) -> None:
        runs = AsyncRunsClient(url, api_key=None, cancel_on_exit="interrupt")
        streams.append(runs.stream("t", "agent"))
        await anext(streams[0])

    streams: list[Any] = []
    with heartbeat_server() as server:
        await asyncio.to_thread(asyncio.run, main(server.url))
        assert 1 == len(server.cancels)


@pytest.mark.parametrize("family", [httpx, httpx2], ids=lambda family: family.__name__)
@pytest.mark.parametrize("is_resumable", [True, False])
async def test_over_a_client_of_the_callers_a_cancelled_read_is_a_lost_connection(
    is_resumable: bool, family: Any
) -> None:
    """The stream resumes if it can, and otherwise raises."""
    first = events(FIRST + custom(2), Content_Location=HERE) + HANG
    with scripted_server(first, events(custom(2) + custom(3)), ENDED, events(custom(3))) as server:
        async with (
            family.AsyncClient() as lent,
            AsyncRunsClient(server.url, api_key=None, http_client=lent) as runs,
        ):
            stream = runs.stream("t", "agent", stream_resumable=is_resumable)
            assert ["1-0", "2-0"] == [(await anext(stream)).id for _ in range(2)]
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(anext(stream), SHORT)
            if is_resumable:
                assert ["3-0"] == [part.id async for part in stream]
            else:
                with pytest.raises(StreamInterruptedError, match="not resumable"):
                    await anext(stream)


async def test_a_read_cancelled_while_a_failure_is_requested_does_not_hide_it() -> None:
    """The request continues, and the next read raises."""
    failed = answer(body=b'{"run_id": "r", "status": "error"}')
    history = PAUSE + answer(body=b'[{"values": {}, "tasks": [{"error": "ValueError(\'boom\')"}]}]')
    first = events(FIRST, Content_Location=HERE)
    with scripted_server(first, failed, events(FIRST), failed, history) as server:
        async with AsyncRunsClient(server.url, api_key=None) as runs:
            stream = runs.stream("t", "agent")
            with pytest.raises(RunFailedError):
                while True:
                    try:
                        await asyncio.wait_for(anext(stream), SHORT)
                    except TimeoutError:
                        await asyncio.sleep(2 * PAUSE_SECONDS)


async def test_a_read_cancelled_while_its_stream_is_closed_does_not_hide_the_reason() -> None:
    """The next read raises it."""
    with heartbeat_server() as server:
        server.may_cancel.clear()
        async with AsyncRunsClient(server.url, api_key=None, cancel_on_exit="interrupt") as runs:
            stream = runs.stream("t", "agent", timeout=2.0)
            await anext(stream)
            with pytest.raises(asyncio.CancelledError):
                await cancelled_when(anext(stream), lambda: bool(server.cancels))
            server.may_cancel.set()
            with pytest.raises(WaitTimeoutError):
                await anext(stream)


async def cancelled_when(read: Any, condition: Callable[[], bool]) -> None:
    """Cancels the read when the condition is true."""
    task = asyncio.ensure_future(read)
    await asyncio.to_thread(wait_until, condition)
    task.cancel()
    await task


@pytest.mark.parametrize("seconds", [0.3])
async def test_silence_is_noticed_over_several_reads_that_time_out(
    seconds: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is measured over all of them."""
    monkeypatch.setattr("langgraph_runs.stream.heartbeat._LEAST_PATIENCE", seconds)
    monkeypatch.setattr("langgraph_runs.stream.heartbeat._GREETING", 0.0)
    silent = events(FIRST + b": heartbeat\n\n", Content_Location=HERE) + HANG
    with scripted_server(silent, events(FIRST + custom(2)), ENDED, events(custom(2))) as server:
        async with AsyncRunsClient(server.url, api_key=None) as runs:
            ids, timeouts = await read_with_timeouts(runs.stream("t", "agent"), seconds / 5)
    assert (["1-0", "2-0"], True) == (ids, timeouts > 2)


@pytest.mark.parametrize("variant", ["stream", "wait"])
def test_a_deadline_holds_while_useless_bytes_arrive(variant: str) -> None:
    """An endless chunk extension, or the endless body of a refusal."""
    head = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n5;"
    drip = head + (PAUSE + b"x") * 12
    flood = b"HTTP/1.1 404 No\r\ntransfer-encoding: chunked\r\n\r\n" + (PAUSE + b"1\r\nx\r\n") * 12
    with (
        scripted_server(drip if variant == "stream" else flood) as server,
        RunsClient(server.url, api_key=None, retry=RetryPolicy(0)) as runs,
    ):
        began = monotonic()
        with pytest.raises(WaitTimeoutError):
            if variant == "stream":
                next(runs.stream("t", "agent", timeout=2 * PAUSE_SECONDS))
            else:
                runs.wait("t", "agent", timeout=2 * PAUSE_SECONDS)
        assert monotonic() - began < 8 * PAUSE_SECONDS
