"""A million random streams: only events, ends and errors of this package, and no endless loop."""

from __future__ import annotations

import os

import pytest
from stream.random_streams import MOST_STEPS, try_all

SEED = int(os.environ.get("SEED", "20261124"))
STREAMS = 1_000_000
PARTS = 100  # many tests, so that xdist, which begins with the largest files, does not leave them to the end


@pytest.mark.exhaustive
@pytest.mark.parametrize("part", range(PARTS))
def test_every_random_stream_comes_to_an_end(part: int) -> None:
    """However its connections are cut; a failure has its seed in a note."""
    first = SEED * 1000 + part * (STREAMS // PARTS)
    assert try_all(first, first + STREAMS // PARTS) < MOST_STEPS
