"""Random streams of bytes, random cuts, and random answers of a server, for a decoder and a cursor.

Each seed is one stream, over as many connections as it takes to end. The result must be events, an end, or an error of
this package.

`python tests/stream/random_streams.py FIRST LAST` tries the seeds in between.
"""

from __future__ import annotations

import logging
import sys
from random import Random

from langgraph_runs_api.models import Run

from langgraph_runs import (
    APIConnectionError,
    APIStatusError,
    LangGraphRunsError,
    NotFoundError,
    RetryPolicy,
    RunCancelledError,
    RunFailedError,
)
from langgraph_runs.request import endpoints
from langgraph_runs.response.answer import Answer
from langgraph_runs.retry import Backoff
from langgraph_runs.run.cancel_on_exit import HeldRun
from langgraph_runs.stream.cursor import Cursor
from langgraph_runs.stream.sse import EventTooLargeError, SSEDecoder
from langgraph_runs.stream.steps import Step

# Valid and invalid parts of streams.
WORDS = [
    b"event: custom\r\n", b"event: metadata\n", b"event: error\n", b"event: messages/partial\r", b"event: end\n",
    b"event:values|a:1\n", b"data: 1\r\n", b"data: {}\n", b'data: {"run_id":"r","attempt":1}\r\n', b"data\n",
    b"data:\n",
    b'data: {"error":"E","message":"m"}\n', b'data: "Run not found"\n', b"data: {\ndata: }\n", b"data: nope\r",
    b"id: 1795489870000-0\r\n", b"id: 1795489870001-0\n", b"id: 1795489870001-1\n", b"id: 3\n", b"id: 4\r", b"id\n",
    b"id: r_event_5\n", b"id: r_event_6\n", b"id: a\0b\n", b"id: odd\n", b": heartbeat\r\n\r\n", b":\n", b"retry: 10\n",
    b"retry: x\n", b"\xef\xbb\xbf", b"\xff\xfe", b"\xe2\x80\xa8", b"\0", b"\r", b"\n", b"\r\n", b"\n\n", b"\r\r",
    b"\r\n\r\n",
]  # fmt: skip
ENDS = [b"\n\n", b"\r\n\r\n", b"\r\r", b""]
MOST_STEPS = 200

LOST = APIConnectionError("lost", method="GET", url="http://host/")
GONE = NotFoundError("gone", method="GET", url="http://host/", status=404)
BUSY = APIStatusError("busy", method="GET", url="http://host/", status=503)
OPENED = Answer("GET", "http://host/").with_head(200, {"content-location": "/threads/t/runs/r"})
POLICY = RetryPolicy(attempts=3, first_delay=0)
BEGINNINGS = [
    endpoints.stream({}, "t", "agent"),
    endpoints.stream({}, None, "agent"),
    endpoints.stream({"stream_resumable": True}, None, "agent"),
    *(
        endpoints.join_stream(
            {}, "t", "r", last_event_id=given, stream_mode=None, cancel_on_disconnect=cancels
        )
        for given in (None, "-1", "1795489870000-0", "3")
        for cancels in (False, True)
    ),
]
STATUSES = ["running", "pending", "success", "error", "interrupted", "timeout", "odd"]
REASONS = [None, RunFailedError("E", "m"), RunCancelledError("cancelled")]


def stream(random: Random) -> bytes:
    """Events and noise."""
    words = random.choices(WORDS, k=random.randrange(12))
    return b"".join(word + random.choice(ENDS) if random.random() < 0.4 else word for word in words)


def connect(cursor: Cursor, random: Random) -> None:
    """Feeds the cursor with one connection: a stream in chunks, up to a cut."""
    cursor.opened(OPENED, 0.0)
    decoder, body = SSEDecoder(max_event_bytes=150), stream(random)
    at, cut = 0, random.randrange(len(body) + 1) if random.random() < 0.5 else len(body)
    while at < cut:
        size = random.choice((1, 2, 7, 1000))
        try:
            for event in decoder.feed(body[at : min(at + size, cut)]):
                cursor.delivery.take(event)
        except EventTooLargeError as error:
            raise cursor.delivery.undecodable(error) from error
        at += size
        cursor.heard(decoder, at / 10)
        if cursor.resumption.is_ambiguous:
            cursor.resume()
            return
    if random.random() < 0.5:
        cursor.ended(mid_event=decoder.is_mid_event)
    else:
        cursor.failed(LOST)


def followed(random: Random) -> int:
    """Follows a stream to its end or to an error of this package; returns how many steps it took."""
    following = random.choice(BEGINNINGS)
    backoff = Backoff(POLICY, random=random)
    held = HeldRun(following.call, None, backoff)
    cursor = Cursor(following, raise_error=random.random() < 0.5, on_reconnect=None, held=held)
    for step in range(MOST_STEPS):
        if cursor.step is Step.OVER:
            return step
        try:
            if cursor.step is Step.OPEN:
                connect(cursor, random)
            elif random.random() < 0.2:
                cursor.failed(random.choice((LOST, GONE, BUSY)))
            elif cursor.step is Step.ASK:
                cursor.status_received(Run("r", "t", "a", random.choice(STATUSES)))
            else:
                cursor.explained(random.choice(REASONS))
        except LangGraphRunsError:
            return step
    return MOST_STEPS


def try_all(first: int, last: int) -> int:
    """Tries all seeds in between; returns the highest number of steps. An exception has its seed in a note."""
    log, most = logging.getLogger("langgraph_runs"), 0
    log.disabled = True
    try:
        for seed in range(first, last):
            try:
                most = max(most, followed(Random(seed)))
            except BaseException as error:
                error.add_note(f"seed {seed}")
                raise
    finally:
        log.disabled = False  # later tests check it
    return most


if __name__ == "__main__":
    print(try_all(int(sys.argv[1]), int(sys.argv[2])))  # noqa: T201
