"""The typed parts of a stream, and which event becomes which part; no I/O.

Distinguish parts by their class (`match`) or by `.event`, the name as the server sent it: the stream mode, followed
after `|` by the subgraph it came from. The table `PARTS` says which event becomes which class. Any other event becomes
an `UnknownPart` with its data unchanged, so that a newer server breaks nothing.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Generic

import orjson
from typing_extensions import TypeAliasType, TypeVar

from langgraph_runs.errors import StreamDecodeError
from langgraph_runs.stream.sse import ServerSentEvent

__all__ = [
    "CheckpointsPart",
    "CustomPart",
    "DebugPart",
    "ErrorPart",
    "EventsPart",
    "FeedbackPart",
    "MessagesCompletePart",
    "MessagesMetadataPart",
    "MessagesPart",
    "MessagesPartialPart",
    "MetadataPart",
    "Part",
    "StreamPart",
    "TasksPart",
    "UnknownPart",
    "UpdatesPart",
    "ValuesPart",
]

State = TypeVar("State", default=Any)
"""The state of a graph: the data of `values` parts, and what wait and join return."""
Update = TypeVar("Update", default=Any)
"""What a node returns: the data of `updates` parts, by node."""
Custom = TypeVar("Custom", default=Any)
"""What the graph's stream writer sends: the data of `custom` parts."""
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


class MetadataPart(StreamPart[dict[str, Any]]):
    """The id of the run and the attempt; the first part. A second one means that the server has restarted the run."""

    __slots__ = ()


class ValuesPart(StreamPart[State]):
    """The whole state after a step; it contains `__interrupt__` if the graph waits for an answer."""

    __slots__ = ()


class UpdatesPart(StreamPart[dict[str, Update]]):
    """What a node returned, by the name of the node; {"__interrupt__": [...]} if the graph waits for an answer."""

    __slots__ = ()


class CustomPart(StreamPart[Custom]):
    """What the graph's stream writer sent."""

    __slots__ = ()


class MessagesPart(StreamPart[list[dict[str, Any]]]):
    """A token or a message of a chat model, and its metadata, as a list of two: mode "messages-tuple"."""

    __slots__ = ()


class MessagesPartialPart(StreamPart[list[dict[str, Any]]]):
    """A chat model's message so far, as a list of one: mode "messages"."""

    __slots__ = ()


class MessagesCompletePart(StreamPart[list[dict[str, Any]]]):
    """A message that was not streamed token by token, as a list of one: mode "messages"."""

    __slots__ = ()


class MessagesMetadataPart(StreamPart[dict[str, Any]]):
    """Metadata of the messages that follow, by message id: mode "messages"."""

    __slots__ = ()


class TasksPart(StreamPart[dict[str, Any]]):
    """A task that starts, or that has ended, with its result."""

    __slots__ = ()


class CheckpointsPart(StreamPart[dict[str, Any]]):
    """A checkpoint that the graph has made, in LangGraph's own format."""

    __slots__ = ()


class DebugPart(StreamPart[dict[str, Any]]):
    """A task or a checkpoint in full detail, in LangGraph's own format."""

    __slots__ = ()


class EventsPart(StreamPart[dict[str, Any]]):
    """An event of LangChain's `astream_events`."""

    __slots__ = ()


class FeedbackPart(StreamPart[dict[str, str]]):
    """The URLs for feedback, by key: for runs with `feedback_keys`."""

    __slots__ = ()


class ErrorPart(StreamPart[Any]):
    """The error of a failed run, as `error` and `message`; yielded only with `raise_error=False`."""

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
"""Events that are not about the stream itself, and that every server keeps. Most events are; they take a fast path."""


def decode(event: ServerSentEvent) -> Part[Any, Any, Any]:
    """The part for this event.

    Raises:
        StreamDecodeError: Its data is not JSON, though an event of this name always has JSON.
    """
    name, sent, event_id, _ = event
    kind = PARTS.get(name) or PARTS.get(name.partition("|")[0], UnknownPart)
    try:
        data = orjson.loads(sent)
    except orjson.JSONDecodeError:
        data = _as_sent(sent, name, kind)
    return kind(name, data, event_id or None)  # type: ignore[return-value]  # the table holds no other


def _as_sent(data: bytes, name: str, kind: type[StreamPart[Any]]) -> Any:
    """Decodes data that orjson refuses: invalid UTF-8, which the SSE standard reads as U+FFFD; half a surrogate pair;
    or NaN. The data of an unknown event may be text."""
    text = data.decode("utf-8", "replace")
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        if kind is UnknownPart:
            return text
        message = f"the data of event {name!r} is not JSON: {error}: {text[:200]!r}"
        raise StreamDecodeError(message) from error
