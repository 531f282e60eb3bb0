"""The generated layer with responses that the API does not document."""

from __future__ import annotations

import asyncio
import copy
import pickle
from typing import Any

import attrs
import httpx
import pytest
from langgraph_runs_api import AuthenticatedClient, Client
from langgraph_runs_api.api.runs import create_run_batch, wait_run
from langgraph_runs_api.api.thread_runs import delete_run, get_run, list_thread_runs
from langgraph_runs_api.errors import UnexpectedBody, UnexpectedStatus
from langgraph_runs_api.models import ErrorResponse, Run
from langgraph_runs_api.types import UNSET
from servers.scripted_server import answer, scripted_server

RUN = b'{"run_id": "r", "thread_id": "t", "assistant_id": "a", "status": "%s"}'


@pytest.mark.parametrize("bad", ["", ".", "..", "a/b", "a/", "/", None, 7])
def test_an_invalid_id_is_refused(bad: Any) -> None:
    """With ".." as a run's id, its thread would be deleted. A server splits a path after decoding `%2F`."""
    with pytest.raises((TypeError, ValueError), match="not a valid id|a string"):
        delete_run.request("t", bad)


def test_a_client_cannot_be_pickled_and_errors_can() -> None:
    """The client holds a key."""
    for client in (
        Client("http://host", headers={"x-api-key": "secret"}),
        AuthenticatedClient("http://host", "secret"),
    ):
        with pytest.raises(TypeError, match="cannot be pickled"):
            pickle.dumps(client)
    for error in (UnexpectedStatus(418, b"tea"), UnexpectedBody(200, b"<html>")):
        same = pickle.loads(pickle.dumps(error))
        assert (type(error), str(error), vars(error)) == (type(same), str(same), vars(same))


ODD: list[tuple[bytes, Any]] = [
    (answer(200, RUN % b"paused"), Run),
    (answer(200, b'{"run_id": "r", "multitask_strategy": "new", "more": [1]}'), Run),
    (answer(200, b"<html>"), UnexpectedBody),
    (answer(200, b"[]"), UnexpectedBody),
    (answer(200, b'"run"'), UnexpectedBody),
    (answer(200, b"7"), UnexpectedBody),
    (answer(200, b'{"created_at": "yesterday"}'), UnexpectedBody),
    (answer(200, b'{"created_at": 7}'), UnexpectedBody),
    (answer(404, b"<html>", kind="text/html"), UnexpectedBody),
    (answer(404, b'{"message": "no such run"}'), ErrorResponse),
    (answer(404, b'["no"]'), UnexpectedBody),
    (answer(404, b"\xff\xfe"), UnexpectedBody),
    (answer(500, b"Internal Server Error"), str),
    (answer(502, b"<html>", kind="text/html"), UnexpectedStatus),
    (answer(520, b"?"), UnexpectedStatus),
    (answer(599, b"?"), UnexpectedStatus),
    (answer(418, b""), UnexpectedStatus),
]


@pytest.mark.parametrize("function", ["sync", "sync_detailed", "asyncio", "asyncio_detailed"])
@pytest.mark.parametrize(("reply", "expected"), ODD)
def test_an_unexpected_response_is_a_value_or_a_typed_error(
    reply: bytes, expected: type, function: str
) -> None:
    """Never a TypeError, KeyError, ValueError or JSONDecodeError."""

    async def main(url: str) -> Any:
        async with Client(url) as client:
            return await getattr(get_run, function)("t", "r", client=client)

    with scripted_server(reply) as server:
        try:
            if function.startswith("asyncio"):
                result = asyncio.run(main(server.url))
            else:
                with Client(server.url) as client:
                    result = getattr(get_run, function)("t", "r", client=client)
        except (UnexpectedBody, UnexpectedStatus) as error:
            result = error
            assert isinstance(error.status_code, int)
            assert isinstance(error.content, bytes)
            assert str(error)
    assert isinstance(getattr(result, "parsed", result), expected)


@pytest.mark.parametrize("body", [b'{"runs": []}', b"[7]", b'[{"run_id": "r"}, null]', b"null"])
def test_a_list_of_an_unexpected_shape_is_a_typed_error(body: bytes) -> None:
    """As with one run."""
    with scripted_server(answer(200, body)) as server, Client(server.url) as client:
        try:
            assert [] == list_thread_runs.sync("t", client=client)
        except UnexpectedBody as error:
            assert body == error.content


def test_unknown_values_are_kept_unchanged() -> None:
    """A status, a strategy, a field of a newer server: to_dict returns all of them."""
    reported = {"run_id": "r", "status": "paused", "multitask_strategy": "new", "more": {"a": [1]}}
    run = Run.from_dict(reported)
    assert ("paused", "new", {"a": [1]}) == (run.status, run.multitask_strategy, run["more"])
    assert vars_of(run)["thread_id"] is UNSET
    assert reported == run.to_dict()


def vars_of(model: Any) -> dict[str, Any]:
    """The attributes, whatever their types."""
    return attrs.asdict(model, recurse=False)


def test_unset_is_one_object() -> None:
    """Also after a copy and after pickling, because it is compared by `is`."""
    run = Run.from_dict({"run_id": "r"})
    for other in (copy.copy(run), copy.deepcopy(run), pickle.loads(pickle.dumps(run))):
        assert vars_of(other)["thread_id"] is UNSET
    assert "thread_id=UNSET" in repr(run)


@pytest.mark.parametrize(
    "client",
    [
        AuthenticatedClient("http://host", token="a-secret", headers={"x": "a-secret"}),
        Client("http://host", headers={"x-api-key": "a-secret"}, cookies={"session": "a-secret"}),
        Client("http://host", httpx_args={"auth": ("user", "a-secret")}),
    ],
)
def test_no_repr_shows_a_key(client: Client | AuthenticatedClient) -> None:
    """Neither in token nor in headers, cookies or arguments for httpx."""
    assert "http://host" in repr(client)
    assert "a-secret" not in repr(client)


def test_a_client_has_a_timeout_by_default() -> None:
    """A wait on the real server, which sends heartbeats, never reaches it."""
    for client in (Client("http://host"), AuthenticatedClient("http://host", token="t")):
        assert httpx.Timeout(300, connect=5) == client.get_httpx_client().timeout
        assert httpx.Timeout(300, connect=5) == client.get_async_httpx_client().timeout


def test_plain_dictionaries_are_sent_unchanged() -> None:
    """Nothing is added to them, neither on the wire nor in the caller's object."""
    body: Any = {"assistant_id": "agent", "input": {"x": None}}
    with scripted_server(answer(200, b"[]")) as server, Client(server.url) as client:
        create_run_batch.sync(client=client, body=[body])
        assert [body] == server.request.json
        wait_run.sync(client=client, body=body)
        assert body == server.request.json
    assert {"assistant_id": "agent", "input": {"x": None}} == body


def test_an_unexpected_status_can_be_returned_as_none() -> None:
    """For callers that use the detailed response."""
    with scripted_server(answer(520, b"?")) as server:
        client = Client(server.url, raise_on_unexpected_status=False)
        response = get_run.sync_detailed("t", "r", client=client)
        client.get_httpx_client().close()
    assert (520, b"?", None) == (response.status_code, response.content, response.parsed)
