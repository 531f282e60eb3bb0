"""Streams that cannot be resumed: ids that lie, and connections that end at the wrong time."""

from __future__ import annotations

from servers.hostile_cases.case import STREAMS, Answering, Case, End, Expected, streaming
from servers.hostile_cases.parts import METADATA, STREAM, event, head, of_json, run, sent, stream, whole

from langgraph_runs import APIResponseError, NotFoundError, StreamGapError, StreamInterruptedError


def active(name: str, answering: Answering, expected: Expected, later: Answering | None = None) -> Case:
    """A case whose run never ends."""
    answers = {"stream": answering, "join_stream": later or answering, "get": run(status="running")}
    calls = ("stream",) if later else ("stream", "replay")
    return Case(name=name, answers=answers, expect=dict.fromkeys(calls, expected))


_BEGUN = STREAM + METADATA


def _cut_after(*events: bytes) -> Answering:
    return sent(STREAM, b"".join(events), b"data: ", End.RESET)


_IDS = [
    active(
        "ids that go back",
        _cut_after(METADATA, *(event(b"{}", event_id=b"%d" % n) for n in range(99, 0, -1))),
        (StreamInterruptedError, StreamGapError),
    ),
    active(
        "an id of 10^40",
        _cut_after(METADATA, event(b"{}", event_id=b"1" + b"0" * 40 + b"-0")),
        (StreamInterruptedError, StreamGapError),
    ),
    active(
        "an id of 5,000 digits",
        _cut_after(METADATA, event(b"{}", event_id=b"7" * 5000)),
        (StreamInterruptedError, StreamGapError),
    ),
    active(
        "an id of 5,000 digits and a dash",
        _cut_after(METADATA, event(b"{}", event_id=b"7" * 5000 + b"-0")),
        (StreamInterruptedError, StreamGapError),
    ),
    active(
        "an id of 100,000 characters",
        _cut_after(METADATA, event(b"{}", event_id=b"x" * 100_000)),
        (StreamInterruptedError, StreamGapError),
    ),
    active(
        "an id with a NUL",
        _cut_after(METADATA, event(b"{}", event_id=b"7\0")),
        (StreamInterruptedError, StreamGapError),
    ),
    active(
        "an id that no header can carry",
        _cut_after(METADATA, event(b"{}", event_id="\u2028é".encode())),
        (StreamInterruptedError, StreamGapError),
    ),
    active(
        "an id of digits of another script",
        _cut_after(METADATA, event(b"{}", event_id="\u0663-\u0660".encode())),
        (StreamInterruptedError, StreamGapError),
    ),
    active(
        "an id that is -1",
        _cut_after(METADATA, event(b"{}", event_id=b"-1")),
        (StreamInterruptedError, StreamGapError),
    ),
    active(
        "other events under the same ids",
        _cut_after(METADATA, event(b"1", event_id=b"2")),
        (StreamInterruptedError, StreamGapError),
        _cut_after(METADATA, event(b"2", event_id=b"2")),
    ),
]

_ENDS = [
    active("clean ends of a run that is active", whole(METADATA), StreamInterruptedError),
    active("cuts after the same event", _cut_after(METADATA), StreamInterruptedError),
    active("cuts before the first event", sent(STREAM, End.RESET), StreamInterruptedError),
    active(
        "a refusal to resume",
        _cut_after(METADATA),
        StreamInterruptedError,
        of_json({"detail": "no"}, status=400),
    ),
    active("a page to resume from", _cut_after(METADATA), StreamInterruptedError, of_json("page")),
    active("404 on resumption", _cut_after(METADATA), NotFoundError, of_json({"detail": "no"}, status=404)),
    active(
        "503 on resumption",
        _cut_after(METADATA),
        StreamInterruptedError,
        of_json({"detail": "no"}, "retry-after: 1000000000", status=503),
    ),
    streaming(
        "cuts mid-event of a run that has ended",
        sent(_BEGUN, b"data: {", End.CLOSE),
        StreamInterruptedError,
    ),
    streaming(
        "an empty stream of a run that has ended",
        stream(),
        ("0 yielded", StreamGapError),
        ("stream", "join_stream"),
    ),
    streaming("status 204", head(status=204), APIResponseError, STREAMS),
    streaming(
        "another content type",
        sent(head("content-type: text/event-stream-x"), METADATA, End.CLOSE),
        APIResponseError,
        STREAMS,
    ),
    streaming(
        "status 206",
        sent(head("content-type: text/event-stream", status=206), METADATA, End.CLOSE),
        APIResponseError,
        STREAMS,
    ),
    streaming(
        "a reconnection time of 10^30",
        stream(b"retry: 1" + b"0" * 30 + b"\n\n", METADATA, event(b"{}", event_id=b"2")),
        "2 yielded",
        ("stream",),
    ),
]
CASES = [*_IDS, *_ENDS]
