"""The typed parts of a stream, and which event becomes which class; no I/O.

Distinguish parts by their class (`match`) or by `.event`, the name as the server sent it: the stream mode, followed
after `|` by the subgraph it came from. The table `PARTS` says which event becomes which class. Any other event becomes
an `UnknownPart` with its data unchanged, so that a newer server breaks nothing.

To a type checker, the event of each class is a literal, so that `part.event == "values"` narrows as `match` does. No
literal can stand for the names of all subgraphs, or for unknown names: "values|<subgraph>" and "<any other>" do.
"""

from __future__ import annotations

from typing import Any, Literal, cast

from typing_extensions import TypeAliasType, TypeVar

from langgraph_runs.interrupts import Interrupt, in_one_shape, interrupts_of, with_interrupts_in_one_shape
from langgraph_runs.stream.part import JSON, StreamPart
from langgraph_runs.stream.payloads import (
    CheckpointPayload,
    DebugPayload,
    MessageMetadata,
    MessagePayload,
    MessagesMetadata,
    TaskPayload,
)

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
    "ToolsPart",
    "UnknownPart",
    "UpdatesPart",
    "ValuesPart",
]

State = TypeVar("State", bound=JSON, default=Any)
"""The state of a graph: the data of `values` parts, and what wait and join return."""
Update = TypeVar("Update", bound=JSON, default=Any)
"""What a node returns: the data of `updates` parts, by node."""
Custom = TypeVar("Custom", bound=JSON, default=Any)
"""What the graph's stream writer sends: the data of `custom` parts."""


class MetadataPart(StreamPart[dict[str, Any]]):
    """The id of the run and the attempt; the first part. A second one means that the server has restarted the run."""

    __slots__ = ()
    event: Literal["metadata"]


class ValuesPart(StreamPart[State]):
    """The whole state after a step; it contains `__interrupt__` if the graph waits for an answer."""

    __slots__ = ()
    event: Literal["values", "values|<subgraph>"]

    def __init__(self, event: str, data: State, id: str | None = None) -> None:  # noqa: A002  # as the field
        super().__init__(event, with_interrupts_in_one_shape(data), id)

    @property
    def interrupts(self) -> list[Interrupt]:
        """The interrupts in the data. The Python server sends one part for each, if there are several."""
        return interrupts_of(self.data)


class UpdatesPart(StreamPart[dict[str, Update]]):
    """What a node returned, by the name of the node; {"__interrupt__": [...]} if the graph waits for an answer."""

    __slots__ = ()
    event: Literal["updates", "updates|<subgraph>"]

    def __init__(self, event: str, data: dict[str, Update], id: str | None = None) -> None:  # noqa: A002
        super().__init__(event, with_interrupts_in_one_shape(data), id)

    @property
    def interrupts(self) -> list[Interrupt]:
        """The interrupts in the data."""
        return interrupts_of(self.data)


class CustomPart(StreamPart[Custom]):
    """What the graph's stream writer sent."""

    __slots__ = ()
    event: Literal["custom", "custom|<subgraph>"]


class MessagesPart(StreamPart[list[dict[str, Any]]]):
    """A token or a message of a chat model, and its metadata, as a list of two: mode "messages-tuple"."""

    __slots__ = ()
    event: Literal["messages", "messages|<subgraph>"]

    @property
    def message(self) -> MessagePayload:
        """The token or the message: the first item of the data."""
        return cast(MessagePayload, self.data[0])

    @property
    def metadata(self) -> MessageMetadata:
        """Where it comes from: the second item of the data."""
        return cast(MessageMetadata, self.data[1])


class MessagesPartialPart(StreamPart[list[MessagePayload]]):
    """A chat model's message so far, as a list of one: mode "messages"."""

    __slots__ = ()
    event: Literal["messages/partial", "messages/partial|<subgraph>"]

    @property
    def message(self) -> MessagePayload:
        """The message: the only item of the data."""
        return self.data[0]


class MessagesCompletePart(StreamPart[list[MessagePayload]]):
    """A message that was not streamed token by token, as a list of one: mode "messages"."""

    __slots__ = ()
    event: Literal["messages/complete", "messages/complete|<subgraph>"]

    @property
    def message(self) -> MessagePayload:
        """The message: the only item of the data."""
        return self.data[0]


class MessagesMetadataPart(StreamPart[dict[str, MessagesMetadata]]):
    """Metadata of the messages that follow, by message id: mode "messages"."""

    __slots__ = ()
    event: Literal["messages/metadata", "messages/metadata|<subgraph>"]


class TasksPart(StreamPart[TaskPayload]):
    """A task that starts, or that has ended, with its result."""

    __slots__ = ()
    event: Literal["tasks", "tasks|<subgraph>"]

    @property
    def interrupts(self) -> list[Interrupt]:
        """The interrupts at which the task waits. (The data has them as the server sent them.)"""
        return in_one_shape(self.data.get("interrupts"))


class ToolsPart(StreamPart[dict[str, Any]]):
    """A call of a tool that starts, yields something, ends or fails, as `event` says: mode "tools" of LangGraph.js."""

    __slots__ = ()
    event: Literal["tools", "tools|<subgraph>"]


class CheckpointsPart(StreamPart[CheckpointPayload]):
    """A checkpoint that the graph has made, in LangGraph's own format."""

    __slots__ = ()
    event: Literal["checkpoints", "checkpoints|<subgraph>"]


class DebugPart(StreamPart[DebugPayload]):
    """A task or a checkpoint in full detail, in LangGraph's own format."""

    __slots__ = ()
    event: Literal["debug", "debug|<subgraph>"]


class EventsPart(StreamPart[dict[str, Any]]):
    """An event of LangChain's `astream_events`."""

    __slots__ = ()
    event: Literal["events", "events|<subgraph>"]


class FeedbackPart(StreamPart[dict[str, str]]):
    """The URLs for feedback, by key: for runs with `feedback_keys`."""

    __slots__ = ()
    event: Literal["feedback"]


class ErrorPart(StreamPart[Any]):
    """The error of a failed run, as `error` and `message`; yielded only with `raise_error=False`."""

    __slots__ = ()
    event: Literal["error"]


class UnknownPart(StreamPart[Any]):
    """An event that this version has no class for."""

    __slots__ = ()
    event: Literal["<any other>"]


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
    | ToolsPart
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
    "tools": ToolsPart,
    "checkpoints": CheckpointsPart,
    "debug": DebugPart,
    "events": EventsPart,
    "feedback": FeedbackPart,
    "error": ErrorPart,
}
