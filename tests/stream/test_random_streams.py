"""Random streams: only events, ends and errors of this package, and no endless loop.

`FUZZ=5 pytest ...` tries five times as many, a million; `SEED=...` tries others.
"""

from __future__ import annotations

import os

import pytest
from stream.random_streams import MOST_STEPS, try_all

SEED = int(os.environ.get("SEED", "20261124"))
STREAMS = int(os.environ.get("FUZZ", "1")) * 200_000
PARTS = 20


@pytest.mark.exhaustive
@pytest.mark.parametrize("part", range(PARTS))
def test_every_random_stream_comes_to_an_end(part: int) -> None:
    """However its connections are cut; a failure has its seed in a note."""
    first = SEED * 1000 + part * (STREAMS // PARTS)
    assert try_all(first, first + STREAMS // PARTS) < MOST_STEPS
