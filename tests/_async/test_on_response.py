"""`on_response=` is called once for every response, with what is known of it."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable
from dataclasses import FrozenInstanceError
from typing import Any
from uuid import uuid4

import httpx
import pytest
from langgraph_runs_api.api.thread_runs import get_run
from langgraph_runs_api.api.threads import create_thread
from servers.scripted_server import RESET, answer, events, scripted_server

from langgraph_runs import APIConnectionError, AsyncRunsClient, NotFoundError, ResponseInfo, RetryPolicy

FAST = RetryPolicy(first_delay=0.01, longest_delay=0.01)
ONCE = RetryPolicy(attempts=0)
RUN = answer(body=b'{"run_id": "r", "thread_id": "t", "status": "success"}')
HERE = "/threads/t/runs/r"


def told(infos: list[ResponseInfo]) -> list[tuple[Any, ...]]:
    """What can be compared."""
    return [(info.method, info.url.partition("/threads")[2], info.status, info.attempt) for info in infos]


async def test_the_record_has_the_facts_of_a_response() -> None:
    """All but the body."""
    infos = list[ResponseInfo]()
    created = answer(body=b'{"run_id": "r"}', Content_Location=HERE, X_Request_Id="of-server", X_Rest="7")
    with scripted_server(created) as server:
        async with AsyncRunsClient(server.url, api_key=None, on_response=infos.append) as runs:
            await runs.create("t", "agent")
    (info,) = infos
    facts = {name: getattr(info, name) for name in info.__slots__ if name != "headers"}
    assert 0 < facts.pop("seconds") < 20
    assert {
        "method": "POST",
        "url": f"{server.url}/threads/t/runs",
        "status": 200,
        "request_id": "of-server",
        "attempt": 0,
        "run_id": "r",
        "thread_id": "t",
    } == facts
    assert "7" == info.headers["x-rest"] == info.headers["X-Rest"]


async def test_the_request_id_is_that_of_the_request_if_the_response_has_none() -> None:
    infos = list[ResponseInfo]()
    with scripted_server(RUN) as server:
        async with AsyncRunsClient(server.url, api_key=None, on_response=infos.append) as runs:
            await runs.create("t", "agent", headers={"x-request-id": "mine"})
            await runs.get("t", "r")
    assert ["mine", None] == [info.request_id for info in infos]


async def test_it_is_called_for_errors_redirects_and_retries() -> None:
    """`attempt` is the number that `on_retry` gets."""
    infos, attempts = list[ResponseInfo](), list[int]()
    busy, moved = answer(503, b""), answer(307, b"", Location="/threads/t/runs/elsewhere?x=1")
    missing = answer(404, b'{"detail": "gone"}')
    with scripted_server(busy, busy, moved, RUN, missing) as server:
        async with AsyncRunsClient(
            server.url,
            api_key=None,
            retry=FAST,
            on_response=infos.append,
            on_retry=lambda attempt, *_: attempts.append(attempt),
        ) as runs:
            await runs.get("t", "r")
            with pytest.raises(NotFoundError):
                await runs.delete("t", "r")
    assert [1, 2] == attempts
    assert [
        ("GET", "/t/runs/r", 503, 0),
        ("GET", "/t/runs/r", 503, 1),
        ("GET", "/t/runs/r", 307, 2),
        ("GET", "/t/runs/elsewhere", 200, 2),
        ("DELETE", "/t/runs/r", 404, 0),
    ] == told(infos)
    assert {("r", "t")} == {(info.run_id, info.thread_id) for info in infos}


async def test_it_is_called_for_a_401_and_for_the_repeated_request() -> None:
    keys, infos = ["old", "new"], list[ResponseInfo]()
    with scripted_server(answer(401), RUN) as server:
        async with AsyncRunsClient(server.url, api_key=lambda: keys.pop(0), on_response=infos.append) as runs:
            await runs.get("t", "r")
    assert [("GET", "/t/runs/r", 401, 0), ("GET", "/t/runs/r", 200, 0)] == told(infos)


async def test_it_is_called_for_each_connection_of_a_stream_and_for_the_cancellation() -> None:
    """`attempt` is the number that `on_reconnect` gets. It is not called for events."""
    infos, attempts = list[ResponseInfo](), list[int]()
    first = events(b"data: 1\nid: 0\n\n", Content_Location=HERE)
    running = answer(body=b'{"run_id": "r", "status": "running"}')
    rest = events(b"data: 1\nid: 0\n\ndata: 2\nid: 1\n\ndata: 3\nid: 2\n\n")
    with scripted_server(first, running, rest, answer(204, b"")) as server:
        async with (
            AsyncRunsClient(
                server.url, api_key=None, retry=FAST, on_response=infos.append, cancel_on_exit="interrupt"
            ) as runs,
            runs.stream("t", "agent", on_reconnect=lambda attempt, *_: attempts.append(attempt)) as stream,
        ):
            async for part in stream:
                if part.data == 2:
                    break
    assert [1] == attempts
    assert [
        ("POST", "/t/runs/stream", 200, 0),
        ("GET", "/t/runs/r", 200, 0),
        ("GET", "/t/runs/r/stream", 200, 1),
        ("POST", "/t/runs/r/cancel", 204, 0),
    ] == told(infos)
    assert {("r", "t")} == {(info.run_id, info.thread_id) for info in infos}


async def test_a_join_that_is_repeated_has_the_number_of_its_attempt() -> None:
    infos = list[ResponseInfo]()
    running = answer(body=b'{"run_id": "r", "status": "running"}')
    states = answer(body=b'[{"values": {}, "metadata": {}}]')
    with scripted_server(running, answer(503, b""), running, answer(), RUN, states) as server:
        async with AsyncRunsClient(server.url, api_key=None, retry=FAST, on_response=infos.append) as runs:
            await runs.join("t", "r")
    assert [0, 1] == [info.attempt for info in infos if info.url.endswith("/join")]


async def test_it_is_called_when_the_headers_have_come() -> None:
    """The body of a `wait` takes as long as the run, and `on_run_created` is called before it is read."""
    order = list[object]()
    with scripted_server(answer(Content_Location=HERE), RUN) as server:
        async with AsyncRunsClient(
            server.url, api_key=None, on_response=lambda info: order.append(info.status)
        ) as runs:
            await runs.wait("t", "agent", on_run_created=lambda run_id, _: order.append(run_id))
    assert [200, "r", 200] == order


async def test_it_is_called_for_the_generated_functions() -> None:
    """Ids in the path of a request are recognized if they are UUIDs."""
    infos, thread_id, run_id = list[ResponseInfo](), str(uuid4()), str(uuid4())
    with scripted_server(RUN, answer(body=b'{"thread_id": "t"}')) as server:
        async with AsyncRunsClient(server.url, api_key=None, on_response=infos.append) as runs:
            await get_run.asyncio(thread_id, run_id, client=runs.api)
            await create_thread.asyncio(client=runs.api, body={})
    assert [(200, run_id, thread_id), (200, None, None)] == [
        (info.status, info.run_id, info.thread_id) for info in infos
    ]


async def test_it_is_called_with_a_client_of_the_caller_s() -> None:
    infos = list[ResponseInfo]()
    async with httpx.AsyncClient() as lent:
        with scripted_server(RUN) as server:
            async with AsyncRunsClient(
                server.url, api_key=None, http_client=lent, on_response=infos.append
            ) as runs:
                await runs.get("t", "r")
    assert [("GET", "/t/runs/r", 200, 0)] == told(infos)


async def test_an_exception_is_carried_even_if_on_request_has_replaced_the_extensions() -> None:
    """It is not taken for an error of httpx, which would be retried."""
    error = httpx.ConnectError("mine")

    def fail(info: ResponseInfo) -> None:
        raise error

    def replace(request: httpx.Request) -> None:
        request.extensions = {}

    with scripted_server(RUN) as server:
        async with AsyncRunsClient(server.url, api_key=None, on_request=replace, on_response=fail) as runs:
            with pytest.raises(httpx.ConnectError) as raised:
                await runs.get("t", "r")
    assert raised.value is error
    assert 1 == len(server.requests)


async def test_it_is_not_called_without_a_response() -> None:
    infos = list[ResponseInfo]()
    with scripted_server(RESET) as server:
        async with AsyncRunsClient(server.url, api_key=None, retry=ONCE, on_response=infos.append) as runs:
            with pytest.raises(APIConnectionError):
                await runs.get("t", "r")
    assert [] == infos


async def test_the_record_shows_no_secret() -> None:
    """Neither cookies, nor a query, nor user and password; its text and repr have no headers, which may echo them."""
    infos = list[ResponseInfo]()
    echo = answer(body=b'{"run_id": "r"}', Set_Cookie="session=s3cret", X_Echo="s3cret")
    with scripted_server(echo) as server:
        url = server.url.replace("://", "://user:s3cret@")
        async with AsyncRunsClient(url, api_key="s3cret", on_response=infos.append) as runs:
            await runs.get("t", "r", params={"token": "s3cret"}, headers={"x-mine": "s3cret"})
    (info,) = infos
    assert "s3cret" not in f"{info!r} {info}"
    assert f"{server.url}/threads/t/runs/r" == info.url
    assert "set-cookie" not in info.headers
    assert b"session" not in pickle.dumps(info)


async def test_the_record_is_frozen_and_survives_pickling() -> None:
    """So are its headers."""
    infos = list[ResponseInfo]()
    with scripted_server(RUN) as server:
        async with AsyncRunsClient(server.url, api_key=None, on_response=infos.append) as runs:
            await runs.get("t", "r")
    (info,) = infos
    for duplicate in (pickle.loads(pickle.dumps(info)), copy.copy(info), copy.deepcopy(info)):
        assert (info, hash(info), dict(info.headers)) == (duplicate, hash(duplicate), dict(duplicate.headers))
    assert not hasattr(info, "__dict__")
    assert not hasattr(info.headers, "__dict__")
    with pytest.raises(FrozenInstanceError):
        info.status = 7  # type: ignore[misc]
    with pytest.raises(TypeError):
        info.headers["x"] = "y"  # type: ignore[index]
    assert "Content-Type" in info.headers
    assert info.headers.get("X-Unknown") is None


@pytest.mark.parametrize("name", ["wait", "stream"])
async def test_a_run_that_the_response_names_is_cancelled_if_on_response_raises(
    name: str, calls: dict[str, Callable[[AsyncRunsClient], Any]]
) -> None:
    """Even where it could not be looked for: no request is needed to find it."""
    responses = {"wait": answer(Content_Location=HERE), "stream": events(b"", Content_Location=HERE)}
    infos = list[ResponseInfo]()

    def fail(info: ResponseInfo) -> None:
        infos.append(info)
        if len(infos) == 1:
            raise KeyError("mine")

    with scripted_server(responses[name], answer(204, b"")) as server:
        options: dict[str, Any] = {"headers": {"x-request-id": "shared"}, "cancel_on_exit": "interrupt"}
        async with AsyncRunsClient(server.url, api_key=None, on_response=fail, retry=ONCE, **options) as runs:
            with pytest.raises(KeyError, match="mine"):
                await calls[name](runs)
    assert ["POST", "POST"] == [request.method for request in server.requests]
    assert "/threads/t/runs/r/cancel" == server.request.target.partition("?")[0]


@pytest.mark.parametrize("given", [7, "print"])
def test_what_cannot_be_called_is_refused(given: Any) -> None:
    with pytest.raises(TypeError, match="on_response must be a sync callable that takes a response, not "):
        AsyncRunsClient(on_response=given)
