"""One request: what to send, and how to read the response. No I/O."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Generic, TypeVar
from uuid import uuid4

from langgraph_runs.request.arguments import query
from langgraph_runs.request.body import encode
from langgraph_runs.request.options import OnRunCreated, RequestOptions
from langgraph_runs.request.settings import merged
from langgraph_runs.response.answer import Answer

T = TypeVar("T")

REQUEST_ID = "x-request-id"
EVENT_STREAM = {"accept": "text/event-stream", "accept-encoding": "identity", "cache-control": "no-store"}
"""The headers of a request for a stream."""


class UnsendableError(ValueError):
    """A request cannot be sent as it is, and was not sent: its target or one of its headers is invalid."""


class Duration(Enum):
    """How long the response takes, which decides how long to wait for it."""

    SHORT = "the server answers at once"
    RUN = "the response takes as long as the run"
    STREAM = "the headers come at once, and a stream of events for as long as the run takes"


@dataclass(frozen=True, slots=True, kw_only=True)
class Call(Generic[T]):
    """What to send, and how to read the response.

    Attributes:
        method: "GET", "POST" or "DELETE".
        path: The quoted path below the server's URL.
        read: Returns what the response means, or raises one of the errors.
        params: The query.
        headers: The headers of this call, names in lower case.
        content: The body.
        duration: How long the response takes.
        starts_a_run: Whether it starts a run, so that it must not take effect twice.
        nonce: Its `x-request-id`, by which the run that it started can be found again; None if the caller has set that
            header, because many calls may then share it.
        missing_is_success: Whether a 404 means success if an earlier attempt may have taken effect.
        run_id: The run it is about, if known beforehand.
        thread_id: Its thread, likewise.
        creates_thread: Whether it creates this thread for a stateless run, which is deleted when the run has ended.
        on_run_created: Called with the run's ids; for a long response, as soon as its headers name the run.
        options: The caller's headers and parameters, for the other requests of the same method.
        attempt: 0, or the number of the attempt if the request is repeated, for `on_response`.
    """

    method: str
    path: str
    read: Callable[[Answer], T]
    params: Mapping[str, Any] = field(default_factory=dict[str, Any])
    headers: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)
    content: bytes | None = field(default=None, repr=False)
    duration: Duration = Duration.SHORT
    starts_a_run: bool = False
    nonce: str | None = None
    missing_is_success: bool = False
    run_id: str | None = None
    thread_id: str | None = None
    creates_thread: bool = False
    on_run_created: OnRunCreated | None = None
    options: Mapping[str, Any] = field(default_factory=dict[str, Any], repr=False)
    attempt: int = 0


def call_that_starts(
    request: Mapping[str, Any],
    read: Callable[[Answer], T],
    options: Mapping[str, Any],
    headers: Mapping[str, str] | None = None,
    **more: Any,
) -> Call[T]:
    """Makes a call that starts a run, with a unique id by which that run can be found again."""
    return call(request, read, options, headers, nonce=str(uuid4()), starts_a_run=True, **more)


def call(
    request: Mapping[str, Any],
    read: Callable[[Answer], T],
    options: Mapping[str, Any],
    headers: Mapping[str, str] | None = None,
    nonce: str | None = None,
    **more: Any,
) -> Call[T]:
    """Makes a call from the request of the generated layer for an endpoint.

    Args:
        request: The keyword arguments for httpx, from the generated layer.
        read: Returns what the response means, or raises one of the errors.
        options: The caller's options, of which `headers` and `params` are used.
        headers: Default headers.
        nonce: The `x-request-id`, unless the caller sets one.
        **more: Other fields of the call.
    """
    own = {name.lower(): value for name, value in request.get("headers", {}).items()}
    both = merged(
        {**(headers or {}), **own, **({REQUEST_ID: nonce} if nonce else {})}, options.get("headers")
    )
    return Call(
        method=request["method"].upper(),
        path=request["url"],
        read=read,
        params={**request.get("params", {}), **query(options.get("params"))},
        headers=both,
        nonce=nonce if both.get(REQUEST_ID) == nonce else None,
        content=encode(request["json"]) if "json" in request else None,
        options=request_options(options),
        **more,
    )


def request_options(options: Mapping[str, Any]) -> dict[str, Any]:
    """The options that apply to every request of a method: its headers and parameters."""
    return {name: options[name] for name in RequestOptions.__optional_keys__ if name in options}
