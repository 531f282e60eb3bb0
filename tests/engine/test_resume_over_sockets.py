"""A stream whose connections are cut, over real sockets: every event once, in order.

other_transport_plugin.py runs these tests over other transports, too.
"""

from __future__ import annotations

import json
import os
from random import Random
from typing import Any

import pytest
from engine.variants import Variant, in_both
from servers.peer import CHUNKED, Connection, chunk, peer
from servers.peer import response as whole
from servers.replay_server import Event, ReplayServer, pieces, recorded

from langgraph_runs import RetryPolicy

SEED = int(os.environ.get("SEED", "20261124"))
HEAD = CHUNKED[:-2] + b"content-type: text/event-stream\r\ncontent-location: /threads/t/runs/r\r\n\r\n"


def cutting(server: ReplayServer, cuts: list[tuple[int, bool]], random: Random) -> Any:
    """Serves a run's events, and cuts the first connections: (after how many bytes, by a reset?)."""

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
    with peer(cutting(ReplayServer(events, random), cuts, random)) as server:
        async with variant.runs(server.url, retry=policy) as runs:
            parts = await variant.rest(runs.stream("t", "agent"))
    assert events == [received(part) for part in parts], seed
    assert ["POST"] == [request.method for request in server.requests if request.method != "GET"]
    assert len(server.requests) > 1


def received(part: Any) -> Event:
    """A part as it was sent."""
    return part.event, json.dumps(part.data, separators=(",", ":")).encode(), str(part.id)
