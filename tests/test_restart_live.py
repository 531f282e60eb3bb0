"""A server that is stopped amid a stream and started again: the rest, or one typed error. Never silence."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from dev_server import DevServer, dev_server
from langgraph_runs_api.api.threads import create_thread
from langgraph_runs_api.models import Thread

from langgraph_runs import CustomPart, RetryPolicy, RunsClient, StreamGapError, StreamInterruptedError

EVENTS = 60


@pytest.fixture(scope="module")
def mortal() -> Iterator[DevServer]:
    """A server for these tests alone."""
    with dev_server(Path(__file__).parent / "server") as server:
        yield server


@pytest.mark.parametrize("kind", [signal.SIGTERM, signal.SIGKILL])
def test_a_restart_amid_a_stream_is_survived_or_told(mortal: DevServer, kind: signal.Signals) -> None:
    """The development server keeps a run's events in memory: what was lost with it is told, with where it was."""
    policy = RetryPolicy(attempts=200, first_delay=0.1, longest_delay=0.5)
    parts = []
    with RunsClient(mortal.url, api_key=None, retry=policy) as runs:
        thread = create_thread.sync(client=runs.api, body={})
        assert isinstance(thread, Thread)
        given = {"count": EVENTS, "delay": 0.05}
        stream = runs.stream(thread.thread_id, "custom", input=given, stream_mode="custom")
        try:
            for part in stream:
                parts.append(part)
                if len(parts) == 10:
                    again = threading.Thread(target=restart, args=(mortal, kind))
                    again.start()
        except (StreamGapError, StreamInterruptedError) as error:
            assert (stream.run_id, thread.thread_id) == (error.run_id, error.thread_id)
            assert stream.last_event_id == error.last_event_id
        else:
            assert EVENTS + 1 == len(parts)
        finally:
            again.join()
    seen = [part.data["i"] for part in parts if isinstance(part, CustomPart)]
    assert list(range(len(seen))) == seen


def restart(server: DevServer, kind: signal.Signals) -> None:
    """Stops it by a signal and starts it again."""
    server.stop(kind)
    server.start()
