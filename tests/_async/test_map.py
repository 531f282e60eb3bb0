"""Many runs by `map`: their outcomes, what is refused, and what happens when the loop is left early."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from anyio import sleep
from anyio.lowlevel import checkpoint
from servers.many_runs_server import ManyRunsServer, many_runs_server

from langgraph_runs import (
    AsyncRunsClient,
    LangGraphRunsError,
    RetryPolicy,
    RunFailedError,
    WaitTimeoutError,
)

ONCE = RetryPolicy(attempts=0, call_attempts=0)


@pytest.fixture
def server() -> Iterator[ManyRunsServer]:
    """A server of many runs."""
    with many_runs_server() as running:
        yield running


def client(server: ManyRunsServer, **options: Any) -> AsyncRunsClient:
    """A client of this server."""
    return AsyncRunsClient(server.url, **{"api_key": None, "retry": ONCE} | options)


def payload(number: int, **more: Any) -> Any:
    """The payload of a run on a thread of its own."""
    return {"assistant_id": "agent", "thread_id": f"t{number}", "input": {"n": number, **more}}


def held(numbers: int, limit: int) -> list[Any]:
    """Payloads. The run of the first one ends when `limit` runs are under way; the others are held."""
    return [payload(0, gate=limit), *(payload(number, hold=True) for number in range(1, numbers))]


async def until(condition: Callable[[], object]) -> None:
    """Waits for a condition, and fails if that takes more than 10 seconds."""
    for _ in range(1000):
        if condition():
            return
        await sleep(0.01)
    raise AssertionError("it did not happen")


async def test_outcomes_come_as_the_runs_end(server: ManyRunsServer) -> None:
    """Each with the index of its payload; a run that is slow delays no other."""
    found = []
    async with client(server) as runs:
        async for index, values in runs.map([payload(7, hold=True), payload(8), payload(9)], limit=2):
            found.append((index, values))
            if len(found) == 2:
                server.release(7)
    assert [(1, {"n": 8}), (2, {"n": 9}), (0, {"n": 7})] == found
    assert ["/threads/t7/runs/wait", "/threads/t8/runs/wait", "/threads/t9/runs/wait"] == sorted(
        request.target for request in server.waits
    )


async def test_limit_runs_are_under_way_at_once(server: ManyRunsServer) -> None:
    """All of them, and no more."""
    async with client(server) as runs:
        payloads = [payload(number, gate=5) for number in range(20)]
        assert 20 == len([index async for index, _ in runs.map(payloads, limit=5)])
    assert 5 == server.most


async def test_payloads_are_taken_no_more_than_limit_ahead(server: ManyRunsServer) -> None:
    """Also while the caller handles an outcome; and no outcome is kept."""
    taken, yielded, most = 0, 0, 0

    def payloads() -> Iterator[Any]:
        nonlocal taken, most
        for number in range(12):
            taken += 1
            most = max(most, taken - yielded)
            yield payload(number, fail=True)

    outcomes = list[Any]()
    async with client(server) as runs:
        async for _, error in runs.map(payloads(), limit=4):
            yielded += 1
            outcomes.append(weakref.ref(error))
            del error
        gc.collect()
        assert 1 >= len([one for one in outcomes if one() is not None])
    assert (12, 12) == (taken, yielded)
    assert 5 >= most


async def test_failures_are_values(server: ManyRunsServer) -> None:
    """Of a run, of a request and of a deadline, which cancels the run if that is configured."""
    payloads = [
        payload(0),
        payload(1, fail=True),
        payload(2, hold=True),
        {"assistant_id": "a", "thread_id": "t"},
    ]
    async with client(server) as runs:
        found = dict([pair async for pair in runs.map(payloads[:3], timeout=1, cancel_on_exit="interrupt")])
    assert {"n": 0} == found[0]
    assert isinstance(found[1], RunFailedError)
    assert ("ValueError", "boom", "1", "t1") == (
        found[1].error,
        found[1].reason,
        found[1].run_id,
        found[1].thread_id,
    )
    assert isinstance(found[2], WaitTimeoutError)
    assert [2] == server.cancelled
    async with AsyncRunsClient("http://127.0.0.1:9", api_key=None, retry=ONCE) as runs:
        (only,) = [pair async for pair in runs.map([payload(0)])]
    assert isinstance(only[1], LangGraphRunsError)


BAD: list[tuple[Any, type[Exception], str]] = [
    ({}, TypeError, "assistant_id must be a string"),
    ("agent", TypeError, "must be a mapping, not str"),
    (None, TypeError, r"assistant_id must be a string"),
    ({"assistant_id": "a", "thread_id": 7}, TypeError, "thread_id must be a string"),
    ({"assistant_id": "a", "thread_id": ".."}, ValueError, "is not a valid id"),
    ({"assistant_id": "a", "inptu": 1}, TypeError, "unknown option 'inptu': did you mean 'input'"),
    ({"assistant_id": "a", "headers": {}}, TypeError, "pass it to the method, not to one of its runs"),
    ({"assistant_id": "a", "multitask_strategy": "reject"}, TypeError, "on a thread take it"),
    ({"assistant_id": "a", "durability": "never"}, ValueError, "durability='never'"),
    ({"assistant_id": "a", "input": object()}, TypeError, "JSON"),
]


@pytest.mark.parametrize(("bad", "kind", "words"), BAD, ids=[words for *_, words in BAD])
async def test_a_bad_payload_is_named_before_it_is_sent(
    server: ManyRunsServer, bad: Any, kind: type[Exception], words: str
) -> None:
    """In a list, before any other is sent; from a generator, when its turn comes."""
    async with client(server) as runs:
        with pytest.raises(kind, match=rf"^payloads\[2\]: .*{words}"):
            runs.map([payload(0), payload(1), bad])
        assert [] == server.peer.requests
        outcomes = runs.map(iter([payload(0), payload(1), bad]), limit=1)
        with pytest.raises(kind, match=rf"^payloads\[2\]: .*{words}"):
            async for _ in outcomes:
                pass
    assert [0, 1] == server.started


REFUSED: list[tuple[dict[str, Any], type[Exception], str]] = [
    ({"payloads": "agent"}, TypeError, "payloads must be a list or another iterable, not str"),
    ({"payloads": {"assistant_id": "a"}}, TypeError, "payloads must be a list or another iterable, not dict"),
    ({"payloads": 7}, TypeError, "payloads must be iterable"),
    ({"limit": 0}, ValueError, "limit=0 must be at least 1"),
    ({"limit": None}, TypeError, "limit must be a whole number"),
    ({"timeout": 0}, ValueError, "timeout=0 must be a positive number"),
    ({"cancel_on_exit": "stop"}, ValueError, "cancel_on_exit='stop'"),
    ({"on_progress": 1}, TypeError, r"on_progress must be a sync callable that takes \(done, total\)"),
    ({"on_progress": checkpoint}, TypeError, "on_progress must be a sync callable .*, not an async function"),
    ({"headers": {"a b": "c"}}, ValueError, "headers contains a name"),
    ({"params": 7}, TypeError, "params must be a mapping"),
    ({"limits": 5}, TypeError, "unknown option 'limits': did you mean 'limit'"),
]


@pytest.mark.parametrize(("arguments", "kind", "words"), REFUSED, ids=[words for *_, words in REFUSED])
async def test_an_invalid_argument_is_refused_at_once(
    arguments: dict[str, Any], kind: type[Exception], words: str
) -> None:
    """By the call, not by the first read."""
    async with AsyncRunsClient("http://127.0.0.1:9", api_key=None) as runs:
        with pytest.raises(kind, match=words):
            runs.map(**{"payloads": []} | arguments)


async def test_no_payloads_are_no_runs(server: ManyRunsServer) -> None:
    """And nothing is sent before the first read."""
    async with client(server) as runs:
        assert [] == [pair async for pair in runs.map([])]
        unread = runs.map([payload(0)])
        await unread.aclose()
    assert [] == server.peer.requests


async def test_headers_and_params_are_sent_with_every_run(server: ManyRunsServer) -> None:
    """Also on the temporary thread of a stateless run."""
    payloads: list[Any] = [
        {"assistant_id": "a", "input": {"n": number}, "thread_id": None} for number in range(3)
    ]
    async with client(server) as runs:
        async for _ in runs.map(payloads, headers={"x-team": "blue"}, params={"a": 1}):
            pass
    assert ["/runs/wait?a=1"] * 3 == [request.target for request in server.waits]
    assert [["blue"]] * 3 == [request.header("x-team") for request in server.waits]


async def test_progress_is_reported_before_each_outcome(server: ManyRunsServer) -> None:
    """With the number of payloads, if it is known."""
    seen = list[Any]()
    async with client(server) as runs:
        for payloads in ([payload(0), payload(1)], iter([payload(0), payload(1)])):
            async for _ in runs.map(payloads, on_progress=lambda *progress: seen.append(progress)):
                seen.append("outcome")
    assert [(1, 2), "outcome", (2, 2), "outcome", (1, None), "outcome", (2, None), "outcome"] == seen


async def test_max_concurrency_applies_too(server: ManyRunsServer) -> None:
    """Other calls of the client count."""
    async with client(server, max_concurrency=3) as runs:
        payloads = [payload(number, gate=3) for number in range(9)]
        assert 9 == len([pair async for pair in runs.map(payloads, limit=5)])
    assert 3 == server.most


class MineError(Exception):
    """An error of the caller."""


def broken(payloads: list[Any]) -> Iterator[Any]:
    """Raises an error after these payloads."""
    yield from payloads
    raise MineError


def raises_at_2(done: int, _: int | None) -> None:
    """A callback."""
    if done == 2:
        raise MineError


async def _loop(outcomes: Any, server: ManyRunsServer, way: str) -> None:
    """Reads outcomes, and leaves in this way after the first one, when four runs are under way."""
    async for _ in outcomes:
        await until(lambda: len(server.active) == 4)
        if way == "break":
            return
        if way == "close":
            await outcomes.aclose()
        if way == "body":
            raise MineError
        if way == "on_progress":
            server.release(1)


@pytest.mark.parametrize("action", ["interrupt", None])
@pytest.mark.parametrize("way", ["break", "close", "body", "on_progress", "payloads"])
async def test_leaving_early_leaves_the_runs_as_configured(
    server: ManyRunsServer, way: str, action: Any
) -> None:
    """Those under way are cancelled, or continue without a connection that waits for them; no other is started."""
    payloads = broken(held(5, 5)) if way == "payloads" else held(20, 4)
    on_progress = raises_at_2 if way == "on_progress" else None
    async with client(server, cancel_on_exit=action) as runs:
        try:
            await _loop(
                runs.map(payloads, limit=4 if way != "payloads" else 5, on_progress=on_progress), server, way
            )
        except MineError:
            assert way not in ("break", "close")
        gc.collect()
        left = server.cancelled if action else server.left
        expected = [1, 2, 3, 4] if way != "on_progress" else [2, 3, 4]
        await until(lambda: set(left) >= set(expected))
    # The run that takes the place of a released one may have been started.
    assert sorted(server.started) in ([0, 1, 2, 3, 4], [0, 1, 2, 3, 4, 5][: 6 if way == "on_progress" else 5])
    assert set(left) <= {*expected, 5}
    assert action or not server.cancelled


async def test_a_closed_client_leaves_the_runs_first(server: ManyRunsServer) -> None:
    """And the next read raises an error that says so."""
    runs = client(server, cancel_on_exit="interrupt")
    outcomes = runs.map(held(20, 5), limit=5)
    await anext(outcomes)
    await until(lambda: len(server.active) == 5)
    await runs.aclose()
    assert [1, 2, 3, 4, 5] == sorted(server.cancelled)
    with pytest.raises(RuntimeError, match="the client was closed before the last outcome was read"):
        await anext(outcomes)
    assert [0, 1, 2, 3, 4, 5] == sorted(server.started)


async def test_an_iterator_that_is_kept_leaves_its_runs_when_it_is_collected(server: ManyRunsServer) -> None:
    """Its `aclose` need not be called."""
    async with client(server, cancel_on_exit="interrupt") as runs:
        kept = {"outcomes": runs.map(held(20, 4), limit=4)}
        await anext(kept["outcomes"])
        await until(lambda: len(server.active) == 4)
        gc.collect()
        assert not server.cancelled
        kept.clear()
        gc.collect()
        await until(lambda: {1, 2, 3, 4} == set(server.cancelled))
        await until(lambda: not runs._driver.leave)
    assert [0, 1, 2, 3, 4] == sorted(server.started)


async def test_many_runs_over_a_client_of_httpx(server: ManyRunsServer) -> None:
    """Which stays open; leaving early cancels the runs there as well."""
    async with httpx.AsyncClient(limits=httpx.Limits(max_connections=20)) as lent:
        runs = client(server, http_client=lent, cancel_on_exit="interrupt")
        found = dict([pair async for pair in runs.map([payload(number, gate=3) for number in range(3)])])
        assert {number: {"n": number} for number in range(3)} == found
        outcomes = runs.map([payload(number, hold=number > 10) for number in range(10, 20)], limit=4)
        assert (0, {"n": 10}) == await anext(outcomes)
        await until(lambda: len(server.active) == 4)
        await outcomes.aclose()
        assert {11, 12, 13, 14} == set(server.cancelled)
        assert not lent.is_closed


async def test_an_outcome_that_has_come_is_yielded_before_the_error_of_the_payloads(
    server: ManyRunsServer,
) -> None:
    """Which ends everything."""
    found = []
    async with client(server) as runs:
        with pytest.raises(MineError):
            async for index, _ in runs.map(broken([payload(0), payload(1)]), limit=1):
                found.append(index)
    assert [0, 1] == found
