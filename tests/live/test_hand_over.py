"""One process reads ten parts of a stream and exits; another resumes, and gets exactly the rest."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from dev_server import DevServer
from langgraph_runs_api.api.threads import create_thread
from langgraph_runs_api.models import Thread

from langgraph_runs import RunsClient

SCRIPT = Path(__file__).with_name("hand_over_script.py")


def run(*arguments: str, given: str = "") -> list[str]:
    """The lines that the script prints in a process of its own."""
    command = [sys.executable, str(SCRIPT), *arguments]
    done = subprocess.run(command, check=True, input=given, capture_output=True, text=True, timeout=300)
    assert "" == done.stderr
    return done.stdout.splitlines()


def test_another_process_resumes_exactly_where_the_first_has_stopped(live_server: DevServer) -> None:
    """By the position, which is JSON."""
    with RunsClient(live_server.url, api_key=None) as runs:
        thread = create_thread.sync(client=runs.api, body={})
        assert isinstance(thread, Thread)
    *first, position = run(live_server.url, thread.thread_id)
    rest = run(live_server.url, given=position)
    parts = [json.loads(line) for line in first + rest]
    assert (10, "metadata") == (len(first), parts[0][0])
    custom = [data["i"] for event, data in parts if event == "custom"]
    assert list(range(100)) == custom
    assert ["metadata", "values"] == [event for event, _ in parts if event != "custom"]
