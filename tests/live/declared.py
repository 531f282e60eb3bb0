"""Holds JSON against a TypedDict: what is not declared, of another type, or missing."""

from __future__ import annotations

from collections.abc import Iterator
from types import NoneType, UnionType
from typing import Any, Literal, NotRequired, Union, get_args, get_origin, get_type_hints, is_typeddict


def undeclared(value: Any, declared: Any, path: str = "") -> Iterator[str]:
    """One line for each difference between a value and its type."""
    if get_origin(declared) is NotRequired:
        declared = get_args(declared)[0]
    kind, arguments = get_origin(declared), get_args(declared)
    if declared is Any:
        return
    if kind in (Union, UnionType):
        each = [list(undeclared(value, one, path)) for one in arguments]
        if all(each):
            yield from min(each, key=len)
    elif is_typeddict(declared):
        yield from _of_typed_dict(value, declared, path)
    elif kind is Literal:
        if value not in arguments:
            yield f"{path}: {value!r} must be one of {arguments}"
    elif kind is list and isinstance(value, list):
        for item in value:
            yield from undeclared(item, arguments[0], f"{path}[]")
    elif kind is dict and isinstance(value, dict):
        for item in value.values():
            yield from undeclared(item, arguments[1], f"{path}{{}}")
    elif not isinstance(value, kind or (NoneType if declared is None else declared)):
        yield f"{path}: {value!r} is no {declared}"


def _of_typed_dict(value: Any, declared: Any, path: str) -> Iterator[str]:
    if not isinstance(value, dict):
        yield f"{path}: {value!r} is no object"
        return
    hints = get_type_hints(declared, include_extras=True)
    # __required_keys__ knows nothing of NotRequired where annotations are strings.
    for name in hints if declared.__total__ else ():
        if name not in value and get_origin(hints[name]) is not NotRequired:
            yield f"{path}.{name} is missing"
    for name, item in value.items():
        if name in hints:
            yield from undeclared(item, hints[name], f"{path}.{name}")
        else:
            yield f"{path}.{name}, such as {item!r:.80}, is not declared"
