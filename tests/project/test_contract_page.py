"""docs/contract.md shows what `make drift` and a failing test print, and an explanation that there is."""

from __future__ import annotations

import json
import re
import tomllib
from typing import Any

import drift
import pytest
from contract.contract import Contract
from contract.traffic import RunningTest, fail_if_broken
from drift_compare import Explanation, differences, explain
from project.docs_blocks import ROOT, blocks, is_shown
from servers.recording_proxy import Exchange

(DIFFERENCES, TRAFFIC) = [block.text for block in blocks("docs/contract.md") if block.language == "text"]


def document(**paths: Any) -> dict[str, Any]:
    """A small description of an API."""
    return {
        "openapi": "3.1.0",
        "paths": {f"/{name.replace('__', '/')}": path for name, path in paths.items()},
    }


def body(schema: dict[str, Any]) -> dict[str, Any]:
    """An operation whose requests have such a body."""
    return {"requestBody": {"content": {"application/json": {"schema": schema}}}, "responses": {}}


def fields(required: list[str] | None = None, **properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": required or []}


def batch(*required: str) -> dict[str, Any]:
    goto = fields([*required], input={"type": "string"})
    return body({"type": "array", "items": fields(command=fields(goto=goto))})


def limit(kind: str) -> dict[str, Any]:
    return {"parameters": [{"name": "limit", "in": "query", "schema": {"type": kind}}], "responses": {}}


def strategies(*names: str) -> dict[str, Any]:
    return body(fields(multitask_strategy={"type": "string", "enum": [*names]}))


def test_the_lines_of_drift_are_those_that_it_prints() -> None:
    """Of two documents with one difference of each kind."""
    runs = "/threads/{thread_id}/runs"
    ours = document(runs={"post": body(fields())}, runs__wait={"post": body(fields())})
    theirs = document(runs__wait={"post": body(fields(webhook={"type": "string"}))})
    ours["paths"] |= {
        "/runs/batch": {"post": batch()},
        "/runs/cancel": {"post": {"responses": {"204": {}, "205": {}}}},
        runs: {"get": limit("string"), "post": strategies("reject", "queue")},
    }
    theirs["paths"] |= {
        "/runs/batch": {"post": batch("input")},
        "/runs/cancel": {"post": {"responses": {"204": {}}}},
        runs: {"get": limit("integer"), "post": strategies("reject")},
    }
    unused = Explanation(("POST /runs body.priority: only in the server's document",), "gone")
    report = explain(differences(ours, theirs), [unused])
    shown = re.sub(r"\d+ explained", "0 explained", DIFFERENCES)
    assert sorted(shown.splitlines()) == sorted(drift.described(report))


def test_the_explanation_is_one_that_there_is() -> None:
    (shown,) = [block.text for block in blocks("docs/contract.md") if block.language == "toml"]
    (explanation,) = tomllib.loads(shown)["explanation"]
    assert explanation in tomllib.loads((ROOT / "tools/drift.toml").read_text("utf-8"))["explanation"]


def test_the_message_of_a_broken_contract_is_that_of_a_failing_test() -> None:
    """For a server whose status of a run is a number."""
    run = {"run_id": "r", "thread_id": "t", "assistant_id": "a", "status": 7, "metadata": {}, "kwargs": {}}
    dates = {"created_at": "2026-01-01T00:00:00Z", "updated_at": "2026-01-01T00:00:00Z"}
    page = json.dumps([run | dates | {"multitask_strategy": "reject"}]).encode()
    exchange = Exchange(
        context=RunningTest("tests/_sync/test_x.py::test_x"),
        method="GET",
        target="/threads/1f0/runs?limit=5",
        status=200,
        response_headers={"content-type": "application/json"},
        response_body=bytearray(page),
        is_answered=True,
    )
    with pytest.raises(pytest.fail.Exception) as raised:
        fail_if_broken(Contract(drift.read(drift.SPEC)), [exchange])
    assert is_shown(TRAFFIC.strip(), str(raised.value))
