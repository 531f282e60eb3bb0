"""Whether the engine sends, and whether calls and streams work."""

from __future__ import annotations

from typing import Any

import pytest
from engine.variants import Variant
from servers.runs_peer import LAST


def by_engine(caplog: pytest.LogCaptureFixture) -> bool:
    """Whether the engine has opened a connection since the last check."""
    made = [
        one for one in caplog.records if one.name == "langgraph_runs.engine" and "made" in one.getMessage()
    ]
    caplog.clear()
    return bool(made)


async def is_served(variant: Variant, runs: Any) -> None:
    """Checks that a call and a stream work."""
    assert "r" == (await variant.call(runs.get, "t", "r")).run_id
    assert LAST == len(await variant.rest(runs.stream("t", "agent")))
