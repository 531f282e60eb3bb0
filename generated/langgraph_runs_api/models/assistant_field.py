from typing import Literal

AssistantField = Literal[
    "assistant_id",
    "config",
    "context",
    "created_at",
    "description",
    "graph_id",
    "metadata",
    "name",
    "updated_at",
    "version",
]

ASSISTANT_FIELD_VALUES: set[AssistantField] = {
    "assistant_id",
    "config",
    "context",
    "created_at",
    "description",
    "graph_id",
    "metadata",
    "name",
    "updated_at",
    "version",
}


def check_assistant_field(value: str) -> AssistantField:
    if value in ASSISTANT_FIELD_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {ASSISTANT_FIELD_VALUES!r}")
