"""The options of a call: their types, and what becomes of them before they are sent. No I/O.

What the API knows is said once, in openapi.yaml: the generated TypedDicts are the types here, and the rules below are
read off them when a call is made. Only what is ours alone (`after`, `extra_body`, …) is spelled out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from functools import cache
from types import UnionType
from typing import (
    Any,
    Literal,
    TypeAlias,
    TypedDict,
    Union,
    get_args,
    get_origin,
    get_type_hints,
    is_typeddict,
)

from langgraph_runs_api.models import (
    RunCreateStatefulOptions,
    RunCreateStatelessDict,
    RunCreateStatelessOptions,
    RunStreamStatefulOptions,
    RunStreamStatelessOptions,
)

from langgraph_runs.plain import is_collection, is_mapping
from langgraph_runs.schedule import After, seconds_until

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


def flag(name: str, value: object) -> bool:
    """The value, if it is true or false.

    Raises:
        TypeError: It is neither; the word "false" would count as true.
    """
    if not isinstance(value, bool):
        raise TypeError(f"{name} is True or False, not {value!r}")
    return value


def number(name: str, value: object, *, least: int) -> int:
    """The value, if it is a whole number that is large enough.

    Raises:
        TypeError: It is no whole number.
        ValueError: It is less than `least`.
    """
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError(f"{name} is a whole number, not {value!r}")
    if value < least:
        raise ValueError(f"{name}={value!r} is less than {least}")
    return value


def mapping(name: str, value: object) -> Mapping[str, Any]:
    """The value, if it is a mapping; an empty one for None.

    Raises:
        TypeError: It is something else.
    """
    if value is None:
        return {}
    if not is_mapping(value):
        raise TypeError(f"{name} is a mapping, not {type(value).__name__}")
    return value


def known(kind: type, given: Mapping[str, Any], *, more: tuple[str, ...] = ()) -> None:
    """Refuses keywords that the TypedDict `kind` does not have (nor `more`).

    Raises:
        TypeError: With a "did you mean" where one is near.
    """
    names = [*_hints(kind), *more]
    for name in given:
        if name not in names:
            raise TypeError(f"unknown option {name!r}{_way_out(name, names)}")


def _way_out(name: str, names: list[str]) -> str:
    for kind, where in _ELSEWHERE:
        if name in _hints(kind):
            return f": only {where} has it"
    if near := get_close_matches(name, names, n=1):
        return f": did you mean {near[0]!r}?"
    return "; extra_body= sends what this version does not know" if "extra_body" in names else ""


_ELSEWHERE = (
    (ThreadStreamOptions, "a run on a thread (or its stream or wait)"),
    (StatelessStreamOptions, "a run without a thread (or its stream or wait)"),
)


def fields(kind: type, given: Mapping[str, Any]) -> dict[str, Any]:
    """The body's fields: what was given, checked, without what is ours; None only where null means something.

    Raises:
        TypeError: An option nobody knows, or one of a type that cannot be.
        ValueError: A value that the API does not have.
    """
    known(kind, given)
    hints = _hints(kind)
    body: dict[str, Any] = {}
    for name, value in given.items():
        if name not in _OURS and _is_given(hints[name], value):
            if (allowed := _allowed(hints[name])) is not None:
                _check(name, value, allowed)
            body[name] = _pruned(hints[name], value)
    if (after := given.get("after")) is not None:
        if given.get("after_seconds") is not None:
            raise TypeError("after= and after_seconds= say the same: give one of them")
        body["after_seconds"] = seconds_until(after)
    body.update(mapping("extra_body", given.get("extra_body")))
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


def _is_given(hint: Any, value: object) -> bool:
    """None is, only where any JSON may be sent: null means something there."""
    return value is not None or hint is Any


def _pruned(hint: Any, value: Any) -> Any:
    """The value without the None in it that count as not given."""
    kind = next(filter(is_typeddict, _alternatives(hint)), None)
    if kind is None or not is_mapping(value):
        return value
    hints = _hints(kind)
    rules = ((name, hints.get(name, Any), inner) for name, inner in value.items())
    return {name: _pruned(rule, inner) for name, rule, inner in rules if _is_given(rule, inner)}


def _check(name: str, value: Any, allowed: tuple[bool, frozenset[str]]) -> Any:
    many, choices = allowed
    values = value if many and is_collection(value) else [value]
    for one in values:
        if not isinstance(one, str) or one not in choices:
            raise ValueError(f"{name}={value!r}: {one!r} is none of {', '.join(map(repr, sorted(choices)))}")
    return value


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


@cache
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
