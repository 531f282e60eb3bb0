"""Whatever a server sends, and however connections end, a cursor decides what is next, or raises an error of this
package.

EXAMPLES in the environment is the number of random streams to try; 1,000,000 take about an hour.
"""

from __future__ import annotations

import os
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from langgraph_runs_api.models import Run

from langgraph_runs import (
    APIConnectionError,
    LangGraphRunsError,
    NotFoundError,
    RetryPolicy,
    RunCancelledError,
    RunFailedError,
    RunTimeoutError,
)
from langgraph_runs.request import endpoints
from langgraph_runs.response.answer import Answer
from langgraph_runs.retry import Backoff
from langgraph_runs.run.cancel_on_exit import HeldRun
from langgraph_runs.stream.cursor import Cursor
from langgraph_runs.stream.sse import SSEDecoder
from langgraph_runs.stream.steps import Step

EXAMPLES = int(os.environ.get("EXAMPLES", "3000"))

IDS = st.sampled_from(["1-0", "2-0", "2-1", "3-0", "1", "2", "9", "r_event_1", "r_event_2", "odd", ""])
NAMES = st.sampled_from(
    ["metadata", "custom", "values|a:1", "messages/partial", "messages", "error", "end", "new"]
)
DATA = st.sampled_from(
    [b"1", b"null", b"{}", b'{"run_id":"r"}', b'{"run_id":7}', b'{"error":"E"}', b'"Run not found"']
)
EVENTS = st.builds(
    lambda *parts: b"event: %s\ndata: %s\nid: %s\n\n" % parts,
    NAMES.map(str.encode),
    DATA,
    IDS.map(str.encode),
)
CHUNKS = st.lists(st.one_of(EVENTS, st.just(b": heartbeat\n\n"), st.binary(max_size=20)), max_size=8).map(
    b"".join
)
LOST = APIConnectionError("lost", method="GET", url="http://host/")
GONE = NotFoundError("gone", method="GET", url="http://host/", status=404)
CONNECTIONS = st.tuples(CHUNKS, st.sampled_from(["end", "lost"]))
ANSWERS = st.sampled_from(["running", "success", "error", "interrupted", "odd", None, LOST, GONE])
REASONS = st.sampled_from([None, RunFailedError("E", "m"), RunCancelledError("c"), RunTimeoutError("t")])
BEGINNINGS: list[dict[str, Any]] = [
    {"thread_id": "t"}, {"thread_id": None}, {"last_event_id": None}, {"last_event_id": "-1"}, {"last_event_id": "2-0"},
]  # fmt: skip


def begun(beginning: dict[str, Any], raise_error: bool) -> Cursor:
    """A new cursor."""
    if "thread_id" in beginning:
        following = endpoints.stream({}, beginning["thread_id"], "agent")
    else:
        following = endpoints.join_stream(
            {}, "t", "r", **beginning, stream_mode=None, cancel_on_disconnect=False
        )
    backoff = Backoff(RetryPolicy(attempts=3), random=Random(1))
    held = HeldRun(following.call, None, backoff)
    return Cursor(following, raise_error=raise_error, on_reconnect=None, held=held)


def connected(cursor: Cursor, chunk: bytes, end: str) -> None:
    """Feeds the cursor with one connection, from its headers to its end."""
    cursor.opened(
        Answer("GET", "http://host/").with_head(200, {"content-location": "/threads/t/runs/r"}), 0.0
    )
    decoder = SSEDecoder()
    for event in decoder.feed(chunk):
        cursor.delivery.take(event)
    cursor.heard(decoder, 1.0)
    if cursor.resumption.is_ambiguous:
        cursor.resume()
    elif end == "end":
        cursor.ended(mid_event=decoder.is_mid_event)
    else:
        cursor.failed(LOST)


@pytest.mark.exhaustive
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(
    st.sampled_from(BEGINNINGS),
    st.booleans(),
    st.lists(CONNECTIONS, max_size=6),
    st.lists(ANSWERS, max_size=6),
    REASONS,
)
def test_a_cursor_raises_only_errors_of_this_package(
    beginning: dict[str, Any], raise_error: bool, connections: list[Any], reported: list[Any], why: Any
) -> None:
    """Its position can always be resumed from, or is None."""
    cursor = begun(beginning, raise_error)
    try:
        while cursor.step is not Step.OVER:
            if cursor.step is Step.OPEN and connections:
                connected(cursor, *connections.pop())
            elif cursor.step is Step.ASK and reported:
                answer = reported.pop()
                if answer is None or isinstance(answer, str):
                    cursor.status_received(answer and Run("r", "t", "a", answer))
                else:
                    cursor.failed(answer)
            elif cursor.step is Step.EXPLAIN:
                cursor.explained(why)
            else:
                break
    except LangGraphRunsError:
        pass
    position = cursor.resumption.position
    if position is not None:
        endpoints.join_stream(
            {}, "t", position["run_id"], last_event_id=position, stream_mode=None, cancel_on_disconnect=False
        )
