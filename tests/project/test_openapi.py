"""openapi.yaml is complete, and everything in it has a description."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
SPEC: dict[str, Any] = yaml.safe_load((ROOT / "openapi.yaml").read_text())

ALWAYS = "401 403 422 500 503"
CREATED = "200 400 404 409 413"
# Each with the statuses that servers send, in addition to ALWAYS.
OPERATIONS = {
    "POST /threads/{thread_id}/runs": CREATED,
    "POST /threads/{thread_id}/runs/stream": CREATED,
    "POST /threads/{thread_id}/runs/wait": CREATED,
    "POST /runs": CREATED,
    "POST /runs/stream": CREATED,
    "POST /runs/wait": CREATED,
    "POST /runs/batch": CREATED,
    "GET /threads/{thread_id}/runs": "200 400 404",
    "GET /threads/{thread_id}/runs/{run_id}": "200 404",
    "DELETE /threads/{thread_id}/runs/{run_id}": "204 404",
    "GET /threads/{thread_id}/runs/{run_id}/join": "200 404",
    "GET /threads/{thread_id}/runs/{run_id}/stream": "200 404",
    "POST /threads/{thread_id}/runs/{run_id}/cancel": "200 202 204 404",
    "POST /runs/cancel": "204 404 413",
    "POST /threads": "200 409 413",
    "GET /threads/{thread_id}": "200 404",
    "DELETE /threads/{thread_id}": "204 404",
    "GET /threads/{thread_id}/state": "200 404",
    "POST /threads/{thread_id}/history": "200 404 413",
}

COMMON = {
    "input", "command", "metadata", "config", "context", "stream_mode", "stream_subgraphs", "stream_resumable",
    "after_seconds", "interrupt_before", "interrupt_after", "durability", "checkpoint_during", "webhook",
    "feedback_keys", "langsmith_tracer", "assistant_id",
}  # fmt: skip
ON_THREAD = COMMON | {"multitask_strategy", "if_not_exists", "checkpoint", "checkpoint_id"}
FIELDS = {
    "RunCreateStateful": ON_THREAD,
    "RunStreamStateful": ON_THREAD | {"on_disconnect"},
    "RunCreateStateless": COMMON | {"on_completion"},
    "RunStreamStateless": COMMON | {"on_completion", "on_disconnect"},
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


def test_every_operation_that_a_run_needs_is_there() -> None:
    """Fourteen of runs, five of threads."""
    assert OPERATIONS.keys() == {name for name, _ in operations()}


@pytest.mark.parametrize(("schema", "fields"), list(FIELDS.items()))
def test_every_field_that_servers_honour_is_there(schema: str, fields: set[str]) -> None:
    """Whether or not the servers document it."""
    assert fields <= set(properties(SPEC["components"]["schemas"][schema]))


@pytest.mark.parametrize(("name", "operation"), list(operations()))
def test_every_operation_is_described_with_its_parameters_and_responses(
    name: str, operation: dict[str, Any]
) -> None:
    """Summary, description, parameters, and each status that servers send."""
    assert operation["summary"]
    assert operation["description"]
    assert all(resolved(resolved(one)["schema"]).get("description") for one in operation["parameters"])
    assert {*ALWAYS.split(), *OPERATIONS[name].split()} == set(operation["responses"])
    assert all(resolved(response)["description"] for response in operation["responses"].values())


@pytest.mark.parametrize("name", list(SPEC["components"]["schemas"]))
def test_every_field_is_described(name: str) -> None:
    """By itself, or by the schema that it refers to."""
    schema = SPEC["components"]["schemas"][name]
    assert schema["description"]
    for field, one in schema.get("properties", {}).items():
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
    assert {"stream_thread_run", "join_run_stream", "stream_run"} == streams
