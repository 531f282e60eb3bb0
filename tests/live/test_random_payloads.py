"""The generated functions with random payloads, valid and invalid, against the real server.

Whatever is sent, the answer has a status that openapi.yaml lists for the operation, and the type that it gives for it.
"""

from __future__ import annotations

import asyncio
import re
import uuid
from collections.abc import Iterator
from importlib import import_module
from typing import Any

import pytest
from dev_server import DevServer
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st
from langgraph_runs_api import Client
from langgraph_runs_api.api.crons import create_cron
from langgraph_runs_api.api.thread_runs import wait_thread_run
from langgraph_runs_api.api.threads import get_thread_state
from langgraph_runs_api.types import Response
from live.payloads import ALWAYS, KNOWN, SPEC, body, parameter, resolved

pytestmark = [
    pytest.mark.exhaustive,
    pytest.mark.breaks_contract("request: *", why="it sends invalid requests too", always=False),
]

EXAMPLES, EXAMPLES_WITH_RUNS = 15, 5
STARTS_OR_AWAITS = re.compile(r"/(runs|stream|wait|batch|join)$")


def operations() -> Iterator[tuple[str, dict[str, Any]]]:
    """Each operation by its path, with all its parameters."""
    for path, item in SPEC["paths"].items():
        for method, operation in item.items():
            if method != "parameters":
                parameters = [*item.get("parameters", []), *operation.get("parameters", [])]
                yield path, {**operation, "parameters": [resolved(one) for one in parameters]}


@pytest.fixture(scope="module")
def made() -> dict[str, str]:
    """Keeps the ids of `known` for the next test."""
    return {}


@pytest.fixture
def known(
    live_server: DevServer, made: dict[str, str], operation: dict[str, Any]
) -> Iterator[dict[str, str]]:
    """The ids of a thread with a run and a state, of a cron and of an assistant."""
    if not made:
        made.update(new_ids(live_server.url))
    yield made
    if operation["operationId"].startswith(("delete_", "cancel_")):
        made.clear()


def new_ids(url: str) -> dict[str, str]:
    """Creates a thread with a run, and a cron."""
    thread_id = str(uuid.uuid4())
    with Client(url) as client:
        run: Any = {"assistant_id": "agent", "input": {}, "if_not_exists": "create"}
        wait_thread_run.sync(thread_id, client=client, body=run)
        state: Any = get_thread_state.sync(thread_id, client=client)
        cron: Any = create_cron.sync(client=client, body={"assistant_id": "agent", "schedule": "0 0 1 1 *"})
    return {
        "thread_id": thread_id,
        "run_id": state.metadata["run_id"],
        "checkpoint_id": state.checkpoint_id,
        "assistant_id": cron.assistant_id,
        "cron_id": cron.cron_id,
    }


def with_known(value: Any, known: dict[str, str], name: str = "") -> Any:
    """The value with ids in place of KNOWN."""
    if isinstance(value, dict):
        return {key: with_known(one, known, key) for key, one in value.items()}
    if isinstance(value, list):
        return [with_known(one, known, name) for one in value]
    return known.get(name, known["thread_id"]) if value == KNOWN else value


def send(url: str, operation: dict[str, Any], is_async: bool, *args: Any, **kwargs: Any) -> Response[Any]:
    """Calls the operation by its detailed function."""
    folder = operation["tags"][0].replace("-", "_")
    module = import_module(f"langgraph_runs_api.api.{folder}.{operation['operationId']}")

    async def main() -> Any:
        async with Client(url) as client:
            return await module.asyncio_detailed(*args, client=client, **kwargs)

    if is_async:
        return asyncio.run(main())
    with Client(url) as client:
        return module.sync_detailed(*args, client=client, **kwargs)


def type_of(schema: dict[str, Any]) -> str:
    """The name of the type of a parsed body; "" if it can be anything."""
    if "$ref" in schema:
        return str(schema["$ref"].rpartition("/")[2])
    return {"array": "list", "integer": "int", "string": "str"}.get(schema.get("type", ""), "")


@pytest.mark.parametrize(
    ("path", "operation"), list(operations()), ids=lambda one: one["operationId"] if "tags" in one else ""
)
def test_every_answer_has_a_documented_status_and_its_type(
    path: str, operation: dict[str, Any], known: dict[str, str], live_server: DevServer
) -> None:
    """Nothing else is raised, whatever is sent."""
    examples = EXAMPLES_WITH_RUNS if STARTS_OR_AWAITS.search(path) else EXAMPLES
    parameters = {one["name"]: parameter(one) for one in operation["parameters"]}
    bodies = None
    if "requestBody" in operation:
        bodies = body(operation["requestBody"]["content"]["application/json"]["schema"])

    @settings(
        max_examples=examples,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.data())
    def drive(data: st.DataObject) -> None:
        kwargs: dict[str, Any] = {}
        for one in operation["parameters"]:
            if one.get("required") or one["name"] in ALWAYS or data.draw(st.booleans()):
                name = one["name"].lower().replace("-", "_")
                kwargs[name] = with_known(data.draw(parameters[one["name"]]), known, name)
        if bodies is not None:
            kwargs["body"] = with_known(data.draw(bodies), known)
        response = send(live_server.url, operation, data.draw(st.booleans()), **kwargs)
        note(f"{operation['operationId']} {kwargs}: {response.status_code} {response.content[:200]!r}")
        documented = resolved(operation["responses"][str(response.status_code)])
        (content,) = documented.get("content", {"": {"schema": {}}}).values()
        expected = type_of(content["schema"])
        assert not expected or expected == type(response.parsed).__name__

    drive()
