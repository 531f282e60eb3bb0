"""`event_timeout=` where reads of a task are cancelled, or another reader tries."""

from __future__ import annotations

import asyncio
import threading

import pytest
from servers.scripted_server import HANG, PAUSE_SECONDS, answer, events, scripted_server
from wait_until import wait_until

from langgraph_runs import AsyncRunsClient, EventTimeoutError, RunsClient

NAMED = {"Content_Location": "/threads/t/runs/r"}
FIRST = b'event: metadata\ndata: {"run_id": "r", "attempt": 1}\nid: 1-0\n\n'
ENDED = answer(body=b'{"run_id": "r", "status": "success"}')


async def test_cancelled_reads_add_up() -> None:
    """The time between them does not count."""
    reads = 0
    with scripted_server(events(FIRST, **NAMED) + HANG) as server:
        async with AsyncRunsClient(server.url, api_key=None) as runs:
            stream = runs.stream("t", "agent", event_timeout=1.0)
            assert "1-0" == (await anext(stream)).id
            with pytest.raises(EventTimeoutError):
                while True:
                    try:
                        await asyncio.wait_for(anext(stream), 0.3)
                    except EventTimeoutError:  # a TimeoutError too
                        raise
                    except TimeoutError:
                        reads += 1
                        assert reads < 20
                    await asyncio.sleep(0.3)
    assert 1 <= reads <= 3


async def test_a_request_outlives_the_reads_that_are_cancelled() -> None:
    """The opening of a stream is not ended by a limit that has stopped to count."""
    with scripted_server(events(FIRST, **NAMED), ENDED, events(b"", **NAMED)) as server:
        async with AsyncRunsClient(server.url, api_key=None) as runs:
            stream = runs.stream("t", "agent", event_timeout=5.0)
            task = asyncio.create_task(anext(stream))  # type: ignore[arg-type]
            await asyncio.sleep(0)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            assert "1-0" == (await anext(stream)).id
            assert [] == [part async for part in stream]
    assert 1 == sum(request.method == "POST" for request in server.requests)


def test_another_reader_does_not_disturb_the_limit() -> None:
    """It gets its error, and the first one its own."""
    with (
        scripted_server(events(FIRST, **NAMED) + HANG) as server,
        RunsClient(server.url, api_key=None) as runs,
    ):
        stream = runs.stream("t", "agent", event_timeout=PAUSE_SECONDS * 3)
        assert "1-0" == next(stream).id
        found: list[object] = []

        def read() -> None:
            try:
                next(stream)
            except EventTimeoutError as error:
                found.append(error)

        reader = threading.Thread(target=read)
        reader.start()
        wait_until(lambda: not hasattr(stream._reader, "may_read"))
        with pytest.raises(RuntimeError, match="another thread is reading"):
            next(stream)
        reader.join(30)
        assert 1 == len(found)
