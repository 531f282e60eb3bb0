"""Server-sent event -> typed part of a stream; no I/O.

A part is told by its class (`match`) or by `.event`, the name as the server sent it: the mode, and behind `|` the
subgraph it came from. Which event is which class stands in one table, `PARTS`; an event that is not there is an
`UnknownPart` with its data untouched, so that a newer server breaks nothing.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Generic

import orjson
from typing_extensions import TypeAliasType, TypeVar

from langgraph_runs.errors import StreamDecodeError
from langgraph_runs.sse import ServerSentEvent

State = TypeVar("State", default=Any)
"""What a graph's state is: the data of `values` parts, and what wait and join return."""
Update = TypeVar("Update", default=Any)
"""What one node returns: the data of `updates` parts, by node."""
Custom = TypeVar("Custom", default=Any)
"""What a graph's stream writer sends: the data of `custom` parts."""
Data = TypeVar("Data", default=Any)


@dataclass(frozen=True, slots=True, init=False)
class StreamPart(Generic[Data]):
    """One event of a run.

    Attributes:
        event: Its name as sent, such as "values" or "updates|child:627bddfc-…".
        data: What it carries.
        id: Its id, where the run is resumable; else None. Not always unique.
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
        """The subgraph that this came from, outermost first, as "node:task"; () for the graph itself."""
        return tuple(self.event.split("|")[1:])


# What object.__setattr__ would look up for each field of each part.
_set_event, _set_data, _set_id = (vars(StreamPart)[name].__set__ for name in ("event", "data", "id"))


class MetadataPart(StreamPart[dict[str, Any]]):
    """The run's id and the attempt, first of all. A second one means that the server began the run anew."""

    __slots__ = ()


class ValuesPart(StreamPart[State]):
    """The whole state after a step; with `__interrupt__` in it where the graph waits for an answer."""

    __slots__ = ()


class UpdatesPart(StreamPart[dict[str, Update]]):
    """What a node returned, by the node's name; {"__interrupt__": [...]} where the graph waits for an answer."""

    __slots__ = ()


class CustomPart(StreamPart[Custom]):
    """What the graph's stream writer sent."""

    __slots__ = ()


class MessagesPart(StreamPart[list[dict[str, Any]]]):
    """A chunk of a chat model's message, and its metadata, as a list of two: mode "messages-tuple"."""

    __slots__ = ()


class MessagesPartialPart(StreamPart[list[dict[str, Any]]]):
    """A chat model's message as far as it has come: mode "messages"."""

    __slots__ = ()


class MessagesCompletePart(StreamPart[list[dict[str, Any]]]):
    """A message that was not streamed, whole: mode "messages"."""

    __slots__ = ()


class MessagesMetadataPart(StreamPart[dict[str, Any]]):
    """Metadata for the messages that follow, by message id: mode "messages"."""

    __slots__ = ()


class TasksPart(StreamPart[dict[str, Any]]):
    """A task that starts, or one that has ended with its result."""

    __slots__ = ()


class CheckpointsPart(StreamPart[dict[str, Any]]):
    """A checkpoint that was made."""

    __slots__ = ()


class DebugPart(StreamPart[dict[str, Any]]):
    """A step in every detail."""

    __slots__ = ()


class EventsPart(StreamPart[dict[str, Any]]):
    """An event of LangChain's `astream_events`."""

    __slots__ = ()


class FeedbackPart(StreamPart[dict[str, str]]):
    """Where to send feedback to, by key: for runs with `feedback_keys`."""

    __slots__ = ()


class ErrorPart(StreamPart[Any]):
    """The graph raised; handed out with `raise_error=False` only."""

    __slots__ = ()


class UnknownPart(StreamPart[Any]):
    """An event that this version has no class for."""

    __slots__ = ()


Part = TypeAliasType(
    "Part",
    MetadataPart
    | ValuesPart[State]
    | UpdatesPart[Update]
    | CustomPart[Custom]
    | MessagesPart
    | MessagesPartialPart
    | MessagesCompletePart
    | MessagesMetadataPart
    | TasksPart
    | CheckpointsPart
    | DebugPart
    | EventsPart
    | FeedbackPart
    | ErrorPart
    | UnknownPart,
    type_params=(State, Update, Custom),
)
"""Any part of a stream."""

PARTS: dict[str, type[StreamPart[Any]]] = {
    "metadata": MetadataPart,
    "values": ValuesPart,
    "updates": UpdatesPart,
    "custom": CustomPart,
    "messages": MessagesPart,
    "messages/partial": MessagesPartialPart,
    "messages/complete": MessagesCompletePart,
    "messages/metadata": MessagesMetadataPart,
    "tasks": TasksPart,
    "checkpoints": CheckpointsPart,
    "debug": DebugPart,
    "events": EventsPart,
    "feedback": FeedbackPart,
    "error": ErrorPart,
}

PLAIN = {
    name: PARTS[name]
    for name in ("values", "updates", "custom", "messages", "tasks", "checkpoints", "debug", "events")
}
"""Those that say nothing of the stream itself, and that every server keeps: most of all, and quick to read."""


def decode(event: ServerSentEvent) -> Part[Any, Any, Any]:
    """The part that this event is.

    Raises:
        StreamDecodeError: Its data is not JSON, though that of events with this name always is.
    """
    name, sent, event_id, _ = event
    kind = PARTS.get(name) or PARTS.get(name.partition("|")[0], UnknownPart)
    try:
        data = orjson.loads(sent)
    except orjson.JSONDecodeError:
        data = _as_sent(sent, name, kind)
    return kind(name, data, event_id or None)  # type: ignore[return-value]  # the table holds no other


def _as_sent(data: bytes, name: str, kind: type[StreamPart[Any]]) -> Any:
    """Data that orjson refuses: what is not UTF-8, which the standard reads as U+FFFD, half a surrogate pair, and NaN;
    and what is no JSON may be text."""
    text = data.decode("utf-8", "replace")
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        if kind is UnknownPart:
            return text
        message = f"the data of an event {name!r} is not JSON: {error}: {text[:200]!r}"
        raise StreamDecodeError(message) from error
