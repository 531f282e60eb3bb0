# Derived from _async/test_live_interrupts.py by `make generate`; edit that one.
"""On the real server, every method gives interrupts in the same shape."""

from __future__ import annotations

from typing import Any

import pytest
from langgraph_runs_api.api.threads import get_thread_state
from langgraph_runs_api.models import ThreadState

from langgraph_runs import RunsClient, TasksPart, UpdatesPart, ValuesPart, interrupts_of


@pytest.mark.parametrize("graph", ["interrupting", "choosing", "two_interrupts"])
def test_every_method_gives_the_same_interrupts(runs: RunsClient, thread_id: str, graph: str) -> None:
    """Of one run on a thread: wait, join, streams and their results, and the state. Of a stateless one: all but the
    id."""
    modes: Any = ["values", "updates", "tasks"]
    created: list[Any] = []
    values = runs.wait(
        thread_id,
        graph,
        input={"question": "?"},
        stream_mode=modes,
        stream_resumable=True,
        on_run_created=lambda run_id, _: created.append(run_id),
    )
    expected = interrupts_of(values)
    assert (2 if graph == "two_interrupts" else 1) == len(expected)
    assert expected == values["__interrupt__"]
    for one in expected:
        assert {"id", "value"} == one.keys() - {"response_schema"}
    assert expected == interrupts_of(runs.join(thread_id, created[0]))

    stream = runs.join_stream(thread_id, created[0], last_event_id="-1")
    found: dict[type, list[Any]] = {ValuesPart: [], UpdatesPart: [], TasksPart: []}
    for part in stream:
        if isinstance(part, ValuesPart | UpdatesPart | TasksPart):
            found[type(part)] += part.interrupts
            if isinstance(part, ValuesPart | UpdatesPart):
                assert part.interrupts == part.data.get("__interrupt__", [])
    for interrupts in found.values():
        assert expected == sorted(interrupts, key=expected.index)
    assert expected == interrupts_of(stream.result())

    state = get_thread_state.sync(thread_id, client=runs.api)
    assert isinstance(state, ThreadState)
    assert state.interrupts
    assert expected == [interrupt.to_dict() for interrupt in state.interrupts]

    stateless = interrupts_of(runs.wait(None, graph, input={"question": "?"}))
    assert [{**one, "id": ""} for one in expected] == [{**one, "id": ""} for one in stateless]
    has_schema = ["response_schema" in one for one in expected]
    assert has_schema == ["response_schema" in one for one in stateless]
