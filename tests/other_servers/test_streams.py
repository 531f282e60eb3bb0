"""Streams of LangGraph.js and Aegra: every event once, or a typed error that says what is missing."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from random import Random
from typing import Any

import httpx
import pytest
from clients import client, iterator, numbers, patiently
from engine.variants import Variant, in_both
from plain_http import Wire
from servers.cutting_proxy import cutting_proxy

from langgraph_runs import (
    APIConnectionError,
    RunCancelledError,
    RunFailedError,
    StreamGapError,
    ToolsPart,
    UnknownPart,
    ValuesPart,
)


@pytest.fixture
def wire(server: Any) -> Iterator[Wire]:
    """The server without a client."""
    with Wire(server.url) as wire:
        yield wire


@in_both
@pytest.mark.parametrize("stateless", [False, True])
async def test_a_stream_has_every_event_and_no_unknown_part(
    server: Any, wire: Wire, variant: Variant, stateless: bool
) -> None:
    """The event `end` is none."""
    thread_id = None if stateless else wire.thread()
    async with client(variant, server.url) as runs:
        stream = runs.stream(thread_id, "agent", input={"count": 50}, stream_mode=["custom", "values"])
        parts = await variant.rest(stream)
    assert list(range(50)) == numbers(parts)
    assert not [part for part in parts if isinstance(part, UnknownPart)]
    assert isinstance(parts[-1], ValuesPart)


@in_both
async def test_leaving_a_stream_does_not_stop_its_run(server: Any, wire: Wire, variant: Variant) -> None:
    """Also where the server would by default."""
    thread_id = wire.thread()
    async with client(variant, server.url) as runs:
        stream = runs.stream(thread_id, "agent", input={"count": 20, "delay": 0.05}, stream_mode="custom")
        await variant.next(iterator(variant, stream))
        run_id = stream.run_id
        await variant.close(stream)
    assert "success" == wire.ends(thread_id, str(run_id))


@in_both
async def test_on_disconnect_of_the_caller_is_sent(server: Any, wire: Wire, variant: Variant) -> None:
    """And heeded."""
    thread_id = wire.thread()
    more: dict[str, Any] = {"stream_mode": "custom", "on_disconnect": "cancel"}
    async with client(variant, server.url) as runs:
        stream = runs.stream(thread_id, "agent", input={"count": 100, "delay": 0.05}, **more)
        await variant.next(iterator(variant, stream))
        run_id = stream.run_id
        await variant.close(stream)
    assert "interrupted" == wire.ends(thread_id, str(run_id))


@in_both
async def test_a_join_yields_only_the_modes_that_were_asked_for(
    server: Any, wire: Wire, variant: Variant
) -> None:
    """The server sends all."""
    thread_id = wire.thread()
    async with client(variant, server.url) as runs:
        run = await variant.call(
            runs.create,
            thread_id,
            "agent",
            input={"count": 3},
            stream_mode=["custom", "values"],
            stream_resumable=True,
        )
        wire.ends(thread_id, run.run_id)
        for mode in ("values", ["custom"]):
            stream = runs.join_stream(thread_id, run.run_id, last_event_id="-1", stream_mode=mode)
            names = {part.event for part in await variant.rest(stream)} - {"metadata"}
            assert {mode} if isinstance(mode, str) else set(mode) == names


@in_both
@pytest.mark.exhaustive
async def test_a_run_that_is_joined_while_it_is_pending_is_read_whole_over_a_cut(
    langgraphjs: Any, variant: Variant
) -> None:
    """Such a join begins with the first event, and the run stays resumable."""
    more: dict[str, Any] = {
        "stream_mode": "custom",
        "stream_resumable": True,
        "multitask_strategy": "enqueue",
    }
    cuts = 0
    with Wire(langgraphjs.url) as wire:
        for seed in range(6):
            thread_id = wire.thread()
            wire.created(thread_id, {"sleep": 1 if langgraphjs.is_real else 0.2})
            with cutting_proxy(langgraphjs.url, Random(seed), least=1500, most=4000) as proxy:
                async with client(variant, proxy.url) as runs:
                    run_id = wire.created(thread_id, {"count": 200}, **more)
                    parts = await variant.rest(runs.join_stream(thread_id, run_id))
                assert list(range(200)) == numbers(parts), f"seed {seed}"
                cuts += proxy.cuts
    assert cuts > 5


@in_both
async def test_a_reader_that_gets_only_some_of_the_events_gets_an_error(
    langgraphjs: Any, variant: Variant
) -> None:
    """A gap in ids that count is an error, on the first connection too."""
    with Wire(langgraphjs.url) as wire:
        thread_id = wire.thread()
        given = {"count": 60, "delay": 0.02}
        with wire.stream(thread_id, given) as (_, found):
            run_id = next(found)[1]["run_id"]
            async with client(variant, langgraphjs.url) as runs:
                with pytest.raises(StreamGapError):
                    await variant.rest(runs.join_stream(thread_id, run_id))


@in_both
async def test_a_cancelled_stateless_stream_is_a_cancelled_run(aegra: Any, variant: Variant) -> None:
    """The status of `end` is heeded."""
    with Wire(aegra.url) as wire:
        async with client(variant, aegra.url) as runs:
            stream = runs.stream(None, "agent", input={"count": 100, "delay": 0.05}, stream_mode="custom")
            reading = iterator(variant, stream)
            await variant.next(reading)
            wire.http.post("/runs/cancel", json={"status": "running"})
            with pytest.raises(RunCancelledError):
                await variant.rest(reading)


@in_both
@pytest.mark.exhaustive
async def test_a_stream_whose_events_are_gone_ends_in_a_gap(aegra: Any, variant: Variant) -> None:
    """After a restart, Aegra sends heartbeats for ever: the client asks for the status of the run."""
    with Wire(aegra.url) as wire:
        thread_id = wire.thread()
        run_id = wire.all_of(thread_id, {"count": 5})[0][1]["run_id"]
        aegra.restart(run_id)
        async with client(variant, aegra.url) as runs:
            stream = runs.join_stream(thread_id, run_id, last_event_id=f"{run_id}_event_3")
            with pytest.raises(StreamGapError):
                await patiently(variant, stream)


@in_both
async def test_the_thread_of_a_stateless_stream_is_deleted_without_a_warning(
    server: Any, variant: Variant, caplog: pytest.LogCaptureFixture
) -> None:
    """Aegra answers 200."""
    with Wire(server.url) as wire:
        async with client(variant, server.url) as runs:
            stream = runs.stream(
                None, "agent", input={"count": 3}, stream_mode="custom", stream_resumable=True
            )
            assert [0, 1, 2] == numbers(await variant.rest(stream))
        assert 404 == wire.http.get(f"/threads/{stream.thread_id}").status_code
    assert not [one for one in caplog.records if one.levelno >= logging.WARNING]


@in_both
@pytest.mark.exhaustive
async def test_a_cut_stream_loses_nothing_or_says_so(server: Any, wire: Wire, variant: Variant) -> None:
    """Cuts anywhere, the start of the stream included: 50 runs of 300 events on the real servers, 10 on the stand-ins.

    A run whose response was lost is found by its request id, where the server keeps it. LangGraph.js does, so that each
    stream is whole. Aegra does not: such a run is the only one whose stream ends in an error, which says so.
    """
    count = 50 if server.is_real else 10
    one_each = httpx.Limits(max_keepalive_connections=0)
    with cutting_proxy(server.url, Random(12)) as proxy:
        async with (
            variant.plain(limits=one_each, timeout=60) as http,
            client(variant, proxy.url, http_client=http) as runs,
        ):
            for _ in range(count):
                parts: list[Any] = []
                stream = runs.stream(wire.thread(), "agent", input={"count": 300}, stream_mode="custom")
                reading = iterator(variant, stream)
                try:
                    while True:
                        parts.append(await variant.next(reading))
                except StopAsyncIteration:
                    assert list(range(300)) == numbers(parts)
                except APIConnectionError as error:
                    assert ("aegra", True, []) == (server.kind, error.run_may_exist, parts), error
    assert proxy.cuts > count


@in_both
async def test_a_tool_of_langgraphjs_is_a_tools_part_per_event(langgraphjs: Any, variant: Variant) -> None:
    """To its end, or to the error that fails the run."""
    async with client(variant, langgraphjs.url) as runs:
        stream = runs.stream(None, "agent", input={"tool": "cat"}, stream_mode="tools")
        _, start, event, end = await variant.rest(stream)
        assert {ToolsPart} == {type(part) for part in (start, event, end)}
        told = [part.data["event"] for part in (start, event, end)]
        assert ["on_tool_start", "on_tool_event", "on_tool_end"] == told
        assert ({"letters": 3}, "CAT") == (event.data["data"], end.data["output"]["content"])
        stream = runs.stream(None, "agent", input={"tool": "unknown"}, stream_mode="tools")
        parts: list[Any] = []
        with pytest.raises(RunFailedError, match="no such word"):
            while True:
                parts.append(await variant.next(stream))
    assert ["on_tool_start", "on_tool_event", "on_tool_error"] == [part.data["event"] for part in parts[1:]]
