"""What all parts of a stream have in common. No I/O."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Generic

from typing_extensions import TypeAliasType, TypeVar

JSON = TypeAliasType("JSON", Mapping[str, Any] | list[Any] | str | float | bool | None)
"""What the type parameters of a client may be. JSON becomes no instance of another class, such as a pydantic model."""

Data = TypeVar("Data", default=Any)


@dataclass(frozen=True, slots=True, init=False)
class StreamPart(Generic[Data]):
    """One event of a run.

    Attributes:
        event: The name of the event as the server sent it, such as "values" or "updates|child:627bddfc-…".
        data: The decoded JSON.
        id: The id of the event; None if the run is not resumable. Several events can have the same id.
    """

    event: str
    data: Data
    id: str | None = None

    def __init__(self, event: str, data: Data, id: str | None = None) -> None:  # noqa: A002  # as the field
        _set_event(self, event)
        _set_data(self, data)
        _set_id(self, id)

    @property
    def namespace(self) -> tuple[str, ...]:
        """The path to the subgraph that it came from, outermost first, each as "node:task"; () for the graph itself."""
        return tuple(self.event.split("|")[1:])


# Looked up once here: object.__setattr__ would do so for each field of each part.
_set_event, _set_data, _set_id = (vars(StreamPart)[name].__set__ for name in ("event", "data", "id"))
