from typing import Literal

TtlStrategy = Literal["delete", "keep_latest"]

TTL_STRATEGY_VALUES: set[TtlStrategy] = {
    "delete",
    "keep_latest",
}


def check_ttl_strategy(value: str) -> TtlStrategy:
    if value in TTL_STRATEGY_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {TTL_STRATEGY_VALUES!r}")
