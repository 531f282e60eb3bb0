"""The text of the messages in a stream. No I/O."""

from __future__ import annotations

from typing import Any

from langgraph_runs.json_types import is_array, is_object
from langgraph_runs.stream.cursor import Cursor
from langgraph_runs.stream.parts import MessagesCompletePart, MessagesPart, MessagesPartialPart, Part

_FROM_MODELS = ("ai", "AIMessageChunk")  # LangGraph.js names a token like a message
_TOKENS = -1
_MOST = 10_000  # messages that are remembered: a server may send any number of ids


def check_text(cursor: Cursor) -> None:
    """Checks that the stream has messages.

    Raises:
        ValueError: Its modes have none.
    """
    modes = cursor.request.modes
    if modes is not None and not {"messages-tuple", "messages"} & set(modes):
        raise ValueError(
            f"stream_mode={list(modes)!r} has no messages, so there is no text: pass stream_mode='messages-tuple'"
        )


class MessageText:
    """Picks the new text out of each part, whether it has a token or all that has come of a message. If a server sends
    both, the form that comes first counts."""

    def __init__(self) -> None:
        self._lengths: dict[str | None, int] = {}  # how much has come of each message, or _TOKENS

    def take(self, part: Part[Any, Any, Any]) -> tuple[str | None, str] | None:
        """The id of the message, and its new text; None if there is none."""
        if not isinstance(part, MessagesPart | MessagesPartialPart | MessagesCompletePart):
            return None
        message = part.data[0] if is_array(part.data) and part.data else None
        if not is_object(message) or message.get("type") not in _FROM_MODELS:
            return None
        message_id, text = message.get("id"), text_of(message.get("content"))
        known = self._lengths.get(message_id)
        if known is None and len(self._lengths) >= _MOST:
            del self._lengths[next(iter(self._lengths))]
        if isinstance(part, MessagesPart):
            if known is None:
                self._lengths[message_id] = _TOKENS
            elif known != _TOKENS:
                return None
        elif known == _TOKENS:
            return None
        else:
            self._lengths[message_id] = max(len(text), known or 0)
            text = text[known or 0 :]
        return (message_id, text) if text else None


def text_of(content: object) -> str:
    """The text in the content of a message: without reasoning, calls of tools, images and other blocks."""
    if isinstance(content, str):
        return content
    return "".join(_text_of_block(block) for block in content) if is_array(content) else ""


def _text_of_block(block: object) -> str:
    if isinstance(block, str):
        return block
    text = block.get("text") if is_object(block) and block.get("type") == "text" else None
    return text if isinstance(text, str) else ""
