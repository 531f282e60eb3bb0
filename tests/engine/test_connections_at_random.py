"""Many callers on one client, and a server whose connections end at random: every caller gets its own answers."""

from __future__ import annotations

import asyncio
import json
import os
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from random import Random
from typing import Any

import httpx
import pytest
from engine.variants import ONCE
from servers.peer import CHUNKED, Connection, Peer, chunk, peer, response
from servers.sockets import all_are_closed

from langgraph_runs import APIConnectionError, AsyncRunsClient, RunsClient
from langgraph_runs._async.engine.pool import AsyncPool
from langgraph_runs._sync.engine.pool import Pool

pytestmark = pytest.mark.exhaustive

SEED = int(os.environ.get("SEED", "20261124"))
CALLERS, CALLS = 24, 100
LIMIT = 300.0  # seconds that all calls of a test may take, on a busy machine
# Not an answer: one that arrives late could not be told from that of the next request.
STRAY = b"bytes that were not requested\r\n\r\n"


def unreliable(connection: Connection) -> None:
    """Sends the answers until the connection ends at random: while it is idle, in place of an answer, in the middle of
    one or after one, by FIN or by RST, sometimes with bytes that belong to no answer."""
    random = Random(SEED * 1_000_003 + connection.number)
    while (request := connection.request()) is not None:
        parts = request.target.partition("?")[0].split("/")
        run = {"run_id": parts[-1], "thread_id": parts[2], "assistant_id": "a", "body": request.body.decode()}
        body = json.dumps(run | {"padding": "x" * random.choice([0, 0, 3000, 100_000])}).encode()
        if random.random() < 0.5:
            answer = response(body, 200, "content-type: application/json")
        else:
            size = random.randint(1, len(body))
            pieces = (chunk(body[start : start + size]) for start in range(0, len(body), size))
            answer = CHUNKED + b"".join(pieces) + chunk(b"")
        fate = random.random()
        if fate < 0.75:
            connection.send(answer)
            continue
        if fate < 0.80:  # no answer
            answer = b""
        elif fate < 0.88:  # a part of one
            answer = answer[: random.randrange(len(answer))]
        elif fate < 0.92:  # more than that
            answer += STRAY
        connection.send(answer)
        if fate >= 0.96:  # idle for a moment, and then it says something
            connection.peer.may_continue.wait(random.random() * 0.01)
            connection.send(STRAY)
        if random.random() < 0.3:
            connection.reset()
        return


class Tally:
    """Counts how the calls have ended."""

    def __init__(self) -> None:
        self.ended: Counter[str] = Counter()
        self._lock = threading.Lock()

    @contextmanager
    def one(self) -> Iterator[None]:
        """Counts one call."""
        try:
            yield
        except (APIConnectionError, httpx.TransportError) as error:
            with self._lock:
                self.ended[type(error).__name__] += 1
        else:
            with self._lock:
                self.ended["well"] += 1

    def is_plausible(self, expected: int) -> None:
        """Checks that every call has ended, most of them well, and some not."""
        assert expected == self.ended.total()
        assert 0.6 * expected < self.ended["well"] < expected, self.ended


def is_mine(run: Any, thread_id: str, run_id: str) -> None:
    """Checks that it is the answer to this request."""
    assert (thread_id, run_id) == (run.thread_id, run.run_id)


def is_my_body(answered: httpx.Response, thread_id: str, run_id: str) -> None:
    """The same over httpx."""
    found = answered.json()
    assert (thread_id, run_id, run_id) == (found["thread_id"], found["run_id"], found["body"])


def test_threads_get_their_own_answers() -> None:
    with peer(unreliable) as server, RunsClient(server.url, api_key=None, retry=ONCE) as runs:
        tally = Tally()

        def work(caller: int) -> None:
            for number in range(CALLS):
                thread_id, run_id = f"thread-{caller}", f"{caller}-{number}"
                with tally.one():
                    is_mine(runs.get(thread_id, run_id), thread_id, run_id)

        in_threads(work)
        tally.is_plausible(CALLERS * CALLS)
        connections_were_reused(server)
    assert all_are_closed(server.port)


async def test_tasks_get_their_own_answers() -> None:
    with peer(unreliable) as server:
        async with AsyncRunsClient(server.url, api_key=None, retry=ONCE) as runs:
            tally = Tally()

            async def work(caller: int) -> None:
                for number in range(CALLS):
                    thread_id, run_id = f"thread-{caller}", f"{caller}-{number}"
                    with tally.one():
                        is_mine(await runs.get(thread_id, run_id), thread_id, run_id)

            async with asyncio.timeout(LIMIT):
                await asyncio.gather(*map(work, range(CALLERS)))
            tally.is_plausible(CALLERS * CALLS)
            connections_were_reused(server)
    assert await asyncio.to_thread(all_are_closed, server.port)


def test_threads_that_send_bodies_get_their_own_answers() -> None:
    """Over httpx, with bodies in pieces, and some answers read only in part."""
    with peer(unreliable) as server, httpx.Client(transport=Pool(kept=5), timeout=20) as http:
        tally = Tally()

        def work(caller: int) -> None:
            random = Random(SEED + caller)
            for number in range(CALLS // 2):
                thread_id, run_id = f"thread-{caller}", f"{caller}-{number}"
                body = iter([run_id[:1].encode(), run_id[1:].encode()])
                with (
                    tally.one(),
                    http.stream("POST", f"{server.url}/t/{thread_id}/{run_id}", content=body) as answer,
                ):
                    if random.random() < 0.8:
                        answer.read()
                        is_my_body(answer, thread_id, run_id)

        in_threads(work)
        tally.is_plausible(CALLERS * CALLS // 2)
    assert all_are_closed(server.port)


async def test_tasks_that_send_bodies_and_are_cancelled_get_their_own_answers() -> None:
    """Over httpx; every fourth call is cancelled at some point."""
    with peer(unreliable) as server:
        async with httpx.AsyncClient(transport=AsyncPool(kept=5), timeout=20) as http:
            tally = Tally()

            async def pieces(run_id: str) -> Any:
                yield run_id[:1].encode()
                await asyncio.sleep(0)
                yield run_id[1:].encode()

            async def one(thread_id: str, run_id: str) -> None:
                """Counts one call."""
                url = f"{server.url}/t/{thread_id}/{run_id}"
                with tally.one():
                    is_my_body(await http.post(url, content=pieces(run_id)), thread_id, run_id)

            async def work(caller: int) -> None:
                random = Random(SEED + caller)
                for number in range(CALLS // 2):
                    call = asyncio.create_task(one(f"thread-{caller}", f"{caller}-{number}"))
                    if random.random() < 0.25:
                        await asyncio.sleep(random.random() * 0.02)
                        call.cancel()
                    await asyncio.wait([call])
                    if not call.cancelled():
                        call.result()

            async with asyncio.timeout(LIMIT):
                await asyncio.gather(*map(work, range(CALLERS)))
            assert tally.ended["well"] > CALLERS * CALLS // 4, tally.ended
    assert await asyncio.to_thread(all_are_closed, server.port)


def in_threads(work: Any) -> None:
    """Does it in as many threads as there are callers, all at once."""
    start = threading.Barrier(CALLERS)

    def run(caller: int) -> None:
        start.wait(LIMIT)
        work(caller)

    with ThreadPoolExecutor(CALLERS) as threads:
        for one in [threads.submit(run, caller) for caller in range(CALLERS)]:
            one.result(LIMIT)


def connections_were_reused(server: Peer) -> None:
    """Checks that there were fewer connections than calls."""
    assert CALLERS <= server.made < CALLERS * CALLS / 2


@pytest.fixture(autouse=True)
def _seed_is_shown() -> None:
    print(f"SEED={SEED}")  # noqa: T201  # pytest shows it where a test fails
