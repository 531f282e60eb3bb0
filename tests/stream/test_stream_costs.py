"""The time and the memory of a stream do not grow with what has been read."""

from __future__ import annotations

import gc
from typing import Any

from langgraph_runs.stream.decoding import decode
from langgraph_runs.stream.replay import Replay
from langgraph_runs.stream.sse import SSEDecoder


def test_deduplication_costs_the_same_for_every_event_of_one_id() -> None:
    """An event of a replay is not compared with the ones before it."""
    compared = [0]

    class Fingerprint(int):
        def __eq__(self, other: object) -> bool:
            compared[0] += 1
            return int(self) == other

        __hash__ = int.__hash__

    class Content(tuple[Any, ...]):
        __slots__ = ()

        def __hash__(self) -> int:
            return super().__hash__()

    replay = Replay("-1", None, 0, None)
    replay.begin(replayed=True)
    for number in range(20_000):
        content = Content(("custom", b"%d" % number))
        assert replay._is_first("5-0", Fingerprint(hash(content)))
    assert compared[0] < 20_000


def test_event_names_are_not_kept() -> None:
    """A decoder keeps the last name; after decoding a million bytes of names, nothing is left."""
    decoder = SSEDecoder()
    for number in range(300):
        name = b"n%d" % number + b"x" * 10_000
        (event,) = decoder.feed(b"event: " + name + b"\r\ndata: 1\r\n\r\n")
        assert name.decode() == decode(event).event
    del event
    gc.collect()
    kept = [one for one in gc.get_objects() if isinstance(one, list | dict | set) and len(one) > 250]
    names = ("x" * 9_000, b"x" * 9_000)
    assert not [
        one for one in kept if any(isinstance(key, str | bytes) and key[-9_000:] in names for key in one)
    ]
