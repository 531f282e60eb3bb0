"""Interrupts have one shape, however a server sends them."""

from __future__ import annotations

from typing import Any

import pytest

from langgraph_runs import TasksPart, UpdatesPart, ValuesPart, interrupts_of

SCHEMA = {"type": "string"}


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ({"value": 1, "id": "i", "response_schema": None}, {"id": "i", "value": 1}),
        ({"id": "i", "value": 1}, {"id": "i", "value": 1}),
        (
            {"value": 1, "id": "i", "response_schema": SCHEMA},
            {"id": "i", "value": 1, "response_schema": SCHEMA},
        ),
        ({"value": 1}, {"id": None, "value": 1}),
        ({"value": 1, "interrupt_id": "i"}, {"id": "i", "value": 1}),
        (
            {"value": 1, "resumable": True, "ns": ["a"], "when": "during"},
            {"id": None, "value": 1, "resumable": True, "ns": ["a"], "when": "during"},
        ),
        ({"id": "i", "value": None}, {"id": "i", "value": None}),
    ],
)
def test_every_form_becomes_the_one_shape(sent: Any, expected: Any) -> None:
    """Id and value first; nothing is lost but a schema of null. What is given is not changed."""
    given = {"a": 1, "__interrupt__": [dict(sent)]}
    for kind in (ValuesPart, UpdatesPart):
        part = kind("values", given)
        assert {"a": 1, "__interrupt__": [expected]} == part.data
        assert [expected] == part.interrupts
        assert ["id", "value"] == list(part.data["__interrupt__"][0])[:2]
    assert {"a": 1, "__interrupt__": [sent]} == given
    assert [expected] == interrupts_of(given)
    task: Any = {"id": "t", "name": "ask", "result": {}, "interrupts": [dict(sent)]}
    assert [expected] == TasksPart("tasks", task).interrupts
    assert [sent] == task["interrupts"]


@pytest.mark.parametrize(
    "values", [None, 1, "a", [], {}, {"a": 1}, {"__interrupt__": []}, {"__interrupt__": None}]
)
def test_where_no_answer_is_waited_for_there_are_none(values: Any) -> None:
    """The data is what the server has sent."""
    assert [] == interrupts_of(values)
    for kind in (ValuesPart, UpdatesPart):
        part = kind("values", values)
        assert values is part.data
        assert [] == part.interrupts


def test_what_is_no_interrupt_remains_as_it_is() -> None:
    """A graph may have a value of this name."""
    part = ValuesPart("values", {"__interrupt__": ["a", 1]})
    assert {"__interrupt__": ["a", 1]} == part.data
    assert [] == part.interrupts
