"""What a person sees of the parts of a stream. No I/O."""

from __future__ import annotations

from typing import Any, NamedTuple

from langgraph_runs.cli.output import safe, shown
from langgraph_runs.json_types import is_object
from langgraph_runs.stream.parts import CustomPart, MessagesPart, MetadataPart, Part, TasksPart, UpdatesPart

MODES = ("messages-tuple", "updates", "custom", "values")
"""The stream modes for people: tokens, what the nodes return, what they report, and the final state."""

_INTERRUPT = "__interrupt__"


class Said(NamedTuple):
    """Text of a chat model.

    Attributes:
        name: The node that it comes from; "" if that is not known.
        text: The text.
        is_new: Whether another message begins.
    """

    name: str
    text: str
    is_new: bool


class Noted(NamedTuple):
    """A line: what a node has returned or reported.

    Attributes:
        name: The node, or the event.
        text: The data, as JSON.
    """

    name: str
    text: str


class Transcript:
    """Turns parts into what a person sees of them.

    Args:
        asked: The modes that were asked for on the command line; empty for the default ones. Their parts are all
            shown; otherwise, what would be shown twice is not.

    Attributes:
        node: The node that works, as far as the parts say.
        count: How many parts have come.
    """

    def __init__(self, asked: tuple[str, ...] = ()) -> None:
        self.node = ""
        self.count = 0
        self._asked = asked
        from langgraph_runs.stream.text import (
            MessageText,  # here, because --help does without what it imports
        )

        self._texts = MessageText()
        self._last: str | None = None
        self._has_spoken: set[str] = set()

    def take(self, part: Part[Any, Any, Any]) -> list[Said | Noted]:
        """What to show of the next part."""
        self.count += 1
        if isinstance(part, MetadataPart):
            return []
        if (said := self._texts.take(part)) is not None:
            return [self._said(part, *said)]
        if part.event.startswith("messages"):
            return []
        if isinstance(part, UpdatesPart) and is_object(part.data):
            return [one for name, update in part.data.items() if (one := self._returned(name, update))]
        if isinstance(part, TasksPart) and is_object(part.data):
            self.node = safe(str(part.data.get("name", "")))
        if isinstance(part, CustomPart):
            return [Noted(self.node, shown(part.data))]
        is_shown = part.event.partition("|")[0] in self._asked or part.event.partition("|")[0] not in (
            *MODES,
            "tasks",
        )
        return [Noted(safe(part.event), shown(part.data))] if is_shown else []

    def _said(self, part: Part[Any, Any, Any], message_id: str | None, text: str) -> Said:
        if isinstance(part, MessagesPart) and len(part.data) > 1 and is_object(metadata := part.data[1]):
            self.node = safe(str(metadata.get("langgraph_node", "")))
        is_new, self._last = not self._has_spoken or message_id != self._last, message_id
        self._has_spoken.add(self.node)
        return Said(self.node, safe(text), is_new)

    def _returned(self, name: str, update: object) -> Noted | None:
        """The line for a node that has ended. Its text has been shown, if it has any."""
        if name == _INTERRUPT or (name in self._has_spoken and "updates" not in self._asked):
            return None
        self.node = safe(name)
        return Noted(self.node, shown(update))
