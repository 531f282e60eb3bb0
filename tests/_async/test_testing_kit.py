"""The server of the test kit: what a test can script, and that it behaves as a LangGraph server does. No sockets."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import httpx
import httpx2
import pytest
from anyio import sleep

from langgraph_runs import (
    APIConnectionError,
    APITimeoutError,
    AsyncRunsClient,
    InternalServerError,
    NotFoundError,
    RateLimitError,
    RetryPolicy,
    RunCancelledError,
    RunFailedError,
    StreamInterruptedError,
    ThreadBusyError,
)
from langgraph_runs.testing import Fail, Heartbeat, Hold, Interrupt, Pause, RunsServer, Step

ONCE = RetryPolicy(attempts=0)
MODES: Any = ["values", "updates", "custom"]
TICKS: list[Step] = [("custom", {"i": i}) for i in range(8)]


@pytest.fixture
def server() -> RunsServer:
    return RunsServer()


async def ticks(runs: AsyncRunsClient, thread_id: str | None) -> list[int]:
    """The numbers of the events of a run."""
    stream = runs.stream(thread_id, "agent", stream_mode=MODES)
    return [part.data["i"] async for part in stream if part.event == "custom"]


@pytest.mark.parametrize("how", ["cut", "reset", "end"])
async def test_a_stream_that_is_dropped_after_any_event_is_resumed(server: RunsServer, how: Any) -> None:
    """Each event is yielded once. After a proper end, the client asks whether the run has ended."""
    runs = server.async_client()
    for events in range(1, 10):
        server.run(*TICKS)
        server.drop(events=events, how=how)
        server.drop(events=2, on="GET */stream")
        assert list(range(8)) == await ticks(runs, server.thread())


async def test_a_stream_that_is_dropped_after_any_byte_is_resumed(server: RunsServer) -> None:
    """In the middle of an event as well."""
    runs = server.async_client()
    for count in range(0, 700, 23):
        server.run(*TICKS)
        server.drop(bytes=count, on="POST */stream")
        assert list(range(8)) == await ticks(runs, server.thread())


async def test_a_stream_joins_a_run_that_goes_on_and_gets_events_twice(server: RunsServer) -> None:
    """As from the real server. The client yields each of them once."""
    for doubles in (0, 2, 8):
        server = RunsServer(doubles=doubles)
        runs = server.async_client()
        thread_id = server.thread()
        server.run(*TICKS[:6], Pause(0.05), *TICKS[6:])
        server.drop(events=2)
        assert list(range(8)) == await ticks(runs, thread_id)
    # What is on the wire:
    server = RunsServer(doubles=2)
    runs, thread_id = server.async_client(), server.thread()
    server.run(*TICKS[:6], Hold(), *TICKS[6:])
    server.drop(events=2)
    stream = runs.stream(thread_id, "agent", stream_mode=MODES)
    await anext(stream)
    await stream.aclose()
    async with httpx.AsyncClient(transport=server.async_transport()) as http:
        url = f"{server.url}/threads/{thread_id}/runs/{stream.run_id}/stream"
        seen = b""
        async with http.stream("GET", url, headers={"last-event-id": "-1"}) as response:
            async for piece in response.aiter_bytes():
                seen += piece
                if seen.count(b'{"i":5}') == 2:
                    server.release()
    assert [1, 1, 2, 1] == [seen.count(b'{"i":%d}' % i) for i in (0, 3, 5, 7)]


async def test_events_of_one_millisecond_have_one_id(server: RunsServer) -> None:
    """Only events of a resumable run have one at all."""
    server.run(*TICKS, times=2)
    runs = server.async_client()
    ids = [part.id async for part in runs.stream(server.thread(), "agent", stream_mode="custom")]
    assert 9 == len(ids) > len(set(ids))
    assert sorted(ids, key=str) == ids
    assert [None] == list({part.id async for part in runs.stream(None, "agent", stream_mode="custom")})


async def test_a_stateless_stream_that_is_cut_raises(server: RunsServer) -> None:
    """It cannot be resumed."""
    server.run(*TICKS)
    server.drop(events=3)
    with pytest.raises(StreamInterruptedError):
        await ticks(server.async_client(), None)


async def test_a_failure_is_not_replayed(server: RunsServer) -> None:
    """So the client asks for it after a cut."""
    server.run(*TICKS, Fail("KeyError", "'k'"))
    server.drop(events=3)
    with pytest.raises(RunFailedError, match="KeyError: 'k'"):
        await ticks(server.async_client(), server.thread())


async def test_a_request_is_refused_once(server: RunsServer) -> None:
    """Or as often as the test says."""
    runs = server.async_client()
    server.run(("values", {"a": 1}), times=None)
    server.refuse(409)
    with pytest.raises(ThreadBusyError, match="already running"):
        await runs.wait(server.thread(), "agent")
    server.refuse(429, retry_after=0.01, times=2)
    assert {"a": 1} == await runs.wait(None, "agent")
    server.refuse(503, times=3, on="GET *")
    run = await runs.create(server.thread(), "agent")
    assert "success" == (await runs.get(str(run.thread_id), str(run.run_id))).status
    server.refuse(429, retry_after=7)
    with pytest.raises(RateLimitError) as limited:
        await server.async_client(retry=ONCE).wait(None, "agent")
    assert 7 == limited.value.retry_after


async def test_a_run_that_is_rejected_needs_no_script(server: RunsServer) -> None:
    """As it is not started; the thread is busy, which the real server says."""
    runs, thread_id = server.async_client(), server.thread()
    server.run(Hold())
    await runs.create(thread_id, "agent")
    with pytest.raises(ThreadBusyError):
        await runs.create(thread_id, "agent", multitask_strategy="reject")
    assert ((), 1) == (server.unscripted, len(server.runs))


async def test_what_is_scripted_and_has_not_happened_is_listed(server: RunsServer) -> None:
    """As the calls that script it. What is scripted for all runs is never left over."""
    server.run(("values", {"a": 1}), times=3)
    server.run(("values", {"a": 2}), times=None)
    server.refuse(429, times=2)
    server.drop(events=3)
    server.drop(on="GET */join")
    server.delay(0.5, on="DELETE *")
    await server.async_client().wait(None, "agent")
    assert (
        "run(('values', {'a': 1}), times=2)",
        "drop(events=3, on='* */stream')",
        "drop(on='GET */join')",
        "delay(0.5, on='DELETE *')",
    ) == server.unused
    server = RunsServer()
    server.run(("values", {"a": 1}))
    server.refuse(429)
    await server.async_client().wait(None, "agent")
    assert () == server.unused


async def test_a_client_of_httpx2_reaches_it(server: RunsServer) -> None:
    """Calls and streams; what goes wrong is an error of httpx2, and a client that leaves is noticed."""
    async with httpx2.AsyncClient(transport=server.async_transport()) as http:  # type: ignore[arg-type]
        runs = AsyncRunsClient(server.url, api_key=None, http_client=http, retry=RetryPolicy(first_delay=0))
        for how in ("cut", "reset"):
            server.run(*TICKS, times=2)
            server.drop(events=4, how=how)  # type: ignore[arg-type]
            assert list(range(8)) == await ticks(runs, server.thread())
            server.drop(how=how)  # type: ignore[arg-type]
            assert list(range(8)) == await ticks(runs, server.thread())
        server.run(Hold(), times=None)
        stream = runs.stream(server.thread(), "agent", on_disconnect="cancel")
        await anext(stream)
        await stream.aclose()
        assert "interrupted" == server.runs[-1]["status"]
        body = {"assistant_id": "a"}
        with pytest.raises(httpx2.ReadTimeout):
            await http.post(f"{server.url}/runs/wait", json=body, timeout=0.01)
        server.delay(60)
        with pytest.raises(httpx2.ReadTimeout):
            await http.get(f"{server.url}/threads/{server.thread()}/runs", timeout=0.01)


async def test_a_lost_response_starts_no_second_run(server: RunsServer) -> None:
    """The run is found by its request id."""
    server.run(("values", {"a": 1}))
    server.drop(on="POST */wait")
    thread_id = server.thread()
    assert {"a": 1} == await server.async_client().wait(thread_id, "agent")
    assert 1 == len(server.runs)


async def test_a_wait_that_is_cut_joins_the_run(server: RunsServer) -> None:
    """Heartbeats are white space before the values."""
    server = RunsServer(heartbeat=0.01)
    server.run(Pause(0.1), ("values", {"a": 1}))
    server.drop(bytes=2)
    assert {"a": 1} == await server.async_client().wait(server.thread(), "agent")
    assert ["POST", "GET"] == [request.method for request in server.requests][:2]


async def test_a_late_response_is_a_timeout(server: RunsServer) -> None:
    """After the timeout of the client."""
    server.delay(5)
    runs = server.async_client(timeout=0.05, retry=ONCE)
    with pytest.raises(APITimeoutError):
        await runs.list(server.thread())


@pytest.mark.parametrize(("way", "beat"), [("stream", b": heartbeat\r\n\r\n"), ("wait", b"\n")])
async def test_heartbeats_are_sent_while_a_run_goes_on(way: str, beat: bytes) -> None:
    """Every few seconds, as the test says; of a stream, also where the script says."""
    server = RunsServer(heartbeat=0.02)
    server.run(Heartbeat(), Hold(), ("values", {"a": 1}))
    body: Any = {"assistant_id": "a"}
    async with httpx.AsyncClient(transport=server.async_transport()) as http:
        seen = b""
        async with http.stream("POST", f"{server.url}/runs/{way}", json=body) as response:
            async for piece in response.aiter_bytes():
                seen += piece
                if seen.count(beat) == 3:
                    server.release()
    assert 3 <= seen.count(beat)
    assert seen.strip().endswith(b'{"a":1}')


async def test_a_client_that_leaves_cancels_its_run_if_it_said_so(server: RunsServer) -> None:
    """Otherwise the run goes on."""
    server.run(Hold(), times=None)
    runs = server.async_client()
    for on_disconnect, status in (("cancel", "interrupted"), ("continue", "running")):
        stream = runs.stream(server.thread(), "agent", on_disconnect=on_disconnect)  # type: ignore[arg-type]
        await anext(stream)
        await stream.aclose()
        assert status == server.runs[-1]["status"]
    async with httpx.AsyncClient(transport=server.async_transport()) as http:
        body = {"assistant_id": "a", "on_disconnect": "cancel"}
        url = f"{server.url}/threads/{server.thread()}/runs/stream"
        async with http.stream("POST", url, json=body):
            assert "running" == server.runs[-1]["status"]
        assert "interrupted" == server.runs[-1]["status"]


async def test_the_runs_of_an_unknown_thread_are_not_found(server: RunsServer) -> None:
    """As on the real server, which does not respond with an empty list."""
    runs = server.async_client()
    assert not await runs.list(server.thread())
    with pytest.raises(NotFoundError, match="not found"):
        await runs.list(str(UUID(int=1)))


async def test_runs_of_a_thread_wait_for_each_other(server: RunsServer) -> None:
    """Or replace each other, as the strategy says."""
    runs = server.async_client()
    thread_id = server.thread()
    server.run(Hold(), ("values", {"a": 1}), times=None)
    first, second = [await runs.create(thread_id, "agent") for _ in range(2)]
    assert ["running", "pending"] == [run["status"] for run in server.runs]
    server.release()
    assert ["success", "running"] == [run["status"] for run in server.runs]
    await runs.create(thread_id, "agent", multitask_strategy="interrupt")
    assert ["success", "interrupted", "running"] == [run["status"] for run in server.runs]
    with pytest.raises(RunCancelledError):
        await runs.join(thread_id, str(second.run_id))
    await runs.create(thread_id, "agent", multitask_strategy="rollback")
    assert [first.run_id, second.run_id] == [run.run_id for run in await runs.list(thread_id)][:0:-1]
    await runs.cancel_all(thread_id)


async def test_a_run_asks_and_is_answered(server: RunsServer) -> None:
    """The answer is in the body of the next run; a script may be a function of it."""
    runs = server.async_client()
    thread_id = server.thread()
    server.run(("values", {"a": 1}), Interrupt("sure?"))
    asked = await runs.wait(thread_id, "agent", input={"a": 1})
    assert (1, "sure?") == (asked["a"], asked["__interrupt__"][0]["value"])
    server.run(lambda body: [("values", {"answer": body["command"]["resume"]})])
    assert {"answer": "yes"} == await runs.wait(thread_id, "agent", command={"resume": "yes"})


async def test_a_request_that_is_not_scripted_is_refused_by_name(server: RunsServer) -> None:
    """With what to do about it."""
    runs = server.async_client()
    with pytest.raises(InternalServerError, match=r"501.*POST /runs/wait: no run is scripted.*call run\(\)"):
        await runs.wait(None, "agent")
    async with httpx.AsyncClient(transport=server.async_transport()) as http:
        response = await http.get(f"{server.url}/store/items?x=1")
    assert 501 == response.status_code
    assert "GET /store/items?x=1" in response.json()["detail"]
    assert 2 == len(server.unscripted)


async def test_what_a_script_raises_reaches_the_test(server: RunsServer) -> None:
    """In memory as it is, and from a real port as status 500."""
    server.run(lambda body: [("values", body["missing"])], times=None)
    with pytest.raises(KeyError, match="missing"):
        await server.async_client().wait(None, "agent")
    with server.listening() as url:
        async with AsyncRunsClient(url, api_key=None) as runs:
            with pytest.raises(InternalServerError, match="the script has raised KeyError: 'missing'"):
                await runs.wait(None, "agent")


async def test_what_was_requested_can_be_checked(server: RunsServer) -> None:
    """Method, path, headers and body; a key is not shown."""
    server.run(("values", {"a": 1}))
    runs = server.async_client(api_key="canary")
    await runs.wait(None, "agent", input={"text": "hi"}, params={"q": "1"})
    (request,) = server.requests
    assert ("POST", "/runs/wait", {"q": "1"}) == (request.method, request.path, request.query)
    assert ({"text": "hi"}, "canary") == (request.json["input"], request.headers["x-api-key"])
    assert "canary" not in repr(request)


async def test_the_same_on_a_real_port(server: RunsServer) -> None:
    """Drops of every kind, and a client that leaves."""
    with server.listening() as url:
        async with AsyncRunsClient(url, api_key=None, retry=RetryPolicy(first_delay=0)) as runs:
            for how in ("cut", "reset", "end"):
                server.run(*TICKS)
                server.drop(events=4, how=how)  # type: ignore[arg-type]
                assert list(range(8)) == await ticks(runs, server.thread())
            server.run(("values", {"a": 1}))
            server.drop(how="reset")
            assert {"a": 1} == await runs.wait(server.thread(), "agent")
            server.run(Hold())
            stream = runs.stream(server.thread(), "agent", on_disconnect="cancel")
            await anext(stream)
            await stream.aclose()
            for _ in range(1000):
                if server.runs[-1]["status"] == "running":
                    await sleep(0.01)
            assert "interrupted" == server.runs[-1]["status"]
    with pytest.raises(APIConnectionError):
        async with AsyncRunsClient(url, api_key=None, retry=ONCE) as runs:
            await runs.list(server.thread())


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda server: server.run("values"), "step 1 of the run must be a pair .* not 'values'"),
        (lambda server: server.run(("values", {}), ("values",)), "step 2"),
        (lambda server: server.run(("values", {1, 2})), "cannot be sent as JSON"),
        (lambda server: server.run(("values", float("nan"))), "cannot be sent as JSON"),
        (lambda server: server.run(("metadata", {})), "'metadata': the server sends it"),
        (lambda server: server.run(("error", {})), "use Fail"),
        (lambda server: server.run(("messages-tuple", [])), 'are named "messages"'),
        (lambda server: server.run(Hold), "must be a pair .* not <class '.*Hold'>"),
        (lambda server: server.run(("a\nb", {})), "cannot be the name of an event"),
        (lambda server: server.run(Fail(), ("values", {})), "step 2 of the run comes after its end"),
        (lambda server: server.run(Pause(-1)), "seconds=-1"),
        (lambda server: server.run(times=0), "times=0"),
        (lambda server: server.drop(events=1, bytes=1), "exclude each other"),
        (lambda server: server.drop(events=-1), "events=-1"),
        (lambda server: server.drop(how="gone"), "how='gone' must be"),
        (lambda server: server.refuse(200), "status=200"),
        (lambda server: server.refuse(429, retry_after=-1), "retry_after=-1"),
        (lambda server: server.refuse(429, on="/runs"), "METHOD /path"),
        (lambda server: server.delay("1"), "delay must be a number of seconds, not '1'"),
        (lambda _: RunsServer(heartbeat=0), "heartbeat=0 must be a positive"),
    ],
)
async def test_what_cannot_be_scripted_is_refused_at_once(call: Any, words: str, server: RunsServer) -> None:
    """By name, where the test says it."""
    with pytest.raises((TypeError, ValueError), match=words):
        call(server)
