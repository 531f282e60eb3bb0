"""Cursors of streams, as the tests start with them."""

from __future__ import annotations

from random import Random
from typing import Any

from langgraph_runs import (
    APIConnectionError,
    NotFoundError,
    RetryPolicy,
)
from langgraph_runs.request import endpoints
from langgraph_runs.request.stream_request import StreamRequest
from langgraph_runs.response.answer import Answer
from langgraph_runs.retry import Backoff
from langgraph_runs.run.cancel_on_exit import HeldRun
from langgraph_runs.stream.cursor import Cursor
from langgraph_runs.stream.sse import ServerSentEvent

LOST = APIConnectionError("reset", method="GET", url="http://host/")
FIRST = ServerSentEvent("custom", b"1", "1795489870000-0")
BACKOFF = Backoff(RetryPolicy(attempts=3), random=Random(1))


def begun(request: StreamRequest, backoff: Backoff = BACKOFF, **more: Any) -> Cursor:
    """A cursor whose first request has not been answered."""
    held = HeldRun(request.call, None, backoff)
    return Cursor(request, **{"raise_error": True, "on_reconnect": None, "held": held, **more})


def opened(options: dict[str, Any] | None = None, *, thread_id: str | None = "t", **more: Any) -> Cursor:
    """The cursor of a stream whose first connection is open."""
    cursor = begun(endpoints.stream(options or {}, thread_id, "agent"), **more)
    path = "/threads/t/runs/r" if thread_id else "/runs/r"
    cursor.opened(Answer("POST", "http://host/").with_head(200, {"content-location": path}), 0.0)
    return cursor


def reopened(cursor: Cursor, now: float = 0.0) -> None:
    """The same, with its next connection open."""
    cursor.opened(Answer("GET", "http://host/", 200, {}), now)


GONE = NotFoundError("404: Run not found", method="GET", url="", status=404)
NOT_FOUND = ServerSentEvent("error", b'{"error":"HTTPException","message":"404: Run not found"}')
