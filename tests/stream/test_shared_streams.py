"""A stream that several tasks or threads use: one of them reads or closes it, the others get a clear error."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

import pytest
from servers.heartbeat_server import heartbeat_server
from servers.scripted_server import PAUSE, answer, events, scripted_server
from wait_until import wait_until

from langgraph_runs import (
    AsyncRunsClient,
    AsyncRunStream,
    RunsClient,
)

HERE = "/threads/t/runs/r"
FIRST = b'event: metadata\ndata: {"run_id": "r", "attempt": 1}\nid: 1-0\n\n'
ENDED = answer(body=b'{"run_id": "r", "status": "success"}')


def custom(number: int) -> bytes:
    return b'event: custom\ndata: {"i": %d}\nid: %d-0\n\n' % (number, number)


async def test_a_second_task_that_reads_a_stream_gets_an_error_and_the_first_its_parts() -> None:
    body = events(FIRST + PAUSE + custom(2), Content_Location=HERE)
    with scripted_server(body, ENDED, events(custom(2))) as server:
        async with AsyncRunsClient(server.url, api_key=None) as runs:
            stream = runs.stream("t", "agent")
            for _ in range(2):  # while it is opened, and while it is read
                reading = asyncio.create_task(anext(stream))
                await asyncio.sleep(0)
                with pytest.raises(RuntimeError, match="another task is reading"):
                    await anext(stream)
                assert (await reading).id
            assert [] == [part async for part in stream]


async def test_a_second_loop_over_a_stream_does_not_disturb_the_first() -> None:
    """It does not close the stream, as a loop does that is left."""

    async def read(stream: AsyncRunStream[Any, Any, Any]) -> list[str | None]:
        return [part.id async for part in stream]

    body = events(FIRST + PAUSE + custom(2), Content_Location=HERE)
    with scripted_server(body, ENDED, events(custom(2))) as server:
        async with AsyncRunsClient(server.url, api_key=None) as runs:
            stream = runs.stream("t", "agent")
            reading = asyncio.create_task(read(stream))
            await asyncio.sleep(0)
            with pytest.raises(RuntimeError, match="another task is reading"):
                await read(stream)
            assert ["1-0", "2-0"] == await reading


def test_a_second_loop_in_another_thread_does_not_disturb_the_first() -> None:
    body = events(FIRST + PAUSE + custom(2), Content_Location=HERE)
    with (
        scripted_server(body, ENDED, events(custom(2))) as server,
        RunsClient(server.url, api_key=None) as runs,
    ):
        stream, ids = runs.stream("t", "agent"), list[str | None]()
        reader = threading.Thread(target=lambda: ids.extend(part.id for part in stream))
        reader.start()
        wait_until(lambda: not hasattr(stream._reader, "may_read"))
        with pytest.raises(RuntimeError, match="another thread is reading"):
            list(stream)
        reader.join(10)
    assert ["1-0", "2-0"] == ids


def test_a_stream_can_be_closed_from_another_thread() -> None:
    """The reader gets an error, not the end of the stream."""
    with heartbeat_server() as server, RunsClient(server.url, api_key=None) as runs:
        stream = runs.stream("t", "agent")
        next(stream)
        failures: list[BaseException] = []

        def read() -> None:
            try:
                next(stream)
            except Exception as error:  # noqa: BLE001
                failures.append(error)

        reader = threading.Thread(target=read)
        reader.start()
        wait_until(lambda: not hasattr(stream._reader, "may_read"))
        stream.close()
        reader.join(10)
        assert not reader.is_alive()
        wait_until(lambda: server.open == 0)
    assert [RuntimeError] == [type(error) for error in failures]


async def test_a_stream_closed_by_another_task_while_it_is_opened_raises() -> None:
    """A second reader does no harm."""
    with heartbeat_server() as server:
        server.may_begin.clear()
        async with AsyncRunsClient(server.url, api_key=None) as runs:
            stream = runs.stream("t", "agent")
            entering = asyncio.create_task(stream.__aenter__())
            await asyncio.to_thread(wait_until, lambda: bool(server.requests))
            with pytest.raises(RuntimeError, match="another task is reading"):
                await anext(stream)
            await stream.aclose()
            with pytest.raises(RuntimeError, match="closed before its end"):
                await entering
            server.may_begin.set()
