"""Calls of the generated functions, and of langgraph-sdk: threads, states, crons and assistants."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from types import ModuleType
from typing import Any

from langgraph_runs_api.api.assistants import (
    get_assistant,
    get_assistant_graph,
    get_assistant_schemas,
    search_assistants,
)
from langgraph_runs_api.api.crons import (
    count_crons,
    create_cron,
    create_thread_cron,
    delete_cron,
    search_crons,
    update_cron,
)
from langgraph_runs_api.api.threads import (
    copy_thread,
    count_threads,
    create_thread,
    delete_thread,
    get_thread,
    get_thread_history,
    get_thread_state,
    get_thread_state_at,
    get_thread_state_at_checkpoint,
    search_threads,
    stream_thread,
    update_thread,
    update_thread_state,
)

UPDATE = {"as_node": "n", "values": {"x": 1}, "command": {"goto": "m"}}
PAGE = {"limit": 5, "offset": 2, "sort_order": "desc"}
CHECKPOINT = {"checkpoint_ns": "", "checkpoint_id": "c"}
RUN_OPTIONS: dict[str, Any] = {
    "input": {"x": 1},
    "metadata": {"m": 1},
    "config": {"tags": ["a"]},
    "context": {"u": 1},
    "interrupt_before": "*",
    "interrupt_after": ["n"],
    "webhook": "http://example.invalid/",
    "enabled": False,
    "timezone": "Europe/Berlin",
    "stream_mode": ["values", "custom"],
    "stream_subgraphs": True,
    "stream_resumable": False,
    "durability": "exit",
}

# The name of a method of langgraph-sdk, the operation, the arguments, and the body, whose fields are keywords there.
WITH_BODY: list[tuple[str, ModuleType, tuple[str, ...], dict[str, Any]]] = [
    ("threads.create", create_thread, (), {}),
    (
        "threads.create",
        create_thread,
        (),
        {"thread_id": "t", "metadata": {"m": 1}, "if_exists": "do_nothing"},
    ),
    ("threads.create", create_thread, (), {"ttl": {"strategy": "keep_latest", "ttl": 5}}),
    ("threads.create", create_thread, (), {"supersteps": [{"updates": [UPDATE]}]}),
    ("threads.search", search_threads, (), PAGE),
    (
        "threads.search",
        search_threads,
        (),
        {"metadata": {"m": 1}, "values": {"x": 1}, "ids": ["t"], "status": "idle", "sort_by": "status"},
    ),
    ("threads.search", search_threads, (), {"select": ["thread_id"], "extract": {"x": "values.x"}}),
    ("threads.count", count_threads, (), {"metadata": {"m": 1}, "values": {"x": 1}, "status": "busy"}),
    ("threads.update", update_thread, ("t",), {"metadata": {"m": 1}, "ttl": {"ttl": 5}}),
    ("threads.update_state", update_thread_state, ("t",), {"values": {"x": 1}, "as_node": "n"}),
    ("threads.update_state", update_thread_state, ("t",), {"values": None, "checkpoint": CHECKPOINT}),
    ("threads.update_state", update_thread_state, ("t",), {"values": {}, "checkpoint_id": "c"}),
    ("threads.get_history", get_thread_history, ("t",), {"limit": 3, "before": CHECKPOINT}),
    ("threads.get_history", get_thread_history, ("t",), {"metadata": {"r": "r"}, "checkpoint": CHECKPOINT}),
    (
        "threads.get_state",
        get_thread_state_at_checkpoint,
        ("t",),
        {"checkpoint": CHECKPOINT, "subgraphs": True},
    ),
    (
        "crons.create",
        create_cron,
        (),
        {"assistant_id": "a", "schedule": "0 0 * * *", "on_run_completed": "keep"},
    ),
    ("crons.create", create_cron, (), {"assistant_id": "a", "schedule": "0 0 * * *", **RUN_OPTIONS}),
    (
        "crons.create_for_thread",
        create_thread_cron,
        ("t",),
        {"assistant_id": "a", "schedule": "0 0 * * *", "multitask_strategy": "reject", **RUN_OPTIONS},
    ),
    (
        "crons.update",
        update_cron,
        ("c",),
        {"schedule": "0 0 * * *", "on_run_completed": "delete", **RUN_OPTIONS},
    ),
    ("crons.search", search_crons, (), {"assistant_id": "a", "thread_id": "t", "enabled": True, **PAGE}),
    ("crons.search", search_crons, (), {"metadata": {"m": 1}, "sort_by": "cron_id", "select": ["cron_id"]}),
    ("crons.count", count_crons, (), {"assistant_id": "a", "thread_id": "t", "metadata": {"m": 1}}),
    (
        "assistants.search",
        search_assistants,
        (),
        {"metadata": {"m": 1}, "graph_id": "g", "name": "n", **PAGE},
    ),
    ("assistants.search", search_assistants, (), {"sort_by": "name", "select": ["assistant_id"]}),
]

# The same for operations without a body: the keywords here, and there.
WITHOUT_BODY: list[tuple[str, ModuleType, tuple[str, ...], dict[str, Any], dict[str, Any]]] = [
    ("threads.get", get_thread, ("t",), {}, {}),
    ("threads.get", get_thread, ("t",), {"include": "ttl"}, {"include": ["ttl"]}),
    ("threads.delete", delete_thread, ("t",), {}, {}),
    ("threads.copy", copy_thread, ("t",), {}, {}),
    ("threads.get_state", get_thread_state, ("t",), {"subgraphs": True}, {"subgraphs": True}),
    ("threads.get_state", get_thread_state, ("t",), {"subgraphs": False}, {}),
    (
        "threads.join_stream",
        stream_thread,
        ("t",),
        {"stream_modes": "lifecycle"},
        {"stream_mode": "lifecycle"},
    ),
    ("crons.delete", delete_cron, ("c",), {}, {}),
    ("assistants.get", get_assistant, ("a",), {}, {}),
    ("assistants.get_graph", get_assistant_graph, ("a",), {"xray": 2}, {"xray": 2}),
    ("assistants.get_graph", get_assistant_graph, ("a",), {"xray": True}, {"xray": True}),
    ("assistants.get_schemas", get_assistant_schemas, ("a",), {}, {}),
]


@dataclass(frozen=True)
class Pair:
    """One call of both clients. What differs is reported under its name."""

    name: str
    ours: Callable[[Any], object]
    theirs: Callable[[Any], object]


def generated_pairs() -> Iterator[Pair]:
    """The operations that the wrapper does not have."""
    for name, operation, arguments, body in WITH_BODY:
        yield _pair(name, operation, arguments, {"body": body}, body)
    for name, operation, arguments, ours, theirs in WITHOUT_BODY:
        yield _pair(name, operation, arguments, ours, theirs)
    at = get_thread_state_at.sync
    yield Pair(
        "threads.get_state",
        lambda client: at("t", "c", client=client.api, subgraphs=True),
        lambda client: client.threads.get_state("t", checkpoint_id="c", subgraphs=True),
    )
    end = datetime(2030, 1, 1, tzinfo=UTC)
    ending: Any = {"assistant_id": "a", "schedule": "0 0 * * *", "end_time": end.isoformat()}
    yield _pair("crons.create", create_cron, (), {"body": ending}, {**ending, "end_time": end})


def _pair(
    name: str, operation: ModuleType, arguments: tuple[str, ...], ours: dict[str, Any], theirs: dict[str, Any]
) -> Pair:
    group, method = name.split(".")
    return Pair(
        name,
        lambda client: operation.sync(*arguments, client=client.api, **ours),
        lambda client: getattr(getattr(client, group), method)(*arguments, **theirs),
    )
