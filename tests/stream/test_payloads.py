"""The types of payloads can tell what is not declared."""

from __future__ import annotations

from typing import Any

import pytest
from live.declared import undeclared

from langgraph_runs.stream.payloads import DebugPayload, MessagePayload, TaskPayload

TASK: dict[str, Any] = {"id": "1", "name": "a", "result": {}, "error": None, "interrupts": []}


def test_what_is_declared_has_no_differences() -> None:
    assert [] == list(undeclared(TASK, TaskPayload))
    debug = {"type": "task_result", "step": 1, "timestamp": "", "payload": TASK}
    assert [] == list(undeclared(debug, DebugPayload))
    assert [] == list(undeclared({"type": "ai", "content": [{"type": "text"}], "id": None}, MessagePayload))


@pytest.mark.parametrize(
    ("changed", "line"),
    [
        ({"more": 1}, ".more, such as 1, is not declared"),
        ({"id": 1}, ".id: 1 is no <class 'str'>"),
        ({"error": {"error": "ValueError"}}, ".error.message is missing"),
        ({"interrupts": [{"id": "1"}]}, ".interrupts[].value is missing"),
    ],
)
def test_each_difference_is_found(changed: Any, line: str) -> None:
    assert [line] == list(undeclared({**TASK, **changed}, TaskPayload))
