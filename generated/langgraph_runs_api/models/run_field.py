from typing import Literal

RunField = Literal[
    "assistant_id",
    "created_at",
    "kwargs",
    "langsmith_session_name",
    "metadata",
    "multitask_strategy",
    "run_id",
    "status",
    "thread_id",
    "updated_at",
]

RUN_FIELD_VALUES: set[RunField] = {
    "assistant_id",
    "created_at",
    "kwargs",
    "langsmith_session_name",
    "metadata",
    "multitask_strategy",
    "run_id",
    "status",
    "thread_id",
    "updated_at",
}


def check_run_field(value: str) -> RunField:
    if value in RUN_FIELD_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {RUN_FIELD_VALUES!r}")
