"""`result()` of a stream on the real server is what `wait` returns or raises."""

from __future__ import annotations

from typing import Any

import pytest

from langgraph_runs import AsyncRunsClient, RunFailedError


def without_ids(values: Any) -> Any:
    """The values, without the ids of interrupts, which are new in each run."""
    asked = [interrupt["value"] for interrupt in values.get("__interrupt__", [])]
    return {**values, "__interrupt__": asked}


@pytest.mark.parametrize("mode", ["values", "updates", ["custom", "messages-tuple"]])
@pytest.mark.parametrize(
    ("graph", "given"),
    [("agent", {"text": "Ada"}), ("interrupting", {"question": "Sure?"}), ("two_interrupts", {"left": "?"})],
)
async def test_the_result_is_that_of_wait(
    runs: AsyncRunsClient, thread_id: str, graph: str, given: Any, mode: Any
) -> None:
    """Whatever the modes are, before and after the end; of a join, too."""
    stream = runs.stream(thread_id, graph, input=given, stream_mode=mode)
    result = await stream.result()
    joined = runs.join_stream(thread_id, str(stream.run_id), last_event_id=stream.position)
    assert result == await joined.result()
    assert result == await runs.join(thread_id, str(stream.run_id))
    waited = await runs.wait(thread_id, graph, input={**given, "steps": []} if graph == "agent" else given)
    if graph == "agent":
        assert result["text"] == waited["text"]
    else:
        assert without_ids(result) == without_ids(waited)
    if mode == "values":
        stateless = await runs.stream(None, graph, input=given).result()
        assert without_ids(result) == without_ids(stateless)


async def test_a_failed_run_raises_the_error_that_wait_raises(runs: AsyncRunsClient, thread_id: str) -> None:
    """With another mode than values, too."""
    for thread, mode in ((thread_id, "custom"), (None, "values")):
        options: Any = {"input": {"message": "no"}, "stream_mode": mode}
        with pytest.raises(RunFailedError, match="ValueError: no"):
            await runs.stream(thread, "failing", **options).result()
        failed = await runs.stream(thread, "failing", raise_error=False, **options).result()
        assert {"__error__": {"error": "ValueError", "message": "no"}} == failed
