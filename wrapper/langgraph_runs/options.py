"""The options of a call: their types, and what becomes of them before they are sent. No I/O.

What the API knows is said once, in openapi.yaml: the generated TypedDicts are the types here, and the rules below are
read off them when a call is made. Only what is ours alone (`after`, `extra_body`, …) is spelled out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from enum import Enum
from functools import cache
from types import UnionType
from typing import (
    Any,
    Final,
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
    CancelAction,
    RunCreateStatefulOptions,
    RunCreateStatelessDict,
    RunCreateStatelessOptions,
    RunStreamStatefulOptions,
    RunStreamStatelessOptions,
)
from langgraph_runs_api.types import UNSET

from langgraph_runs.arguments import QueryValue, mapping
from langgraph_runs.plain import is_collection, is_mapping
from langgraph_runs.schedule import After, seconds_until

OnRunCreated: TypeAlias = Callable[[str, str | None], object]
OnReconnect: TypeAlias = Callable[[int, float, Exception | None], object]


class Inherited(Enum):
    """Marks that `cancel_on_exit` was not given to a call, so that the client's holds; None switches that off."""

    CLIENT = "the client's cancel_on_exit"

    def __repr__(self) -> str:
        return "<the client's>"


FROM_CLIENT: Final = Inherited.CLIENT

CancelOnExit: TypeAlias = CancelAction | Inherited | None


class CallOptions(TypedDict, total=False):
    """What every method takes besides its own arguments."""

    headers: Mapping[str, str] | None
    """Headers of this call alone; a name replaces the client's of the same name."""
    params: Mapping[str, QueryValue] | None
    """Query parameters that openapi.yaml does not know yet."""


class CreateOptions(CallOptions, total=False):
    """What every method that creates a run takes besides the fields of the API."""

    after: After | None
    """When to start: seconds, a timedelta, a relativedelta, a datetime or an ISO 8601 string."""
    extra_body: Mapping[str, Any] | None
    """Fields that openapi.yaml does not know yet; sent as they are, over what else was given."""
    on_run_created: OnRunCreated | None
    """Called with (run_id, thread_id) as soon as the server has said them; thread_id is None while it has not. A plain
    function."""


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
    extra_body: Mapping[str, Any] | None


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
    on_thread, stateless = name in _hints(ThreadStreamOptions), name in _hints(StatelessStreamOptions)
    if name in _hints(CallOptions):
        return ": it is an argument of create_batch, not of one of its runs"
    if on_thread or stateless:
        created = name in _hints(ThreadRunOptions) or name in _hints(StatelessRunOptions)
        methods = "create, stream and wait" if created else "stream and wait"
        where = "" if on_thread and stateless else " on a thread" if on_thread else " without a thread"
        return f": only {methods}{where} have it"
    if near := get_close_matches(name, names, n=1):
        return f": did you mean {near[0]!r}?"
    if "extra_body" in names:
        return "; a field of the API that this version does not know can be sent by extra_body="
    return ""


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
            elif not _fits(hints[name], value):
                raise TypeError(f"{name}={value!r} is not {_in_words(hints[name])}")
            body[name] = _pruned(name, hints[name], value)
    if (after := given.get("after")) is not None:
        if given.get("after_seconds") is not None:
            raise TypeError("after= and after_seconds= say the same: give one of them")
        body["after_seconds"] = seconds_until(after)
    body.update(mapping("extra_body", given.get("extra_body")))
    return body


def choice(name: str, value: object, hint: Any) -> Any:
    """The value, if the hint (a Literal, or a sequence of one) has it; members of an enum as what they stand for.

    Raises:
        ValueError: With what there is to choose from.
    """
    allowed = _allowed(hint)
    assert allowed is not None
    return _check(name, value, allowed)


_OURS = CreateOptions.__optional_keys__


def _is_given(hint: Any, value: object) -> bool:
    """None is, only where any JSON may be sent: null means something there."""
    return value is not UNSET and (value is not None or hint is Any)


def _pruned(name: str, hint: Any, value: Any) -> Any:
    """The value without the None in it that count as not given; what may be a slip of the pen in it is refused."""
    kind = next(filter(is_typeddict, _alternatives(hint)), None)
    if kind is None or not is_mapping(value):
        return value
    hints = _hints(kind)
    for inner in value:
        if inner not in hints and (near := get_close_matches(str(inner), hints, n=1)):
            raise TypeError(f"unknown key {inner!r} in {name}: did you mean {near[0]!r}?")
    rules = ((inner, hints.get(inner, Any), one) for inner, one in value.items())
    return {
        inner: _pruned(f"{name}.{inner}", rule, one) for inner, rule, one in rules if _is_given(rule, one)
    }


def _fits(hint: Any, value: Any) -> bool:
    """Whether the value is of the hint's kind. What is in a mapping is left to the server."""
    for part in _alternatives(hint):
        origin = get_origin(part) or part
        if part is Any or (origin is Literal and value in get_args(part)):
            return True
        if origin is Sequence and is_collection(value):
            return all(_fits(get_args(part)[0], one) for one in value)
        if (
            (origin is Mapping or is_typeddict(part))
            and not isinstance(value, _SCALARS)
            and not is_collection(value)
        ):
            return True  # a mapping, or a model that becomes one
        if origin in _SCALARS and isinstance(value, (int, float) if part is float else part):
            return isinstance(value, bool) is (part is bool)
    return False


_SCALARS = (str, bool, int, float, bytes)


def _in_words(hint: Any) -> str:
    words = {
        Mapping: "a mapping",
        Sequence: "a list",
        bool: "True or False",
        str: "a string",
        int: "a whole number",
    }
    kinds = ((get_origin(part) or part, part) for part in _alternatives(hint))
    said = (
        "a mapping"
        if is_typeddict(part)
        else repr(get_args(part)[0])
        if kind is Literal
        else words.get(kind, "a number")
        for kind, part in kinds
    )
    return " or ".join(dict.fromkeys(said))


def _check(name: str, value: Any, allowed: tuple[bool, frozenset[str]]) -> Any:
    many, choices = allowed
    for one in value if many and is_collection(value) else [value]:
        if not isinstance(one, str) or one not in choices:
            raise ValueError(f"{name}={value!r}: {one!r} is none of {', '.join(map(repr, sorted(choices)))}")
    if isinstance(value, str):
        return str.__str__(value)  # of a member of an enum: its value, not its name
    return [str.__str__(one) for one in value]


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
