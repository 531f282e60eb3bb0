from typing import Literal

OnRunCompleted = Literal["delete", "keep"]

ON_RUN_COMPLETED_VALUES: set[OnRunCompleted] = {
    "delete",
    "keep",
}


def check_on_run_completed(value: str) -> OnRunCompleted:
    if value in ON_RUN_COMPLETED_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {ON_RUN_COMPLETED_VALUES!r}")
