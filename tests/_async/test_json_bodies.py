"""Bodies that are not quite JSON: decoded as events are, taken for a part of one, or refused by one clear error."""

from __future__ import annotations

import math
from typing import Any

import pytest
from check_error import KEY, check_error
from servers.scripted_server import answer, scripted_server

from langgraph_runs import APIConnectionError, APIResponseError, AsyncRunsClient, RetryPolicy

ONCE = RetryPolicy(attempts=0)
RUN = b'{"run_id": "r", "thread_id": "t", "status": "success"}'
LOCATION = {"Content_Location": "/threads/t/runs/r"}

ODD: dict[str, tuple[bytes, Any]] = {
    "half a surrogate pair": (b'{"a": "\\ud83d"}', {"a": "\ud83d"}),
    "a large integer": (b'{"a": 1' + b"0" * 400 + b"}", {"a": 10**400}),
    "a large exponent": (b'{"a": 1e400}', {"a": math.inf}),
    "a byte order mark": (b'\xef\xbb\xbf{"a": 1}', {"a": 1}),
    "invalid UTF-8": (b'{"a": "\xff"}', {"a": "\ufffd"}),
    "after white space": (b'\n\n\n{"a": -Infinity}', {"a": -math.inf}),
}
GARBAGE: dict[str, bytes] = {
    "5,000 digits": b'{"a": ' + b"7" * 5000 + b"}",
    "100,000 levels": b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
    "two values": b'{"a": 1}{"a": 2}',
    "a control character": b'{"a": "\n"}',
    "a page": b"\n\n<html>504 Gateway Time-out</html>",
    "text": b"upstream connect error",
}
CUT: dict[str, bytes] = {
    "nothing": b"",
    "white space": b"\n\n\n",
    "in an object": b'\n{"a": 1',
    "in a string": b'{"a": "x',
    "in an escape sequence": b'{"a": "\\u00e',
    "in a character": b'{"a": "\xf0\x9f',
    "in a number": b'{"a": -',
    "in a name": b'{"a": tru',
}


@pytest.mark.parametrize("name", ODD)
async def test_odd_json_is_an_outcome(name: str) -> None:
    """As it is a part of a stream."""
    body, expected = ODD[name]
    with scripted_server(answer(body=body, **LOCATION), answer(body=RUN)) as server:
        async with AsyncRunsClient(server.url, api_key=KEY, retry=ONCE) as runs:
            assert expected == await runs.wait("t", "agent")
    with scripted_server(answer(body=body)) as server:
        async with AsyncRunsClient(server.url, api_key=KEY, retry=ONCE) as runs:
            assert expected == await runs.wait(None, "agent")
    joined = (
        answer(body=b'{"run_id": "r", "status": "running"}'),
        answer(body=body, **LOCATION),
        answer(body=RUN),
    )
    with scripted_server(*joined, answer(404)) as server:
        async with AsyncRunsClient(server.url, api_key=KEY, retry=ONCE) as runs:
            assert expected == await runs.join("t", "r")


@pytest.mark.parametrize("name", GARBAGE)
async def test_a_complete_body_that_is_not_json_is_one_clear_error(name: str) -> None:
    """With the id of the run. It does not say that the response was cut, and nothing is sent again."""
    with scripted_server(answer(body=GARBAGE[name], **LOCATION)) as server:
        async with AsyncRunsClient(server.url, api_key=KEY) as runs:
            with pytest.raises(APIResponseError, match="the response is not JSON") as refused:
                await runs.wait("t", "agent")
        check_error(refused.value, server.url)
        assert ("r", "t", True) == (
            refused.value.run_id, refused.value.thread_id, refused.value.run_may_exist,
        )  # fmt: skip
        assert 1 == len(server.requests)


@pytest.mark.parametrize("name", CUT)
async def test_the_beginning_of_json_is_a_lost_connection(name: str) -> None:
    """The run is joined, if its thread is known."""
    history = answer(body=b'[{"values": {"a": 1}}]')
    with scripted_server(answer(body=CUT[name], **LOCATION), answer(body=RUN), history) as server:
        async with AsyncRunsClient(server.url, api_key=KEY) as runs:
            assert {"a": 1} == await runs.wait("t", "agent")
    with scripted_server(answer(body=CUT[name])) as server:
        async with AsyncRunsClient(server.url, api_key=KEY, retry=ONCE) as runs:
            with pytest.raises(APIConnectionError, match="the response ended before the run"):
                await runs.wait(None, "agent")


async def test_odd_json_is_a_run_and_a_list_of_runs() -> None:
    """The same in every method."""
    run = b'\xef\xbb\xbf{"run_id": "r", "status": "success", "metadata": {"a": NaN, "b": "\\ud83d", "c": "\xff"}}'
    with scripted_server(answer(body=run)) as server:
        async with AsyncRunsClient(server.url, api_key=KEY, retry=ONCE) as runs:
            found = (await runs.get("t", "r")).to_dict()["metadata"]
    assert (True, "\ud83d", "\ufffd") == (math.isnan(found["a"]), found["b"], found["c"])
    with scripted_server(answer(body=b"[%b]" % run.removeprefix(b"\xef\xbb\xbf"))) as server:
        async with AsyncRunsClient(server.url, api_key=KEY, retry=ONCE) as runs:
            assert ["r"] == [found.run_id for found in await runs.list("t")]
