"""The part for an event, whose data is JSON. No I/O."""

from __future__ import annotations

from typing import Any

import orjson

from langgraph_runs.errors import StreamDecodeError
from langgraph_runs.response.json_text import NotJSONError, leniently_decoded
from langgraph_runs.stream.parts import PARTS, Part, StreamPart, UnknownPart
from langgraph_runs.stream.sse import ServerSentEvent

_SHOWN = 200  # bytes, or characters, in a message


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
        data = _decoded(sent, name, kind)
    return kind(name, data, event_id or None)  # type: ignore[return-value]  # the table holds no other


def _decoded(data: bytes, name: str, kind: type[StreamPart[Any]]) -> Any:
    """Decodes data that orjson refuses. That of an unknown event may be text."""
    try:
        return leniently_decoded(data)
    except NotJSONError as error:
        if kind is UnknownPart:
            return data.decode("utf-8", "replace")
        shown = data[:_SHOWN].decode("utf-8", "replace")
        message = f"the data of event {name[:_SHOWN]!r} is not JSON: {error}: {shown!r}"
        raise StreamDecodeError(message) from error
