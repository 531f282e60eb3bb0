"""The operations of crons, by each of their four functions. No cron here ever starts a run."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from langgraph_runs_api.api.crons import (
    count_crons,
    create_cron,
    create_thread_cron,
    delete_cron,
    get_cron,
    search_crons,
    update_cron,
)
from langgraph_runs_api.api.threads import create_thread, delete_thread
from langgraph_runs_api.models import (
    Cron,
    CronCount,
    CronCreate,
    CronCreateDict,
    CronSearch,
    CronUpdate,
    ErrorResponse,
    Metadata,
    ThreadCronCreate,
)

UNKNOWN = "00000000-0000-0000-0000-000000000001"
NEW_YEAR = "0 0 1 1 *"
Function = Callable[..., Any]


def new_cron(metadata: dict[str, str]) -> CronCreateDict:
    """Every field of a cron."""
    return {
        "assistant_id": "counter",
        "schedule": NEW_YEAR,
        "timezone": "Europe/Berlin",
        "end_time": "2040-01-01T00:00:00Z",
        "enabled": False,
        "on_run_completed": "keep",
        "input": {"n": 1},
        "metadata": metadata,
        "config": {"tags": ["yearly"], "recursion_limit": 7},
        "context": {"name": "Ada"},
        "webhook": "http://127.0.0.1:9/hook",
        "interrupt_before": ["count"],
        "interrupt_after": "*",
        "stream_mode": ["values"],
        "stream_subgraphs": True,
        "stream_resumable": True,
        "durability": "exit",
        "after_seconds": 1.5,
        "feedback_keys": ["like"],
        "langsmith_tracer": {"project_name": "p"},
        "command": {"update": {"n": 2}},
        "checkpoint_during": False,
    }


def test_a_cron_is_created_read_changed_and_deleted(call: Function) -> None:
    """Its payload is what it was created with; a change replaces the fields that it names."""
    given = new_cron({"key": str(uuid.uuid4())})
    cron = call(create_cron, body=given)
    assert isinstance(cron, Cron)
    config = {**given["config"], "configurable": {"cron_id": cron.cron_id}}
    assert {**given, "assistant_id": cron.assistant_id, "config": config} == cron.payload.to_dict()
    assert (NEW_YEAR, "Europe/Berlin", given["end_time"]) == (cron.schedule, cron.timezone, cron.end_time)
    assert (None, "keep", False) == (cron.thread_id, cron.on_run_completed, cron.enabled)
    assert (12, 31, 23) == (cron.next_run_date.month, cron.next_run_date.day, cron.next_run_date.hour)
    assert cron == call(get_cron, cron.cron_id)
    change = CronUpdate(end_time=None, timezone="UTC", metadata=Metadata.from_dict({"more": 1}), input_=[])
    changed = call(update_cron, cron.cron_id, body=change)
    assert (None, "UTC", 1) == (changed.end_time, changed.timezone, changed.next_run_date.day)
    assert {**given["metadata"], "more": 1} == changed.metadata.to_dict()
    assert [] == changed.payload["input"]
    assert call(delete_cron, cron.cron_id) is None
    for gone in (get_cron, delete_cron):
        assert isinstance(call(gone, cron.cron_id), ErrorResponse)


def test_crons_are_searched_and_counted(call: Function) -> None:
    """By assistant, thread, metadata and whether they are enabled; in order, by pages, with the selected fields."""
    key = {"key": str(uuid.uuid4())}
    metadata = Metadata.from_dict(key)
    thread_id = call(create_thread, body={}).thread_id
    on_thread = ThreadCronCreate(
        assistant_id="counter",
        schedule=NEW_YEAR,
        metadata=metadata,
        enabled=False,
        multitask_strategy="reject",
    )
    first = call(create_thread_cron, thread_id, body=on_thread)
    assert (thread_id, None, "reject") == (
        first.thread_id,
        first.on_run_completed,
        first.payload["multitask_strategy"],
    )
    second = call(
        create_cron, body=CronCreate(assistant_id=first.assistant_id, schedule=NEW_YEAR, metadata=metadata)
    )
    for search, expected in [
        (CronSearch(metadata=metadata), [second, first]),
        ({"metadata": key, "sort_by": "created_at", "sort_order": "asc"}, [first, second]),
        ({"metadata": key, "limit": 1, "offset": 1}, [first]),
        ({"thread_id": thread_id}, [first]),
        ({"metadata": key, "enabled": True, "assistant_id": first.assistant_id}, [second]),
        ({"metadata": {"key": "another"}}, []),
    ]:
        assert expected == call(search_crons, body=search)
    (selected,) = call(search_crons, body={"thread_id": thread_id, "select": ["cron_id"]})
    assert {"cron_id": first.cron_id} == selected.to_dict()
    assert 2 == call(count_crons, body=CronCount(metadata=metadata, assistant_id=first.assistant_id))
    assert 1 == call(count_crons, body={"thread_id": thread_id})
    assert call(delete_thread, thread_id) is None
    assert [second] == call(search_crons, body={"metadata": key})
    assert call(delete_cron, second.cron_id) is None


@pytest.mark.breaks_contract(
    "request: limit: 0 is less than the minimum of 1",
    why="the server refuses it, and the error says why",
)
def test_a_refusal_is_an_error_response(call: Function) -> None:
    """With the message of the server, for each error that the API documents."""
    new = {"assistant_id": "counter", "schedule": NEW_YEAR}
    for refused, word in [
        (call(create_cron, body={**new, "schedule": "yearly"}), "schedule"),
        (call(create_cron, body={**new, "timezone": "Mars"}), "timezone"),
        (call(create_cron, body={**new, "timezone": ""}), "ZoneInfo"),
        (call(create_cron, body={**new, "assistant_id": UNKNOWN}), "not found"),
        (call(create_thread_cron, UNKNOWN, body=new), "not found"),
        (call(update_cron, UNKNOWN, body={"enabled": False}), "not found"),
        (call(update_cron, UNKNOWN, body={}), "empty"),
        (call(search_crons, body={"limit": 0}), "minimum"),
        (call(count_crons, body={"assistant_id": "counter"}), "UUID"),
    ]:
        assert isinstance(refused, ErrorResponse)
        assert word in refused.detail
