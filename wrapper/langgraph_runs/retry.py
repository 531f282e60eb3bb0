"""Try again? How long to wait? No I/O."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from langgraph_runs.errors import APIConnectionError, APIError

# Not long, but longer than the millisecond that the development server counts events by: see replay.py.
SHORTEST_DELAY = 0.005

_PASSING = (429, 502, 503, 504)


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How a stream that was cut is gone on with.

    Attributes:
        attempts: How many there may be in a row that bring nothing new; 0 switches them off.
        first_delay: The longest wait before the first of them, in seconds; doubled for each one after.
        longest_delay: Where that doubling ends, in seconds.

    Example:
        RunsClient(retry=RetryPolicy(attempts=3))
    """

    attempts: int = 10
    first_delay: float = 0.1
    longest_delay: float = 5.0

    def __post_init__(self) -> None:
        for name in ("attempts", "first_delay", "longest_delay"):
            value = getattr(self, name)
            if not isinstance(value, int | float) or isinstance(value, bool) or not 0 <= value < float("inf"):
                raise ValueError(f"{name}={value!r} is no number of 0 or more")

    def delay(self, attempt: int, random: Random) -> float:
        """How many seconds to wait before an attempt, the first being 1: between half of its longest wait and all of
        it, so that clients that were cut off together do not come back together."""
        longest = min(self.longest_delay, self.first_delay * 2.0 ** min(attempt - 1, 60))
        return max(SHORTEST_DELAY, longest * (0.5 + random.random() / 2))


def is_passing(error: APIError) -> bool:
    """Whether the same request may well succeed a little later."""
    return isinstance(error, APIConnectionError) or error.status in _PASSING
