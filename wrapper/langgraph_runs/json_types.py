"""Type guards for plain JSON data, and the checks of ids; no I/O."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence, Set
from typing import Any, TypeGuard
from uuid import UUID

_LONGEST_ID = 1000  # characters of an id that a server sends: it is logged, and part of every path


def is_object(value: object) -> TypeGuard[dict[str, Any]]:
    """Whether this is a JSON object. (After isinstance alone, a strict type checker does not know its items.)"""
    return isinstance(value, dict)


def is_array(value: object) -> TypeGuard[list[Any]]:
    """Whether this is a JSON array."""
    return isinstance(value, list)


def is_mapping(value: object) -> TypeGuard[Mapping[str, Any]]:
    """Whether this can be sent as an object."""
    return isinstance(value, Mapping)


def is_collection(value: object) -> TypeGuard[Collection[Any]]:
    """Whether this can be sent as an array: a sequence or a set, but not text or bytes."""
    return isinstance(value, Sequence | Set) and not isinstance(value, str | bytes | bytearray | memoryview)


def identifier(name: str, value: object) -> str:
    """The id, if it can be sent.

    Raises:
        TypeError: It is not a string.
        ValueError: It is empty, "." or "..", or not valid Unicode.
    """
    if not isinstance(value, str):
        hint = f"; pass str({name})" if isinstance(value, UUID) else ""
        raise TypeError(f"{name} must be a string, not {type(value).__name__}{hint}")
    value = str.__str__(value)  # for a member of an enum: its value, not its name
    if value in ("", ".", ".."):
        raise ValueError(f"{name}={value!r} is not a valid id")
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise ValueError(f"{name}={value!r} contains half a surrogate pair and cannot be sent") from error
    return value


def path_identifier(name: str, value: object) -> str:
    """The id, if it can be part of a path.

    Servers decode a path before they split it: with "R/join" as the id of a run, the request would go to a join.

    Raises:
        TypeError: It is not a string.
        ValueError: It leads to another path: it is empty, "." or "..", or has a slash. Or it is not valid Unicode.
    """
    found = identifier(name, value)
    if "/" in found:
        raise ValueError(f"{name}={found!r} is not a valid id: it has a slash, so it leads to another path")
    return found


def is_identifier(value: object) -> TypeGuard[str]:
    """Whether a value that a server sent is an id and can be part of a path."""
    try:
        return len(path_identifier("id", value)) <= _LONGEST_ID
    except (TypeError, ValueError):
        return False
