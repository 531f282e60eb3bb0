"""`asyncio.run` that ends while a stream is open prints nothing, and cancels the run if that is configured."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from engine.test_closed_streams import cancels, silent
from servers.peer import peer

SCRIPT = Path(__file__).parent / "loop_end_scenarios.py"

SCENARIOS = [
    "half_read",
    "half_iterated",
    "dropped",
    "never_read",
    "in_a_with_block",
    "in_a_loop",
    "abandoned_read",
    "never_closed",
]


@pytest.mark.parametrize("cancel", ["interrupt", ""])
@pytest.mark.parametrize("scenario", SCENARIOS)
def test_a_loop_that_ends_with_an_open_stream_prints_nothing(scenario: str, cancel: str) -> None:
    with peer(silent) as server:
        command = [sys.executable, "-X", "dev", "-W", "default", str(SCRIPT), scenario, "async", server.url]
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
        ended = subprocess.run(
            [*command, cancel], capture_output=True, text=True, timeout=60, check=False, env=environment
        )
        assert ("", "", 0) == (ended.stdout, ended.stderr, ended.returncode)
        assert server.until(lambda: not server.now)
        assert (1 if cancel else 0) == cancels(server)
