"""What a case of the hostile-server corpus is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, TypeAlias

from servers.http_request import Request


class End(Enum):
    """How a connection ends after what was sent."""

    CLOSE = "the server closes it"
    RESET = "the server resets it"
    HALF_CLOSE = "the server sends no more, and reads on"
    HANG = "the server sends no more, and leaves it open"


@dataclass(frozen=True)
class Exchange:
    """One request to be answered.

    Attributes:
        request: The request.
        number: How many requests of this kind the same call has made before.
    """

    request: Request
    number: int


Sent: TypeAlias = bytes | float | End
"""Bytes to send, seconds to wait, or an end."""
Answering: TypeAlias = bytes | Callable[[Exchange], Iterable[Sent]]
"""What answers a request: the same bytes each time, or a function."""
Expected: TypeAlias = Any
"""What the outcome of a call must be: a class of errors, a value as `summary` in hostile_calls.py shows it, ANY_VALUE,
ANY_ERROR, or a tuple of these, if it may be one or the other."""

ANY_VALUE, ANY_ERROR = "<any value>", "<any error>"


@dataclass(frozen=True, kw_only=True)
class Case:
    """One way in which a server can be hostile.

    Attributes:
        name: What the server does.
        answers: How it answers, by the kind of request (the names in hostile_server.py), or "*" for all others. What is
            not mentioned is answered as it should be.
        expect: The outcome of each call, by the name of the call in hostile_calls.py.
        timeout: The client's `timeout`, where it is not the error of a call that shows it. (An APITimeoutError is
            expected soon.)
        seconds: How long each call may take.
        cpu: How many seconds of CPU time each call may take.
        mib: By how many MiB the client's process may grow meanwhile.
        greets: Whether the server has a port of its own, on which it answers before it reads, by `answers["*"]`.
        scheme: With which the client connects to that port.
    """

    name: str
    answers: Mapping[str, Answering]
    expect: Mapping[str, Expected]
    timeout: float = 20.0
    seconds: float = 30.0
    cpu: float = 3.0
    mib: float = 32.0
    greets: bool = False
    scheme: str = "http"


LENGTHS = ("get", "wait", "stream")
"""A short call, one that takes as long as its run, and a stream."""
STREAMS = ("stream", "join_stream", "stream_stateless")
METHODS = (
    "create",
    "create_stateless",
    "create_batch",
    "wait",
    "wait_stateless",
    "join",
    "list",
    "list_all",
    "get",
    "cancel",
    "cancel_and_wait",
    "cancel_all",
    "cancel_many",
    "delete",
)
"""Every method but those that stream."""
ALL = (*METHODS, *STREAMS, "replay")


def always(
    name: str, answering: Answering, expected: Expected, calls: tuple[str, ...] = LENGTHS, **more: float
) -> Case:
    """A case that answers every request in the same way, so that every call comes to the same."""
    return Case(name=name, answers={"*": answering}, expect=dict.fromkeys(calls, expected), **more)


def case(name: str, answers: Mapping[str, Answering], expect: Mapping[str, Expected], **more: float) -> Case:
    """A case, without the names of its arguments."""
    return Case(name=name, answers=answers, expect=expect, **more)


def streaming(
    name: str,
    answering: Answering,
    expected: Expected,
    calls: tuple[str, ...] = ("stream", "join_stream"),
    **more: float,
) -> Case:
    """A case that sends the same stream on each connection of a run that has succeeded."""
    answers = {"stream": answering, "join_stream": answering}
    return Case(name=name, answers=answers, expect=dict.fromkeys(calls, expected), **more)
