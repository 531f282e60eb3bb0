"""numpy's arrays and scalars as plain data. This package never imports numpy. No I/O.

orjson has an option for them, but some of its versions end the process for an array with NaT, send wrong numbers for
one in the other byte order, and import numpy.
"""

from __future__ import annotations

import sys
from typing import Any, TypeGuard

_IN_OTHER_FORM = {"c": "its real and imaginary parts", "m": "a number of seconds"}


def is_numpy(value: object) -> TypeGuard[Any]:
    """Whether this is an array or a scalar of numpy."""
    numpy: Any = sys.modules.get("numpy")
    scalar = getattr(numpy, "generic", None)  # None while another thread is importing numpy
    return scalar is not None and isinstance(value, scalar | numpy.ndarray)


def plain(value: Any) -> Any:
    """An array as lists, and a scalar as Python's own; null where an array is masked.

    Raises:
        TypeError: JSON cannot represent this type.
        ValueError: It has a time that JSON cannot represent.
    """
    kind = value.dtype.kind
    if kind in _IN_OTHER_FORM:
        name = f"{value.dtype.name} of numpy"
        raise TypeError(f"Type is not JSON serializable: {name}; send {_IN_OTHER_FORM[kind]}")
    if kind == "V" and (value.ndim or value.dtype.names):
        return list(value)  # so that each field is converted by its own type
    if kind == "M":
        return list(value) if value.ndim and hasattr(value, "mask") else _datetimes(value)
    return (value.astype(float) if kind == "f" else value).tolist()


def is_finite(value: Any) -> bool:
    """Whether an array or a scalar contains nothing that is NaN or infinite. If not, look at its items."""
    numpy: Any = sys.modules["numpy"]
    kind = value.dtype.kind
    if kind == "f" and not hasattr(value, "mask"):
        return bool(numpy.isfinite(value.astype(float)).all())
    return kind not in "fOV"


def _datetimes(value: Any) -> Any:
    """As Python's, which have microseconds. numpy would return whole numbers for what does not fit, and for ns."""
    times = value.astype("M8[us]")
    years = times.astype("M8[Y]").astype(int) + 1970  # that of NaT is negative
    if not ((1 <= years) & (years <= 9999)).all():  # noqa: SIM300
        raise ValueError("it is NaT, or outside the years 1 to 9999; send None or a string")
    return times.tolist()
