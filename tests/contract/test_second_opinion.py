"""langgraph-sdk sends the same requests for the same calls, but for the differences that are explained."""

from __future__ import annotations

from pathlib import Path

import drift
import pytest
from contract.both_clients import differences, pairs, requests_of, serve
from drift_compare import explain
from servers.peer import peer

from langgraph_runs import RunsClient

EXPLANATIONS = Path(__file__).with_name("second_opinion.toml")


@pytest.fixture(scope="module")
def found() -> list[str]:
    """How the requests of both clients differ, over all calls."""
    from langgraph_sdk import get_sync_client  # takes half a second, in every process of `make test`

    lines = set()
    with (
        peer(serve) as server,
        RunsClient(server.url, api_key=None) as ours,
        get_sync_client(url=server.url, api_key=None) as theirs,
    ):
        for pair in pairs(theirs):
            here = requests_of(pair.ours, ours, server.requests)
            there = requests_of(pair.theirs, theirs, server.requests)
            assert here
            assert there
            lines |= set(differences(pair.name, here, there))
    return sorted(lines)


def test_both_clients_send_the_same_requests(found: list[str]) -> None:
    """Method, path, query and body; each difference has a reason, and no reason is left over."""
    report = explain(found, drift.explanations(EXPLANATIONS))
    assert report.is_clean, "\n".join(drift.described(report, source=EXPLANATIONS.name))
