"""What the calls of a client inherit from it, unless a call or a copy of the client says otherwise. No I/O."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from langgraph_runs_api.models import CancelAction

from langgraph_runs.request.arguments import callback, number
from langgraph_runs.request.call import REQUEST_ID
from langgraph_runs.request.options import CancelOnExit, Inherited
from langgraph_runs.request.settings import Settings, merged
from langgraph_runs.request.validation import cancel_action
from langgraph_runs.retry import Backoff, OnRetry, RetryPolicy


@dataclass(frozen=True, slots=True, kw_only=True)
class Defaults:
    """What the calls of a client inherit from it.

    Attributes:
        settings: The URL and the headers.
        timeout: As the client takes it; the transport checks it.
        retry: How to retry and resume; a `RetryPolicy()` for None.
        cancel_on_exit: How to cancel a run whose caller leaves.
        max_event_bytes: The largest size of one event of a stream.
        on_request: As the client takes it; the transport checks it.
        on_response: The same.
        on_retry: Called before each retry.

    Raises:
        TypeError, ValueError: One of them is invalid.
    """

    settings: Settings
    timeout: Any
    retry: RetryPolicy | None
    cancel_on_exit: CancelAction | None
    max_event_bytes: int
    on_request: Any = field(repr=False)
    on_response: Any = field(repr=False)
    on_retry: OnRetry | None = field(repr=False)

    def __post_init__(self) -> None:
        _policy(self.retry)
        callback("on_retry", self.on_retry, "(attempt, delay, error)")
        number("max_event_bytes", self.max_event_bytes, least=1)
        if self.cancel_on_exit is not None:
            cancel_action("cancel_on_exit", self.cancel_on_exit)

    def changed(self, headers: Mapping[str, str] | None, given: Mapping[str, Any]) -> Defaults:
        """A copy with these headers in addition, and with other values of what is given.

        Raises:
            TypeError, ValueError: One of them is invalid.
        """
        settings = replace(self.settings, headers=merged(self.settings.headers, headers))
        return replace(self, settings=settings, **given)

    def backoff(self, options: Mapping[str, Any] | None = None) -> Backoff:
        """How often to try, and how long to wait: as the options of a call say, or this client."""
        policy = _policy((options or {}).get("retry")) or self.retry or RetryPolicy()
        return Backoff(policy, callback("on_retry", self.on_retry, "(attempt, delay, error)"))

    def action(self, cancel_on_exit: CancelOnExit) -> CancelAction | None:
        """What `cancel_on_exit=` of a call means: how to cancel a run when its caller leaves, or None to let it run."""
        if isinstance(cancel_on_exit, Inherited):
            return self.cancel_on_exit
        return None if cancel_on_exit is None else cancel_action("cancel_on_exit", cancel_on_exit)

    def identified(self, options: Mapping[str, Any]) -> Mapping[str, Any]:
        """The options of a call, with the `x-request-id` of the client, if the caller has set one. Many calls share it,
        so it cannot identify a run whose response was lost."""
        request_id = self.settings.headers.get(REQUEST_ID)
        if request_id is None:
            return options
        return {**options, "headers": merged({REQUEST_ID: request_id}, options.get("headers"))}


def _policy(given: object) -> RetryPolicy | None:
    if given is not None and not isinstance(given, RetryPolicy):
        raise TypeError(f"retry must be a RetryPolicy, not {type(given).__name__}")
    return given
