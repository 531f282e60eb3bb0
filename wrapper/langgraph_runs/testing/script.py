"""What a scripted run does: the steps that a test writes, checked when they are given."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from math import isfinite
from typing import Any, TypeAlias


@dataclass(frozen=True, slots=True)
class Pause:
    """The run takes time.

    Args:
        seconds: How long, in seconds.
    """

    seconds: float


@dataclass(frozen=True, slots=True)
class Hold:
    """The run does nothing until `RunsServer.release()` is called, or the run is cancelled."""


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """The server sends a heartbeat here, besides the one that it sends every few seconds."""


@dataclass(frozen=True, slots=True)
class Fail:
    """The run fails, and ends.

    Args:
        error: The class of the exception.
        message: Its message.
    """

    error: str = "ValueError"
    message: str = "boom"


@dataclass(frozen=True, slots=True)
class Interrupt:
    """The graph asks for an answer, and the run ends. Several in a row are open at the same time.

    Args:
        value: The question.
        id: The id of the interrupt; derived from the run when not given.
    """

    value: Any
    id: str | None = None


Step: TypeAlias = tuple[str, Any] | Pause | Hold | Heartbeat | Fail | Interrupt
Script: TypeAlias = Callable[[Any], Iterable[Step]]
"""Returns the steps of a run for the body of the request that starts it."""

_KINDS = (Pause, Hold, Heartbeat, Fail, Interrupt)
_NOT_SENT = {
    "metadata": "the server sends it by itself",
    "error": "use Fail",
    "messages-tuple": 'the events of this stream mode are named "messages"',
}


def checked(steps: Iterable[Step]) -> tuple[Step, ...]:
    """The steps of a run.

    Raises:
        TypeError: One of them is not a step, or has the wrong type.
        ValueError: One of them cannot be sent, or follows the end of the run.
    """
    found = tuple(steps)
    last: Step | None = None
    for number, step in enumerate(found, 1):
        name = f"step {number} of the run"
        if isinstance(last, Fail) or (isinstance(last, Interrupt) and not isinstance(step, Interrupt)):
            raise ValueError(f"{name} comes after its end, which is {last!r}")
        _check(name, step)
        last = step
    return found


def _check(name: str, step: object) -> None:
    pair: Any = step
    if isinstance(step, tuple) and len(pair) == 2 and isinstance(pair[0], str):
        event, data = pair[0], pair[1]
        if event in _NOT_SENT:
            raise ValueError(f"{name} must not be the event {event!r}: {_NOT_SENT[event]}")
        if not event or not event.isprintable() or event.startswith(" "):
            raise ValueError(f"{name} has {event!r}, which cannot be the name of an event")
        _check_json(name, data)
    elif not isinstance(step, _KINDS):
        kinds = ", ".join(kind.__name__ for kind in _KINDS)
        raise TypeError(f"{name} must be a pair (event, data), or one of {kinds}, not {step!r}")
    elif isinstance(step, Pause):
        check_seconds(f"{name}: seconds", step.seconds)
    elif isinstance(step, Interrupt):
        _check_json(name, step.value)


def _check_json(name: str, data: object) -> None:
    try:
        json.dumps(data, allow_nan=False).encode()
    except (TypeError, ValueError) as error:
        raise type(error)(f"{name} has data that cannot be sent as JSON: {error}") from error


def check_seconds(name: str, seconds: object) -> None:
    """Refuses what is not a number of seconds."""
    if not isinstance(seconds, int | float) or isinstance(seconds, bool):
        raise TypeError(f"{name} must be a number of seconds, not {seconds!r}")
    if not isfinite(seconds) or seconds < 0:
        raise ValueError(f"{name}={seconds!r} must be a number of seconds of 0 or more")


def check_count(name: str, count: object, least: int) -> None:
    """Refuses what is not a whole number of at least `least`."""
    if not isinstance(count, int) or isinstance(count, bool):
        raise TypeError(f"{name} must be a whole number, not {count!r}")
    if count < least:
        raise ValueError(f"{name}={count!r} must be {least} or more")
