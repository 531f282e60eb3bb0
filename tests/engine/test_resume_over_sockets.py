"""A stream whose connections are cut, over real sockets: every event once, in order. `over.py` has other transports
send it, too."""

from __future__ import annotations

import json
import os
import signal
from random import Random
from types import FrameType
from typing import Any

import pytest
from engine.peer import CHUNKED, Connection, chunk, peer
from engine.peer import response as whole
from engine.variants import Variant, in_both
from replay_server import Event, StandIn, pieces, recorded

from langgraph_runs import RetryPolicy, RunsClient

SEED = int(os.environ.get("SEED", "20261124"))
HEAD = CHUNKED[:-2] + b"content-type: text/event-stream\r\ncontent-location: /threads/t/runs/r\r\n\r\n"


def cutting(server: StandIn, cuts: list[tuple[int, bool]], random: Random) -> Any:
    """Serves a run's events; of the connections for them the first are cut: (bytes, by a reset?)."""

    def serve(connection: Connection) -> None:
        while (request := connection.request()) is not None:
            if not request.target.partition("?")[0].endswith("/stream"):
                status = b"success" if server.happened == len(server.events) else b"running"
                connection.send(whole(b'{"run_id": "r", "thread_id": "t", "status": "%b"}' % status))
                continue
            after = next(iter(request.header("last-event-id")), None)
            answered = server.begin() if request.method == "POST" else server.join(after)
            length, is_reset = cuts.pop(0) if cuts else (len(answered.body), False)
            body = answered.up_to(length)
            connection.send(HEAD)
            for piece in pieces(body, random):
                connection.send(chunk(piece))
            if length < len(answered.body):
                if is_reset:
                    connection.reset()
                return
            connection.send(chunk(b""))

    return serve


@in_both
@pytest.mark.parametrize("seed", range(SEED, SEED + 12))
async def test_a_stream_that_is_cut_is_resumed(variant: Variant, seed: int) -> None:
    random = Random(seed)
    events = recorded(80, random, alike=random.random())
    cuts = [(random.randint(0, 3000), random.random() < 0.5) for _ in range(6)]
    policy = RetryPolicy(first_delay=0.001, attempts=5)
    with peer(cutting(StandIn(events, random), cuts, random)) as server:
        async with variant.runs(server.url, retry=policy) as runs:
            parts = await variant.rest(runs.stream("t", "agent"))
    assert events == [received(part) for part in parts], seed
    assert ["POST"] == [request.method for request in server.requests if request.method != "GET"]
    assert len(server.requests) > 1


class Interruption(BaseException):
    """What the signal handler raises."""


@pytest.mark.parametrize("seed", range(SEED, SEED + 10))
def test_signals_within_a_read_lose_no_event_in_silence(seed: int) -> None:
    """Between any two instructions of the reader, again and again: what the reads gave is the whole, unless one of them
    has said that an event may be lost."""
    random = Random(seed)
    events, parts, has_said, count = recorded(2000, random, alike=0.1), list[Any](), False, 0

    def handler(number: int, frame: FrameType | None) -> None:
        nonlocal count
        outer = frame
        while outer is not None and not outer.f_code.co_filename.endswith("_sync/reader.py"):
            outer = outer.f_back
        if outer is None or outer.f_code.co_name != "next":
            signal.setitimer(signal.ITIMER_REAL, 0.0002)  # not within a read: a little later
            return
        count += 1
        raise Interruption

    before = signal.signal(signal.SIGALRM, handler)
    policy = RetryPolicy(first_delay=0.001, longest_delay=0.002, attempts=100)
    try:
        with (
            peer(cutting(StandIn(events, random), [], random)) as server,
            RunsClient(server.url, retry=policy) as runs,
        ):
            stream = runs.stream("t", "agent")
            parts.append(next(stream))
            while count < 40:
                try:
                    signal.setitimer(signal.ITIMER_REAL, random.uniform(0.0002, 0.002))
                    parts.append(next(stream))
                except Interruption:
                    continue
                except StopIteration:
                    break
                except RuntimeError as error:
                    assert "may be lost" in str(error) or "a signal has ended" in str(error), seed
                    has_said = True
                    break
            signal.setitimer(signal.ITIMER_REAL, 0)
            if not has_said:
                parts += stream
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    found = [received(part) for part in parts]
    assert found == events[: len(found)], seed
    assert has_said or len(found) == len(events), seed


def received(part: Any) -> Event:
    """A part as it was sent."""
    return part.event, json.dumps(part.data, separators=(",", ":")).encode(), str(part.id)
