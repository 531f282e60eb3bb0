"""How the server shows runs, threads and states."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from langgraph_runs.testing.runs import Run
from langgraph_runs.testing.state import Thread

_EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
_KWARGS: dict[str, Any] = {
    "input": None,
    "command": None,
    "config": {},
    "context": None,
    "interrupt_before": None,
    "interrupt_after": None,
    "webhook": None,
    "feedback_keys": None,
    "durability": "async",
}


def time_of(number: int) -> str:
    """A time, later for a greater number."""
    return (_EPOCH + timedelta(seconds=number)).isoformat()


def assistant_id(name: Any) -> str:
    """The id of the assistant of a graph."""
    text = str(name)
    return text if text.count("-") == 4 and len(text) == 36 else str(uuid5(NAMESPACE_URL, text))


def run(one: Run) -> dict[str, Any]:
    """A run."""
    body = one.body
    config: dict[str, Any] = dict(body.get("config") or {})
    configurable: dict[str, Any] = {
        **(config.get("configurable") or {}),
        "langgraph_request_id": one.request_id,
    }
    return {
        "run_id": one.run_id,
        "thread_id": one.thread_id,
        "assistant_id": assistant_id(body.get("assistant_id")),
        "metadata": {**(body.get("metadata") or {}), "assistant_id": assistant_id(body.get("assistant_id"))},
        "status": one.status,
        "kwargs": {
            **_KWARGS,
            **{name: body[name] for name in _KWARGS if name in body},
            "config": {**config, "configurable": configurable},
            "stream_mode": one.modes,
            "temporary": one.is_temporary,
            "subgraphs": body.get("stream_subgraphs") is True,
            "resumable": one.is_resumable,
        },
        "multitask_strategy": body.get("multitask_strategy", "enqueue"),
        "created_at": time_of(one.number),
        "updated_at": time_of(one.number),
    }


def thread(one: Thread) -> dict[str, Any]:
    """A thread."""
    at = time_of(one.number)
    return {
        "thread_id": one.thread_id,
        "created_at": at,
        "updated_at": at,
        "state_updated_at": at,
        "metadata": one.metadata,
        "status": one.status,
        "config": {},
        "values": one.values or None,
        "error": one.error,
        "interrupts": {_task_id(one.last): one.interrupts} if one.interrupts else {},
    }


def state(one: Thread, of: Run | None) -> dict[str, Any]:
    """The state that a run has left; the empty one of a new thread for None."""
    if of is None:
        return {"values": {}, "next": [], "tasks": [], "metadata": None, "checkpoint": {}, "interrupts": []}
    checkpoint_id = str(uuid5(NAMESPACE_URL, of.run_id))
    has_next = bool(of.interrupts or of.failure or of.is_cancelled)
    return {
        "values": {} if of.values is None else of.values,
        "next": ["node"] if has_next else [],
        "tasks": [_task(of)] if has_next else [],
        "metadata": {"run_id": of.run_id, "thread_id": one.thread_id, "source": "loop", "step": 1},
        "created_at": time_of(of.number),
        "checkpoint": {
            "thread_id": one.thread_id,
            "checkpoint_ns": "",
            "checkpoint_id": checkpoint_id,
        },
        "parent_checkpoint": None,
        "interrupts": of.interrupts,
    }


def _task(of: Run) -> dict[str, Any]:
    failure = f"{of.failure['error']}({of.failure['message']!r})" if of.failure else None
    return {
        "id": _task_id(of),
        "name": "node",
        "path": ["node"],
        "error": failure,
        "interrupts": of.interrupts,
        "checkpoint": None,
        "state": None,
        "result": None,
    }


def _task_id(of: Run | None) -> str:
    return str(uuid5(NAMESPACE_URL, f"{of.run_id if of else ''}/task"))
