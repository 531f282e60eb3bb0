from typing import Literal

ThreadField = Literal[
    "config", "created_at", "interrupts", "metadata", "state_updated_at", "status", "thread_id", "updated_at", "values"
]

THREAD_FIELD_VALUES: set[ThreadField] = {
    "config",
    "created_at",
    "interrupts",
    "metadata",
    "state_updated_at",
    "status",
    "thread_id",
    "updated_at",
    "values",
}


def check_thread_field(value: str) -> ThreadField:
    if value in THREAD_FIELD_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {THREAD_FIELD_VALUES!r}")
