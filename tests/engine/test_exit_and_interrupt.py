"""The end of a program, and Ctrl-C, whatever a client is doing: no hang, no open socket, no output."""

from __future__ import annotations

import signal
import subprocess
from typing import Any

import pytest
from engine.script_runner import Ended, ended
from servers.peer import Peer, peer, unresponsive_port
from servers.runs_peer import runs_server
from servers.sockets import is_connecting
from wait_until import wait_until

ENDS = [
    "with_an_open_client",
    "with_an_open_stream",
    "in_a_loop_over_a_stream",
    "in_a_generator",
    "while_a_thread_waits",
    "while_a_cycle_holds_it",
]


@pytest.mark.parametrize("variant", ["sync", "async"])
@pytest.mark.parametrize("scenario", ENDS)
def test_a_program_ends_without_a_hang_or_output(scenario: str, variant: str) -> None:
    with peer(runs_server) as server:
        end = ended("exit_scenarios.py", scenario, variant, server.url)
        assert (0, "") == (end.status, end.out + end.err), end.err
        assert server.until(lambda: not server.now or server.may_continue.set())


def test_a_program_ends_whose_loop_is_not_closed() -> None:
    with peer(runs_server) as server:
        end = ended("exit_scenarios.py", "with_a_loop_that_is_not_closed", "async", server.url)
        assert (0, "") == (end.status, end.out + end.err), end.err


def interrupted(scenario: str, variant: str, where: str) -> tuple[Ended, Peer]:
    """Runs a scenario, and sends it Ctrl-C when it is ready."""

    def meanwhile(process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        assert "now\n" == process.stdout.readline()
        if where == "connecting":
            wait_until(lambda: is_connecting(int(url.rsplit(":", 1)[1])))
        else:
            assert server.until(lambda: server.requests)
        process.send_signal(signal.SIGINT)

    with peer(runs_server) as server, unresponsive_port() as port:
        url = f"http://127.0.0.1:{port}" if where == "connecting" else server.url
        end = ended("interrupt_scenarios.py", scenario, variant, url, where, meanwhile=meanwhile)
        server.may_continue.set()
        assert server.until(lambda: not server.now)
    return end, server


WHERE: Any = pytest.mark.parametrize("where", ["connecting", "waiting", "reading", "reading_without_with"])


@pytest.mark.parametrize("variant", ["sync", "async"])
@WHERE
def test_ctrl_c_that_a_program_survives_leaves_no_connection(variant: str, where: str) -> None:
    """The connection is closed while the client is still open, and the client can be used again."""
    end, server = interrupted("interrupted", variant, where)
    assert ("", 0) == (end.err, end.status), end.err
    assert ["interrupted", "0 sockets", "0 sockets"] == end.out.split("\n")[:-1]
    assert (0 if where == "connecting" else 2) == len(server.requests)


@pytest.mark.parametrize("variant", ["sync", "async"])
@WHERE
def test_ctrl_c_ends_a_program_with_one_traceback(variant: str, where: str) -> None:
    """Python's own."""
    end, _ = interrupted("killed", variant, where)
    assert -signal.SIGINT == end.status
    assert end.err.startswith("Traceback (most recent call last)")
    assert "KeyboardInterrupt" == end.err.splitlines()[-1]
    for word in ("ignored", "never", "unclosed", "Task ", "closed", "Exception in"):
        assert word not in "".join(line for line in end.err.splitlines() if not line.startswith("  "))
