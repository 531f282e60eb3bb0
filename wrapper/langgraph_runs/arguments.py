"""Checks of single arguments: each gives the value back, or refuses it by an error that names it. No I/O."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from inspect import iscoroutinefunction
from typing import Any, TypeAlias, TypeGuard
from uuid import UUID

from langgraph_runs.plain import is_collection, is_mapping

LONGEST = 1e9  # seconds; sockets cannot count many more

Scalar: TypeAlias = str | int | float | bool | None
QueryValue: TypeAlias = Scalar | Sequence[Scalar]


def identifier(name: str, value: object) -> str:
    """The id, if it can stand in a path.

    Raises:
        TypeError: It is not a string.
        ValueError: It is empty, "." or ".." (which would name another path), or no Unicode text.
    """
    if not isinstance(value, str):
        hint = f"; str({name}) gives one" if isinstance(value, UUID) else ""
        raise TypeError(f"{name} is a string, not {type(value).__name__}{hint}")
    value = str.__str__(value)  # of a member of an enum: its value, not its name
    if value in ("", ".", ".."):
        raise ValueError(f"{name}={value!r} names nothing")
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise ValueError(f"{name}={value!r} holds half a surrogate pair and cannot be sent") from error
    return value


def is_identifier(value: object) -> TypeGuard[str]:
    """Whether what a server has told is an id, and can stand in a path."""
    try:
        identifier("id", value)
    except (TypeError, ValueError):
        return False
    return True


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


def seconds(name: str, value: object) -> float | None:
    """The value, if it is a time to wait, or None for any time.

    Raises:
        TypeError: It is no number.
        ValueError: It is not more than 0, or not finite.
    """
    if value is None:
        return None
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise TypeError(f"{name} is a number of seconds, or None for any time, not {value!r}")
    if not 0 < value <= LONGEST:
        raise ValueError(f"{name}={value!r} is no time to wait; None is for any time")
    return float(value)


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


def several(name: str, value: Iterable[Any]) -> list[Any]:
    """What there is in the value, if it is a list or the like, and not an empty one.

    Raises:
        TypeError: It is no list.
        ValueError: It is empty.
    """
    kind = type(value).__name__
    if isinstance(value, str | bytes | Mapping) or not isinstance(value, Iterable):
        raise TypeError(f"{name} is a list, not {kind}")
    found = list(value)
    if not found:
        raise ValueError(f"{name} is empty")
    return found


def callback(name: str, value: Any, arguments: str) -> Any:
    """The value, if it is None or a plain function.

    Raises:
        TypeError: It is neither; a coroutine function would be called and never run.
    """
    if value is None or (callable(value) and not _is_asynchronous(value)):
        return value
    kind = "an async function" if _is_asynchronous(value) else type(value).__name__
    raise TypeError(f"{name} is a plain function of {arguments}, not {kind}")


def _is_asynchronous(value: Any) -> bool:
    return iscoroutinefunction(value) or iscoroutinefunction(getattr(value, "__call__", None))  # noqa: B004


def query(value: object) -> dict[str, Any]:
    """The parameters, without those that are None.

    Raises:
        TypeError: One of them is nothing that a query can hold.
        ValueError: One of them is no Unicode text.
    """
    found = {name: one for name, one in mapping("params", value).items() if one is not None}
    for name, one in found.items():
        for scalar in one if is_collection(one) else [one]:
            if not isinstance(name, str) or not isinstance(scalar, Scalar):
                raise TypeError(f"params: {name!r} is text, a number or a list of these, not {one!r}")
            if isinstance(scalar, str):
                identifier("params", f"{name}={scalar}")
    return {name: list(one) if is_collection(one) else one for name, one in found.items()}
