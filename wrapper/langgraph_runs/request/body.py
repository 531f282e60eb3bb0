"""Encodes the body of a request: plain data, models and messages in, JSON bytes out. No I/O."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterator
from enum import Enum
from typing import Any

import orjson

from langgraph_runs.json_types import is_collection, is_mapping

# How an object converts itself: an attrs model of the generated layer; a pydantic model, in its JSON mode.
_CONVERSIONS: dict[str, dict[str, Any]] = {"to_dict": {}, "model_dump": {"mode": "json"}}


def encode(body: Any) -> bytes:
    """Encodes a body as JSON.

    Besides JSON types, it may contain dataclasses, attrs models of the generated layer, pydantic models (such as the
    messages of langchain-core), UUIDs, datetimes, enums, sets, and any other mapping or sequence.

    Raises:
        TypeError: JSON cannot represent something in it.
        ValueError: A number in it is NaN or infinite; the message says where.
    """
    try:
        encoded = orjson.dumps(body, default=_plain, option=orjson.OPT_NON_STR_KEYS)
    except orjson.JSONEncodeError as error:
        raise TypeError(f"this cannot be sent as JSON: {error}") from error
    # orjson silently writes NaN as null: without a null, there is no NaN to look for.
    if b"null" in encoded and (place := _not_a_number(body, "")):
        raise ValueError(
            f"{place.lstrip('.')} is NaN or infinite, which JSON cannot represent; send None or a string"
        )
    return encoded


def _plain(value: Any) -> Any:
    """Converts a value of a type that orjson does not know into one of a type that it knows."""
    for name, arguments in _CONVERSIONS.items():
        if callable(convert := getattr(value, name, None)) and not isinstance(value, type):
            return convert(**arguments)
    if is_mapping(value):
        return dict(value)
    if is_collection(value):
        return list(value)
    raise TypeError(f"{type(value).__name__} is not JSON serializable")


def _not_a_number(value: Any, place: str) -> str | None:
    """The place of the first number that is NaN or infinite; None if there is none."""
    if isinstance(value, Enum):
        value = value.value
    if isinstance(value, float):
        return None if math.isfinite(value) else place or "the body"
    return next(filter(None, (_not_a_number(one, where) for where, one in _inside(value, place))), None)


def _inside(value: Any, place: str) -> Iterator[tuple[str, Any]]:
    """The items of a value, each with its place; for a mapping also its keys, which may be numbers."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        value = {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
    else:
        convert = next(filter(None, (getattr(value, name, None) for name in _CONVERSIONS)), None)
        value = convert() if callable(convert) else value  # not in JSON mode, where NaN has become null
    if is_mapping(value):
        for key, one in value.items():
            yield from ((f"the key {key!r} of {place or 'the body'}", key), (f"{place}.{key}", one))
    elif is_collection(value):
        yield from ((f"{place}[{number}]", one) for number, one in enumerate(value))
