"""Which requests may be repeated, and how long to wait before the next attempt. No I/O."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import TypeAlias

from langgraph_runs.errors import APIConnectionError, APIError
from langgraph_runs.logs import log

# Seconds. Longer than a millisecond, as the development server numbers events by milliseconds: see stream/replay.py.
SHORTEST_DELAY = 0.005

STABLE_AFTER = 5.0
"""Seconds: a connection that lasts this long resets the count of attempts, even if no data comes."""

_TRANSIENT_STATUSES = (429, 502, 503, 504)

OnRetry: TypeAlias = Callable[[int, float, APIError], object]


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How failed calls are retried, and how interrupted streams and waits are resumed.

    A request that starts a run is sent again only if it cannot have reached the server, or if the server refused it
    with 429, or with 503 and `Retry-After`. Every other request is sent again after a lost connection and after 429,
    502, 503 and 504.

    Args:
        attempts: How many times in a row, without any progress, to try to resume a stream or a wait; 0 disables all
            retries.
        call_attempts: How many times to retry any other call, including one that starts a run. A number above
            `attempts` counts as `attempts`.
        first_delay: The longest delay before the first attempt, in seconds. It doubles with each attempt, and the
            actual delay is a random one between half of it and all of it.
        longest_delay: The upper limit of the delay, in seconds.
        longest_retry_after: The longest delay that a server may ask for by `Retry-After`, in seconds.

    Raises:
        ValueError: A number is negative, infinite or of the wrong type.

    Example:
        RunsClient(retry=RetryPolicy(attempts=0))  # retries nothing
    """

    attempts: int = 10
    call_attempts: int = 3
    first_delay: float = 0.1
    longest_delay: float = 5.0
    longest_retry_after: float = 60.0

    def __post_init__(self) -> None:
        for name in self.__slots__:
            value = getattr(self, name)
            kinds, what = (int, "a whole number") if name.endswith("attempts") else ((int, float), "a number")
            if not isinstance(value, kinds) or isinstance(value, bool) or not 0 <= value < float("inf"):
                raise ValueError(f"{name}={value!r} must be {what} of 0 or more")

    def delay(self, attempt: int, random: Random) -> float:
        """The seconds to wait before an attempt, the first being 1: between half of its longest delay and all of it,
        so that clients that were disconnected together do not reconnect together."""
        longest = min(self.longest_delay, self.first_delay * 2.0 ** min(attempt - 1, 60))
        return max(SHORTEST_DELAY, longest * (0.5 + random.random() / 2))


class Backoff:
    """Counts consecutive failed attempts, and says how long to wait before the next one.

    Args:
        policy: How many attempts, and how long to wait.
        on_retry: Called with (attempt, delay, error) before each attempt of a call.
        random: For the jitter.
        limit: How many attempts in a row; the policy's `attempts` when not given.
    """

    def __init__(
        self,
        policy: RetryPolicy,
        on_retry: OnRetry | None = None,
        random: Random | None = None,
        limit: int | None = None,
    ) -> None:
        self.policy = policy
        self.limit = policy.attempts if limit is None else limit
        self.attempt = 0
        self._on_retry = on_retry
        self._random = random or Random()

    def for_call(self) -> Backoff:
        """A new count for a call that the server answers at once, or that starts a run."""
        limit = min(self.policy.attempts, self.policy.call_attempts)
        return Backoff(self.policy, self._on_retry, self._random, limit)

    def for_run(self) -> Backoff:
        """A new count for waiting for a run, or reading its stream."""
        return Backoff(self.policy, self._on_retry, self._random)

    def delay(self, attempt: int, error: APIError | None = None) -> float:
        """The seconds to wait before an attempt, the first being 1; longer if the server asks for it."""
        delay = self.policy.delay(attempt, self._random)
        if error is None or error.retry_after is None:
            return delay
        return max(delay, min(error.retry_after, self.policy.longest_retry_after))

    def after(self, error: APIError) -> float:
        """The seconds to wait before the next attempt.

        Raises:
            APIError: The given one, if there are no attempts left.
        """
        if self.attempt >= self.limit:
            raise error
        self.attempt += 1
        delay = self.delay(self.attempt, error)
        log.warning("%s; attempt %d in %.2f s", error, self.attempt, delay)
        if self._on_retry:
            self._on_retry(self.attempt, delay, error)
        return delay


def is_transient(error: APIError) -> bool:
    """Whether the same request may well succeed a little later."""
    return isinstance(error, APIConnectionError) or error.status in _TRANSIENT_STATUSES


def is_safe_to_retry(error: APIError, *, starts_a_run: bool) -> bool:
    """Whether a request that failed with this error may be sent again. A call must not start two runs."""
    if not starts_a_run:
        return is_transient(error)
    return is_transient(error) and not error.run_may_exist and error.run_id is None
