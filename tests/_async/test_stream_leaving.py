"""Leaving a stream closes its connection; so does a callback that raises."""

from __future__ import annotations

import gc
from time import monotonic

import pytest
from _async.stream_ends import is_closed
from servers.scripted_server import (
    HANG,
    answer,
    events,
    scripted_server,
)

from langgraph_runs import (
    APIConnectionError,
    AsyncRunsClient,
    CustomPart,
    MetadataPart,
    WaitTimeoutError,
)

FIRST = (
    b'event: metadata\ndata: {"run_id": "r", "attempt": 1}\nid: 1\n\nevent: custom\ndata: {"i": 0}\nid: 2\n\n'
)
ENDED = answer(body=b'{"run_id": "r", "status": "success"}')


async def test_leaving_a_loop_by_break_closes_the_connection() -> None:
    """While the client stays open."""
    with scripted_server(events(FIRST) + HANG) as server:
        async with AsyncRunsClient(server.url, api_key=None) as runs:
            stream = runs.stream("t", "agent")
            async for _ in stream:
                break
            assert await is_closed(server)
            with pytest.raises(RuntimeError, match="closed before its end"):
                await anext(stream)


async def test_leaving_a_loop_by_an_exception_closes_the_connection() -> None:
    """The exception is raised unchanged."""
    with scripted_server(events(FIRST) + HANG) as server:
        async with AsyncRunsClient(server.url, api_key=None) as runs:
            with pytest.raises(KeyError):
                async for _ in runs.stream("t", "agent"):
                    raise KeyError
            assert await is_closed(server)


async def test_leaving_a_with_block_closes_the_connection() -> None:
    """Inside it, a loop can be left and entered again."""
    with scripted_server(events(FIRST) + HANG) as server:
        async with AsyncRunsClient(server.url, api_key=None) as runs:
            async with runs.stream("t", "agent") as stream:
                async for part in stream:
                    assert isinstance(part, MetadataPart)
                    break
                async for part in stream:
                    assert isinstance(part, CustomPart)
                    break
            assert await is_closed(server)


def refuse(run_id: str, thread_id: str | None) -> None:
    """A callback that raises."""
    raise KeyError(run_id)


async def test_an_exception_of_a_callback_is_raised_unchanged() -> None:
    """Even if it is an error of this package: no connection was lost."""

    def created(run_id: str, thread_id: str | None) -> None:
        raise APIConnectionError("mine", method="GET", url="")

    with scripted_server(events(FIRST) + HANG) as server:
        async with AsyncRunsClient(server.url, api_key=None) as runs:
            with pytest.raises(APIConnectionError, match="^mine$"):
                await anext(runs.stream(None, "agent", on_run_created=created))


async def test_a_callback_that_raises_on_the_first_event_closes_the_connection() -> None:
    """It is called while the stream is read."""
    with scripted_server(events(FIRST) + HANG) as server:
        async with AsyncRunsClient(server.url, api_key=None) as runs:
            with pytest.raises(KeyError):
                await anext(runs.stream("t", "agent", on_run_created=refuse))
            assert await is_closed(server)


async def test_a_callback_that_raises_on_the_headers_closes_the_connection() -> None:
    """It is called while the stream is opened, which a `with` does on entry."""
    with scripted_server(events(FIRST, Content_Location="/threads/t/runs/r") + HANG) as server:
        async with AsyncRunsClient(server.url, api_key=None) as runs:
            stream = runs.stream("t", "agent", on_run_created=refuse)
            with pytest.raises(KeyError):
                async with stream:
                    pass
            assert await is_closed(server)


async def test_an_answer_that_is_not_a_stream_closes_the_connection() -> None:
    """The rest of it is not read."""
    endless = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html>"
    with scripted_server(endless + HANG) as server:
        async with AsyncRunsClient(server.url, api_key=None) as runs:
            with pytest.raises(Exception, match="must be a stream of events, but its type is text/html"):
                await anext(runs.stream("t", "agent"))
            assert await is_closed(server)


async def test_dropping_a_stream_closes_the_connection() -> None:
    """Without closing it."""
    with scripted_server(events(FIRST) + HANG) as server:
        async with AsyncRunsClient(server.url, api_key=None) as runs:
            stream = runs.stream("t", "agent")
            await anext(stream)
            del stream
            gc.collect()
            assert await is_closed(server)


async def test_a_thread_that_cannot_be_deleted_delays_nothing() -> None:
    """It was created for the stream, which has ended."""
    first = events(FIRST, Content_Location="/threads/t/runs/r")
    with scripted_server(first, ENDED, events(FIRST), HANG) as server:
        async with AsyncRunsClient(server.url, api_key=None) as runs:
            began = monotonic()
            stream = runs.stream(None, "agent", stream_resumable=True, timeout=10)
            assert 2 == len([part async for part in stream])
            assert monotonic() - began < 5
    assert "DELETE" == server.request.method


async def test_a_run_that_is_known_to_have_ended_is_not_cancelled() -> None:
    """Even if the stream is left during its last join."""
    first = events(FIRST, Content_Location="/threads/t/runs/r")
    with scripted_server(first, ENDED, events(b"") + HANG) as server:
        async with AsyncRunsClient(server.url, api_key=None, cancel_on_exit="interrupt") as runs:
            with pytest.raises(WaitTimeoutError):
                assert [part async for part in runs.stream("t", "agent", timeout=1.0)]
    assert ["POST", "GET", "GET"] == [request.method for request in server.requests]


async def test_closing_a_client_cancels_many_runs_in_the_time_for_one() -> None:
    """If the server does not answer. Each is requested, in tasks."""
    first = events(FIRST, Content_Location="/threads/t/runs/r") + HANG
    with scripted_server(first, first, first, HANG) as server:
        async with AsyncRunsClient(server.url, api_key=None, cancel_on_exit="interrupt") as runs:
            streams = [runs.stream("t", "agent") for _ in range(3)]
            for stream in streams:
                await anext(stream)
            began = monotonic()
        assert monotonic() - began < 5
    assert "/threads/t/runs/r/cancel?action=interrupt" == server.request.target
