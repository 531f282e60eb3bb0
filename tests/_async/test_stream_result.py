"""`result()` of a stream: the outcome of its run, without requests that are not needed, and what it refuses."""

from __future__ import annotations

from typing import Any

import pytest
from servers.scripted_server import HANG, answer, events, scripted_server

from langgraph_runs import (
    AsyncRunsClient,
    LangGraphRunsError,
    NotFoundError,
    RetryPolicy,
    RunCancelledError,
    RunFailedError,
    StreamGapError,
    WaitTimeoutError,
)
from langgraph_runs.testing import Interrupt, RunsServer

NAMED = {"Content_Location": "/threads/t/runs/r"}
BEGUN = b'event: metadata\ndata: {"run_id":"r","attempt":1}\nid: r_event_1\n\n'
VALUES = b'event: values\ndata: {"a":%d}\nid: r_event_%d\n\n'
END = b'event: end\ndata: {"status":"%s"}\nid: r_event_4\n\n'
WHOLE = BEGUN + VALUES % (1, 2) + VALUES % (2, 3)
ENDED = answer(body=b'{"run_id": "r", "thread_id": "t", "status": "success"}')
CANCELLED = answer(body=b'{"run_id": "r", "thread_id": "t", "status": "interrupted"}')
ONCE = RetryPolicy(attempts=0)


def targets(server: Any) -> list[str]:
    """What was asked for after the stream was opened."""
    return [request.target for request in server.requests[1:]]


async def test_the_last_values_are_the_result() -> None:
    """No further request is needed, however much has been read, and again the second time."""
    for count in (0, 2, 3):
        with scripted_server(events(WHOLE + END % b"success", **NAMED), ENDED) as server:
            async with AsyncRunsClient(server.url, api_key=None) as runs:
                stream = runs.stream("t", "agent")
                for _ in range(count):
                    await anext(stream)
                assert {"a": 2} == await stream.result()
                assert {"a": 2} == await stream.result()
                assert [] == [part async for part in stream]
        assert ["/threads/t/runs/r"] == targets(server)


async def test_the_values_of_a_subgraph_are_not_the_result() -> None:
    server = RunsServer()
    server.run(("values", {"a": 1}), ("values|child:1", {"a": 2}))
    async with server.async_client() as runs:
        stream = runs.stream(None, "agent", stream_subgraphs=True)
        assert {"a": 1} == await stream.result()


async def test_without_values_the_state_of_the_run_is_the_result() -> None:
    """As from `wait`."""
    state = answer(body=b'[{"values":{"a":7},"next":[],"tasks":[],"metadata":{"run_id":"r"}}]')
    body = events(WHOLE.replace(b"values", b"updates") + END % b"success", **NAMED)
    with scripted_server(body, ENDED, state) as server:
        async with AsyncRunsClient(server.url, api_key=None) as runs:
            assert {"a": 7} == await runs.stream("t", "agent", stream_mode="updates").result()
    assert ["/threads/t/runs/r", "/threads/t/history"] == targets(server)


async def test_the_questions_of_a_stateless_run_are_put_together() -> None:
    """The Python server sends one event for each."""
    server = RunsServer()
    server.run(("values", {"a": 1}), Interrupt("q1", id="i1"), Interrupt("q2", id="i2"))
    async with server.async_client() as runs:
        result = await runs.stream(None, "agent").result()
    asked = [{"id": "i1", "value": "q1"}, {"id": "i2", "value": "q2"}]
    assert {"a": 1, "__interrupt__": asked} == result


async def test_a_stateless_run_without_any_values_has_an_empty_result() -> None:
    """If its stream would have had them."""
    server = RunsServer()
    server.run()
    async with server.async_client() as runs:
        assert {} == await runs.stream(None, "agent").result()


async def test_a_stateless_run_needs_the_mode_values() -> None:
    """Also one with a thread of its own, which is deleted at the end. Nothing is sent."""
    server = RunsServer()
    async with server.async_client() as runs:
        for more in ({}, {"cancel_on_exit": "interrupt"}, {"stream_resumable": True}):
            options: Any = {"stream_mode": ["updates", "custom"], **more}
            stream = runs.stream(None, "agent", **options)
            with pytest.raises(ValueError, match=r"stream_mode=\['updates', 'custom'\].* 'values'"):
                await stream.result()
            await stream.aclose()
    assert not server.requests


async def test_the_result_of_a_run_with_a_thread_of_its_own_is_known_after_its_end() -> None:
    """Though the thread has been deleted."""
    with scripted_server(
        events(WHOLE + END % b"success", **NAMED), ENDED, answer(204, b""), answer(404)
    ) as server:
        async with AsyncRunsClient(server.url, api_key=None, retry=ONCE) as runs:
            stream = runs.stream(None, "agent", cancel_on_exit="interrupt")
            assert 3 == len([part async for part in stream])
            assert {"a": 2} == await stream.result()
    assert "DELETE" == server.requests[2].method
    assert 3 == len(server.requests)


FAILED = BEGUN + VALUES % (1, 2) + b'event: error\ndata: {"error":"ValueError","message":"no"}\n\n'


@pytest.mark.parametrize("is_read", [False, True])
@pytest.mark.parametrize("thread_id", ["t", None])
async def test_a_failed_run_raises_or_returns_its_error(thread_id: str | None, is_read: bool) -> None:
    """As `wait` does; the same again the second time."""
    for raise_error in (True, False):
        with scripted_server(events(FAILED, **NAMED)) as server:
            async with AsyncRunsClient(server.url, api_key=None) as runs:
                stream: Any = runs.stream(thread_id, "agent", raise_error=raise_error)
                while is_read and raise_error:
                    try:
                        await anext(stream)
                    except RunFailedError:
                        break
                while is_read and not raise_error:
                    if (await anext(stream)).event == "error":
                        break
                for _ in range(2):
                    if raise_error:
                        with pytest.raises(RunFailedError, match="ValueError: no"):
                            await stream.result()
                    else:
                        assert {
                            "__error__": {"error": "ValueError", "message": "no"}
                        } == await stream.result()
        assert 1 == len(server.requests)


async def test_a_cancelled_run_raises_or_returns_its_values_so_far() -> None:
    """As `wait` does."""
    state = answer(body=b'[{"values":{"a":7},"next":["b"],"tasks":[],"metadata":{"run_id":"r"}}]')
    body = events(WHOLE + END % b"interrupted", **NAMED)
    for raise_error in (True, False):
        with scripted_server(body, CANCELLED, state) as server:
            async with AsyncRunsClient(server.url, api_key=None) as runs:
                stream: Any = runs.stream("t", "agent", raise_error=raise_error)
                for _ in range(2):
                    if raise_error:
                        with pytest.raises(RunCancelledError):
                            await stream.result()
                    else:
                        assert {"a": 7} == await stream.result()


async def test_a_stream_that_was_closed_early_has_no_result() -> None:
    """The error says what does: `join`."""
    with scripted_server(events(WHOLE, **NAMED) + HANG) as server:
        async with AsyncRunsClient(server.url, api_key=None) as runs:
            stream = runs.stream("t", "agent")
            await anext(stream)
            await stream.aclose()
            unread = runs.stream("t", "agent")
            await unread.aclose()
            for one in (stream, unread):
                with pytest.raises(RuntimeError, match=r"closed before its end.*`join`"):
                    await one.result()
    assert 1 == len(server.requests)


async def test_a_stream_that_has_failed_raises_its_error_again() -> None:
    """Whether it was the result that was asked for, or a part."""
    gap = events(BEGUN + VALUES % (1, 9), **NAMED)
    for kind, answers, limits in (
        (StreamGapError, [gap], {}),
        (WaitTimeoutError, [events(BEGUN, **NAMED) + HANG], {"timeout": 0.4}),
        (NotFoundError, [answer(404, b'{"detail": "no"}')], {}),
    ):
        for is_read in (True, False):
            with scripted_server(*answers) as server:
                async with AsyncRunsClient(server.url, api_key=None, retry=ONCE) as runs:
                    stream: Any = runs.stream("t", "agent", **limits)
                    if is_read:
                        with pytest.raises(kind):
                            assert [part async for part in stream]
                    errors: list[LangGraphRunsError] = []
                    for _ in range(2):
                        with pytest.raises(kind) as raised:
                            await stream.result()
                        errors.append(raised.value)
                    assert errors[0] is errors[1]


async def test_the_timeout_of_the_stream_bounds_its_result() -> None:
    """The requests for it too."""
    body = events(WHOLE.replace(b"values", b"updates") + END % b"success", **NAMED)
    with scripted_server(body, ENDED, HANG) as server:
        async with AsyncRunsClient(server.url, api_key=None) as runs:
            stream = runs.stream("t", "agent", stream_mode="updates", timeout=1.5)
            with pytest.raises(WaitTimeoutError):
                await stream.result()
            assert server.closed.acquire(timeout=10)
