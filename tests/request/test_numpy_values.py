"""Arrays and scalars of numpy in a request's body."""

from __future__ import annotations

import json
import subprocess
import sys
import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from langgraph_runs.request.body import encode

TABLE = np.arange(6.0).reshape(2, 3)
PAIR = np.dtype([("a", int), ("b", "M8[ns]")])


@dataclass
class Document:
    embedding: Any
    scores: dict[Any, Any]


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        (np.array([1, 2]), [1, 2]),
        (np.array([1.5], "f4"), [1.5]),
        (np.array([True, False]), [True, False]),
        (np.array(["a", "b"]), ["a", "b"]),
        (np.array([1, None, np.float32(2), {"a": np.int8(3)}], object), [1, None, 2.0, {"a": 3}]),
        (np.array(3.0), 3.0),
        (np.zeros((2, 0)), [[], []]),
        (TABLE.T, [[0, 3], [1, 4], [2, 5]]),
        (TABLE[:, ::-2], [[2, 0], [5, 3]]),
        (TABLE.astype("f2"), [[0, 1, 2], [3, 4, 5]]),
        (TABLE.astype(np.longdouble), [[0, 1, 2], [3, 4, 5]]),
        (TABLE.astype(">f8"), [[0, 1, 2], [3, 4, 5]]),
        (np.array([1, 2], ">i4"), [1, 2]),
        (np.ma.array([1.0, np.nan], mask=[False, True]), [1.0, None]),
        (np.array([(1, "2026-01-01")], PAIR), [[1, "2026-01-01T00:00:00"]]),
        (np.array(["2026-01-01T00:00:00.123456789"], "M8[ns]"), ["2026-01-01T00:00:00.123456"]),
        (np.array(["2026-01-01"], ">M8[D]"), ["2026-01-01T00:00:00"]),
        (np.datetime64("2026-01-01T12:00"), "2026-01-01T12:00:00"),
        (np.int8(-3), -3),
        (np.uint64(2**64 - 1), 2**64 - 1),
        (np.float64(0.1), 0.1),
        (np.longdouble(1.5), 1.5),
        (np.bool_(True), True),
        (np.str_("a"), "a"),
        (np.ma.masked, None),
        ([None, TABLE[0]], [None, [0, 1, 2]]),
    ],
)
def test_arrays_and_scalars_are_sent_as_lists_and_numbers(given: Any, sent: Any) -> None:
    """Whatever their layout; times like Python's datetimes."""
    assert {"input": [sent]} == json.loads(encode({"input": [given]}))


@pytest.mark.parametrize(
    ("key", "sent"),
    [
        (np.int64(1), "1"),
        (np.float64(0.5), "0.5"),
        (np.bool_(True), "true"),
        (np.str_("a"), "a"),
        (np.datetime64("2026-01-01"), "2026-01-01T00:00:00"),
    ],
)
def test_scalars_may_be_keys(key: Any, sent: str) -> None:
    """At any depth, in dataclasses too, and beside what needs no conversion."""
    expected = {"input": [{"embedding": [1], "scores": {sent: {sent: 2}}}], "rest": [True]}
    body = {"input": [Document(np.array([1]), {key: {key: np.int8(2)}})], "rest": {True}}
    assert expected == json.loads(encode(body))


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ({"input": {"a": [np.float32("nan")]}}, r"^input\.a\[0\] is NaN"),
        ({"input": np.array([[1, 2], [3, np.inf]])}, r"^input\[1\]\[1\] is NaN"),
        ({"input": np.array([1, None, np.nan], object)}, r"^input\[2\] is NaN"),
        ({"input": np.array([(1.0, -np.inf)], [("a", float), ("b", float)])}, r"^input\[0\]\[1\] is NaN"),
        ({"input": np.ma.array([1, np.nan, 2], mask=[True, False, False])}, r"^input\[1\] is NaN"),
        ({"input": {np.float32("nan"): 1}}, r"^the key .*nan.* of input is NaN"),
        ({"input": Document(np.float64("nan"), {})}, r"^input\.embedding is NaN"),
        ({"input": np.datetime64("NaT", "s")}, "^input cannot be sent as JSON: it is NaT"),
        ({"input": np.array([["2026", "NaT"]], "M8[s]")}, r"^input\[0\]\[1\] cannot .* it is NaT"),
        ({"input": np.datetime64("12026-01-01")}, "^input cannot .* outside the years 1 to 9999"),
    ],
)
def test_nan_and_nat_are_refused_with_their_place(body: Any, place: str) -> None:
    """Like Python's own NaN, which would silently become null."""
    with pytest.raises(ValueError, match=place):
        encode(body)


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ({"input": {"a": np.array([1, 1j])}}, r"^input\.a\[0\] cannot .* complex128 of numpy; send its real"),
        ({"input": np.timedelta64(1, "ns")}, r"^input cannot .* timedelta64\[ns\] of numpy; send a number"),
        ({"input": np.array([b"a"])}, r"^input\[0\] cannot .* bytes"),
        ({"input": np.array([1, object()], object)}, r"^input\[1\] cannot .* object"),
        ({"input": {np.complex64(1): 1}}, "^the key .* of input cannot .*complex64"),
    ],
)
def test_a_type_that_json_does_not_have_is_refused_with_its_place(body: Any, place: str) -> None:
    """Not sent as the number of nanoseconds, for example."""
    with pytest.raises(TypeError, match=place):
        encode(body)


def test_a_large_array_is_searched_for_nan_at_once() -> None:
    """A null elsewhere in the body does not make each of its numbers cost a step of Python."""
    steps = 0

    def count(*_frame: object) -> None:
        nonlocal steps
        steps += 1

    sys.setprofile(count)
    try:
        encode({"a": None, "input": np.zeros(10_000)})
    finally:
        sys.setprofile(None)
    assert steps < 1000


def test_numpy_is_not_imported() -> None:
    """Not even to say that a body cannot be sent."""
    code = """
import sys
from langgraph_runs.request.body import encode
encode({"a": [None, 1.5]})
try:
    encode({"a": object()})
except TypeError:
    assert "numpy" not in sys.modules
    print("refused")
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "refused\n" == done.stdout


def test_no_value_of_numpy_warns() -> None:
    """As an error of the filters, it would be one of the body."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        encode([np.array([1.0, 2.0], np.longdouble), np.float16(1), np.array(["2026"], "M8[Y]")])
