# Derived from _async/test_live_testing_kit.py by `make generate`; edit that one.
"""What is scripted with the test kit is what the real server does: the same calls have the same results on both."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from time import sleep
from typing import Any

import httpx
from at_once import gather
from dev_server import DevServer
from langgraph_runs_api.api.threads import create_thread
from langgraph_runs_api.models import Thread

from langgraph_runs import APIError, RunError, RunsClient
from langgraph_runs.testing import (
    Fail,
    Hold,
    Interrupt,
    Pause,
    RecordingTransport,
    ReplayedServer,
    RunsServer,
    Step,
)

ALL = ["values", "updates", "custom"]
UUID = re.compile(r"[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}")

Calls = Callable[[RunsClient, str, str, Any], Any]
"""What is done, with a client, a thread, a graph and its input; it returns what came of it."""

GREETED = {"text": "Hello, hi", "steps": ["greet"]}
FINISHED = {"text": "Hello, hi", "steps": ["greet", "finish"]}
AGENT: list[Step] = [
    ("values", {"text": "hi", "steps": []}),
    ("custom", {"progress": "greeting"}),
    ("updates", {"greet": GREETED}),
    ("values", GREETED),
    ("updates", {"finish": {"steps": ["finish"]}}),
    ("values", FINISHED),
]
FAILING: list[Step] = [
    ("values", {"message": "no", "steps": []}),
    ("updates", {"prepare": {"steps": ["prepare"]}}),
    ("values", {"message": "no", "steps": ["prepare"]}),
    Fail("ValueError", "no"),
]
ASKING: list[Step] = [("values", {"question": "Go?"}), Interrupt({"question": "Go?"})]
ASKING_TWICE: list[Step] = [Interrupt({"question": "left?"}), Interrupt({"question": "right?"})]
LONG: list[Step] = [("values", {"seconds": 120, "n": 1}), ("custom", {"tick": 0}), Hold(), ("updates", {})]
COUNTING: list[Step] = [
    ("values", {"count": 6, "delay": 0.05}),
    *[step for i in range(6) for step in (("custom", {"i": i}), Pause(0.05))],
    ("updates", {"emit": None}),
]


def waits(runs: RunsClient, thread_id: str, graph: str, given: Any) -> Any:
    """Of the run itself, and afterwards."""
    run_ids: list[str] = []
    found = [runs.wait(thread_id, graph, input=given, on_run_created=lambda r, _: run_ids.append(r))]
    run = runs.get(thread_id, run_ids[0])
    return [*found, run.status, runs.join(thread_id, run_ids[0])]


def waits_and_looks(runs: RunsClient, thread_id: str, graph: str, given: Any) -> Any:
    """The failure as a value, and again from a join."""
    run_ids: list[str] = []
    try:
        runs.wait(thread_id, graph, input=given, on_run_created=lambda r, _: run_ids.append(r))
    except RunError as error:
        joined = runs.join(thread_id, run_ids[0], raise_error=False)
        return [str(error), error.status, joined, (runs.get(thread_id, run_ids[0])).status]
    raise AssertionError("the run has not failed")


def waits_stateless(runs: RunsClient, _: str, graph: str, given: Any) -> Any:
    """Without a thread."""
    return runs.wait(None, graph, input=given, raise_error=False)


def streams(runs: RunsClient, thread_id: str, graph: str, given: Any) -> Any:
    """All modes; then the run is joined from the start."""
    stream = runs.stream(thread_id, graph, input=given, stream_mode=ALL, raise_error=False)
    parts = [(part.event, part.data) for part in stream]
    again = runs.join_stream(thread_id, str(stream.run_id), last_event_id="-1", raise_error=False)
    return [parts, [(part.event, part.data) for part in again]]


def streams_one_mode(runs: RunsClient, thread_id: str, graph: str, given: Any) -> Any:
    """The events of other modes are not sent."""
    stream = runs.stream(thread_id, graph, input=given, stream_mode="custom", raise_error=False)
    parts = [(part.event, part.data) for part in stream]
    more: Any = {"last_event_id": "-1", "stream_mode": "custom"}
    joined = runs.join_stream(thread_id, str(stream.run_id), **more)
    return [parts, [(part.event, part.data) for part in joined]]


def streams_stateless(runs: RunsClient, _: str, graph: str, given: Any) -> Any:
    """Without a thread, and without ids."""
    stream = runs.stream(None, graph, input=given, stream_mode=ALL, raise_error=False)
    return [(part.event, part.data, part.id) for part in stream]


def joins_in_the_middle(runs: RunsClient, thread_id: str, graph: str, given: Any) -> Any:
    """After some events, while the run goes on."""
    first = runs.stream(thread_id, graph, input=given, stream_mode=ALL)
    parts = [(part.event, part.data) for part in [next(first) for _ in range(4)]]
    rest = runs.join_stream(thread_id, str(first.run_id), last_event_id=first.position)
    parts += [(part.event, part.data) for part in rest]
    first.close()
    return parts


def cancels(runs: RunsClient, thread_id: str, graph: str, given: Any) -> Any:
    """A run that is read."""
    stream = runs.stream(thread_id, graph, input=given, stream_mode=ALL, raise_error=False)
    parts = [next(stream) for _ in range(3)]
    run_id = str(stream.run_id)
    runs.cancel(thread_id, run_id, wait=True)
    parts += [part for part in stream]
    found: list[Any] = [(part.event, part.data) for part in parts]
    found.append((runs.get(thread_id, run_id)).status)
    return [
        *found,
        failure(lambda: runs.join(thread_id, run_id)),
        failure(lambda: runs.cancel(thread_id, run_id)),
    ]


def rolls_back_a_stream(runs: RunsClient, thread_id: str, graph: str, given: Any) -> Any:
    """A run that is read."""
    stream = runs.stream(thread_id, graph, input=given, stream_mode=ALL, raise_error=False)
    parts = [next(stream) for _ in range(3)]
    runs.cancel(thread_id, str(stream.run_id), action="rollback", wait=True)

    def rest() -> Any:
        return [part.event for part in stream]

    found = failure(rest)
    return [[part.event for part in parts], found[0] if found else found]


def rolls_back(runs: RunsClient, thread_id: str, graph: str, given: Any) -> Any:
    """A run that nobody waits for."""
    run = runs.create(thread_id, graph, input=given)
    becomes_running(runs, thread_id, str(run.run_id))
    runs.cancel(thread_id, str(run.run_id), action="rollback", wait=True)
    return [failure(lambda: runs.get(thread_id, str(run.run_id))), len(runs.list(thread_id))]


def is_refused_while_busy(runs: RunsClient, thread_id: str, graph: str, given: Any) -> Any:
    """By a thread that is busy."""
    run = runs.create(thread_id, graph, input=given)
    reject: Any = {"multitask_strategy": "reject"}
    found = [
        failure(lambda: runs.create(thread_id, graph, input=given, **reject)),
        failure(lambda: runs.wait(thread_id, graph, input=given, **reject)),
    ]
    queued = runs.create(thread_id, graph, input=given)
    found.append(queued.status)
    runs.delete(thread_id, str(queued.run_id))
    runs.cancel(thread_id, str(run.run_id), wait=True)
    return found


def uses_wrong_ids(runs: RunsClient, thread_id: str, graph: str, given: Any) -> Any:
    """Unknown runs and threads, and ids that are none."""
    unknown = "00000000-0000-7000-8000-000000000000"
    return [
        failure(lambda: runs.get(thread_id, unknown)),
        failure(lambda: runs.delete(thread_id, unknown)),
        failure(lambda: runs.cancel(thread_id, unknown)),
        failure(lambda: runs.create(unknown, graph)),
        failure(lambda: runs.wait(unknown, graph)),
        failure(lambda: runs.get(thread_id, "no-id")),
    ]


def failure(call: Callable[[], Any]) -> Any:
    """The error of a call."""
    try:
        return call()
    except RunError as error:
        return [type(error).__name__, str(error)]
    except APIError as error:
        detail = error.body.get("detail") if isinstance(error.body, dict) else error.body
        return [type(error).__name__, getattr(error, "status", None), detail]


def becomes_running(runs: RunsClient, thread_id: str, run_id: str) -> None:
    """Waits until a run has begun."""
    for _ in range(1000):
        if (runs.get(thread_id, run_id)).status != "pending":
            return
        sleep(0.02)


@dataclass(frozen=True)
class Scenario:
    calls: Calls
    graph: str
    given: Any
    script: Sequence[Step]


HI, NO, GO = {"text": "hi"}, {"message": "no"}, {"question": "Go?"}
COUNT, SLOW = {"count": 6, "delay": 0.05}, {"seconds": 120, "n": 1}
SCENARIOS = [
    Scenario(waits, "agent", HI, AGENT),
    Scenario(waits, "interrupting", GO, ASKING),
    Scenario(waits, "two_interrupts", {}, ASKING_TWICE),
    Scenario(waits_and_looks, "failing", NO, FAILING),
    Scenario(waits_stateless, "agent", HI, AGENT),
    Scenario(waits_stateless, "failing", NO, FAILING),
    Scenario(waits_stateless, "interrupting", GO, ASKING),
    Scenario(streams, "agent", HI, AGENT),
    Scenario(streams, "failing", NO, FAILING),
    Scenario(streams, "interrupting", GO, ASKING),
    Scenario(streams, "two_interrupts", {}, ASKING_TWICE),
    Scenario(streams_one_mode, "agent", HI, AGENT),
    Scenario(streams_stateless, "agent", HI, AGENT),
    Scenario(streams_stateless, "failing", NO, FAILING),
    Scenario(joins_in_the_middle, "custom", COUNT, COUNTING),
    Scenario(cancels, "slow", SLOW, LONG),
    Scenario(rolls_back, "slow", SLOW, LONG),
    Scenario(rolls_back_a_stream, "slow", SLOW, LONG),
    Scenario(is_refused_while_busy, "slow", SLOW, LONG),
    Scenario(uses_wrong_ids, "agent", HI, AGENT),
]


def test_the_same_calls_have_the_same_results(live_server: DevServer) -> None:
    """Parts, values, errors and statuses; only ids differ. All at once, as the real server often waits."""
    mine = gather([partial(on_the_kit, scenario) for scenario in SCENARIOS])
    real = gather([partial(on_the_real_server, scenario, live_server) for scenario in SCENARIOS])
    for scenario, scripted, found in zip(SCENARIOS, mine, real, strict=True):
        assert found == scripted, f"{scenario.calls.__name__}, {scenario.graph}"


def on_the_kit(scenario: Scenario) -> str:
    """What comes of the calls with the script."""
    server = RunsServer()
    server.run(*scenario.script, times=None)
    with server.client() as runs:
        found = scenario.calls(runs, server.thread(), scenario.graph, scenario.given)
    assert not server.unscripted
    return without_ids(found)


def on_the_real_server(scenario: Scenario, server: DevServer) -> str:
    """What comes of the calls with the graph."""
    with RunsClient(server.url, api_key=None) as runs:
        thread = create_thread.sync(client=runs.api, body={})
        assert isinstance(thread, Thread)
        found = scenario.calls(runs, thread.thread_id, scenario.graph, scenario.given)
    return without_ids(found)


def without_ids(found: Any) -> str:
    """The same without ids, as JSON."""
    return UUID.sub("ID", json.dumps(found, sort_keys=True, indent=0))


def test_a_cut_has_the_same_result(live_server: DevServer) -> None:
    """After some events of a run that goes on: each event once."""
    counts = (1, 4, 7)
    real = gather([partial(cut_on_the_real_server, count, live_server) for count in counts])
    for count, found in zip(counts, real, strict=True):
        server = RunsServer()
        server.run(*COUNTING)
        server.drop(events=count)
        with server.client() as runs:
            scripted = streams(runs, server.thread(), "custom", COUNT)
        assert found == without_ids(scripted), count


def cut_on_the_real_server(events: int, server: DevServer) -> str:
    """What comes of a stream that is cut after so many events."""
    http = httpx.Client(transport=CutTransport(events))
    with http, RunsClient(server.url, api_key=None, http_client=http) as runs:
        thread = create_thread.sync(client=runs.api, body={})
        assert isinstance(thread, Thread)
        return without_ids(streams(runs, thread.thread_id, "custom", COUNT))


def test_a_real_exchange_is_recorded_and_played_back(live_server: DevServer, tmp_path: Path) -> None:
    """With the cut of a stream, and without the key."""
    path = tmp_path / "run.jsonl"
    http = httpx.Client(transport=RecordingTransport(path, CutTransport(3)))
    with http, RunsClient(live_server.url, api_key="canary", http_client=http) as runs:
        thread = create_thread.sync(client=runs.api, body={})
        assert isinstance(thread, Thread)
        recorded = streams(runs, thread.thread_id, "agent", HI)
    replayed = ReplayedServer(path)
    with replayed.client() as runs:
        assert recorded == streams(runs, thread.thread_id, "agent", HI)
    assert "canary" not in path.read_text("utf-8")
    assert ["POST /threads"] == replayed.unused


class CutTransport(httpx.HTTPTransport):
    """Cuts the first stream after some events."""

    def __init__(self, events: int) -> None:
        super().__init__()
        self.left = events

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        response = super().handle_request(request)
        if self.left and request.url.path.endswith("/stream"):
            assert isinstance(response.stream, httpx.SyncByteStream)
            response.stream = Cut(response.stream, self.left)
            self.left = 0
        return response


class Cut(httpx.SyncByteStream):
    """A stream up to the end of some event, and then an error."""

    def __init__(self, stream: httpx.SyncByteStream, events: int) -> None:
        self.stream = stream
        self.events = events

    def __iter__(self) -> Iterator[bytes]:
        seen = b""
        for piece in self.stream:
            seen += piece
            ends = [found.end() for found in re.finditer(rb"event: [^\n]*\n(?:[^\n]+\n)*?\r\n", seen)]
            if len(ends) >= self.events:
                yield piece[: len(piece) - (len(seen) - ends[self.events - 1])]
                raise httpx.RemoteProtocolError("cut")
            yield piece

    def close(self) -> None:
        self.stream.close()
