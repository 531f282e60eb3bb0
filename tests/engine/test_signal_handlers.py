"""Signal handlers that call a sync client while the main thread is inside of one of its methods."""

from __future__ import annotations

import subprocess

import pytest
from engine.script_runner import ended
from servers.faltering_server import faltering
from servers.peer import peer
from servers.runs_peer import runs_server
from wait_until import wait_until


@pytest.mark.parametrize("scenario", ["calls", "raises"])
def test_a_signal_handler_may_call_the_client_whose_method_it_interrupts(scenario: str) -> None:
    """With max_concurrency=1, at any moment: no deadlock, and no slot or connection is lost."""
    with peer(faltering("")) as server:
        end = ended("handler_scenarios.py", scenario, "sync", server.url, "2")
        assert ("", 0) == (end.err, end.status), end.err
        assert "0 sockets\n" == end.out


def test_a_signal_handler_may_call_the_client_whose_method_waits_for_a_slot() -> None:
    def meanwhile(process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        assert "now\n" == process.stdout.readline()
        wait_until(lambda: bool(server.requests))
        assert not server.until(lambda: len(server.requests) > 1, seconds=0.5)
        server.may_continue.set()

    with peer(runs_server) as server:
        end = ended("handler_scenarios.py", "waits", "sync", server.url, "0", meanwhile=meanwhile)
    assert ("", 0) == (end.err, end.status), end.err
    assert "2 found\n0 sockets\n" == end.out
