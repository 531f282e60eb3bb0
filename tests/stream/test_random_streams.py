"""A million random streams: only events, ends, and errors of ours, and never a hang."""

from __future__ import annotations

import os

import pytest
from stream.random_streams import MOST_STEPS, try_all

SEED = int(os.environ.get("SEED", "20261124"))
STREAMS = 1_000_000
PARTS = 100  # many tests, so that xdist, which begins with the largest files, does not leave them to the end


@pytest.mark.exhaustive
@pytest.mark.parametrize("part", range(PARTS))
def test_a_decoder_and_a_cursor_come_to_an_end_whatever_is_sent(part: int) -> None:
    """And however connections are cut; the seed of what fails is in a note of the error."""
    first = SEED * 1000 + part * (STREAMS // PARTS)
    assert try_all(first, first + STREAMS // PARTS) < MOST_STEPS
