"""One request: what to send, and how to read what comes back. No I/O."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar
from uuid import uuid4

from langgraph_runs.answers import Answer
from langgraph_runs.arguments import query
from langgraph_runs.body import encode
from langgraph_runs.options import CallOptions, OnRunCreated
from langgraph_runs.settings import merged

T = TypeVar("T")

REQUEST_ID = "x-request-id"


@dataclass(frozen=True, slots=True, kw_only=True)
class Call(Generic[T]):
    """What to send, and how to read what comes back.

    Attributes:
        method: "GET", "POST" or "DELETE".
        path: Below the server's address, quoted.
        read: Makes a value of the answer, or raises one of the errors.
        params: The query.
        headers: Those of this call, names in lower case.
        content: The body.
        long: Whether the answer takes as long as a run does, so that no read timeout is right.
        streams: Whether the answer is a stream of events, to be read bit by bit.
        starts_a_run: Whether it does, so that it must not be sent twice.
        nonce: Its `x-request-id`, by which the server can be asked for the run that it started; None where there is
            none of ours.
        gone_is_done: Whether a 404 means success, if an attempt before this one may have come through.
        urgent: Whether it is sent however many calls are under way: what stops a run must not wait for that run, and a
            stream that has begun goes on.
        run_id: The run it is about, where known beforehand.
        thread_id: Its thread, likewise.
        on_run_created: To be told of the run; where the answer is long, as soon as its headers name it.
        options: The headers and parameters that the caller has given, for every other request of the same method.
    """

    method: str
    path: str
    read: Callable[[Answer], T]
    params: Mapping[str, Any] = field(default_factory=dict[str, Any])
    headers: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)
    content: bytes | None = field(default=None, repr=False)
    long: bool = False
    streams: bool = False
    starts_a_run: bool = False
    nonce: str | None = None
    gone_is_done: bool = False
    urgent: bool = False
    run_id: str | None = None
    thread_id: str | None = None
    on_run_created: OnRunCreated | None = None
    options: Mapping[str, Any] = field(default_factory=dict[str, Any], repr=False)


def starting(
    request: Mapping[str, Any],
    read: Callable[[Answer], T],
    options: Mapping[str, Any],
    headers: Mapping[str, str] | None = None,
    **more: Any,
) -> Call[T]:
    """A call that starts a run, and says by which id the server can be asked for it. An id of the caller's own may be
    that of many calls, so by that one nothing is looked for."""
    return called(request, read, options, headers, nonce=str(uuid4()), starts_a_run=True, **more)


def called(
    request: Mapping[str, Any],
    read: Callable[[Answer], T],
    options: Mapping[str, Any],
    headers: Mapping[str, str] | None = None,
    nonce: str | None = None,
    **more: Any,
) -> Call[T]:
    """What the generated layer says, with the caller's headers and parameters."""
    ours = {name.lower(): value for name, value in request.get("headers", {}).items()}
    both = merged(
        {**(headers or {}), **ours, **({REQUEST_ID: nonce} if nonce else {})}, options.get("headers")
    )
    return Call(
        method=request["method"].upper(),
        path=request["url"],
        read=read,
        params={**request.get("params", {}), **query(options.get("params"))},
        headers=both,
        nonce=nonce if both.get(REQUEST_ID) == nonce else None,
        content=encode(request["json"]) if "json" in request else None,
        options=for_all(options),
        **more,
    )


def for_all(options: Mapping[str, Any]) -> dict[str, Any]:
    """The options of a call that go for all calls."""
    return {name: options[name] for name in CallOptions.__optional_keys__ if name in options}
