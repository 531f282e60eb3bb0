"""The generated layer alone: the operations of runs, by each of their four functions, against the real server."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from dev_server import DevServer
from langgraph_runs_api import AuthenticatedClient
from langgraph_runs_api.api.runs import cancel_runs, create_run, create_run_batch, stream_run, wait_run
from langgraph_runs_api.api.thread_runs import (
    cancel_run,
    create_thread_run,
    delete_run,
    get_run,
    join_run,
    join_run_stream,
    list_thread_runs,
    stream_thread_run,
    wait_thread_run,
)
from langgraph_runs_api.api.threads import (
    create_thread,
    delete_thread,
    get_thread,
    get_thread_history,
    get_thread_state,
)
from langgraph_runs_api.models import (
    ErrorResponse,
    Metadata,
    Run,
    RunCreateStateful,
    RunCreateStateless,
    RunsCancel,
    RunStreamStateful,
    RunStreamStateless,
    Thread,
    ThreadCreate,
    ThreadState,
    ThreadStateSearch,
)

UNKNOWN = "00000000-0000-0000-0000-000000000001"
Function = Callable[..., Any]


def test_threads(call: Function) -> None:
    """A thread is created, read, searched and deleted; afterwards it is unknown."""
    thread = call(create_thread, body=ThreadCreate(metadata=Metadata.from_dict({"a": 1})))
    assert isinstance(thread, Thread)
    assert thread.metadata
    assert {"a": 1} == thread.metadata.to_dict()
    again = call(create_thread, body={"thread_id": thread.thread_id, "if_exists": "do_nothing"})
    assert thread.thread_id == again.thread_id
    assert isinstance(call(create_thread, body={"thread_id": thread.thread_id}), ErrorResponse)
    assert "idle" == call(get_thread, thread.thread_id).status
    call(wait_thread_run, thread.thread_id, body={"assistant_id": "counter", "input": {"n": 0}})
    state = call(get_thread_state, thread.thread_id, subgraphs=True)
    assert isinstance(state, ThreadState)
    assert 3 == state.values["n"]
    states = call(get_thread_history, thread.thread_id, body=ThreadStateSearch(limit=2))
    assert [3, 2] == [one.values["n"] for one in states]
    assert call(delete_thread, thread.thread_id) is None
    assert isinstance(call(delete_thread, thread.thread_id), ErrorResponse)


def test_runs_on_a_thread(call: Function) -> None:
    """Models and plain dictionaries as bodies; every operation has a result."""
    thread_id = call(create_thread, body=ThreadCreate()).thread_id
    run = call(
        create_thread_run, thread_id, body=RunCreateStateful(assistant_id="agent", input_={"text": "a"})
    )
    assert isinstance(run, Run)
    assert "Hello, a" == call(join_run, thread_id, run.run_id)["text"]
    assert "success" == call(get_run, thread_id, run.run_id).status
    assert [run.run_id] == [
        one.run_id for one in call(list_thread_runs, thread_id, limit=5, status="success")
    ]
    body = RunStreamStateful(
        assistant_id="agent", input_={}, stream_mode=["values", "custom"], stream_resumable=True
    )
    events = call(stream_thread_run, thread_id, body=body)
    assert "event: custom" in events
    newest = call(list_thread_runs, thread_id, limit=1, select=["run_id"])[0].run_id
    assert events == call(
        join_run_stream, thread_id, newest, last_event_id="-1", stream_mode='["values","custom","metadata"]'
    )
    assert call(wait_thread_run, thread_id, body={"assistant_id": "agent", "input": None})["steps"]
    assert call(delete_run, thread_id, run.run_id) is None
    assert isinstance(call(get_run, thread_id, run.run_id), ErrorResponse)


def test_cancelling_runs(call: Function) -> None:
    """One by one, or many; for runs that have ended the result is an ErrorResponse."""
    thread_id = call(create_thread, body={}).thread_id
    ids = [
        call(create_thread_run, thread_id, body={"assistant_id": "agent", "after_seconds": 60}).run_id
        for _ in range(3)
    ]
    assert call(cancel_run, thread_id, ids[0]) is None
    assert call(cancel_run, thread_id, ids[1], wait=1, action="interrupt") == {}
    assert (
        call(cancel_runs, body=RunsCancel(thread_id=thread_id, run_ids=ids[2:]), action="interrupt") is None
    )
    assert ["interrupted"] * 3 == [run.status for run in call(list_thread_runs, thread_id)]
    assert isinstance(call(cancel_run, thread_id, ids[0]), ErrorResponse)


def test_stateless_runs(call: Function) -> None:
    """Created, streamed, awaited, in a batch."""
    assert isinstance(call(create_run, body=RunCreateStateless(assistant_id="agent")), Run)
    assert ["greet", "finish"] == call(wait_run, body=RunStreamStateless(assistant_id="agent", input_={}))[
        "steps"
    ]
    assert "event: values" in call(stream_run, body={"assistant_id": "agent", "input": {}})
    batch = call(create_run_batch, body=[{"assistant_id": "agent"}, RunCreateStateless(assistant_id="agent")])
    assert [Run, Run] == [type(run) for run in batch]


def test_a_refusal_is_an_error_response(call: Function) -> None:
    """With the message of the server, for each error that the API documents."""
    unknown = call(create_thread_run, UNKNOWN, body={"assistant_id": "agent"})
    assert isinstance(unknown, ErrorResponse)
    assert "not found" in unknown.detail
    assert isinstance(call(create_run, body={"assistant_id": "nobody"}), ErrorResponse)
    assert {"error": "HTTPException", "message": "404: Run not found"} == call(join_run, UNKNOWN, UNKNOWN)[
        "__error__"
    ]


def test_a_key_is_sent_as_x_api_key(live_server: DevServer) -> None:
    """The authenticated client sends the bare key under the name that the server expects."""
    with AuthenticatedClient(live_server.url, token="wrong-key") as client:
        refused = get_thread.sync(UNKNOWN, client=client)
    assert isinstance(refused, ErrorResponse)
    assert "key" in refused.detail
