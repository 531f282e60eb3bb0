"""Try again? How long to wait? No I/O."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import TypeAlias

from langgraph_runs.errors import APIConnectionError, APIError

log = logging.getLogger("langgraph_runs")

# Not long, but longer than the millisecond that the development server counts events by: see replay.py.
SHORTEST_DELAY = 0.005

_PASSING = (429, 502, 503, 504)
LIVES_AFTER = (
    5.0  # seconds: a connection that has held so long was worth its attempt, though nothing happened
)

OnRetry: TypeAlias = Callable[[int, float, APIError], object]


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How a call that failed is tried again, and how a stream or a wait that was cut is gone on with.

    A request that starts a run is sent again only if it cannot have reached the server, or was refused by 429, or by
    503 with Retry-After; every other one also after a lost connection and after 502, 503 and 504.

    Attributes:
        attempts: How many there may be in a row that bring nothing new, to go on with a stream, or to wait for a run;
            0 switches all of them off.
        call_attempts: How many more there may be of any other call, and of one that starts a run.
        first_delay: The longest wait before the first of them, in seconds; doubled for each one after.
        longest_delay: Where that doubling ends, in seconds.
        longest_retry_after: The longest wait that a server may ask for by `Retry-After`, in seconds.

    Example:
        RunsClient(retry=RetryPolicy(attempts=0))  # whatever fails is told at once
    """

    attempts: int = 10
    call_attempts: int = 3
    first_delay: float = 0.1
    longest_delay: float = 5.0
    longest_retry_after: float = 60.0

    def __post_init__(self) -> None:
        for name in self.__slots__:
            value = getattr(self, name)
            kinds, what = (int, "whole number") if name.endswith("attempts") else ((int, float), "number")
            if not isinstance(value, kinds) or isinstance(value, bool) or not 0 <= value < float("inf"):
                raise ValueError(f"{name}={value!r} is no {what} of 0 or more")

    def delay(self, attempt: int, random: Random) -> float:
        """How many seconds to wait before an attempt, the first being 1: between half of its longest wait and all of
        it, so that clients that were cut off together do not come back together."""
        longest = min(self.longest_delay, self.first_delay * 2.0 ** min(attempt - 1, 60))
        return max(SHORTEST_DELAY, longest * (0.5 + random.random() / 2))


class Retries:
    """What a client has to say about trying again.

    Args:
        policy: How often, and how long to wait.
        random: For the jitter.
        on_retry: Is told (attempt, delay, error) before each new attempt of a call.
        may_look: Whether a run may be looked for by the id of the request that has started it; not where all requests
            have the same one.
    """

    def __init__(
        self, policy: RetryPolicy, random: Random, on_retry: OnRetry | None = None, *, may_look: bool = True
    ) -> None:
        self.may_look = may_look
        self.policy = policy
        self.random = random
        self.on_retry = on_retry

    def of_a_call(self) -> Tries:
        """Those of a call that is answered at once, or that starts a run."""
        return Tries(self, min(self.policy.attempts, self.policy.call_attempts))

    def of_a_run(self) -> Tries:
        """Those of waiting for a run."""
        return Tries(self, self.policy.attempts)

    def delay(self, attempt: int, error: APIError | None = None) -> float:
        """How many seconds to wait before an attempt, the first being 1; longer where the server asks for it."""
        delay = self.policy.delay(attempt, self.random)
        if error is None or error.retry_after is None:
            return delay
        return max(delay, min(error.retry_after, self.policy.longest_retry_after))


class Tries:
    """Counts the attempts of one call.

    Attributes:
        most: How many there may be in a row.
    """

    def __init__(self, retries: Retries, most: int) -> None:
        self.most = most
        self._retries = retries
        self._attempt = 0

    def after(self, error: APIError) -> float:
        """How many seconds to wait before the next attempt.

        Raises:
            APIError: This one, as there is no further attempt.
        """
        if error.seconds >= LIVES_AFTER:
            self._attempt = 0
        if self._attempt >= self.most:
            raise error
        self._attempt += 1
        delay = self._retries.delay(self._attempt, error)
        log.warning("%s; attempt %d in %.2f s", error, self._attempt, delay)
        if self._retries.on_retry:
            self._retries.on_retry(self._attempt, delay, error)
        return delay


def is_passing(error: APIError) -> bool:
    """Whether the same request may well succeed a little later."""
    return isinstance(error, APIConnectionError) or error.status in _PASSING


def may_repeat(error: APIError, *, starts_a_run: bool) -> bool:
    """Whether the request that failed so may be sent again: one that starts a run must not start two."""
    if not starts_a_run:
        return is_passing(error)
    return is_passing(error) and not error.run_may_exist and error.run_id is None
