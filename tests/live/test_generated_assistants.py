"""The operations of assistants, and those of the server itself, by each of their four functions."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from typing import Any

import pytest
from dev_server import server_python
from langgraph_runs_api.api.assistants import (
    get_assistant,
    get_assistant_graph,
    get_assistant_schemas,
    search_assistants,
)
from langgraph_runs_api.api.system import get_info, get_ok
from langgraph_runs_api.models import Assistant, AssistantSearch, ErrorResponse, Metadata, ServerInfo

UNKNOWN = "00000000-0000-0000-0000-000000000001"
Function = Callable[..., Any]


def installed(*packages: str) -> list[str]:
    """The versions of these packages in the environment of the server."""
    program = "import sys; from importlib.metadata import version; print(*map(version, sys.argv[1:]))"
    return subprocess.check_output([server_python(), "-c", program, *packages], text=True).split()


def test_assistants_are_searched_and_read(call: Function) -> None:
    """By graph, name and metadata; in order, by pages, with the selected fields."""
    search = AssistantSearch(graph_id="subgraph", metadata=Metadata.from_dict({"created_by": "system"}))
    (assistant,) = call(search_assistants, body=search)
    assert isinstance(assistant, Assistant)
    assert ("subgraph", "subgraph", 1) == (assistant.graph_id, assistant.name, assistant.version)
    assert assistant == call(get_assistant, assistant.assistant_id)
    body = {"name": "FAIL", "sort_by": "name", "sort_order": "desc", "limit": 1, "select": ["name"]}
    names = [call(search_assistants, body={**body, "offset": offset}) for offset in (0, 1, 2)]
    assert [[{"name": "failing_inside"}], [{"name": "failing"}], []] == [
        [one.to_dict() for one in page] for page in names
    ]


def test_an_assistant_has_its_graph_and_its_schemas(call: Function) -> None:
    """Subgraphs as one node or in full; the graph also by its name."""
    plain = call(get_assistant_graph, "subgraph")
    assert ["__start__", "child", "finish", "__end__"] == [node.id for node in plain.nodes]
    assert ("child", "finish") in [(edge.source, edge.target) for edge in plain.edges]
    assert plain == call(get_assistant_graph, "subgraph", xray=False)
    for xray in (True, 1):
        shown = call(get_assistant_graph, "subgraph", xray=xray)
        assert "child:inner" in [node.id for node in shown.nodes]
    assert any(edge.conditional is True for edge in call(get_assistant_graph, "counter").edges)
    (assistant,) = call(search_assistants, body={"graph_id": "counter"})
    schemas = call(get_assistant_schemas, assistant.assistant_id)
    assert ("counter", None) == (schemas.graph_id, schemas.context_schema)
    assert {"n", "steps", "delay"} == schemas.state_schema["properties"].keys()


@pytest.mark.breaks_contract(
    'request: sort_by: "age" is not one of *',
    why="the server refuses it, and the error says why",
)
def test_a_refusal_is_an_error_response(call: Function) -> None:
    """With the message of the server, for each error that the API documents."""
    for refused, word in [
        (call(search_assistants, body={"graph_id": "nobody"}), "not found"),
        (call(search_assistants, body={"sort_by": "age"}), "sort_by"),
        (call(get_assistant, UNKNOWN), "Not Found"),
        (call(get_assistant, "agent"), "UUID"),
        (call(get_assistant_graph, UNKNOWN), "Not Found"),
        (call(get_assistant_graph, "subgraph", xray=0), "xray"),
        (call(get_assistant_schemas, UNKNOWN), "Not Found"),
    ]:
        assert isinstance(refused, ErrorResponse)
        assert word in refused.detail


@pytest.mark.breaks_contract(
    "request: query parameter 'check_db' has an invalid value: ['true']",
    why="the server refuses it, and the error says why",
)
def test_the_server_reports_its_version_and_that_it_is_up(call: Function) -> None:
    """With what it can do."""
    info = call(get_info)
    assert isinstance(info, ServerInfo)
    assert installed("langgraph-api", "langgraph") == [info.version, info.langgraph_py_version]
    assert (True, "self-hosted") == (info.flags.crons, info.host.kind)
    assert call(get_ok).ok is True
    assert call(get_ok, check_db=1).ok is True
    assert isinstance(call(get_ok, check_db="true"), ErrorResponse)
