"""JSON as servers send it: what is decoded, what was cut, and what is not JSON."""

from __future__ import annotations

import json
import math
from random import Random
from time import process_time
from typing import Any

import pytest

from langgraph_runs.response.json_text import NotJSONError, decoded, leniently_decoded

ODD: dict[str, tuple[bytes, Any]] = {
    "half a surrogate pair": (b'{"a": "\\ud83d"}', {"a": "\ud83d"}),
    "a large integer": (b"[1" + b"0" * 400 + b"]", [10**400]),
    "a large exponent": (b"1e400", math.inf),
    "infinity": (b"[-Infinity]", [-math.inf]),
    "a byte order mark": (b'\xef\xbb\xbf{"a": 1}', {"a": 1}),
    "invalid UTF-8": (b'"\xff"', "\ufffd"),
}


@pytest.mark.parametrize("name", ODD)
def test_json_of_other_encoders_is_decoded(name: str) -> None:
    """Though orjson refuses it."""
    data, expected = ODD[name]
    assert expected == decoded(data)


def test_nan_is_decoded() -> None:
    """Python's own encoder writes it."""
    assert math.isnan(decoded(b'{"a": NaN}')["a"])


@pytest.mark.parametrize("seed", range(200))
def test_the_beginning_of_json_is_known_as_such_wherever_it_is_cut(seed: int) -> None:
    """Also within a number, a name, an escape sequence or a character."""
    random = Random(seed)
    text = b"\n\n" + json.dumps(
        [_value(random, 0)], ensure_ascii=random.random() < 0.5, indent=random.choice([None, 1])
    ).encode("utf-8", "surrogatepass")
    for end in range(len(text)):
        with pytest.raises(NotJSONError) as refused:
            leniently_decoded(text[:end])
        assert refused.value.is_prefix, (seed, text[:end])


@pytest.mark.parametrize(
    "data",
    [
        b"<html>", b"Bad Gateway", b"oops", b"no", b"u12", b'{"a":1}x', b'{"a" 1}', b"[1 2]", b"{'a': 1}", b"True",
        b'{"a": 1}}', b"\xff\xfe", b"1.x", b'["\x01"]', b"\n\n<html>504</html>", b'{"a": 01}', b"[1,]", b"nulls",
    ],
)  # fmt: skip
def test_what_no_byte_could_complete_was_not_cut(data: bytes) -> None:
    """It is something else than JSON."""
    with pytest.raises(NotJSONError) as refused:
        decoded(data)
    assert not refused.value.is_prefix


@pytest.mark.parametrize(
    "data",
    [b"9" * 5000, b'{"a": ' + b"9" * 10_000_000 + b"}", b"[" * 1_000_000, b'{"a":' * 500_000, b'"' + b"\\" * 9_999_999],
    ids=["digits", "more digits", "arrays", "objects", "backslashes"],
)  # fmt: skip
def test_json_that_python_cannot_represent_is_refused_in_bounded_time(data: bytes) -> None:
    """By the same error, which does not hold the data."""
    began = process_time()
    with pytest.raises(NotJSONError) as refused:
        decoded(data)
    assert process_time() - began < 5
    assert len(str(refused.value)) < 500
    assert refused.value.__context__ is None


def _value(random: Random, depth: int) -> Any:
    """Any JSON value."""
    words = ["", 'a"b', "\u00e9\U0001f600", "\ud83d", "\\\n"]
    scalars = [None, True, False, 0, -1.5, 2e-7, 1e300, -math.inf, math.nan, *words]
    if depth > 3 or random.random() < 0.5:
        return random.choice(scalars)
    if random.random() < 0.5:
        return [_value(random, depth + 1) for _ in range(random.randrange(4))]
    return {f"{key}\u1234": _value(random, depth + 1) for key in range(random.randrange(4))}
