"""Checks of single arguments: each returns the value, or raises an error that names it. No I/O."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from inspect import iscoroutinefunction
from typing import Any, TypeAlias

from langgraph_runs.callbacks import carried
from langgraph_runs.json_types import identifier, is_collection, is_mapping

LONGEST = 1e9  # seconds; sockets do not accept much longer timeouts

Scalar: TypeAlias = str | int | float | bool | None
QueryValue: TypeAlias = Scalar | Sequence[Scalar]


def flag(name: str, value: object) -> bool:
    """The value, if it is true or false.

    Raises:
        TypeError: It is neither. (The string "false" would count as true.)
    """
    if not isinstance(value, bool):
        raise TypeError(f"{name} must be True or False, not {value!r}")
    return value


def number(name: str, value: object, *, least: int) -> int:
    """The value, if it is a whole number that is large enough.

    Raises:
        TypeError: It is not a whole number.
        ValueError: It is less than `least`.
    """
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError(f"{name} must be a whole number, not {value!r}")
    if value < least:
        raise ValueError(f"{name}={value!r} must be at least {least}")
    return value


def seconds(name: str, value: object) -> float | None:
    """The value, if it is a positive number of seconds, or None for no limit.

    Raises:
        TypeError: It is not a number.
        ValueError: It is not positive, or not finite.
    """
    if value is None:
        return None
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise TypeError(f"{name} must be a number of seconds, or None for no limit, not {value!r}")
    if not 0 < value <= LONGEST:
        raise ValueError(f"{name}={value!r} must be a positive number of seconds, or None for no limit")
    return float(value)


def time_limit(options: Mapping[str, Any]) -> float | None:
    """The `timeout=` of a call, in seconds; None for no limit.

    Raises:
        TypeError, ValueError: It is not a positive number.
    """
    return seconds("timeout", options.get("timeout"))


def mapping(name: str, value: object) -> Mapping[str, Any]:
    """The value, if it is a mapping; an empty one for None.

    Raises:
        TypeError: It is something else.
    """
    if value is None:
        return {}
    if not is_mapping(value):
        raise TypeError(f"{name} must be a mapping, not {type(value).__name__}")
    return value


def several(name: str, value: Iterable[Any]) -> list[Any]:
    """The items of the value, if it is a list or another iterable, and not empty.

    Raises:
        TypeError: It is not iterable, or it is text, bytes or a mapping.
        ValueError: It is empty.
    """
    kind = type(value).__name__
    if isinstance(value, str | bytes | Mapping) or not isinstance(value, Iterable):
        raise TypeError(f"{name} must be a list, not {kind}")
    found = list(value)
    if not found:
        raise ValueError(f"{name} must not be empty")
    return found


def callback(name: str, value: Any, arguments: str) -> Any:
    """The value, if it is None or a sync callable, as both clients require. Its exceptions are carried to the caller.

    Raises:
        TypeError: It is neither. (An async function would be called, but never awaited.)
    """
    if value is None:
        return None
    if callable(value) and not is_asynchronous(value):
        return carried(value)
    kind = "an async function" if is_asynchronous(value) else type(value).__name__
    raise TypeError(f"{name} must be a sync callable that takes {arguments}, not {kind}")


def is_asynchronous(value: Any) -> bool:
    """Whether this is an async function, or an object that is called like one."""
    return iscoroutinefunction(value) or iscoroutinefunction(getattr(value, "__call__", None))  # noqa: B004


def query(value: object) -> dict[str, Any]:
    """The query parameters, without those that are None.

    Raises:
        TypeError: One of them has a type that a query cannot contain.
        ValueError: One of them is not valid Unicode.
    """
    found = {name: one for name, one in mapping("params", value).items() if one is not None}
    for name, one in found.items():
        for scalar in one if is_collection(one) else [one]:
            if not isinstance(name, str) or not isinstance(scalar, Scalar):
                raise TypeError(f"params: {name!r} must be text, a number or a list of these, not {one!r}")
            if isinstance(scalar, str):
                identifier("params", f"{name}={scalar}")
    return {name: list(one) if is_collection(one) else one for name, one in found.items()}


def listed(value: str | Sequence[str]) -> list[Any]:
    """One string, or several, as a list."""
    return [value] if isinstance(value, str) else list(value)
