"""What the generated layer offers for threads beside creating, reading and deleting, by each of its four functions."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from dev_server import DevServer
from langgraph_runs_api import Client
from langgraph_runs_api.api.thread_runs import create_thread_run, wait_thread_run
from langgraph_runs_api.api.threads import (
    copy_thread,
    count_threads,
    create_thread,
    get_thread,
    get_thread_history,
    get_thread_state,
    get_thread_state_at,
    get_thread_state_at_checkpoint,
    list_thread_history,
    search_threads,
    stream_thread,
    update_thread,
    update_thread_state,
)
from langgraph_runs_api.models import (
    Checkpoint,
    CheckpointConfig,
    ErrorResponse,
    Metadata,
    StateValues,
    Thread,
    ThreadCount,
    ThreadSearch,
    ThreadState,
    ThreadStateAt,
    ThreadStateSearch,
    ThreadStateUpdate,
    ThreadStateUpdated,
    ThreadUpdate,
)

UNKNOWN = "00000000-0000-0000-0000-000000000001"
Function = Callable[..., Any]


def counted(call: Function, metadata: dict[str, Any] | None = None) -> Thread:
    """A thread on which the graph "counter" has counted to 3."""
    thread_id = call(create_thread, body={"metadata": metadata or {}}).thread_id
    assert {"n": 3} == call(wait_thread_run, thread_id, body={"assistant_id": "counter", "input": {"n": 0}})
    thread = call(get_thread, thread_id)
    assert isinstance(thread, Thread)
    return thread


def test_threads_are_searched_and_counted(call: Function) -> None:
    """By metadata, id, status and values; in order, by pages, with the selected fields and parts of the values."""
    key = {"key": str(uuid.uuid4())}
    first, second = counted(call, key), call(create_thread, body={"metadata": key})
    metadata = Metadata.from_dict(key)
    for search, expected in [
        (ThreadSearch(metadata=metadata, sort_by="created_at"), [second, first]),
        ({"metadata": key, "sort_by": "created_at", "sort_order": "asc"}, [first, second]),
        ({"metadata": key, "sort_by": "created_at", "limit": 1, "offset": 1}, [first]),
        ({"ids": [first.thread_id], "status": "idle", "values": {"n": 3}}, [first]),
        ({"metadata": key, "status": "busy"}, []),
    ]:
        assert expected == call(search_threads, body=search)
    extract = {"n": "values.n", "none": "values.more[0]"}
    body = {"ids": [first.thread_id], "select": ["thread_id"], "extract": extract}
    (selected,) = call(search_threads, body=body)
    assert {"thread_id": first.thread_id, "extracted": {"n": 3, "none": None}} == selected.to_dict()
    assert 2 == call(count_threads, body=ThreadCount(metadata=metadata, status="idle"))
    assert 0 == call(count_threads, body={"metadata": key, "status": "error"})
    assert "UUID" not in call(search_threads, body={"ids": ["7"]}).detail


def test_a_thread_is_changed_and_copied(call: Function) -> None:
    """Metadata is merged; a copy has its own id, and the same state and history."""
    thread = counted(call, {"a": 1})
    change = ThreadUpdate.from_dict({"metadata": {"b": 2}, "ttl": {"ttl": 60, "strategy": "keep_latest"}})
    changed = call(update_thread, thread.thread_id, body=change)
    assert (1, 2) == (changed.metadata["a"], changed.metadata["b"])
    assert call(update_thread, thread.thread_id, body={"metadata": {"c": 3}}, prefer="return=minimal") is None
    assert 3 == call(get_thread, thread.thread_id, include="ttl").metadata["c"]
    copied = call(copy_thread, thread.thread_id)
    assert isinstance(copied, Thread)
    assert thread.thread_id != copied.thread_id
    assert {"n": 3} == call(get_thread_state, copied.thread_id).values
    limit = {"limit": 100}
    history, same = (call(get_thread_history, one.thread_id, body=limit) for one in (thread, copied))
    assert [state.values for state in history] == [state.values for state in same]


def test_a_thread_is_created_with_a_state(call: Function) -> None:
    """By supersteps; if they cannot be applied, the thread is there without a state, and the reason is returned."""
    steps = [{"updates": [{"as_node": "count", "values": {"n": n}}]} for n in (5, 6)]
    body = {"metadata": {"graph_id": "counter"}, "supersteps": steps, "ttl": {"ttl": 60}}
    thread = call(create_thread, body=body)
    assert {"n": 6} == call(get_thread_state, thread.thread_id).values
    thread_id = str(uuid.uuid4())
    reason = call(create_thread, body={"thread_id": thread_id, "supersteps": steps})
    assert isinstance(reason, ErrorResponse)
    assert f"{thread_id} was created, but" in reason.detail
    assert thread_id == call(get_thread, thread_id).thread_id


def test_the_state_is_read_at_any_checkpoint_and_changed(call: Function) -> None:
    """By id, by checkpoint, and by pages of the history before a checkpoint."""
    thread_id = counted(call).thread_id
    newest, before = call(list_thread_history, thread_id, limit=2)
    assert ([3, 2], True) == ([newest.values["n"], before.values["n"]], isinstance(before, ThreadState))
    state = call(get_thread_state_at, thread_id, before.checkpoint_id, subgraphs=True)
    assert (before.checkpoint_id, before.values) == (state.checkpoint_id, state.values)
    at = ThreadStateAt(checkpoint=before.checkpoint, subgraphs=True)
    assert before == call(get_thread_state_at_checkpoint, thread_id, body=at)
    assert [before] == call(list_thread_history, thread_id, before=newest.checkpoint_id)
    bounded = ThreadStateSearch(before=CheckpointConfig(Checkpoint(checkpoint_id=newest.checkpoint_id)))
    assert [before] == call(get_thread_history, thread_id, body=bounded)
    change = ThreadStateUpdate(
        values=StateValues.from_dict({"n": 7}), as_node="count", checkpoint_id=before.checkpoint_id
    )
    written = call(update_thread_state, thread_id, body=change)
    assert isinstance(written, ThreadStateUpdated)
    state = call(get_thread_state, thread_id)
    assert (7, written.checkpoint_id, before.checkpoint_id) == (
        state.values["n"],
        state.checkpoint_id,
        state.parent_checkpoint_id,
    )


def test_a_thread_is_streamed(call: Function, live_server: DevServer) -> None:
    """With all its runs, from the first event on if that is requested. The stream does not end, so the four functions
    return only refusals; `request` is for a client that streams."""
    thread_id = call(create_thread, body={}).thread_id
    assert "bogus" in call(stream_thread, thread_id, stream_modes="run_modes,bogus").detail
    assert "stream ID" in call(stream_thread, thread_id, last_event_id="bogus").detail
    request = stream_thread.request(thread_id, stream_modes="run_modes", last_event_id="-")
    with Client(live_server.url) as client, client.get_httpx_client().stream(**request) as response:
        run = call(create_thread_run, thread_id, body={"assistant_id": "counter", "input": {"n": 2}})
        events = []
        for line in response.iter_lines():
            events.append(line)
            if "run_done" in line:
                break
    assert 'data: {"n":3}' in events
    assert f'data: {{"status":"run_done","run_id":"{run.run_id}"}}' == events[-1]


def test_streaming_a_thread_by_the_four_functions_ends_in_a_timeout(live_server: DevServer) -> None:
    """There is no other end."""
    timeout = httpx.Timeout(0.5, connect=5)
    with Client(live_server.url, timeout=timeout) as client, pytest.raises(httpx.ReadTimeout):
        stream_thread.sync(UNKNOWN, client=client)


@pytest.mark.breaks_contract(
    "request: values: 7 is not valid under any *",
    'request: the body: "checkpoint" is a required property',
    "request: limit: 1001 is greater than the maximum of 1000",
    'request: status: "gone" is not one of *',
    why="the server refuses it, and the error says why",
)
def test_a_refusal_is_an_error_response(call: Function) -> None:
    """With the message of the server, for each error that the API documents."""
    thread_id, busy = call(create_thread, body={}).thread_id, call(create_thread, body={}).thread_id
    call(create_thread_run, busy, body={"assistant_id": "counter", "after_seconds": 60})
    graph_needed = {"values": {"n": 1}}
    for refused, word in [
        (call(copy_thread, UNKNOWN), "Conflict"),
        (call(copy_thread, "7"), "UUID"),
        (call(update_thread, UNKNOWN, body={}), "Not Found"),
        (call(update_thread_state, UNKNOWN, body=graph_needed), "not found"),
        (call(update_thread_state, thread_id, body=graph_needed), "graph ID"),
        (call(update_thread_state, busy, body=graph_needed), "in-flight"),
        (call(update_thread_state, thread_id, body={"values": 7}), "values"),
        (call(get_thread_state_at, UNKNOWN, UNKNOWN), "not found"),
        (call(get_thread_state_at_checkpoint, thread_id, body={}), "checkpoint"),
        (call(list_thread_history, UNKNOWN), "not found"),
        (call(search_threads, body={"limit": 1001}), "maximum"),
        (call(count_threads, body={"status": "gone"}), "status"),
    ]:
        assert isinstance(refused, ErrorResponse)
        assert word in refused.detail


def test_a_slash_in_an_id_leads_to_another_path(unrecorded_server: DevServer) -> None:
    """Also if it is quoted, which is why the client refuses it."""
    other, own = f"{UNKNOWN}/runs/7", f"{UNKNOWN}/"
    with httpx.Client(base_url=unrecorded_server.url) as http:
        answers = [http.get(f"/threads/{quote(one, safe='')}") for one in (other, own)]
    assert [422, 307] == [answer.status_code for answer in answers]
    assert "Invalid run ID" in answers[0].text
    for one in (other, own):
        with pytest.raises(ValueError, match="not a valid id"):
            get_thread.request(one)
