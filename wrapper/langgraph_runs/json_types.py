"""Type guards for plain JSON data, and the check of an id; no I/O."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence, Set
from typing import Any, TypeGuard
from uuid import UUID


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
    """The id, if it can be part of a path.

    Raises:
        TypeError: It is not a string.
        ValueError: It is empty, "." or ".." (which would lead to another path), or not valid Unicode.
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


def is_identifier(value: object) -> TypeGuard[str]:
    """Whether a value that a server sent is an id and can be part of a path."""
    try:
        identifier("id", value)
    except (TypeError, ValueError):
        return False
    return True
