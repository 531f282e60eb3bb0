"""After a fork, the child opens its own connections, and the parent keeps using those it had."""

from __future__ import annotations

import ssl
from collections import defaultdict
from pathlib import Path

import pytest
from engine.script_runner import ended
from servers.certificates import Authority
from servers.peer import Peer, peer
from servers.runs_peer import runs_server


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """An authority that the processes trust."""
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module")
def server_context(authority: Authority) -> ssl.SSLContext:
    """The TLS context of their server."""
    return authority.context("127.0.0.1")


def run(server: Peer, script: str, scenario: str, variant: str, trusted: Path) -> dict[int, list[str]]:
    """Runs a scenario, which must succeed; returns the paths requested on each connection."""
    environment = {"SSL_CERT_FILE": str(trusted), "SCENARIO_URL": server.url}
    end = ended(script, scenario, variant, server.url, environment=environment)
    assert (0, "") == (end.status, end.err + end.out), end.err + end.out
    paths: dict[int, list[str]] = defaultdict(list)
    for number, request in zip(server.numbers, server.requests, strict=True):
        paths[number].append(request.target)
    return paths


def processes_of(paths: list[str]) -> set[str]:
    """The processes that requested these paths."""
    return {path.split("/")[2] for path in paths}


@pytest.mark.parametrize("tls", [False, True], ids=["tcp", "tls"])
@pytest.mark.parametrize("variant", ["sync", "async"])
@pytest.mark.parametrize("scenario", ["idle", "leaves", "open_stream"])
def test_a_child_leaves_the_connections_of_its_parent_alone(
    scenario: str, variant: str, tls: bool, authority: Authority, server_context: ssl.SSLContext
) -> None:
    """Idle connections and an open stream: the child sends nothing on them, reads nothing from them, and does not close
    them."""
    with peer(runs_server, tls=server_context if tls else None) as server:
        paths = run(server, "fork_scenarios.py", scenario, variant, authority.file)
    assert [] == [path for asked in paths.values() for path in asked if "/cancel?" in path]
    by_process = {number: processes_of(asked) for number, asked in paths.items()}
    assert {1} == {len(processes) for processes in by_process.values()}
    parent = min(by_process.items())[1]
    if scenario == "leaves":
        assert [0] == [number for number, processes in by_process.items() if processes == parent]
        assert (8 if variant == "sync" else 4) == len(paths[0])


@pytest.mark.parametrize("variant", ["sync", "async"])
@pytest.mark.parametrize("scenario", ["place", "busy"])
def test_a_lock_held_by_another_thread_at_the_fork_does_not_block_the_child(
    scenario: str, variant: str, authority: Authority
) -> None:
    with peer(runs_server) as server:
        paths = run(server, "fork_lock_scenarios.py", scenario, variant, authority.file)
    assert {1} == {len(processes_of(asked)) for asked in paths.values()}


def test_a_child_can_use_a_client_whose_loop_in_the_parent_has_ended(
    authority: Authority,
) -> None:
    with peer(runs_server) as server:
        paths = run(server, "fork_scenarios.py", "after_a_loop", "async", authority.file)
    assert {1} == {len(processes_of(asked)) for asked in paths.values()}


@pytest.mark.parametrize("variant", ["sync", "async"])
@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_children_of_multiprocessing_can_use_the_client_of_a_module(
    method: str, variant: str, authority: Authority
) -> None:
    with peer(runs_server) as server:
        paths = run(server, "multiprocessing_scenarios.py", method, variant, authority.file)
    assert {1} == {len(processes_of(asked)) for asked in paths.values()}
    assert len({process for asked in paths.values() for process in processes_of(asked)}) >= 3
