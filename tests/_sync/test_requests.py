# Derived from _async/test_requests.py by `make generate`; edit that one.
"""The exact request that every method sends, over a real socket."""

from __future__ import annotations

import re
from importlib.metadata import version
from typing import Any
from uuid import UUID

import pytest
from request.option_values import ABSENT, ODD_IDS
from request.request_cases import Case, calls, streams
from servers.scripted_server import ScriptedServer, answer, events, scripted_server

from langgraph_runs import RunsClient
from langgraph_runs.request.call import REQUEST_ID

OF_EVERY_REQUEST = {
    "accept": "*/*",
    "accept-encoding": "gzip, identity",
    "connection": "keep-alive",
    "user-agent": f"langgraph-runs/{version('langgraph-runs')}",
    "x-api-key": "key",
}


@pytest.mark.parametrize("case", list(calls()), ids=str)
def test_a_call_sends_exactly_this_request(case: Case) -> None:
    """Method, path, query, headers and body are those of the table."""
    with scripted_server(*case.before, case.answer, *case.after) as server:
        with RunsClient(server.url, api_key="key") as runs:
            case.call(runs)
    _is_as_said(server, case)


@pytest.mark.parametrize("case", list(streams()), ids=str)
def test_a_stream_sends_exactly_this_request(case: Case) -> None:
    """When the stream is opened; a join without a position asks for the run before."""
    with scripted_server(*case.before, case.answer) as server:
        with RunsClient(server.url, api_key="key") as runs:
            stream = case.call(runs)
            assert server.requests == []
            with stream:
                pass
    _is_as_said(server, case)


def test_a_resumable_stateless_stream_creates_its_thread() -> None:
    """By the same request, with a new id; options that only stateless runs have are not sent."""
    with scripted_server(events(b"")) as server:
        runs = RunsClient(server.url, api_key=None)
        with runs, runs.stream(None, "agent", stream_resumable=True, on_completion="keep") as stream:
            assert UUID(stream.thread_id)
    assert f"/threads/{stream.thread_id}/runs/stream" == server.request.target
    assert {
        "assistant_id": "agent",
        "stream_resumable": True,
        "on_disconnect": "continue",
        "if_not_exists": "create",
    } == server.request.json


def test_list_all_yields_each_run_once_page_by_page() -> None:
    """A run that appears twice, because another one was started, is yielded once; a short page is the last."""
    pages = [
        b'[{"run_id": "5"}, {"run_id": "4"}]',
        b'[{"run_id": "4"}, {"run_id": "3"}]',
        b'[{"run_id": "2"}]',
    ]
    with scripted_server(*(answer(body=page) for page in pages)) as server:
        with RunsClient(server.url, api_key=None) as runs:
            everything = runs.list_all("t", page_size=2, status="success", select=["status"])
            assert ["5", "4", "3", "2"] == [run.run_id for run in everything]
    rest = "status=success&select=status&select=run_id"
    assert [f"/threads/t/runs?limit=2&offset={offset}&{rest}" for offset in (0, 2, 4)] == [
        request.target for request in server.requests
    ]


def test_list_all_ends_if_the_server_ignores_the_offset() -> None:
    """It would send the same full page forever."""
    with scripted_server(answer(body=b'[{"run_id": "2"}, {"run_id": "1"}]')) as server:
        with RunsClient(server.url, api_key=None) as runs:
            assert ["2", "1"] == [run.run_id for run in runs.list_all("t", page_size=2)]
    assert 2 == len(server.requests)


@pytest.mark.parametrize("select", ["status", ["status"], iter(["status"])])
def test_list_all_loses_no_run_whatever_fields_are_selected(select: Any) -> None:
    """It selects the id as well, to tell runs apart."""
    body = b'[{"run_id": "2", "status": "error"}, {"run_id": "1", "status": "success"}]'
    with scripted_server(answer(body=body)) as server:
        with RunsClient(server.url, api_key=None) as runs:
            everything = [run.status for run in runs.list_all("t", select=select)]
    assert ["error", "success"] == everything
    assert server.request.target.endswith("&select=status&select=run_id")


@pytest.mark.parametrize(("given", "path"), ODD_IDS)
def test_list_all_quotes_the_id(given: str, path: str) -> None:
    """As every method does."""
    with scripted_server(answer(body=b"[]")) as server:
        with RunsClient(server.url, api_key=None) as runs:
            assert [] == [run for run in runs.list_all(given)]
    assert f"/threads/{path}/runs?limit=100&offset=0" == server.request.target


@pytest.mark.parametrize("url", ["", "/", "/some/prefix", "/some/prefix/", "/pre%20fix//"])
def test_a_prefix_and_a_trailing_slash_of_the_url_work(url: str) -> None:
    """The path of a call is appended to the server's URL."""
    with scripted_server(answer(body=b"[]")) as server:
        with RunsClient(server.url + url, api_key=None) as runs:
            runs.list("t")
    assert f"{url.rstrip('/')}/threads/t/runs?limit=10&offset=0" == server.request.target


def test_a_header_of_the_callers_replaces_ours_in_any_spelling() -> None:
    """No header is sent twice: the call's override the client's, and those ours."""
    run = answer(body=b'{"run_id": "r"}')
    with scripted_server(run) as server:
        with RunsClient(server.url, api_key=None) as runs:
            runs.create("t", "agent", headers={"Content-type": "text/plain"})
    assert ["text/plain"] == server.request.header("content-type")
    with scripted_server(answer(body=b"[]")) as server:
        given = {"USER-AGENT": "mine", "X-Api-Key": "theirs", "X-More": "client"}
        with RunsClient(server.url, api_key="key", headers=given) as runs:
            runs.list("t", headers={"x-MORE": "call"})
    assert ["mine"] == server.request.header("user-agent")
    assert ["theirs"] == server.request.header("x-api-key")
    assert ["call"] == server.request.header("x-more")


def _is_as_said(server: ScriptedServer, case: Case) -> None:
    assert len(case.before) + 1 + len(case.after) == len(server.requests)
    request = server.requests[len(case.before)]
    assert (case.method, case.target) == (request.method, request.target)
    expected = {**OF_EVERY_REQUEST, "host": f"127.0.0.1:{server.port}", **case.headers}
    if "assistant_id" in str(case.body) and REQUEST_ID not in case.headers:  # it starts a run
        (nonce,) = request.header(REQUEST_ID)
        expected[REQUEST_ID] = str(UUID(nonce))
    if case.body is ABSENT:
        assert request.body == b""
        if case.method == "POST":
            expected["content-length"] = "0"
    else:
        assert case.body == request.json
        expected |= {"content-type": "application/json", "content-length": str(len(request.body))}
    assert sorted(expected.items()) == sorted((name.lower(), value) for name, value in request.headers)


@pytest.mark.parametrize("action", ["interrupt", "rollback"])
@pytest.mark.parametrize("method", ["wait", "stream"])
def test_cancel_on_exit_gives_a_stateless_run_a_thread_of_its_own(method: str, action: Any) -> None:
    """Created by the same request: on some servers, a stateless run cannot be cancelled."""
    sent = _sent_by(method, None, cancel_on_exit=action, on_completion="keep")
    (thread_id,) = re.findall(f"^/threads/(.*)/runs/{method}$", sent.target)
    assert UUID(thread_id)
    resumable = {"stream_resumable": True, "on_disconnect": "continue"} if method == "stream" else {}
    assert {"assistant_id": "agent", "if_not_exists": "create", **resumable} == sent.json


@pytest.mark.parametrize(
    ("thread_id", "options"),
    [(None, {}), (None, {"cancel_on_exit": None}), ("t", {"cancel_on_exit": "interrupt"})],
)
@pytest.mark.parametrize("method", ["wait", "stream"])
def test_no_thread_is_created_otherwise(method: str, thread_id: Any, options: Any) -> None:
    """Without cancel_on_exit, or on a thread."""
    sent = _sent_by(method, thread_id, **options)
    assert f"{'/threads/t' if thread_id else ''}/runs/{method}" == sent.target
    assert "if_not_exists" not in sent.json


@pytest.mark.parametrize("given", [{"on_disconnect": "continue"}, {"stream_resumable": False}])
@pytest.mark.parametrize("method", ["wait", "stream"])
def test_cancel_on_exit_changes_no_option_that_the_caller_gives(method: str, given: Any) -> None:
    """What a lost connection does to the run, and whether its stream can be resumed."""
    sent = _sent_by(method, None, cancel_on_exit="interrupt", **given)
    assert given.items() <= sent.json.items()


@pytest.mark.parametrize("method", ["wait", "stream"])
def test_a_stateless_run_takes_no_options_of_threads_on_its_own_thread_either(method: str) -> None:
    """It is refused, as on no thread."""
    with pytest.raises(TypeError, match="multitask_strategy"):
        _sent_by(method, None, cancel_on_exit="interrupt", multitask_strategy="reject")


def _sent_by(method: str, thread_id: Any, **options: Any) -> Any:
    """The first request of a method."""
    reply = answer(body=b"{}") if method == "wait" else events(b"data: 1\n\n")
    with scripted_server(reply) as server:
        with RunsClient(server.url, api_key=None) as runs:
            if method == "wait":
                runs.wait(thread_id, "agent", **options)
            else:
                next(runs.stream(thread_id, "agent", **options))
    return server.requests[0]


@pytest.mark.parametrize(
    ("thread_id", "options", "expected"),
    [
        (None, {}, None),
        (None, {"stream_resumable": True}, "continue"),
        (None, {"cancel_on_exit": "interrupt"}, "continue"),
        (None, {"cancel_on_exit": "interrupt", "on_disconnect": "cancel"}, "cancel"),
        ("t", {}, "continue"),
        ("t", {"on_disconnect": "cancel"}, "cancel"),
    ],
)
def test_a_run_that_can_be_resumed_survives_a_lost_connection(
    thread_id: Any, options: Any, expected: str | None
) -> None:
    """Also in Aegra, whose default differs, unless the caller says otherwise."""
    sent = _sent_by("stream", thread_id, **options)
    assert expected == sent.json.get("on_disconnect")


def test_a_request_id_of_the_callers_is_sent_unchanged() -> None:
    """Of the call or of the client; our own differs for each request."""
    run = answer(body=b'{"run_id": "r"}')
    with scripted_server(run) as server:
        with RunsClient(server.url, api_key=None) as runs:
            runs.create("t", "agent")
            runs.create("t", "agent")
            runs.create("t", "agent", headers={"X-Request-ID": "call"})
        with RunsClient(server.url, api_key=None, headers={"X-Request-Id": "client"}) as runs:
            runs.create("t", "agent")
    first, second, *others = [request.header(REQUEST_ID) for request in server.requests]
    assert ([["call"], ["client"]], True) == (others, first != second)


def test_a_request_id_of_the_client_is_sent_with_a_batch() -> None:
    """As with every other request."""
    with scripted_server(answer(body=b'[{"run_id": "r"}]')) as server:
        with RunsClient(server.url, api_key=None, headers={"X-Request-Id": "client"}) as runs:
            runs.create_batch([{"assistant_id": "agent"}])
    assert ["client"] == server.request.header(REQUEST_ID)


def test_every_request_of_a_wait_has_the_headers_and_parameters_of_the_call() -> None:
    """Also those that continue it."""
    cut = answer(body=b"{}", Content_Location="/threads/t/runs/r")[:-1]
    ended = answer(body=b'{"run_id": "r", "status": "success"}')
    state = answer(body=b'[{"values": {"a": 1}}]')
    with scripted_server(cut, ended, state) as server:
        with RunsClient(server.url, api_key=None) as runs:
            given: Any = {"headers": {"x-more": "1"}, "params": {"p": 2}}
            assert {"a": 1} == runs.wait("t", "agent", **given)
    assert ["/threads/t/runs/wait?p=2", "/threads/t/runs/r?p=2", "/threads/t/history?p=2"] == [
        request.target for request in server.requests
    ]
    assert [["1"]] * 3 == [request.header("x-more") for request in server.requests]
