"""A request's body: plain data, models and messages in, JSON bytes out. No I/O."""

from __future__ import annotations

import math
from typing import Any

import orjson

from langgraph_runs.plain import is_collection, is_mapping


def encode(body: Any) -> bytes:
    """The body as JSON.

    Besides what JSON has, it may hold dataclasses, attrs models of the generated layer, pydantic models (messages of
    langchain-core are such), UUIDs, datetimes, enums, sets and any other mapping or sequence.

    Raises:
        TypeError: Something in it is nothing that JSON can hold.
        ValueError: A number in it is NaN or infinite; the message says where.
    """
    try:
        encoded = orjson.dumps(body, default=_plain, option=orjson.OPT_NON_STR_KEYS)
    except orjson.JSONEncodeError as error:
        raise TypeError(f"this cannot be sent as JSON: {error}") from error
    # orjson writes NaN as null, silently; where there is no null, there is no NaN to look for.
    if b"null" in encoded and (place := _not_a_number(body, "")):
        raise ValueError(
            f"{place.lstrip('.')} is NaN or infinite, which JSON cannot hold; send None or a string"
        )
    return encoded


def _plain(value: Any) -> Any:
    for convert in ("to_dict", "model_dump"):
        if callable(method := getattr(value, convert, None)) and not isinstance(value, type):
            return method()
    if is_mapping(value):
        return dict(value)
    if is_collection(value):
        return list(value)
    raise TypeError(f"{type(value).__name__} is not JSON serializable")


def _not_a_number(value: Any, place: str) -> str | None:
    """Where in the value the first such number is."""
    if isinstance(value, float):
        return None if math.isfinite(value) else place or "the body"
    inner: Any = ()
    if is_mapping(value):
        inner = ((f"{place}.{key}", one) for key, one in value.items())
    elif is_collection(value):
        inner = ((f"{place}[{number}]", one) for number, one in enumerate(value))
    return next(filter(None, (_not_a_number(one, where) for where, one in inner)), None)
