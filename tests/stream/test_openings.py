"""How a stream begins: at the start of a run that has not begun; and what it does if the server never names the run."""

from __future__ import annotations

from typing import Any

import pytest
from langgraph_runs_api.models import Run
from run.flow_steps import first, followed
from stream.cursors import BACKOFF, FIRST, GONE, LOST, begun, reopened

from langgraph_runs import NotFoundError, StreamInterruptedError
from langgraph_runs.request import endpoints
from langgraph_runs.run.cancel_on_exit import HeldRun
from langgraph_runs.stream.cursor import Cursor
from langgraph_runs.stream.sse import ServerSentEvent
from langgraph_runs.stream.steps import Step

GET, JOIN = "GET /threads/t/runs/r", "GET /threads/t/runs/r/stream"


def joining(**more: Any) -> Cursor:
    """A join that has not been sent."""
    given: dict[str, Any] = {
        "last_event_id": None,
        "stream_mode": None,
        "cancel_on_disconnect": False,
        **more,
    }
    return begun(endpoints.join_stream({}, "t", "r", **given))


def sent(cursor: Cursor, run: Run) -> tuple[list[str], str | None]:
    """The requests that open it, and the Last-Event-ID of the last; the run is as given."""
    flow = cursor.flow()
    calls = [next(flow)]
    if calls[0].path.endswith("/r"):  # type: ignore[union-attr]
        calls.append(flow.send(run))
    return (
        [f"{call.method} {call.path}" for call in calls],  # type: ignore[union-attr]
        calls[-1].headers.get("last-event-id"),  # type: ignore[union-attr]
    )


def run(status: str, resumable: bool | None = None) -> Run:
    """A run, as Python's and JavaScript's servers describe it; Aegra does not say whether it is resumable."""
    kwargs = {} if resumable is None else {"kwargs": {"resumable": resumable}}
    return Run.from_dict({"run_id": "r", "thread_id": "t", "status": status, **kwargs})


@pytest.mark.parametrize("modes", [None, ["custom"]])
def test_a_run_that_has_not_begun_is_joined_from_its_beginning(modes: Any) -> None:
    """Without an id, LangGraph.js would not keep its events; "from now on" means the same. One request more."""
    assert ([GET, JOIN], "-1") == sent(joining(stream_mode=modes), run("pending", resumable=True))
    for status in ("running", "success"):
        assert ([GET, JOIN], None) == sent(joining(stream_mode=modes), run(status))
    assert ([JOIN], "7") == sent(joining(stream_mode=modes, last_event_id="7"), run("pending"))


def test_a_run_that_does_not_exist_raises_before_it_is_joined() -> None:
    """Some servers answer a join of it with an empty stream."""
    with pytest.raises(NotFoundError):
        followed(joining().flow(), [GONE])


@pytest.mark.parametrize("resumable", [True, False, None])
def test_a_cut_before_the_first_event_is_resumed_if_the_run_is_resumable(resumable: bool | None) -> None:
    """If the server does not say so, only the ids of events do."""
    cursor = joining()
    sent(cursor, run("pending", resumable))
    reopened(cursor)
    if resumable:
        cursor.failed(LOST)
        assert "-1" == first(cursor.flow()).headers["last-event-id"]
    else:
        with pytest.raises(StreamInterruptedError, match="not resumable"):
            cursor.failed(LOST)


def test_a_run_that_was_joined_from_its_beginning_is_resumed_from_there() -> None:
    """From its first event on, once there is an id."""
    cursor = joining()
    sent(cursor, run("pending"))
    reopened(cursor)
    assert cursor.delivery.take(FIRST)
    cursor.failed(LOST)
    assert "-1" == first(cursor.flow()).headers["last-event-id"]


def unnamed(*events: ServerSentEvent) -> tuple[Cursor, Run]:
    """A stream whose server does not name the run, and the run as it can be found: by the id of the request."""
    request = endpoints.stream({}, "t", "agent")
    cursor = begun(request)
    cursor.resumption.begin()
    for event in events:
        assert cursor.delivery.take(event)
    settings = {"config": {"configurable": {"langgraph_request_id": request.call.nonce}}}
    return cursor, Run.from_dict({"run_id": "r7", "thread_id": "t", "status": "running", "kwargs": settings})


@pytest.mark.parametrize("end", ["clean", "lost"])
def test_a_run_that_the_server_has_not_named_is_looked_for(end: str) -> None:
    """It is asked for by the id of its request, and then as any other."""
    cursor, lost = unnamed(FIRST)
    if end == "lost":
        cursor.failed(LOST)
    else:
        cursor.ended(mid_event=False)
    assert Step.ASK == cursor.step
    found, requests = followed(cursor.flow(), [[lost]])
    assert ["GET /threads/t/runs"] == requests
    cursor.received(found)
    again = first(cursor.flow())
    assert ("/threads/t/runs/r7/stream", "-1") == (again.path, again.headers["last-event-id"])
    assert "r7" == cursor.held.run_id


@pytest.mark.parametrize("end", ["clean", "lost"])
def test_a_run_that_cannot_be_found_is_an_interruption(end: str) -> None:
    """Nothing says whether it has ended; no request has an id of "None"."""
    cursor, _ = unnamed(FIRST)
    if end == "lost":
        cursor.failed(LOST)
    else:
        cursor.ended(mid_event=False)
    with pytest.raises(
        StreamInterruptedError, match="has not named the run.*whether events are missing"
    ) as unknown:
        followed(cursor.flow(), [[]] * 4)
    assert (LOST if end == "lost" else None) is unknown.value.__cause__


def test_the_ids_of_an_unknown_run_are_an_error() -> None:
    """Never "None"."""
    for thread_id in ("t", None):
        held = HeldRun(endpoints.stream({}, thread_id, "agent").call, None, BACKOFF)
        with pytest.raises(LookupError, match="has not named the run"):
            held.ids()
