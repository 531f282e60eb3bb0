"""A server that is stopped during a run and started again: the caller gets the rest, or one typed error."""

from __future__ import annotations

import asyncio
import signal
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from dev_server import DevServer, dev_server
from langgraph_runs_api.api.threads import create_thread
from langgraph_runs_api.models import Thread

from langgraph_runs import (
    AsyncRunsClient,
    CustomPart,
    NotFoundError,
    RetryPolicy,
    RunsClient,
    StreamGapError,
    StreamInterruptedError,
)

EVENTS = 60
GIVEN = {"count": EVENTS, "delay": 0.05}
POLICY = RetryPolicy(attempts=200, first_delay=0.1, longest_delay=0.5)
REPORTED = StreamGapError, StreamInterruptedError, NotFoundError
SIGNALS = [signal.SIGTERM, signal.SIGKILL]


@pytest.fixture(scope="module")
def restarting_server() -> Iterator[DevServer]:
    """A server for these tests only."""
    with dev_server(Path(__file__).parent / "app") as server:
        yield server


class Restart:
    """Stops a server by a signal and starts it again, in a thread, at the tenth part of a stream."""

    def __init__(self, server: DevServer, kind: signal.Signals) -> None:
        self.parts: list[Any] = []
        self._server, self._kind = server, kind
        self._thread = threading.Thread(target=self._run)

    def take(self, part: Any) -> None:
        """Takes the next part."""
        self.parts.append(part)
        if len(self.parts) == 10:
            self._thread.start()

    def begin(self) -> None:
        """Restarts the server at once."""
        self._thread.start()

    def _run(self) -> None:
        self._server.stop(self._kind)
        self._server.start()

    def check(self, reported: Any, stream: Any) -> None:
        """Checks that all parts came, or that the error says where the stream ended."""
        self._thread.join()
        seen = [part.data["i"] for part in self.parts if isinstance(part, CustomPart)]
        assert list(range(len(seen))) == seen
        if reported is None:
            assert EVENTS == len(seen)
        else:
            assert (stream.run_id, stream.thread_id) == (reported.run_id, reported.thread_id)
            assert getattr(reported, "last_event_id", stream.last_event_id) == stream.last_event_id


def thread_on(runs: RunsClient) -> str:
    """The id of a new thread."""
    thread = create_thread.sync(client=runs.api, body={})
    assert isinstance(thread, Thread)
    return thread.thread_id


@pytest.mark.parametrize("kind", SIGNALS)
def test_a_restart_during_a_stream_is_survived_or_reported(
    restarting_server: DevServer, kind: signal.Signals
) -> None:
    """The development server keeps a run's events in memory: if they are lost, the error says where the stream was."""
    restart, reported = Restart(restarting_server, kind), None
    with RunsClient(restarting_server.url, api_key=None, retry=POLICY) as runs:
        stream = runs.stream(thread_on(runs), "custom", input=GIVEN, stream_mode="custom", timeout=120)
        try:
            for part in stream:
                restart.take(part)
        except REPORTED as error:
            reported = error
    restart.check(reported, stream)


@pytest.mark.parametrize("kind", SIGNALS)
async def test_a_restart_during_an_async_stream_is_survived_or_reported(
    restarting_server: DevServer, kind: signal.Signals
) -> None:
    """The same."""
    restart, reported = Restart(restarting_server, kind), None
    with RunsClient(restarting_server.url, api_key=None) as one:
        thread_id = thread_on(one)
    async with AsyncRunsClient(restarting_server.url, api_key=None, retry=POLICY) as runs:
        stream = runs.stream(thread_id, "custom", input=GIVEN, stream_mode="custom", timeout=120)
        try:
            async for part in stream:
                restart.take(part)
        except REPORTED as error:
            reported = error
    await asyncio.to_thread(restart.check, reported, stream)


def test_a_restart_before_the_first_part_is_survived_or_reported(restarting_server: DevServer) -> None:
    """A run that has not started, or whose events are lost, must not look like one without events."""
    restart, reported = Restart(restarting_server, signal.SIGTERM), None
    with RunsClient(restarting_server.url, api_key=None, retry=POLICY) as runs:
        stream = runs.stream(
            thread_on(runs), "custom", input=GIVEN, stream_mode="custom", after=1.5, timeout=120
        )
        with stream:
            restart.begin()
            try:
                for part in stream:
                    restart.parts.append(part)
            except REPORTED as error:
                reported = error
    restart.check(reported, stream)


@pytest.mark.parametrize("kind", SIGNALS)
@pytest.mark.parametrize("method", ["wait", "join"])
def test_a_wait_continues_after_a_restart(
    restarting_server: DevServer, kind: signal.Signals, method: str
) -> None:
    """With the run's values; or the run is gone, if the server had not saved it before it was killed."""
    with RunsClient(restarting_server.url, api_key=None, retry=POLICY) as runs:
        thread_id = thread_on(runs)
        restart = Restart(restarting_server, kind)
        given: Any = {"input": {"seconds": 2.0}}
        try:
            if method == "wait":
                values = runs.wait(
                    thread_id, "slow", **given, timeout=120, on_run_created=lambda *_: restart.begin()
                )
            else:
                run = runs.create(thread_id, "slow", **given)
                restart.begin()
                values = runs.join(thread_id, run.run_id, timeout=120)
            assert {"seconds": 2.0, "done": True} == values
        except NotFoundError as error:
            assert (signal.SIGKILL, thread_id) == (kind, error.thread_id)
        restart._thread.join()
