"""Traces of calls to the real server."""

from __future__ import annotations

from typing import Any

import pytest
from dev_server import DevServer
from engine.variants import Variant, in_both
from langgraph_runs_api.api.threads import create_thread
from otel.traces import Traces, events, facts, id_of, parent_of

from langgraph_runs import RunFailedError


@in_both
async def test_a_wait_a_stream_and_a_failure_are_traced(
    variant: Variant, live_server: DevServer, traces: Traces
) -> None:
    """One span each, with the ids that the server has given."""
    async with variant.runs(live_server.url) as runs:
        make: Any = create_thread.asyncio if variant.is_async else create_thread.sync
        thread_id = (await variant.call(make, client=runs.api, body={})).thread_id
        await variant.call(runs.wait, thread_id, "agent", input={"text": "hi"})
        stream = runs.stream(thread_id, "agent", input={"text": "hi"})
        parts = await variant.rest(stream)
        with pytest.raises(RunFailedError):
            await variant.call(runs.wait, thread_id, "failing", input={"text": "hi"})
    waited, streamed, failed = traces.calls
    assert ["invoke_agent agent"] * 2 + ["invoke_agent failing"] == [span.name for span in traces.calls]
    assert {thread_id} == {facts(span)["gen_ai.conversation.id"] for span in traces.calls}
    assert (stream.run_id, len(parts)) == (
        facts(streamed)["langgraph.run.id"],
        facts(streamed)["langgraph.stream.events"],
    )
    assert ["first_event"] == events(streamed)
    assert ["success", "success", "error"] == [facts(span)["langgraph.run.status"] for span in traces.calls]
    assert "RunFailedError" == facts(failed)["error.type"]
    assert {id_of(span) for span in (waited, streamed, failed)} == {
        parent_of(span) for span in traces.attempts
    }
