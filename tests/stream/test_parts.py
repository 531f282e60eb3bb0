"""Which event becomes which part."""

from __future__ import annotations

import pickle
from typing import get_type_hints

import pytest
from langgraph_runs_api.models import StreamMode

from langgraph_runs import StreamDecodeError, UnknownPart
from langgraph_runs.stream import parts
from langgraph_runs.stream.decoding import decode
from langgraph_runs.stream.parts import PARTS, StreamPart
from langgraph_runs.stream.sse import ServerSentEvent


@pytest.mark.parametrize("name", PARTS)
def test_each_event_has_its_class(name: str) -> None:
    """With and without a namespace; data, id and the name as sent are kept."""
    part = decode(ServerSentEvent(name, b'{"a": [1, null, "\xc3\xa9"]}', "5-0"))
    assert (PARTS[name], name, {"a": [1, None, "é"]}, "5-0", ()) == (
        type(part), part.event, part.data, part.id, part.namespace,
    )  # fmt: skip
    inner = decode(ServerSentEvent(f"{name}|child:1|grandchild:2", b"1"))
    assert (PARTS[name], f"{name}|child:1|grandchild:2", ("child:1", "grandchild:2"), None) == (
        type(inner), inner.event, inner.namespace, inner.id,
    )  # fmt: skip


def test_every_stream_mode_has_a_part() -> None:
    """`messages-tuple` has the name `messages` in the stream."""
    modes = set(StreamMode.__args__)  # type: ignore[attr-defined]
    assert modes - {"messages-tuple"} <= set(PARTS)


def test_every_part_is_in_the_table() -> None:
    """Except UnknownPart."""
    classes = {one for one in vars(parts).values() if isinstance(one, type) and issubclass(one, StreamPart)}
    assert classes - {StreamPart, UnknownPart} == set(PARTS.values())


def test_an_unknown_event_is_kept() -> None:
    """Whatever its data is."""
    for data, expected in (
        (b'{"a": 1}', {"a": 1}),
        (b"plain text", "plain text"),
        (b"", ""),
        (b"\xff", "\ufffd"),
    ):
        assert UnknownPart("brand-new", expected) == decode(ServerSentEvent("brand-new", data))


def test_known_events_must_be_json() -> None:
    """The error says which, and shows the beginning."""
    with pytest.raises(StreamDecodeError, match="'values' is not JSON.*half"):
        decode(ServerSentEvent("values", b'{"half', "7"))


def test_invalid_utf_8_becomes_replacement_characters() -> None:
    """As in the standard."""
    assert {"a": "\ufffd"} == decode(ServerSentEvent("custom", b'{"a": "\xff"}')).data


def test_json_of_other_encoders_is_decoded() -> None:
    """JavaScript sends half of a surrogate pair if a token ends in the middle of an emoji; Python sends NaN and
    Infinity."""
    assert {"a": "\ud83d"} == decode(ServerSentEvent("custom", b'{"a": "\\ud83d"}')).data
    assert [float("inf")] == decode(ServerSentEvent("custom", b"[Infinity]")).data
    deep = b"[" * 100_000
    with pytest.raises(StreamDecodeError):
        decode(ServerSentEvent("custom", deep))


def test_the_error_for_an_event_is_small_whatever_the_event() -> None:
    """It shows the beginning of its name and of its data."""
    with pytest.raises(StreamDecodeError) as failed:
        decode(ServerSentEvent("values|" + "x" * 1_000_000, b"[" + b"y" * 1_000_000))
    assert len(str(failed.value)) < 1000
    assert len(pickle.dumps(failed.value)) < 3000


def test_a_part_can_be_matched_compared_and_pickled() -> None:
    """It is a small value object."""
    part = decode(ServerSentEvent("updates", b'{"node": {"x": 1}}', "1"))
    match part:
        case parts.UpdatesPart(data={"node": update}):
            assert {"x": 1} == update
        case _:
            pytest.fail("not matched")
    assert part == pickle.loads(pickle.dumps(part))
    with pytest.raises(AttributeError):
        part.data = 1  # type: ignore[misc, assignment]
    assert not hasattr(part, "__dict__")
    assert get_type_hints(StreamPart)
