"""Ctrl-C while a process waits for a run of the real server, or reads its stream."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from dev_server import DevServer
from langgraph_runs_api.api.threads import create_thread
from langgraph_runs_api.models import Thread
from live.second_client import has_values
from wait_until import wait_until

from langgraph_runs import RunsClient

SCRIPT = Path(__file__).parent / "signals_script.py"


@contextmanager
def started(*arguments: str) -> Iterator[subprocess.Popen[str]]:
    """The script in a process of its own, once its run has been created; killed afterwards."""
    command = [sys.executable, "-W", "error", "-X", "dev", str(SCRIPT), *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            assert "begun\n" == process.stdout.readline()
            yield process
        finally:
            process.kill()


@pytest.mark.parametrize("action", ["interrupt", None])
@pytest.mark.parametrize("method", ["wait", "stream"])
@pytest.mark.parametrize("variant", ["sync", "async"])
def test_ctrl_c_ends_the_process_and_with_cancel_on_exit_the_run(
    live_server: DevServer, variant: str, method: str, action: str | None
) -> None:
    """The process ends long before the run would, by a KeyboardInterrupt and without a warning."""
    expected = "interrupted" if action else "running"
    with RunsClient(live_server.url, api_key=None) as runs:
        thread = create_thread.sync(client=runs.api, body={})
        assert isinstance(thread, Thread)
        arguments = [variant, method, live_server.url, thread.thread_id, *([action] if action else [])]
        with started(*arguments) as process:
            wait_until(lambda: has_values(runs, thread.thread_id))  # its node is running
            (run,) = runs.list(thread.thread_id)
            process.send_signal(signal.SIGINT)
            _, said = process.communicate(timeout=120)
            # The server accepts a cancel before it has stopped the run.
            wait_until(lambda: runs.get(thread.thread_id, run.run_id).status == expected)
        assert "KeyboardInterrupt" == said.strip().splitlines()[-1], said
        assert "Warning" not in said
        assert -signal.SIGINT == process.returncode
        if not action:
            runs.cancel(thread.thread_id, run.run_id)
