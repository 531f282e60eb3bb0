"""examples/fan_out_dask.py on the real server, with a worker process that is killed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from uuid import uuid4

from dev_server import DevServer
from langgraph_runs_api.api.threads import search_threads

from langgraph_runs import RunsClient

LIVE = Path(__file__).parent
EXAMPLES = LIVE.parents[1] / "examples"
RUNS = 24


def test_a_killed_worker_neither_repeats_nor_loses_a_run(unrecorded_server: DevServer) -> None:
    """Each payload has its outcome, once, and its thread has one run."""
    batch = str(uuid4())
    path = os.pathsep.join([str(EXAMPLES), os.environ.get("PYTHONPATH", "")])
    done = subprocess.run(
        [sys.executable, LIVE / "fan_out_script.py", batch, str(RUNS)],
        env={**os.environ, "PYTHONPATH": path, "LANGGRAPH_API_URL": unrecorded_server.url},
        capture_output=True,
        encoding="utf-8",
        timeout=600,
        check=False,
    )
    assert 0 == done.returncode, done.stderr
    outcomes = [json.loads(line) for line in done.stdout.splitlines()]
    assert [[number, {"n": number + 1, "seconds": 0.5, "done": True}] for number in range(RUNS)] == sorted(
        outcomes
    )
    with RunsClient(unrecorded_server.url, api_key=None) as runs:
        threads = search_threads.sync(client=runs.api, body={"metadata": {"batch": batch}, "limit": 2 * RUNS})
        assert isinstance(threads, list)
        assert RUNS == len(threads)
        for thread in threads:
            assert ["success"] == [run.status for run in runs.list(thread.thread_id)]
