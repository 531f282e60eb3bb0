"""How traces are switched on and off, and what they cost where they are not."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Any

import pytest
from engine.variants import Variant, in_both
from otel.traces import Traces, facts

from langgraph_runs import RunsClient, observation
from langgraph_runs.otel import instrument, uninstrument
from langgraph_runs.testing import RunsServer


@in_both
async def test_instrumenting_twice_traces_once(
    variant: Variant, server: RunsServer, url: str, traces: Traces
) -> None:
    """The second call changes nothing."""
    other = Traces()
    instrument(other.provider, other.meter_provider)
    async with variant.runs(url) as runs:
        await variant.call(runs.create, server.thread(), "agent")
    assert ([], 1, 1) == (other.calls, len(traces.calls), len(traces.attempts))


@in_both
async def test_a_client_that_exists_already_is_traced_until_the_end(
    variant: Variant, server: RunsServer, url: str
) -> None:
    """A stream that is open then still ends its span."""
    traces, thread_id = Traces(), server.thread()
    async with variant.runs(url) as runs:
        await variant.call(runs.create, thread_id, "agent")
        instrument(traces.provider, traces.meter_provider)
        await variant.call(runs.create, thread_id, "agent")
        stream = runs.stream(thread_id, "agent")
        await variant.next(stream)
        uninstrument()
        uninstrument()
        await variant.call(runs.create, thread_id, "agent")
        assert 1 == len(traces.calls)
        await variant.rest(stream)
    assert ["create", "stream"] == [facts(span)["langgraph.client.method"] for span in traces.calls]


async def test_without_providers_the_global_ones_are_used(server: RunsServer, url: str) -> None:
    """Here, there are none: everything works, and nothing is recorded."""
    instrument()
    try:
        async with Variant("async").runs(url) as runs:
            assert {"n": 2} == await runs.wait(server.thread(), "agent")
            assert 2 == len([part async for part in runs.stream(server.thread(), "agent")])
    finally:
        uninstrument()


@in_both
async def test_metrics_count_calls_events_and_reconnects(
    variant: Variant, server: RunsServer, url: str, traces: Traces
) -> None:
    """With attributes of few values: no ids of runs and threads."""
    server.refuse(409, on="POST */runs")
    async with variant.runs(url) as runs:
        await variant.rest(runs.stream(server.thread(), "agent", stream_mode=["updates", "values"]))
        with pytest.raises(Exception, match="409"):
            await variant.call(runs.create, server.thread(), "agent")
    metrics = traces.metrics()
    assert {
        "gen_ai.client.operation.duration",
        "gen_ai.client.operation.time_to_first_chunk",
        "http.client.request.duration",
        "langgraph.client.events",
        "langgraph.client.reconnects",
    } == metrics.keys()
    about = {
        "gen_ai.operation.name": "invoke_agent",
        "gen_ai.provider.name": "langgraph",
        "gen_ai.agent.name": "agent",
        "server.address": "127.0.0.1",
        "server.port": int(url.rpartition(":")[2]),
        "langgraph.client.method": "stream",
    }
    ((events,), (reconnects,), (first,)) = (
        metrics["langgraph.client.events"],
        metrics["langgraph.client.reconnects"],
        metrics["gen_ai.client.operation.time_to_first_chunk"],
    )
    assert (4, 0, 1) == (events.value, reconnects.value, first.count)
    assert about == events.attributes == first.attributes
    stream, create = metrics["gen_ai.client.operation.duration"]
    assert (about, 1) == (stream.attributes, stream.count)
    assert "ThreadBusyError" == create.attributes["error.type"]
    assert (0.01, 81.92) == (stream.explicit_bounds[0], stream.explicit_bounds[-1])
    assert {409, 200} == {
        point.attributes["http.response.status_code"] for point in metrics["http.client.request.duration"]
    }


def test_a_stream_that_nothing_observes_takes_no_further_step(server: RunsServer) -> None:
    """A token passes through the same function as if there were no traces."""
    assert observation.observer is None
    with server.client() as runs:
        stream: Any = runs.stream(server.thread(), "agent")
        assert stream._reader._take == stream._cursor.delivery.take
        list(stream)


def test_a_call_that_nothing_observes_needs_no_tracer(server: RunsServer) -> None:
    """The package does not import one."""
    code = "import sys, langgraph_runs; langgraph_runs.RunsClient(api_key=None); print(*sys.modules)"
    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert "langgraph_runs.observation" in printed.split()
    assert not {"opentelemetry", "langgraph_runs.otel"} & set(printed.split())


def test_without_opentelemetry_the_import_says_what_to_install() -> None:
    """The name of the extra."""
    code = "import sys; sys.modules['opentelemetry'] = None; import langgraph_runs.otel"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert 1 == done.returncode
    assert 'langgraph_runs.otel needs OpenTelemetry: pip install "langgraph-runs[otel]"' in done.stderr


FORK = """
import gc, os, sys
from otel.traces import traced
from langgraph_runs.testing import Hold, RunsServer

server = RunsServer()
server.run(("values", {"n": 1}), Hold())
with traced() as traces:
    stream = server.client().stream(server.thread(), "agent")
    next(stream)
    if (child := os.fork()) == 0:
        stream.close()
        del stream
        gc.collect()
        os._exit(len(traces.calls))
    _, status = os.waitpid(child, 0)
    stream.close()
    print(os.waitstatus_to_exitcode(status), len(traces.calls))
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork")
def test_a_forked_child_does_not_end_the_span_of_its_parent() -> None:
    """The parent still reads the stream."""
    tests = os.path.dirname(os.path.dirname(__file__))
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([tests, os.environ.get("PYTHONPATH", "")])}
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", FORK],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ("0 1\n", "") == (done.stdout, done.stderr)


def test_a_copy_of_a_client_is_traced(server: RunsServer, url: str, traces: Traces) -> None:
    """With the same server, by its own options."""
    with RunsClient(url, api_key=None) as runs:
        runs.with_options(timeout=5).create(server.thread(), "agent")
    assert 1 == len(traces.calls)
