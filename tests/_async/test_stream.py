"""The stream of a run: which parts it yields, and when it closes its connection."""

from __future__ import annotations

from typing import Any

import pytest
from _async.stream_ends import is_closed, read
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
    ErrorPart,
    MetadataPart,
    RunFailedError,
    StreamDecodeError,
    StreamInterruptedError,
    UnknownPart,
)
from langgraph_runs.testing import Fail, RunsServer

FIRST = (
    b'event: metadata\ndata: {"run_id": "r", "attempt": 1}\nid: 1\n\nevent: custom\ndata: {"i": 0}\nid: 2\n\n'
)
ENDED = answer(body=b'{"run_id": "r", "status": "success"}')
FAILED = b'event: error\ndata: {"error": "ValueError", "message": "boom"}\n\n'


async def test_parts_are_yielded_as_they_arrive() -> None:
    """Before the server has ended its answer."""
    with scripted_server(events(FIRST) + HANG) as server:
        async with AsyncRunsClient(server.url, api_key=None) as runs, runs.stream("t", "agent") as stream:
            assert MetadataPart("metadata", {"run_id": "r", "attempt": 1}, "1") == await anext(stream)
            assert CustomPart("custom", {"i": 0}, "2") == await anext(stream)
            assert ("r", "t", "2") == (stream.run_id, stream.thread_id, stream.last_event_id)


async def test_nothing_is_sent_before_the_stream_is_read() -> None:
    """The run starts on the first read."""
    server = RunsServer()
    async with server.async_client() as runs:
        stream = runs.stream(server.thread(), "agent")
        await stream.aclose()
        assert ((), None) == (server.requests, stream.run_id)
        with pytest.raises(RuntimeError, match="closed before its end"):
            await anext(stream)


async def test_a_with_block_opens_the_stream_at_once() -> None:
    """The headers have arrived, and with them the ids."""
    reported: list[Any] = []
    server = RunsServer()
    server.run(("values", {"a": 1}))
    thread_id = server.thread()
    async with server.async_client() as runs:
        async with runs.stream(
            thread_id, "agent", on_run_created=lambda *ids: reported.append(ids)
        ) as stream:
            run_id = server.runs[0]["run_id"]
            assert (run_id, [(run_id, thread_id)]) == (stream.run_id, reported)
            assert 2 == len([part async for part in stream])
        assert [(run_id, thread_id)] == reported


async def test_without_headers_the_ids_are_in_the_first_event() -> None:
    """Servers differ."""
    reported: list[Any] = []
    with scripted_server(events(FIRST)) as server:
        async with AsyncRunsClient(server.url, api_key=None) as runs:
            stream = runs.stream(None, "agent", on_run_created=lambda *ids: reported.append(ids))
            assert 2 == len([part async for part in stream])
    assert [("r", None)] == reported


async def test_a_stream_that_has_ended_stays_ended() -> None:
    """Reading it again ends at once."""
    server = RunsServer()
    server.run(("values", {"a": 1}))
    async with server.async_client() as runs:
        stream = runs.stream(server.thread(), "agent")
        assert [2, 0] == [len([part async for part in stream]) for _ in range(2)]


async def test_a_failed_run_raises_after_its_parts() -> None:
    """Even if all arrived in one piece; then the stream is over."""
    with scripted_server(events(FIRST + FAILED + FIRST)) as server:
        async with AsyncRunsClient(server.url, api_key=None) as runs:
            stream = runs.stream("t", "agent")
            parts, _ = await read(stream, RunFailedError)
            assert [MetadataPart, CustomPart] == [type(part) for part in parts]
            assert [] == [part async for part in stream]


async def test_raise_error_false_yields_the_failure_as_a_part() -> None:
    """In its place."""
    server = RunsServer()
    server.run(("values", {"a": 1}), Fail())
    async with server.async_client() as runs:
        parts = [part async for part in runs.stream(server.thread(), "agent", raise_error=False)]
    assert isinstance(parts[-1], ErrorPart)
    assert 3 == len(parts)


async def test_a_cut_of_a_stateless_stream_raises() -> None:
    """After the complete events before it. The stream cannot be resumed."""
    server = RunsServer()
    server.run(("values", {"a": 1}), ("values", {"a": 2}))
    server.drop(bytes=140)  # in the middle of the third event
    async with server.async_client() as runs:
        stream = runs.stream(None, "agent")
        parts, error = await read(stream, StreamInterruptedError)
        assert 2 == len(parts)
    assert (server.runs[0]["run_id"], None) == (error.run_id, error.position)
    assert isinstance(error.__cause__, APIConnectionError)
    assert "RemoteProtocolError" == type(error.__cause__.__cause__).__name__


async def test_data_that_is_not_json_raises_with_the_name_of_the_event() -> None:
    """And with the data; reading may continue after it."""
    with scripted_server(events(FIRST + b"event: values\ndata: {nope\nid: 3\n\n")) as server:
        async with AsyncRunsClient(server.url, api_key=None) as runs:
            with pytest.raises(StreamDecodeError, match="'values' is not JSON.*nope") as undecodable:
                assert [part async for part in runs.stream("t", "agent")]
    assert ("r", "3") == (undecodable.value.run_id, undecodable.value.last_event_id)
    assert undecodable.value.position
    assert "3" == undecodable.value.position["last_event_id"]


async def test_an_event_beyond_the_client_s_limit_raises() -> None:
    """After those before it; the connection is closed."""
    with scripted_server(events(FIRST + b"event: custom\ndata: 0123456789" * 10) + HANG) as server:
        async with AsyncRunsClient(server.url, api_key=None, max_event_bytes=100) as runs:
            parts, error = await read(runs.stream("t", "agent"), StreamDecodeError)
            assert (2, "r") == (len(parts), error.run_id)
            assert "larger than 100 bytes" in str(error)
            assert await is_closed(server)
    for bad in (0, "1", True):
        with pytest.raises((TypeError, ValueError), match="max_event_bytes"):
            AsyncRunsClient(max_event_bytes=bad)  # type: ignore[arg-type]


async def test_an_unknown_event_is_yielded_unchanged() -> None:
    """Its data is the decoded JSON, or the text if it is not JSON."""
    body = b'event: brand/new|child:1\ndata: {"a": 1}\n\nevent: other\ndata: plain\n\n'
    with scripted_server(events(body)) as server:
        async with AsyncRunsClient(server.url, api_key=None) as runs:
            parts = [part async for part in runs.stream(None, "agent")]
    assert [UnknownPart("brand/new|child:1", {"a": 1}), UnknownPart("other", "plain")] == parts
    assert ("child:1",) == parts[0].namespace
