from typing import Literal

Prefer = Literal["return=minimal"]

PREFER_VALUES: set[Prefer] = {
    "return=minimal",
}


def check_prefer(value: str) -> Prefer:
    if value in PREFER_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {PREFER_VALUES!r}")
