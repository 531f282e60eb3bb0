"""Runs a flow step by step, with answers from the test, and without waiting."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from langgraph_runs.request.call import Call
from langgraph_runs.run.retrying import Flow, Pause


def first(flow: Flow[Any]) -> Call[Any]:
    """The first call of a flow."""
    call = next(flow)
    assert isinstance(call, Call)
    return call


def followed(flow: Flow[Any], answers: Sequence[Any]) -> tuple[Any, list[str]]:
    """The result of a flow whose calls get these answers (an exception is thrown), and its steps: "GET /path", or
    "pause" if it waits."""
    sent: list[str] = []
    remaining = list(answers)
    try:
        step = next(flow)
        while True:
            if isinstance(step, Pause):
                sent.append("pause")
                step = flow.send(None)
                continue
            sent.append(f"{step.method} {step.path}")
            answer = remaining.pop(0)
            step = flow.throw(answer) if isinstance(answer, Exception) else flow.send(answer)
    except StopIteration as end:
        assert not remaining
        return end.value, sent
