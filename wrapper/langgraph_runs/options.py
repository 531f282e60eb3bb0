"""The options of a call: their types, and what becomes of them before they are sent. No I/O.

What the API knows is said once, in openapi.yaml: the generated TypedDicts are the types here, and the rules below are
read off them when a call is made. Only what is ours alone (`after`, `extra_body`, …) is spelled out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from functools import cache
from types import UnionType
from typing import Any, Literal, TypeAlias, TypedDict, Union, get_args, get_origin, get_type_hints

from langgraph_runs.schedule import After, seconds_until
from langgraph_runs_api.models import (
    RunCreateStatefulOptions,
    RunCreateStatelessDict,
    RunCreateStatelessOptions,
    RunStreamStatefulOptions,
    RunStreamStatelessOptions,
)

QueryValue: TypeAlias = str | int | float | bool | Sequence[str | int | float | bool] | None


class CallOptions(TypedDict, total=False):
    """What every method takes besides its own arguments."""

    headers: Mapping[str, str]
    """Headers of this call alone; a name replaces the client's of the same name."""
    params: Mapping[str, QueryValue]
    """Query parameters that openapi.yaml does not know yet."""


class CreateOptions(CallOptions, total=False):
    """What every method that creates a run takes besides the fields of the API."""

    after: After | None
    """When to start: seconds, a timedelta, a relativedelta, a datetime or an ISO 8601 string."""
    extra_body: Mapping[str, Any]
    """Fields that openapi.yaml does not know yet; sent as they are, over what else was given."""
    on_run_created: Callable[[str, str | None], object] | None
    """Called with (run_id, thread_id) as soon as the server has said them; thread_id is None while it has not."""


class ThreadRunOptions(RunCreateStatefulOptions, CreateOptions, total=False):
    """The options of `create` on a thread."""


class ThreadStreamOptions(RunStreamStatefulOptions, CreateOptions, total=False):
    """The options of `stream` and `wait` on a thread."""


class StatelessRunOptions(RunCreateStatelessOptions, CreateOptions, total=False):
    """The options of `create` without a thread."""


class StatelessStreamOptions(RunStreamStatelessOptions, CreateOptions, total=False):
    """The options of `stream` and `wait` without a thread."""


class BatchRun(RunCreateStatelessDict, total=False):
    """One run of `create_batch`: `assistant_id`, and the options of a run without a thread."""

    after: After | None


def identifier(name: str, value: object) -> str:
    """The id, if it can stand in a path.

    Raises:
        TypeError: It is not a string.
        ValueError: It is empty, "." or ".." (which would name another path), or no Unicode text.
    """
    if not isinstance(value, str):
        hint = f"; str({name}) gives one" if hasattr(value, "hex") and not isinstance(value, bytes) else ""
        raise TypeError(f"{name} is a string, not {type(value).__name__}{hint}")
    if value in ("", ".", ".."):
        raise ValueError(f"{name}={value!r} names nothing")
    if not value.isprintable() and any(0xD800 <= ord(character) <= 0xDFFF for character in value):
        raise ValueError(f"{name}={value!r} holds half a surrogate pair and cannot be sent")
    return value


def known(kind: type, given: Mapping[str, Any], *, more: tuple[str, ...] = ()) -> None:
    """Refuses keywords that the TypedDict `kind` does not have (nor `more`).

    Raises:
        TypeError: With a "did you mean" where one is near.
    """
    names = [*get_type_hints(kind), *more]
    for name in given:
        if name not in names:
            near = get_close_matches(name, names, n=1)
            meant = f": did you mean {near[0]!r}?" if near else ""
            way = " (extra_body= sends what this version does not know)" if "extra_body" in names and not near else ""
            raise TypeError(f"unknown option {name!r}{meant}{way}")


def fields(kind: type, given: Mapping[str, Any]) -> dict[str, Any]:
    """The body's fields: what was given, checked, without what is ours; None only where null means something.

    Raises:
        TypeError: An option nobody knows, or one of a type that cannot be.
        ValueError: A value that the API does not have.
    """
    known(kind, given)
    body = {}
    for name, value in given.items():
        if name in _OURS:
            continue
        nullable, allowed = _rule(kind, name)
        if value is None and not nullable:
            continue  # counts as not given
        if allowed is not None:
            _check(name, value, allowed)
        body[name] = value
    if (after := given.get("after")) is not None:
        if given.get("after_seconds") is not None:
            raise TypeError("after= and after_seconds= say the same: give one of them")
        body["after_seconds"] = seconds_until(after)
    body.update(given.get("extra_body") or {})
    return body


def choice(name: str, value: object, hint: Any) -> Any:
    """The value, if the hint (a Literal, or a sequence of one) has it.

    Raises:
        ValueError: With what there is to choose from.
    """
    allowed = _allowed(hint)
    assert allowed is not None
    return _check(name, value, allowed)


_OURS = CreateOptions.__optional_keys__


def _check(name: str, value: Any, allowed: tuple[bool, frozenset[str]]) -> Any:
    many, choices = allowed
    values = value if many and isinstance(value, list | tuple | set | frozenset) else [value]
    for one in values:
        if not isinstance(one, str) or one not in choices:
            raise ValueError(f"{name}={value!r}: {one!r} is none of {', '.join(map(repr, sorted(choices)))}")
    return value


@cache
def _rule(kind: type, name: str) -> tuple[bool, tuple[bool, frozenset[str]] | None]:
    """Of an option: does null mean something (any JSON may be sent), and what may it be, where that is a fixed set?"""
    hint = get_type_hints(kind)[name]
    return hint is Any, _allowed(hint)


def _allowed(hint: Any) -> tuple[bool, frozenset[str]] | None:
    """(may there be several?, the strings to choose from), or None where not all of the hint is such strings."""
    strings: set[str] = set()
    many = False
    for part in _alternatives(hint):
        if get_origin(part) is Sequence:
            many, part = True, get_args(part)[0]
        if get_origin(part) is not Literal:
            return None
        strings.update(get_args(part))
    return many, frozenset(strings)


def _alternatives(hint: Any) -> Iterator[Any]:
    parts = get_args(hint) if get_origin(hint) in (Union, UnionType) else (hint,)
    return (part for part in parts if part is not type(None))
