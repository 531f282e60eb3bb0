"""Responses of an unexpected shape: they are parsed as far as possible, or raise one typed error."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from check_error import KEY, check_error
from servers.scripted_server import answer, events, scripted_server

from langgraph_runs import (
    UNSET,
    APIResponseError,
    AsyncRunsClient,
    NotFoundError,
    RetryPolicy,
)

ONCE = RetryPolicy(attempts=0)


@pytest.mark.parametrize(
    "body",
    [
        b"[]", b"{}", b"[{}]", b"7", b'"run"', b"null", b'{"created_at": 7}', b'{"metadata": 7}', b"[7]", b"",
        b'{"run_id": 7}', b'[{"run_id": 7}]', b'{"run_id": null}', b'{"run_id": ""}', b'{"message": "welcome"}',
    ],
)  # fmt: skip
@pytest.mark.parametrize("name", ["create", "create-stateless", "get", "list", "list_all", "create_batch"])
async def test_json_without_the_id_of_a_run_raises(
    name: str, body: bytes, calls: dict[str, Callable[[AsyncRunsClient], Any]]
) -> None:
    """It is the answer of something else, such as a proxy; after a create, a run may exist."""
    if name.startswith("list") and body == b"[]":
        return  # a thread without runs
    with scripted_server(answer(200, body)) as server:
        async with AsyncRunsClient(server.url, api_key=KEY, retry=ONCE) as runs:
            with pytest.raises(APIResponseError) as refused:
                await calls[name](runs)
    check_error(refused.value, server.url)
    assert name.startswith("create") == refused.value.run_may_exist


async def test_a_list_without_ids_is_returned_if_other_fields_were_selected() -> None:
    """Only then."""
    with scripted_server(answer(200, b'[{"status": "success"}]')) as server:
        async with AsyncRunsClient(server.url, api_key=KEY, retry=ONCE) as runs:
            assert ["success"] == [run.status for run in await runs.list("t", select=["status"])]
            assert ["success"] == [run.status for run in await runs.list("t", select="status")]
            with pytest.raises(APIResponseError, match="run_id"):
                await runs.list("t", select=["run_id", "status"])
            with pytest.raises(APIResponseError, match="run_id"):
                await anext(runs.list_all("t", select=["status"]))


async def test_the_error_for_an_unreadable_run_has_its_ids() -> None:
    """The run has been created."""
    with scripted_server(answer(200, b'{"run_id": "r7", "created_at": "yesterday"}')) as server:
        async with AsyncRunsClient(server.url, api_key=KEY, retry=ONCE) as runs:
            with pytest.raises(APIResponseError) as failed:
                await runs.create("t", "agent")
    assert "r7" == failed.value.run_id


async def test_a_batch_answered_by_fewer_runs_raises() -> None:
    """Nobody could say which of them have started."""
    with scripted_server(answer(200, b'[{"run_id": "r"}]')) as server:
        async with AsyncRunsClient(server.url, api_key=KEY, retry=ONCE) as runs:
            with pytest.raises(APIResponseError, match="2 runs were asked for, but 1 were returned"):
                await runs.create_batch([{"assistant_id": "agent"}] * 2)


async def test_a_run_with_nulls_still_parses() -> None:
    """A null in a field that cannot be null counts as a missing field."""
    body = (
        b'{"run_id": "r", "metadata": null, "kwargs": null, "created_at": null, "multitask_strategy": null}'
    )
    with scripted_server(answer(200, body)) as server:
        async with AsyncRunsClient(server.url, api_key=KEY, retry=ONCE) as runs:
            run = await runs.get("t", "r")
    assert (UNSET, UNSET, UNSET, None) == (run.metadata, run.kwargs, run.created_at, run.multitask_strategy)


async def test_a_run_that_lacks_fields_or_has_others_still_parses() -> None:
    """Servers differ: a missing field is UNSET, an unknown one is kept, and a new status is a string."""
    body = b'{"run_id": "r", "status": "paused", "output": {"a": 1}, "multitask_strategy": "new"}'
    with scripted_server(answer(200, body)) as server:
        async with AsyncRunsClient(server.url, api_key=KEY, retry=ONCE) as runs:
            run = await runs.get("t", "r")
    assert ("r", "paused", "new", {"a": 1}) == (run.run_id, run.status, run.multitask_strategy, run["output"])
    assert not run.thread_id
    assert {
        "run_id": "r",
        "status": "paused",
        "output": {"a": 1},
        "multitask_strategy": "new",
    } == run.to_dict()


async def test_a_body_that_cannot_be_decompressed_raises_api_response_error() -> None:
    """The server answered, but the body is not what its headers say."""
    with scripted_server(answer(200, b"garbage", content_encoding="gzip")) as server:
        async with AsyncRunsClient(server.url, api_key=KEY, retry=ONCE) as runs:
            with pytest.raises(APIResponseError, match="cannot be read") as failed:
                await runs.get("t", "r")
        check_error(failed.value, server.url)


async def test_an_unknown_run_raises_not_found_error_on_every_server() -> None:
    """Python's server says it in a body with status 200, JavaScript's in an event that is a bare string."""
    reported = b'{"__error__": {"error": "HTTPException", "message": "404: Run not found"}}'
    there = answer(body=b'{"run_id": "r", "status": "running"}')
    event = events(b'event: error\ndata: "Run not found"\n\n')
    with scripted_server(there, answer(body=reported), there, event) as server:
        async with AsyncRunsClient(server.url, api_key=KEY, retry=ONCE) as runs:
            with pytest.raises(NotFoundError):
                await runs.join("t", "r")
            with pytest.raises(NotFoundError):
                await anext(runs.join_stream("t", "r"))


async def test_any_json_is_a_result() -> None:
    """Null and other values that are not objects."""
    for body, expected in ((b"null", None), (b"7", 7), (b' \n\n{"__error__": 7}', {"__error__": 7})):
        with scripted_server(answer(body=body)) as server:
            async with AsyncRunsClient(server.url, api_key=KEY, retry=ONCE) as runs:
                assert expected == await runs.wait(None, "agent")
