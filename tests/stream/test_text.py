"""The text of messages, out of whatever parts have it."""

from __future__ import annotations

from typing import Any

import pytest

from langgraph_runs import (
    MessagesCompletePart,
    MessagesPart,
    MessagesPartialPart,
    MetadataPart,
    UnknownPart,
    ValuesPart,
)
from langgraph_runs.stream.text import MessageText, text_of


def token(
    content: Any, message_id: str | None = "1", kind: str = "AIMessageChunk", **more: Any
) -> MessagesPart:
    return MessagesPart("messages", [{"type": kind, "content": content, "id": message_id, **more}, {}])


def partial(content: Any, message_id: str = "1", kind: str = "ai") -> MessagesPartialPart:
    return MessagesPartialPart("messages/partial", [{"type": kind, "content": content, "id": message_id}])


def complete(content: Any, message_id: str = "1", kind: str = "ai") -> MessagesCompletePart:
    return MessagesCompletePart("messages/complete", [{"type": kind, "content": content, "id": message_id}])


def taken(*parts: Any) -> list[Any]:
    messages = MessageText()
    return [found for part in parts if (found := messages.take(part)) is not None]


def test_tokens_are_yielded_as_they_come() -> None:
    """Also those of LangGraph.js, which have the type of a whole message, and of servers that give no ids."""
    assert [("1", "a"), ("1", "a")] == taken(token("a"), token("a"))
    assert [("1", "a"), ("1", "b")] == taken(token("a", kind="ai"), token("b", kind="ai"))
    assert [(None, "a"), (None, "b")] == taken(token("a", None), token("b", None))


def test_of_a_message_so_far_only_the_new_text_is_yielded() -> None:
    """Each message has its own; the same again, or less, is nothing new."""
    parts = partial("a"), partial("x", "2"), partial("ab"), partial("ab"), partial("a"), partial("abc")
    assert [("1", "a"), ("2", "x"), ("1", "b"), ("1", "c")] == taken(*parts, complete("abc"))
    assert [("3", "whole")] == taken(complete("whole", "3"))


def test_a_server_that_sends_both_forms_is_heard_once() -> None:
    """LangGraph.js does that with both modes. The form that comes first counts."""
    assert [("1", "a"), ("1", "b")] == taken(
        token("a"), partial("a"), token("b"), partial("ab"), complete("ab")
    )
    assert [("1", "a"), ("1", "b")] == taken(partial("a"), token("a"), partial("ab"), token("b"))


@pytest.mark.parametrize("kind", ["human", "tool", "system", "HumanMessageChunk", None])
def test_messages_of_others_are_no_text(kind: Any) -> None:
    assert [] == taken(token("a", kind=kind), partial("a", kind=kind), complete("a", kind=kind))


def test_calls_of_tools_and_other_blocks_are_no_text() -> None:
    """A list of blocks may have text between them."""
    calling = [{"name": "search", "args": '{"q', "id": None, "index": 0, "type": "tool_call_chunk"}]
    assert [] == taken(token("", tool_call_chunks=calling), token([]), token(None), token(5))
    blocks = [
        {"type": "reasoning", "reasoning": "hm"},
        {"type": "text", "text": "a", "index": 0},
        "b",
        {"type": "tool_use", "name": "search", "input": {}},
        {"type": "input_json_delta", "partial_json": "{"},
        {"type": "text"},
        {"type": "text", "text": None},
        7,
    ]
    assert "ab" == text_of(blocks)
    grown = [{"type": "text", "text": "a"}], [{"type": "text", "text": "abc"}]
    assert [("1", "a"), ("1", "bc")] == taken(*(partial(content) for content in grown))


def test_whatever_else_comes_is_no_text() -> None:
    """Not even data that is not what it should be."""
    odd: list[Any] = [None, [], {}, "a", [None], ["a"], [[]], [{}], [{"type": "ai"}]]
    parts = [kind("messages", data) for kind in (MessagesPart, MessagesPartialPart) for data in odd]
    others = MetadataPart("metadata", {}), ValuesPart("values", {"content": "a"}), UnknownPart("x", [{}])
    assert [] == taken(*parts, *others)


def test_only_the_last_10000_messages_are_remembered() -> None:
    """So a server that gives each token another id takes no memory without a bound."""
    messages = MessageText()
    for number in range(10_001):
        assert (str(number), "a") == messages.take(partial("a", str(number)))
    assert messages.take(partial("a", "1")) is None
    assert ("0", "a") == messages.take(partial("a", "0"))  # forgotten
