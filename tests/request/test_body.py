"""Values that a request's body can hold."""

from __future__ import annotations

import json
from collections import ChainMap, deque
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from enum import Enum
from pathlib import Path
from types import MappingProxyType
from typing import Any
from uuid import UUID

import pytest
from langchain_core.messages import HumanMessage
from langgraph_runs_api.models import Metadata, Send
from pydantic import BaseModel

from langgraph_runs.request.body import encode


@dataclass
class Point:
    x: float


class Colour(Enum):
    RED = "red"


NAN = float("nan")
CIRCULAR: list[Any] = []
CIRCULAR.append(CIRCULAR)


class Odd(Enum):
    NUMBER = NAN


class Settings(BaseModel):
    path: Path
    price: Decimal


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        ({2: "int", None: 0, True: 1}, {"2": "int", "null": 0, "true": 1}),
        (UUID(int=1), str(UUID(int=1))),
        (datetime(2026, 1, 1, tzinfo=UTC), "2026-01-01T00:00:00+00:00"),
        (Colour.RED, "red"),
        (Point(1), {"x": 1}),
        (Send("node", {"a": None}), {"node": "node", "input": {"a": None}}),
        (Metadata.from_dict({"a": 1}), {"a": 1}),
        (Settings(path=Path("/a"), price=Decimal("1.5")), {"path": "/a", "price": "1.5"}),
        (MappingProxyType({"a": 1}), {"a": 1}),
        (ChainMap({"a": 1}), {"a": 1}),
        ((1, 2), [1, 2]),
        ({1}, [1]),
        (deque([1]), [1]),
        (range(3), [0, 1, 2]),
        ("é\u2028\U0001f600", "é\u2028\U0001f600"),
        (None, None),
    ],
)
def test_python_s_own_data_and_models_are_json(given: Any, sent: Any) -> None:
    """At any depth."""
    assert {"input": [sent]} == json.loads(encode({"input": [given]}))


def test_langchain_messages_are_json() -> None:
    """The usual input of graphs."""
    (message,) = json.loads(encode([HumanMessage("hi")]))
    assert ("human", "hi") == (message["type"], message["content"])


@pytest.mark.parametrize(
    "bad",
    [object(), b"bytes", 1 << 70, "\ud800", print, {(1, 2): 3}, Point],
    ids=lambda one: type(one).__name__,
)
def test_a_value_that_json_cannot_hold_is_a_type_error(bad: Any) -> None:
    """Not an error of the encoder."""
    with pytest.raises(TypeError, match="cannot be sent as JSON") as refused:
        encode({"input": bad})
    assert "TypeError" == type(refused.value).__name__


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ({"input": {"a": [1, {2: object()}]}}, r"^input\.a\[1\]\.2 cannot"),
        ({"input": Point(b"")}, r"^input\.x cannot"),  # type: ignore[arg-type]
        ({"input": [Send("node", {"a": 1 << 70})]}, r"^input\[0\]\.input\.a cannot .* 64-bit"),
        ({"input": {(1, 2): 3}}, r"^the key \(1, 2\) of input cannot"),
        (object(), "^the body cannot"),
        (CIRCULAR, "^the body cannot be sent as JSON: it contains itself"),
    ],
    ids=lambda one: one if isinstance(one, str) else "",
)
def test_what_json_cannot_hold_is_refused_with_its_place(body: Any, place: str) -> None:
    """Wherever it is."""
    with pytest.raises(TypeError, match=place):
        encode(body)


@pytest.mark.parametrize("number", [float("nan"), float("inf"), float("-inf")])
def test_nan_and_infinity_are_refused_with_their_place(number: float) -> None:
    """They would silently become null."""
    for body, place in (
        ({"input": {"a": [None, {"b": number}]}}, r"^input\.a\[1\]\.b is"),
        ([number], r"^\[0\] is"),
        (number, "^the body is"),
    ):
        with pytest.raises(ValueError, match=place):
            encode(body)


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ({"input": Point(NAN)}, r"^input\.x is"),
        ({"input": [Send("node", {"a": NAN})]}, r"^input\[0\]\.input\.a is"),
        ({"input": HumanMessage("hi", additional_kwargs={"a": NAN})}, r"^input\.additional_kwargs\.a is"),
        ({"input": Odd.NUMBER}, "^input is"),
        ({"input": {NAN: 1}}, "^the key nan of input is"),
        ({"input": {1, NAN}}, r"^input\[\d\] is"),
    ],
)
def test_nan_is_found_wherever_it_is(body: Any, place: str) -> None:
    """Also in models, messages, enums and keys."""
    with pytest.raises(ValueError, match=place):
        encode(body)


def test_null_is_sent() -> None:
    """Only NaN is refused."""
    assert b'{"a":null,"b":1.5}' == encode({"a": None, "b": 1.5})
