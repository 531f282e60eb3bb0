"""Encodes the body of a request: plain data, models and messages in, JSON bytes out. No I/O."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterator
from enum import Enum
from typing import Any

import orjson

from langgraph_runs.json_types import is_array, is_collection, is_mapping, is_object
from langgraph_runs.request.numpy_values import is_finite, is_numpy, plain

# How an object converts itself: an attrs model of the generated layer; a pydantic model, in its JSON mode.
_CONVERSIONS: dict[str, dict[str, Any]] = {"to_dict": {}, "model_dump": {"mode": "json"}}


def encode(body: Any) -> bytes:
    """Encodes a body as JSON.

    Besides JSON types, it may contain dataclasses, attrs models of the generated layer, pydantic models (such as the
    messages of langchain-core), UUIDs, datetimes, enums, sets, any other mapping or sequence, and arrays and scalars of
    numpy.

    Raises:
        TypeError: JSON cannot represent something in it; the message says where.
        ValueError: A number in it is NaN or infinite; the message says where.
    """
    try:
        encoded = _dumps(body)
    except orjson.JSONEncodeError:
        try:
            body = _converted(body, "")
        except RecursionError as error:
            raise TypeError("the body cannot be sent as JSON: it contains itself") from error
        try:
            encoded = _dumps(body)
        except orjson.JSONEncodeError as error:
            raise TypeError(f"the body cannot be sent as JSON: {error}") from error
    # orjson silently writes NaN as null: without a null, there is no NaN to look for.
    if b"null" in encoded and (place := _not_a_number(body, "")):
        raise _not_finite(place)
    return encoded


def _dumps(value: Any) -> bytes:
    return orjson.dumps(value, default=_plain, option=orjson.OPT_NON_STR_KEYS)


def _plain(value: Any) -> Any:
    """Converts a value of a type that orjson does not know into one of a type that it knows."""
    if is_numpy(value):
        return plain(value)
    for name, arguments in _CONVERSIONS.items():
        if callable(convert := getattr(value, name, None)) and not isinstance(value, type):
            return convert(**arguments)
    if is_mapping(value):
        return dict(value)
    if is_collection(value):
        return list(value)
    raise TypeError(f"{type(value).__name__} is not JSON serializable")


def _converted(value: Any, place: str) -> Any:
    """Converts the scalars of numpy that are keys, for which orjson does not ask `_plain`.

    Raises:
        TypeError: This value cannot be sent, or one in it.
        ValueError: This value is NaT, which is numpy's NaN for times, or one in it.
    """
    if _is_dataclass(value):
        value = {name: one for name, one in _fields(value).items() if name[0] != "_"}
    if is_object(value):
        return {_key(key, place): _converted(one, f"{place}.{key}") for key, one in value.items()}
    if is_array(value):
        return [_converted(one, f"{place}[{number}]") for number, one in enumerate(value)]
    try:
        _dumps(value)
        return value
    except orjson.JSONEncodeError as error:
        try:
            simple = list(value) if is_numpy(value) and value.ndim else _plain(value)
        except Exception as cause:  # noqa: BLE001  # whatever the conversion of a model raises
            kind = ValueError if is_numpy(value) and isinstance(cause, ValueError) else TypeError
            why = cause if is_numpy(value) else error
            raise kind(f"{_shown(place)} cannot be sent as JSON: {why}") from error
    return _converted(simple, place)


def _key(key: Any, place: str) -> Any:
    """The key of a mapping, converted if it is a scalar of numpy: it becomes the same text as the value would."""
    where = _place_of_key(key, place)
    try:
        text = _dumps(key if is_numpy(key) else {key: 0})
    except orjson.JSONEncodeError as error:
        raise TypeError(f"{where} cannot be sent as JSON: {error}") from error
    if text == b"null":
        raise _not_finite(where)
    return orjson.loads(text) if is_numpy(key) else key


def _not_a_number(value: Any, place: str) -> str | None:
    """The place of the first number that is NaN or infinite; None if there is none."""
    if isinstance(value, Enum):
        value = value.value
    if is_numpy(value) and is_finite(value):
        return None
    if isinstance(value, float):
        return None if math.isfinite(value) else _shown(place)
    if is_numpy(value):
        return _not_a_number(list(value) if value.ndim else plain(value), place)
    return next(filter(None, (_not_a_number(one, where) for where, one in _inside(value, place))), None)


def _inside(value: Any, place: str) -> Iterator[tuple[str, Any]]:
    """The items of a value, each with its place; for a mapping also its keys, which may be numbers."""
    if _is_dataclass(value):
        value = _fields(value)
    else:
        convert = next(filter(None, (getattr(value, name, None) for name in _CONVERSIONS)), None)
        value = convert() if callable(convert) else value  # not in JSON mode, where NaN has become null
    if is_mapping(value):
        for key, one in value.items():
            yield from ((_place_of_key(key, place), key), (f"{place}.{key}", one))
    elif is_collection(value):
        yield from ((f"{place}[{number}]", one) for number, one in enumerate(value))


def _is_dataclass(value: Any) -> bool:
    return dataclasses.is_dataclass(value) and not isinstance(value, type)


def _fields(value: Any) -> dict[str, Any]:
    return {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}


def _shown(place: str) -> str:
    return place.lstrip(".") or "the body"


def _place_of_key(key: Any, place: str) -> str:
    return f"the key {key!r} of {_shown(place)}"


def _not_finite(place: str) -> ValueError:
    return ValueError(f"{place} is NaN or infinite, which JSON cannot represent; send None or a string")
