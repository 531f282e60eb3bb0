"""openapi.yaml is complete, and everything in it has a description."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import drift
import pytest

ROOT = Path(__file__).parents[2]
SPEC: dict[str, Any] = drift.read(drift.SPEC)

ANY = "401 403 500 503"
ALWAYS = f"{ANY} 422"
CREATED = f"{ALWAYS} 200 400 404 409 413"
CRON = f"{ALWAYS} 200 400 404 413"
READ = f"{ALWAYS} 200 404"
DELETED = f"{ALWAYS} 204 404"
# Each with the statuses that servers send.
OPERATIONS = {
    "POST /threads/{thread_id}/runs": CREATED,
    "POST /threads/{thread_id}/runs/stream": CREATED,
    "POST /threads/{thread_id}/runs/wait": CREATED,
    "POST /runs": CREATED,
    "POST /runs/stream": CREATED,
    "POST /runs/wait": CREATED,
    "POST /runs/batch": CREATED,
    "GET /threads/{thread_id}/runs": f"{READ} 400",
    "GET /threads/{thread_id}/runs/{run_id}": READ,
    "DELETE /threads/{thread_id}/runs/{run_id}": f"{DELETED} 409",
    "GET /threads/{thread_id}/runs/{run_id}/join": READ,
    "GET /threads/{thread_id}/runs/{run_id}/stream": READ,
    "POST /threads/{thread_id}/runs/{run_id}/cancel": f"{READ} 202 204",
    "POST /runs/cancel": f"{DELETED} 413",
    "POST /threads/{thread_id}/runs/crons": CRON,
    "POST /runs/crons": CRON,
    "POST /runs/crons/search": f"{ALWAYS} 200 413",
    "POST /runs/crons/count": f"{READ} 413",
    "GET /runs/crons/{cron_id}": READ,
    "PATCH /runs/crons/{cron_id}": CRON,
    "DELETE /runs/crons/{cron_id}": DELETED,
    "POST /threads": f"{ALWAYS} 200 201 400 409 413",
    "POST /threads/search": f"{ALWAYS} 200 400 413",
    "POST /threads/count": f"{READ} 413",
    "GET /threads/{thread_id}": READ,
    "PATCH /threads/{thread_id}": f"{READ} 204 413",
    "DELETE /threads/{thread_id}": f"{DELETED} 200",
    "POST /threads/{thread_id}/copy": f"{ALWAYS} 200 400 409",
    "GET /threads/{thread_id}/state": READ,
    "POST /threads/{thread_id}/state": f"{READ} 400 409 413",
    "GET /threads/{thread_id}/state/{checkpoint_id}": READ,
    "POST /threads/{thread_id}/state/checkpoint": f"{READ} 413",
    "GET /threads/{thread_id}/history": READ,
    "POST /threads/{thread_id}/history": f"{READ} 413",
    "GET /threads/{thread_id}/stream": READ,
    "POST /assistants/search": f"{READ} 413",
    "GET /assistants/{assistant_id}": READ,
    "GET /assistants/{assistant_id}/graph": READ,
    "GET /assistants/{assistant_id}/schemas": READ,
    "GET /info": f"{ANY} 200",
    "GET /ok": f"{ANY} 200 400",
}

COMMON = {
    "input", "command", "metadata", "config", "context", "stream_mode", "stream_subgraphs", "stream_resumable",
    "after_seconds", "interrupt_before", "interrupt_after", "durability", "checkpoint_during", "webhook",
    "feedback_keys", "langsmith_tracer", "assistant_id", "strict_resume",
}  # fmt: skip
OF_CRON = COMMON - {"assistant_id", "strict_resume"} | {"schedule", "timezone", "end_time", "enabled"}
OF_NEW_CRON = OF_CRON | {"assistant_id"}
PAGE = {"limit", "offset", "sort_by", "sort_order", "select"}
ON_THREAD = COMMON | {"multitask_strategy", "if_not_exists", "checkpoint", "checkpoint_id"}
FIELDS = {
    "RunCreateStateful": ON_THREAD,
    "RunStreamStateful": ON_THREAD | {"on_disconnect"},
    "RunCreateStateless": COMMON | {"on_completion"},
    "RunStreamStateless": COMMON | {"on_completion", "on_disconnect"},
    "CronCreate": OF_NEW_CRON | {"on_run_completed"},
    "ThreadCronCreate": OF_NEW_CRON | {"multitask_strategy"},
    "CronUpdate": OF_CRON | {"on_run_completed", "multitask_strategy"},
    "CronSearch": PAGE | {"assistant_id", "thread_id", "enabled", "metadata"},
    "CronCount": {"assistant_id", "thread_id", "metadata"},
    "ThreadCreate": {"thread_id", "metadata", "if_exists", "ttl", "supersteps"},
    "Superstep": {"updates"},
    "SuperstepUpdate": {"as_node", "values", "command"},
    "Ttl": {"ttl", "strategy"},
    "ThreadUpdate": {"metadata", "ttl"},
    "ThreadCount": {"metadata", "values", "status"},
    "ThreadSearch": PAGE | {"metadata", "values", "status", "ids", "extract"},
    "ThreadStateUpdate": {"values", "as_node", "checkpoint", "checkpoint_id"},
    "ThreadStateAt": {"checkpoint", "subgraphs"},
    "ThreadStateSearch": {"limit", "before", "metadata", "checkpoint"},
    "AssistantSearch": PAGE | {"metadata", "graph_id", "name"},
    "Run": {
        "run_id", "thread_id", "assistant_id", "status", "created_at", "updated_at", "metadata", "kwargs",
        "multitask_strategy", "langsmith_session_name",
    },
    "Cron": {
        "cron_id", "schedule", "timezone", "assistant_id", "thread_id", "enabled", "next_run_date", "end_time",
        "on_run_completed", "payload", "metadata", "user_id", "created_at", "updated_at",
    },
    "Thread": {
        "thread_id", "status", "created_at", "updated_at", "state_updated_at", "metadata", "config", "values",
        "interrupts", "error", "ttl", "extracted",
    },
    "TtlInfo": {"strategy", "ttl_minutes", "expires_at"},
    "ThreadState": {
        "values", "next", "tasks", "interrupts", "checkpoint", "parent_checkpoint", "metadata", "created_at",
        "checkpoint_id", "parent_checkpoint_id",
    },
    "ThreadTask": {"id", "name", "path", "error", "interrupts", "checkpoint", "state", "result"},
    "ThreadStateUpdated": {"checkpoint", "configurable", "checkpoint_id"},
    "Assistant": {
        "assistant_id", "graph_id", "name", "description", "version", "config", "context", "metadata",
        "created_at", "updated_at",
    },
    "Graph": {"nodes", "edges"},
    "GraphNode": {"id", "type", "data", "metadata"},
    "GraphEdge": {"source", "target", "conditional", "data"},
    "GraphSchemas": {
        "graph_id", "input_schema", "output_schema", "state_schema", "config_schema", "context_schema",
    },
    "ServerInfo": {
        "version", "langgraph_py_version", "langgraph_js_version", "context", "flags", "host",
    },
    "ServerFlags": {
        "assistants", "crons", "langsmith", "langsmith_tracing_replicas", "langsmith_tracing_session_on_runs",
        "strict_resume",
    },
    "ServerHost": {"kind", "project_id", "host_revision_id", "revision_id", "tenant_id"},
    "ServerHealth": {"ok", "services"},
}  # fmt: skip
PARAMETERS = {
    "GET /threads/{thread_id}/runs": "limit offset status select",
    "GET /threads/{thread_id}/runs/{run_id}/join": "cancel_on_disconnect",
    "GET /threads/{thread_id}/runs/{run_id}/stream": "stream_mode cancel_on_disconnect Last-Event-ID",
    "POST /threads/{thread_id}/runs/{run_id}/cancel": "wait action",
    "POST /runs/cancel": "action",
    "GET /threads/{thread_id}": "include",
    "PATCH /threads/{thread_id}": "Prefer",
    "GET /threads/{thread_id}/state": "subgraphs",
    "GET /threads/{thread_id}/state/{checkpoint_id}": "subgraphs",
    "GET /threads/{thread_id}/history": "limit before",
    "GET /threads/{thread_id}/stream": "stream_modes Last-Event-ID",
    "GET /assistants/{assistant_id}/graph": "xray",
    "GET /ok": "check_db",
}


def operations() -> Iterator[tuple[str, dict[str, Any]]]:
    """Each operation as "POST /path"."""
    for path, item in SPEC["paths"].items():
        for method, operation in item.items():
            if method != "parameters":
                yield f"{method.upper()} {path}", {**operation, "parameters": [
                    *item.get("parameters", []), *operation.get("parameters", [])]}  # fmt: skip


def resolved(node: dict[str, Any]) -> dict[str, Any]:
    """The target of a $ref."""
    while "$ref" in node:
        target: Any = SPEC
        for name in node["$ref"].removeprefix("#/").split("/"):
            target = target[name]
        node = target
    return node


def properties(schema: dict[str, Any]) -> dict[str, Any]:
    """A schema's own properties and those that it inherits."""
    schema = resolved(schema)
    found = dict(schema.get("properties", {}))
    for part in schema.get("allOf", []):
        found |= properties(part)
    return found


def test_every_operation_is_there() -> None:
    """Of runs, and of what people call beside a run."""
    assert OPERATIONS.keys() == {name for name, _ in operations()}


def test_every_operation_is_called_in_a_live_test() -> None:
    """By the fixture that calls it by each of its four functions."""
    tests = "".join(path.read_text() for path in (ROOT / "tests/live").glob("test_generated*.py"))
    called = set(re.findall(r"\bcall\(\s*(\w+),?", tests))
    assert {operation["operationId"] for _, operation in operations()} <= called


@pytest.mark.parametrize(("schema", "fields"), list(FIELDS.items()))
def test_every_field_that_servers_honour_is_there(schema: str, fields: set[str]) -> None:
    """Whether or not the servers document it, and whether they send it or accept it."""
    assert fields == set(properties(SPEC["components"]["schemas"][schema]))


@pytest.mark.parametrize(("name", "operation"), list(operations()))
def test_every_operation_is_described_with_its_parameters_and_responses(
    name: str, operation: dict[str, Any]
) -> None:
    """Summary, description, parameters, and each status that servers send."""
    assert operation["summary"]
    assert operation["description"]
    assert all(resolved(resolved(one)["schema"])["description"] for one in operation["parameters"])
    parameters = [resolved(one) for one in operation["parameters"]]
    assert re.findall(r"{(\w+)}", name) == [one["name"] for one in parameters if one["in"] == "path"]
    assert PARAMETERS.get(name, "").split() == [one["name"] for one in parameters if one["in"] != "path"]
    assert {*OPERATIONS[name].split()} == set(operation["responses"])
    assert all(resolved(response)["description"] for response in operation["responses"].values())


@pytest.mark.parametrize("name", list(SPEC["components"]["schemas"]))
def test_every_field_is_described(name: str) -> None:
    """By itself, or by the schema that it refers to."""
    schema = SPEC["components"]["schemas"][name]
    assert schema["description"]
    for field, one in properties(schema).items():
        assert resolved(one).get("description"), field


def test_the_key_and_the_streams_are_declared() -> None:
    """x-api-key, which is optional, and text/event-stream."""
    scheme = SPEC["components"]["securitySchemes"]["apiKey"]
    assert ("apiKey", "header", "x-api-key") == (scheme["type"], scheme["in"], scheme["name"])
    assert [{"apiKey": []}, {}] == SPEC["security"]
    streams = {
        operation["operationId"]
        for _, operation in operations()
        if "text/event-stream" in resolved(operation["responses"].get("200", {})).get("content", {})
    }
    assert {"stream_thread_run", "join_run_stream", "stream_run", "stream_thread"} == streams
