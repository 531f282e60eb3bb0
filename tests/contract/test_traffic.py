"""The exchanges of tests with the real server are held against openapi.yaml: if it lies, a test fails."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import drift
import pytest
from contract.contract import Contract
from contract.traffic import RunningTest, fail_if_broken, problems, the_test
from dev_server import DevServer
from drift_compare import Explanation
from langgraph_runs_api.api.threads import create_thread
from langgraph_runs_api.models import Thread
from servers.recording_proxy import Exchange, RecordingProxy, recording_proxy

from langgraph_runs import NotFoundError, RunsClient

DOCUMENT = drift.read(drift.SPEC)
NAME = "tests/x.py::test_x"


@pytest.fixture(scope="module")
def exchanges(unrecorded_server: DevServer) -> list[Exchange]:
    """Some calls, and a stream, as they went over the wire."""
    with recording_proxy(unrecorded_server.url) as proxy, RunsClient(proxy.url, api_key=None) as runs:
        proxy.context = RunningTest(NAME)
        thread = create_thread.sync(client=runs.api, body={})
        assert isinstance(thread, Thread)
        options: Any = {"stream_mode": ["values", "custom"], "config": {"tags": ["a"]}}
        list(runs.stream(thread.thread_id, "agent", input={"text": "a"}, **options))
        (run,) = runs.list(thread.thread_id, limit=5)
        assert "success" == runs.get(thread.thread_id, run.run_id).status
        runs.list(thread.thread_id, select=["status"])
        runs.delete(thread.thread_id, run.run_id)
        with pytest.raises(NotFoundError):
            runs.get(thread.thread_id, run.run_id)
        return proxy.take()


def found(document: dict[str, Any], exchanges: list[Exchange]) -> list[str]:
    """What is not as this document describes it."""
    contract = Contract(document)
    return [line for exchange in exchanges for line in problems(contract, exchange)]


def test_openapi_yaml_describes_the_exchanges(exchanges: list[Exchange]) -> None:
    assert 8 <= len(exchanges)
    assert [] == found(DOCUMENT, exchanges)


def schemas(document: Any) -> Any:
    """Its component schemas."""
    return document["components"]["schemas"]


def events(document: Any) -> Any:
    """What it says of the events of a stream."""
    return document["components"]["x-events"]


def rename(table: dict[str, Any], old: str, new: str) -> None:
    """Renames a key."""
    table[new] = table.pop(old)


RUNS, RUN = "/threads/{thread_id}/runs", "/threads/{thread_id}/runs/{run_id}"


@pytest.mark.parametrize(
    ("lie", "line"),
    [
        pytest.param(
            lambda it: schemas(it)["Run"]["properties"]["status"].update(anyOf=[{"type": "integer"}]),
            'response: status 200: status: "success" is not valid under any',
            id="type of a field",
        ),
        pytest.param(
            lambda it: schemas(it)["Run"]["properties"]["created_at"].update(format="ipv4"),
            "response: status 200: 0/created_at: ",
            id="format of a field",
        ),
        pytest.param(
            lambda it: schemas(it)["Run"]["required"].append("output"),
            'response: status 200: the body: "output" is a required property',
            id="required field that is not sent",
        ),
        pytest.param(
            lambda it: rename(it["paths"][RUN]["delete"]["responses"], "204", "200"),
            "response: status 204 is not documented",
            id="status",
        ),
        pytest.param(
            lambda it: rename(it["paths"][RUN]["get"]["responses"], "404", "410"),
            "response: status 404 is not documented: b'{",
            id="status of an error",
        ),
        pytest.param(
            lambda it: rename(
                it["components"]["responses"]["NotFound"]["content"], "application/json", "text/plain"
            ),
            "response: status 404: content type 'application/json' is not documented",
            id="content type",
        ),
        pytest.param(
            lambda it: it["components"]["responses"].update(
                Done={"description": "A run.", "content": {"a/b": {}}}
            ),
            "response: status 204: content type '' is not documented",
            id="body that is not sent",
        ),
        pytest.param(
            lambda it: it["paths"].pop(RUN),
            "request: no such operation",
            id="path",
        ),
        pytest.param(
            lambda it: it["paths"][RUNS]["get"]["parameters"].pop(0),
            "request: query parameter 'limit' is not documented",
            id="parameter",
        ),
        pytest.param(
            lambda it: it["paths"][RUNS]["get"]["parameters"][0]["schema"].update(type="boolean"),
            "request: query parameter 'limit' has an invalid value: ['5']",
            id="type of a parameter",
        ),
        pytest.param(
            lambda it: it["components"]["parameters"]["RunId"]["schema"].update(maxLength=5),
            "request: path parameter 'run_id' has an invalid value: ",
            id="parameter in the path",
        ),
        pytest.param(
            lambda it: it["paths"][RUNS]["get"]["parameters"].append(
                {"name": "of", "in": "query", "required": True, "schema": {}}
            ),
            "request: query parameter 'of' is missing",
            id="required parameter",
        ),
        pytest.param(
            lambda it: schemas(it)["StreamMode"]["enum"].remove("custom"),
            'request: stream_mode: ["values","custom"] is not valid under any',
            id="enum value",
        ),
        pytest.param(
            lambda it: schemas(it)["RunConfig"]["properties"].update(tags={"type": "string"}),
            "request: config/tags: ",
            id="nested field of a request",
        ),
        pytest.param(
            lambda it: it["paths"][f"{RUNS}/stream"]["post"].pop("requestBody"),
            "request: a body is not documented",
            id="body",
        ),
        pytest.param(
            lambda it: events(it)["metadata"]["properties"].update(run_id={"type": "integer"}),
            "response: event 'metadata': run_id: ",
            id="data of an event",
        ),
        pytest.param(
            lambda it: events(it).pop("custom"),
            "response: event 'custom' is not documented: b'{",
            id="event",
        ),
    ],
)
def test_a_lie_is_caught(exchanges: list[Exchange], lie: Callable[[Any], object], line: str) -> None:
    """By a line that names it."""
    document = deepcopy(DOCUMENT)
    lie(document)
    lines = found(document, exchanges)
    assert any(one.startswith(line) for one in lines), lines


def answered(status: int = 200, **more: Any) -> Exchange:
    """A run that was created, and an answer of this status."""
    body = b'{"run_id": "r", "thread_id": "t", "assistant_id": "a", "status": "pending"}'
    kind = {"content-type": "application/json"}
    sent = bytearray(b'{"assistant_id": "agent"}')
    return Exchange(
        RunningTest(NAME), "POST", "/runs", kind, sent, status, kind, bytearray(body), True, **more
    )


def test_a_test_fails_by_what_it_has_exchanged() -> None:
    """With its name, the request, and what is wrong."""
    fail_if_broken(Contract(DOCUMENT), [answered()])
    with pytest.raises(
        pytest.fail.Exception, match=rf"POST /runs of {NAME}: response: status 201 is not documented"
    ):
        fail_if_broken(Contract(DOCUMENT), [answered(), answered(201)])


def test_what_a_test_breaks_on_purpose_is_marked(unrecorded_server: DevServer) -> None:
    """Nothing else may be broken, and the mark has to be needed."""
    contract = Contract(DOCUMENT)
    test = RunningTest(NAME, (Explanation(("response: status 201 *",), "It is tried out."),))
    exchange = answered(201)
    exchange.context = test
    fail_if_broken(contract, [exchange], test)
    with pytest.raises(pytest.fail.Exception, match="the mark 'response: status 201 \\*' is not needed"):
        fail_if_broken(contract, [answered()], test)
    fail_if_broken(contract, [answered()], RunningTest(NAME, may_break=test.breaks))
    exchange.body[:] = b"{}"
    with pytest.raises(
        pytest.fail.Exception, match='request: the body: "assistant_id" is a required property'
    ):
        fail_if_broken(contract, [exchange], test)


@pytest.mark.breaks_contract("request: query parameter 'x' is not documented", why="it shows the mark")
def test_the_marks_of_this_test_are_in_force(
    live_server: DevServer, traffic: RecordingProxy, request: pytest.FixtureRequest
) -> None:
    """The fixture that every test with the real server has reads them, and its traffic."""
    test = the_test(request.node)
    assert test == traffic.context
    assert ["request: query parameter 'x' is not documented"] == [
        line for one in test.breaks for line in one.lines
    ]
    with RunsClient(live_server.url, api_key=None) as runs, pytest.raises(NotFoundError):
        runs.list("00000000-0000-0000-0000-000000000001", params={"x": 1})


def test_a_part_of_a_stream_is_checked_too(exchanges: list[Exchange]) -> None:
    """As far as events have come whole; half a body of JSON is not."""
    (stream,) = [one for one in exchanges if one.target.endswith("/stream")]
    document = deepcopy(DOCUMENT)
    events(document).pop("custom")
    for end, count in ((b"event: custom\r\ndata: {}", 0), (b"event: custom\r\ndata: {}\r\n\r\n", 1)):
        stream.response_body, stream.is_answered = bytearray(end), False
        assert count == len(found(document, [stream]))
    half = answered()
    half.response_body, half.is_answered = bytearray(b'{"run_id": 7'), False
    assert [] == found(DOCUMENT, [half])
    half.is_answered = True
    assert ["response: status 200: the body is not JSON: b'{\"run_id\": 7'"] == found(DOCUMENT, [half])
