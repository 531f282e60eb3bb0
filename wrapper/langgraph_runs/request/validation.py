"""Checks of the options of a call against their TypedDicts, before anything is sent. No I/O.

No rule is written here: names, types and choices are read from the TypedDicts, which come from openapi.yaml.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from functools import cache, wraps
from inspect import signature
from types import UnionType
from typing import (
    Any,
    Concatenate,
    Literal,
    ParamSpec,
    TypeVar,
    Union,
    cast,
    get_args,
    get_origin,
    get_type_hints,
    is_typeddict,
)

from langgraph_runs_api.models import CancelAction
from langgraph_runs_api.types import UNSET

from langgraph_runs.json_types import is_collection, is_mapping
from langgraph_runs.request.arguments import mapping
from langgraph_runs.request.options import (
    CallOptions,
    CreateOptions,
    StatelessRunOptions,
    StatelessStreamOptions,
    ThreadRunOptions,
    ThreadStreamOptions,
)
from langgraph_runs.request.start_time import seconds_until

P = ParamSpec("P")
T = TypeVar("T")


def only_call_options(
    build: Callable[Concatenate[Mapping[str, Any], P], T],
) -> Callable[Concatenate[Mapping[str, Any], P], T]:
    """Makes a function refuse unknown options in its first argument. It is for methods that create no run: they only
    take the options that every method takes, besides their own arguments."""
    own = tuple(signature(build).parameters)[1:]

    @wraps(build)
    def checked(options: Mapping[str, Any], /, *args: P.args, **kwargs: P.kwargs) -> T:
        known(CallOptions, options, more=own)
        return build(options, *args, **kwargs)

    return checked


def cancel_action(name: str, action: object) -> CancelAction:
    """The value of an argument that says how to cancel a run, checked."""
    return cast(CancelAction, choice(name, action, CancelAction))


def known(kind: type, given: Mapping[str, Any], *, more: tuple[str, ...] = ()) -> None:
    """Refuses options that are neither in the TypedDict `kind` nor in `more`.

    Raises:
        TypeError: An option is unknown. The message suggests a similar one if there is any.
    """
    names = [*_hints(kind), *more]
    for name in given:
        if name not in names:
            raise TypeError(f"unknown option {name!r}{_suggestion(name, names)}")


def _suggestion(name: str, names: list[str]) -> str:
    on_thread, stateless = name in _hints(ThreadStreamOptions), name in _hints(StatelessStreamOptions)
    if name in _hints(CallOptions):
        return ": pass it to the method, not to one of its runs"
    if on_thread or stateless:
        created = name in _hints(ThreadRunOptions) or name in _hints(StatelessRunOptions)
        methods = "create, stream and wait" if created else "stream and wait"
        where = "" if on_thread and stateless else " on a thread" if on_thread else " without a thread"
        return f": only {methods}{where} take it"
    if near := get_close_matches(name, names, n=1):
        return f": did you mean {near[0]!r}?"
    if "extra_body" in names:
        return "; send a field of the API that this version does not know by extra_body="
    return ""


def fields(kind: type, given: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of the body: the options of the API, checked, without those None that do not mean null.

    Raises:
        TypeError: An option is unknown, or has the wrong type.
        ValueError: The API does not have this value.
    """
    known(kind, given)
    hints = _hints(kind)
    body: dict[str, Any] = {}
    for name, value in given.items():
        if name not in _OURS and _is_given(hints[name], value):
            if (allowed := _allowed(hints[name])) is not None:
                _check(name, value, allowed)
            elif not _fits(hints[name], value):
                raise TypeError(f"{name}={value!r} must be {_in_words(hints[name])}")
            body[name] = _pruned(name, hints[name], value)
    if (after := given.get("after")) is not None:
        if given.get("after_seconds") is not None:
            raise TypeError("after= and after_seconds= exclude each other: pass one of them")
        body["after_seconds"] = seconds_until(after)
    body.update(mapping("extra_body", given.get("extra_body")))
    return body


def choice(name: str, value: object, hint: Any) -> Any:
    """The value, if the hint (a Literal, or a sequence of one) allows it; members of an enum as their values.

    Raises:
        ValueError: It is not allowed. The message lists the choices.
    """
    allowed = _allowed(hint)
    assert allowed is not None
    return _check(name, value, allowed)


_OURS = CreateOptions.__optional_keys__


def _is_given(hint: Any, value: object) -> bool:
    """Whether a value was given. None counts only where any JSON may be sent, because null has a meaning there."""
    return value is not UNSET and (value is not None or hint is Any)


def _pruned(name: str, hint: Any, value: Any) -> Any:
    """The value without those None in it that count as not given. Refuses what is probably a typo in a key."""
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
    """Whether the value has the type of the hint. The server checks what a mapping contains."""
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
            raise ValueError(
                f"{name}={value!r}: {one!r} must be one of {', '.join(map(repr, sorted(choices)))}"
            )
    if isinstance(value, str):
        return str.__str__(value)  # of a member of an enum: its value, not its name
    return [str.__str__(one) for one in value]


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


@cache
def _allowed(hint: Any) -> tuple[bool, frozenset[str]] | None:
    """Whether several are allowed, and the strings to choose from; None if the hint is not only about such strings."""
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
