"""Streams in which something has no end."""

from __future__ import annotations

from servers.hostile_cases.case import STREAMS, End, streaming
from servers.hostile_cases.parts import METADATA, STREAM, endless, event, head, sent, trickled

from langgraph_runs import StreamDecodeError, WaitTimeoutError

_BEGUN = STREAM + METADATA

CASES = [
    streaming("data without end", endless(_BEGUN, b"data: x"), StreamDecodeError, STREAMS),
    streaming("data lines without end", endless(_BEGUN, b"data: x\n"), StreamDecodeError, STREAMS),
    streaming("empty data lines without end", endless(_BEGUN, b"data\n"), StreamDecodeError, STREAMS),
    streaming("a comment without end", endless(_BEGUN, b":"), (StreamDecodeError, WaitTimeoutError), STREAMS),
    streaming("comments without end", endless(_BEGUN, b": \n\n"), WaitTimeoutError, STREAMS),
    streaming(
        "comments within an event without end",
        endless(_BEGUN + b"data: x\n", b":\n"),
        (StreamDecodeError, WaitTimeoutError),
        STREAMS,
    ),
    streaming("blank lines without end", endless(_BEGUN, b"\n"), WaitTimeoutError, STREAMS),
    streaming("ids without end", endless(_BEGUN, b"id: 7\n"), StreamDecodeError, STREAMS),
    streaming("an id of 100 MiB", endless(_BEGUN + b"id: ", b"7"), StreamDecodeError, STREAMS),
    streaming("event names without end", endless(_BEGUN, b"event: values\n"), StreamDecodeError, STREAMS),
    streaming("an event name of 100 MiB", endless(_BEGUN + b"event: ", b"x"), StreamDecodeError, STREAMS),
    streaming("reconnection times without end", endless(_BEGUN, b"retry: 1\n"), StreamDecodeError, STREAMS),
    streaming(
        "a reconnection time of 100 MiB", endless(_BEGUN + b"retry: ", b"7"), StreamDecodeError, STREAMS
    ),
    streaming("a field name without end", endless(_BEGUN, b"x"), StreamDecodeError, STREAMS),
    streaming("fields of no meaning without end", endless(_BEGUN, b"x: y\n"), StreamDecodeError, STREAMS),
    streaming("ids of heartbeats without end", endless(_BEGUN, b"id: 7\n\n"), WaitTimeoutError, STREAMS),
    streaming(
        "events without end",
        endless(_BEGUN, event(b"{}", b"custom")),
        (WaitTimeoutError, "100000 yielded"),
        STREAMS,
    ),
    streaming(
        "events of one id without end",
        endless(_BEGUN, event(b"{}", event_id=b"7-0")),
        (WaitTimeoutError, "100000 yielded"),
        ("stream", "replay"),
    ),
    streaming("events that trickle", trickled(_BEGUN, b"data: {}\n"), WaitTimeoutError, STREAMS),
    streaming("heartbeats that trickle", trickled(_BEGUN, b":\n\n"), WaitTimeoutError, STREAMS),
    streaming("nothing after the head", sent(_BEGUN, End.HANG), WaitTimeoutError, STREAMS),
    streaming(
        "chunks of one byte",
        endless(head("content-type: text/event-stream", "transfer-encoding: chunked"), b"1\r\nx\r\n"),
        StreamDecodeError,
        STREAMS,
    ),
]
