"""Hostile events: many, large, or wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from servers.hostile_cases.case import ANY_VALUE, STREAMS, Case, End, Exchange, Sent, streaming
from servers.hostile_cases.parts import (
    METADATA,
    MIB,
    STREAM,
    built_when_sent,
    endless,
    event,
    head,
    in_turn,
    of_json,
    run,
    sent,
    stream,
    whole,
)

from langgraph_runs import RunFailedError, StreamDecodeError, StreamInterruptedError

_BEGUN = STREAM + METADATA


def _many(count: int, make: Callable[[int], bytes]) -> Callable[[Exchange], Iterable[Sent]]:
    return built_when_sent(lambda: whole(METADATA, *map(make, range(count))))


_LARGE = [
    streaming(
        "30,000 events at once",
        _many(30_000, lambda n: event(b"%d" % n, b"custom")),
        "30001 yielded",
        ("stream_stateless",),
    ),
    streaming(
        "30,000 events with ids at once",
        _many(30_000, lambda n: event(b"%d" % n, event_id=b"%d-0" % (10**12 + n))),
        "30001 yielded",
        ("stream_stateless",),
    ),
    streaming(
        "30,000 events of one id",
        _many(30_000, lambda n: event(b"%d" % n, event_id=b"7-0")),
        "30001 yielded",
        ("stream_stateless",),
    ),
    streaming(
        "names of 512 KiB each",
        _many(32, lambda n: event(b"{}", b"%d" % n + b"x" * (MIB // 2))),
        "33 yielded",
        ("stream_stateless",),
    ),
    streaming(
        "ids of 512 KiB each",
        _many(32, lambda n: event(b"{}", event_id=b"%d" % n + b"x" * (MIB // 2))),
        "33 yielded",
        ("stream_stateless",),
    ),
    streaming(
        "data that nests 100,000 deep",
        whole(event(b"[" * 100_000 + b"]" * 100_000)),
        StreamDecodeError,
        STREAMS,
    ),
    streaming("data that is not JSON", whole(event(b"x" * (MIB // 2))), StreamDecodeError, STREAMS),
    streaming(
        "a number of 5,000 digits",
        whole(event(b"7" * 5000)),
        (ANY_VALUE, StreamDecodeError),
        ("stream_stateless",),
    ),
    streaming(
        "a number of a million digits",
        whole(event(b"7" * 1_000_000)),
        (ANY_VALUE, StreamDecodeError),
        ("stream_stateless",),
    ),
    streaming("NaN", whole(event(b'{"a": NaN}')), "1 yielded", ("stream_stateless",)),
    streaming(
        "invalid UTF-8 in every field",
        whole(event(b'"\xff"', b"\xff\xfe", b"\xff"), event(b'"\xff"', b"values", b"\xc0\xaf")),
        "2 yielded",
        ("stream_stateless",),
    ),
]

_METADATA = [
    streaming(
        f"metadata that name {what}",
        whole(event(data, b"metadata", b"1")),
        expected,
        ("stream_stateless", "stream"),
    )
    for what, data, expected in (
        ("a run elsewhere", b'{"run_id": "../../x"}', ANY_VALUE),
        ("another run", b'{"run_id": "other"}', ANY_VALUE),
        ("a run of a MiB", b'{"run_id": "%b"}' % (b"r" * MIB), ANY_VALUE),
        ("a number", b'{"run_id": 7}', ANY_VALUE),
        ("nothing", b"null", ANY_VALUE),
        ("a line break", b'{"run_id": "a\\r\\nx: y"}', ANY_VALUE),
    )
] + [
    streaming(
        "two runs in one stream",
        whole(METADATA, event(b'{"run_id": "other"}', b"metadata", b"2")),
        "2 yielded",
        ("stream_stateless",),
    ),
    Case(
        name="a stream that never names its run",
        answers={
            "stream": sent(head("content-type: text/event-stream"), event(b"{}"), End.CLOSE),
            "get": of_json({"detail": "no"}, status=404),
        },
        expect={"stream": ("1 yielded", StreamInterruptedError)},
    ),
]

_FAILED = {"status": "error"}


def failed(name: str, data: bytes, *after: bytes) -> Case:
    """A case whose stream says that the run has failed."""
    answering = in_turn(stream(METADATA, event(data, b"error"), *after))
    answers = {"stream": answering, "join_stream": answering, "get": run(**_FAILED)}
    return Case(
        name=name, answers=answers, expect=dict.fromkeys(STREAMS, (RunFailedError, StreamDecodeError))
    )


def _endless_error(_: Exchange) -> Iterator[Sent] | Iterable[Sent]:
    yield from endless(_BEGUN, event(b'{"error": "E", "message": "m"}', b"error"))(_)


_FAILURES = [
    failed("a failure that nests 100,000 deep", b"[" * 100_000 + b"]" * 100_000),
    failed("a failure that nests 900 deep", b"[" * 900 + b"]" * 900),
    failed("a failure within a failure 200 deep", b'{"message": ' * 200 + b"1" + b"}" * 200),
    failed("a failure that is null", b"null"),
    failed("a failure that is a list", b"[[], {}]"),
    failed("a failure that is text", b'"ValueError"'),
    failed("a failure that is not JSON", b"ValueError"),
    failed("a failure with a number of 5,000 digits", b'{"error": 7, "message": %b}' % (b"7" * 5000)),
    failed(
        "events after a failure", b'{"error": "E", "message": "m"}', *[event(b"{}", event_id=b"9")] * 1000
    ),
    streaming("failures without end", _endless_error, RunFailedError, STREAMS),
    streaming(
        "an end of unknown status",
        stream(METADATA, event(b'{"status": "hovering"}', b"end", b"2")),
        ANY_VALUE,
        ("stream",),
    ),
]
CASES = [*_LARGE, *_METADATA, *_FAILURES]
