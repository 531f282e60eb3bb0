"""A stream that is cut is resumed: every event once, in order. Against the server's replay without sockets."""

from __future__ import annotations

import json
import os
import pickle
from collections.abc import Iterator, Sequence
from random import Random
from typing import Any

import orjson
import pytest
from servers.replay_server import Event, ReplayServer, Sent, pieces, recorded, renamed

import langgraph_runs._async.driver
import langgraph_runs.stream.attempts
from langgraph_runs import APIConnectionError, AsyncRunStream, RetryPolicy, StreamGapError
from langgraph_runs._async.driver import AsyncDriver
from langgraph_runs.concurrency import AsyncOngoing
from langgraph_runs.request import endpoints
from langgraph_runs.request.call import Call
from langgraph_runs.request.stream_request import StreamRequest
from langgraph_runs.response.answer import Answer
from langgraph_runs.retry import Backoff
from langgraph_runs.run.cancel_on_exit import HeldRun
from langgraph_runs.stream.cursor import Cursor

SEED = int(os.environ.get("SEED", "20261124"))

HEADERS = {"content-type": "text/event-stream", "content-location": "/threads/t/runs/r"}


class Connection:
    """What the server sends, up to a cut."""

    def __init__(self, chunks: Iterator[bytes], is_reset: bool) -> None:
        self.answer = Answer("GET", "http://host/").with_head(200, HEADERS)
        self._chunks = chunks
        self._is_reset = is_reset

    async def pull(self, timeout: float | None) -> bytes:
        """The next bytes, the end, or a reset."""
        if chunk := next(self._chunks, b""):
            return chunk
        if self._is_reset:
            raise APIConnectionError("reset", method="GET", url="http://host/")
        return b""

    def failure(self, error: Exception, timeout: float | None) -> APIConnectionError:
        """The reset."""
        assert isinstance(error, APIConnectionError)
        return error

    async def aclose(self) -> None:
        """Nothing is open."""


class Transport:
    """Opens connections to the server, each cut at the next of `cuts`: (after how many bytes, by a reset?)."""

    def __init__(self, server: ReplayServer, cuts: Sequence[tuple[int, bool]], random: Random) -> None:
        self._server = server
        self._cuts = list(cuts)
        self._random = random

    async def open(self, call: Call[None], deadline: object) -> Connection:
        """A connection that starts the run, or joins it."""
        after = call.headers.get("last-event-id")
        whole = self._server.begin() if call.method == "POST" else self._server.join(after)
        length, is_reset = self._cuts.pop(0) if self._cuts else (len(whole.body), False)
        chunks = pieces(whole.up_to(length), self._random)
        return Connection(chunks, is_reset and length < len(whole.body))

    async def send(self, call: Call[Any], deadline: object) -> Any:
        """The run has ended when all of its events have occurred."""
        status = b"success" if self._server.happened == len(self._server.events) else b"running"
        return call.read(Answer("GET", "http://host/", 200, {}, b'{"run_id": "r", "status": "%s"}' % status))


def stream_of(
    server: ReplayServer, cuts: Sequence[tuple[int, bool]], seed: int = SEED
) -> AsyncRunStream[Any, Any, Any]:
    """A stream of the server's run, over connections that are cut."""
    following = endpoints.stream({}, "t", "agent")
    return joined(server, cuts, following, seed)


def joined(
    server: ReplayServer, cuts: Sequence[tuple[int, bool]], following: StreamRequest, seed: int = SEED
) -> AsyncRunStream[Any, Any, Any]:
    """The same for a join."""
    transport: Any = Transport(server, cuts, Random(seed))
    backoff = Backoff(RetryPolicy(first_delay=0, attempts=3), random=Random(seed))
    held = HeldRun(following.call, None, backoff)
    cursor = Cursor(following, raise_error=True, on_reconnect=None, held=held)
    return AsyncRunStream(AsyncDriver(transport), cursor)


async def received(stream: AsyncRunStream[Any, Any, Any]) -> list[Event]:
    """The parts, as they were sent."""
    return [(part.event, orjson.dumps(part.data), str(part.id)) async for part in stream]


@pytest.fixture(autouse=True)
def no_time_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    """The server's milliseconds pass without waiting."""

    async def sleep(seconds: float) -> None:
        pass

    async def pause(self: object, seconds: float) -> None:
        pass

    monkeypatch.setattr(langgraph_runs._async.driver, "sleep", sleep)
    monkeypatch.setattr(AsyncOngoing, "pause", pause)
    monkeypatch.setattr(langgraph_runs.stream.attempts.log, "disabled", True)


@pytest.mark.exhaustive
@pytest.mark.parametrize("is_reset", [False, True], ids=["end", "reset"])
@pytest.mark.parametrize("alike", [0.0, 0.5, 1.0], ids=["different", "some-alike", "all-alike"])
async def test_a_cut_at_any_byte_loses_and_doubles_nothing(is_reset: bool, alike: float) -> None:
    """A run of 24 events, in milliseconds that several share."""
    events = recorded(24, Random(SEED), alike=alike)
    whole = len(ReplayServer(events, Random(SEED)).begin().body)
    for offset in range(whole + 1):
        server = ReplayServer(events, Random(SEED + offset))
        assert events == await received(stream_of(server, [(offset, is_reset)], SEED + offset)), offset


@pytest.mark.exhaustive
@pytest.mark.parametrize(
    "form", ["{}", "01a2-b3_event_{}", None], ids=["counted", "run-and-count", "milliseconds"]
)
@pytest.mark.parametrize("again", [0, 6], ids=["once", "twice"])
async def test_many_cuts_lose_and_double_nothing(form: str | None, again: int) -> None:
    """Whatever the ids are, and whether or not replayed events are sent again."""
    for seed in range(SEED, SEED + 60):
        random = Random(seed)
        events = recorded(60, random, alike=random.random())
        events = events if form is None else renamed(events, form)
        cuts = [(random.randint(0, 3000), random.random() < 0.5) for _ in range(8)]
        server = ReplayServer(events, random, most_again=again)
        assert events == await received(stream_of(server, cuts, seed)), seed


async def test_another_stream_resumes_from_a_position() -> None:
    """Wherever the first was left, the second has exactly the rest; the position is JSON."""
    events = recorded(60, Random(SEED), alike=0.5)
    for read in range(61):
        server = ReplayServer(events, Random(SEED + read))
        first = stream_of(server, [(2000, True)])
        async with first:
            parts = [await anext(first) for _ in range(read)]
        position = json.loads(json.dumps(first.position))
        following = endpoints.join_stream(
            {}, "t", "r", last_event_id=position, stream_mode=None, cancel_on_disconnect=False
        )
        rest = await received(joined(server, [(900, False)], following, SEED + read))
        assert (read, events[read:]) == (len(parts), rest)


async def test_a_stream_joined_in_the_middle_of_a_millisecond_is_handed_over_exactly() -> None:
    """Earlier events of that millisecond do not count as later ones."""
    shared = "1795489870001-0"
    events: list[Event] = [("metadata", b'{"run_id":"r","attempt":1}', "1795489870000-0")]
    events += [("custom", b'{"i":%d}' % number, shared) for number in range(4)]
    events += [("custom", b'{"i":4}', "1795489870005-0")]

    class Late(ReplayServer):
        def join(self, after: str | None) -> Sent:
            if after is None:
                return Sent(self, [3, 4, 5])
            return Sent(self, [number for number in range(6) if self._is_behind(number, after)])

    for read in (1, 2, 3):
        server = Late(events, Random(SEED))
        server.happened = 6
        more: Any = {"stream_mode": None, "cancel_on_disconnect": False}
        async with joined(
            server, [], endpoints.join_stream({}, "t", "r", last_event_id=None, **more)
        ) as stream:
            parts = [await anext(stream) for _ in range(read)]
        position = json.loads(json.dumps(stream.position))
        following = endpoints.join_stream({}, "t", "r", last_event_id=position, **more)
        rest = await received(joined(server, [(300, True), (300, True)], following))
        assert (read, events[3 + read :]) == (len(parts), rest)


async def test_a_stream_can_be_joined_from_the_start_and_after_an_id() -> None:
    """Such a stream is resumed as well."""
    events = recorded(60, Random(SEED), alike=0.5)
    for after in ("-1", events[7][2], events[15][2]):
        server = ReplayServer(events, Random(SEED))
        server.happened = 20
        following = endpoints.join_stream(
            {}, "t", "r", last_event_id=after, stream_mode=None, cancel_on_disconnect=False
        )
        rest = await received(joined(server, [(500, True), (700, False)], following))
        assert [event for event in events if event[2] > after] == rest


async def test_events_that_the_server_has_lost_are_a_gap() -> None:
    """The first event that it still has was not the next one."""
    events = recorded(60, Random(SEED))
    server = ReplayServer(events, Random(SEED))
    stream = stream_of(server, [(2000, True)])
    parts = [await anext(stream) for _ in range(20)]
    server.forget(45)
    with pytest.raises(StreamGapError, match="no longer has the events right after") as gap:
        async for part in stream:
            parts.append(part)
    assert [event[2] for event in events[: len(parts)]] == [part.id for part in parts]
    position = gap.value.position
    assert position is not None
    assert ("r", "t", parts[-1].id) == (position["run_id"], position["thread_id"], position["last_event_id"])
    assert isinstance(pickle.loads(pickle.dumps(gap.value)), StreamGapError)


async def test_an_empty_replay_is_a_gap_after_a_cut_and_the_end_after_a_clean_end() -> None:
    """Of a run that has ended."""
    events = recorded(60, Random(SEED))
    for cut, lost in (((2000, True), True), ((10**6, False), False)):
        server = ReplayServer(events, Random(SEED))
        stream = stream_of(server, [cut])
        server.forget(60)
        server.happened = 60
        if lost:
            with pytest.raises(StreamGapError, match="no longer has its events"):
                await received(stream)
        else:
            assert events == await received(stream)
