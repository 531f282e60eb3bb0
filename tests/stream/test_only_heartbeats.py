"""A connection that brings only heartbeats: the cursor asks for the run, and notices that its events are gone."""

from __future__ import annotations

import pytest
from langgraph_runs_api.models import Run
from run.flow_steps import first
from stream.cursors import GONE, LOST, begun, opened, reopened

from langgraph_runs import APIStatusError, NotFoundError, StreamGapError, StreamInterruptedError
from langgraph_runs.request import endpoints
from langgraph_runs.stream.cursor import Cursor
from langgraph_runs.stream.sse import ServerSentEvent, SSEDecoder
from langgraph_runs.stream.steps import Step

EVERY = 5.0  # seconds between heartbeats
RUNNING, ENDED = Run("r", "t", "a", "running"), Run("r", "t", "a", "success")


def numbered(number: int) -> ServerSentEvent:
    """The event of this number, as Aegra counts them."""
    return ServerSentEvent("custom", b"1", f"r_event_{number}")


class Beating:
    """The heartbeats of one connection of a cursor."""

    def __init__(self, cursor: Cursor, now: float = 0.0) -> None:
        self.cursor = cursor
        self.now = now
        self._decoder = SSEDecoder()

    def beat(self, times: int = 1) -> bool:
        """So many more; whether the last of them left the connection open."""
        is_open = True
        for _ in range(times):
            self.now += EVERY
            assert not list(self._decoder.feed(b": heartbeat\n\n"))
            is_open = self.cursor.heard(self._decoder, self.now)
        return is_open

    def until_asked(self, most: int = 100) -> float:
        """The seconds until the cursor asks for the run."""
        began = self.now
        while self.cursor.step is not Step.CHECK:
            assert self.beat()
            assert self.now - began < most * EVERY
        return self.now - began


def resumed(position: bool = False) -> Cursor:
    """A cursor whose connection is expected to repeat an event: it was cut, or it begins at a position."""
    if position:
        following = endpoints.join_stream(
            {}, "t", "r", last_event_id="r_event_1", stream_mode=None, cancel_on_disconnect=False
        )
        cursor = begun(following)
    else:
        cursor = opened()
        assert cursor.delivery.take(numbered(1))
        cursor.failed(LOST)
    reopened(cursor)
    return cursor


def test_the_run_is_asked_for_at_intervals_that_grow_up_to_two_minutes() -> None:
    """First after three heartbeats. As long as it is active, the connection stays."""
    cursor = opened()
    beating, intervals = Beating(cursor), []
    for _ in range(7):
        intervals.append(beating.until_asked())
        assert ("GET", "/threads/t/runs/r") == (first(cursor.flow()).method, first(cursor.flow()).path)
        assert cursor.received(RUNNING) is None
        assert Step.OPEN == cursor.step
    assert [15.0, 15.0, 30.0, 60.0, 120.0, 120.0, 120.0] == intervals


def test_nothing_is_asked_while_events_come() -> None:
    """New ones, those that are repeated, and those that are not for the caller."""
    cursor = resumed()
    beating = Beating(cursor)
    for number in (1, 2, 3, 2, 1, 4, 5, 6):
        cursor.delivery.take(numbered(number))
        assert beating.beat(2)
        assert Step.OPEN == cursor.step
    assert 10.0 == beating.until_asked()  # one heartbeat without an event has been


@pytest.mark.parametrize("position", [False, True])
def test_the_lost_events_of_an_ended_run_are_a_gap(position: bool) -> None:
    """After one more heartbeat, in case they are on their way."""
    cursor = resumed(position)
    beating = Beating(cursor)
    beating.until_asked()
    cursor.received(ENDED)
    with pytest.raises(StreamGapError, match="no longer has its events") as gap:
        beating.beat()
    assert gap.value.position is not None
    assert "r_event_1" in (gap.value.position["last_event_id"], gap.value.position["after"])


def test_events_that_are_on_their_way_are_waited_for() -> None:
    """They have one more heartbeat's time, and more as long as some come."""
    cursor = resumed()
    beating = Beating(cursor)
    beating.until_asked()
    cursor.received(ENDED)
    for number in (1, 2, 3):
        cursor.delivery.take(numbered(number))
        assert beating.beat()
    cursor.delivery.take(ServerSentEvent("end", b'{"status":"success"}', "r_event_4"))
    cursor.ended(mid_event=False)
    assert Step.OVER == cursor.step


def test_a_first_connection_that_hangs_after_the_end_is_replaced() -> None:
    """The next one repeats what came, and has nothing new."""
    cursor = opened()
    cursor.delivery.take(numbered(1))
    beating = Beating(cursor)
    beating.until_asked()
    cursor.received(ENDED)
    assert not beating.beat()
    assert (Step.OPEN, "-1") == (cursor.step, first(cursor.flow()).headers["last-event-id"])
    reopened(cursor, beating.now)
    assert cursor.delivery.take(numbered(1)) is None
    beating = Beating(cursor, beating.now)
    assert beating.beat()
    assert not beating.beat()
    assert Step.OVER == cursor.step


def test_a_connection_that_hangs_and_cannot_be_replaced_raises() -> None:
    """Whether events are missing is unknown."""
    cursor = opened({"stream_resumable": False})
    cursor.delivery.take(ServerSentEvent("custom", b"1"))
    beating = Beating(cursor)
    beating.until_asked()
    cursor.received(ENDED)
    with pytest.raises(StreamInterruptedError, match="has ended, and its connection has not"):
        beating.beat()


@pytest.mark.parametrize("status", [500, 503, 403])
def test_an_error_of_the_request_changes_nothing(status: int) -> None:
    """It is asked again later."""
    cursor = opened()
    beating = Beating(cursor)
    error = APIStatusError("no", method="GET", url="", status=status)
    for failure in (error, LOST):
        beating.until_asked()
        assert cursor.received(failure) is None
        assert Step.OPEN == cursor.step
    cursor.delivery.take(numbered(1))
    assert beating.beat()


def test_a_run_that_is_gone_raises() -> None:
    """As at the end of a connection."""
    cursor = opened()
    Beating(cursor).until_asked()
    with pytest.raises(NotFoundError) as gone:
        cursor.received(GONE)
    assert ("r", "t") == (gone.value.run_id, gone.value.thread_id)


@pytest.mark.parametrize("named", [False, True])
def test_the_run_of_a_stateless_stream_is_not_asked_for(named: bool) -> None:
    """Even if the headers name its thread: it is deleted when the run ends. Nor is one without a name."""
    cursor = opened(thread_id=None) if named else begun(endpoints.stream({}, "t", "agent"))
    if named:
        cursor.held.thread_id = "t"
    else:
        cursor.resumption.begin()
    assert Beating(cursor).beat(100)
    assert Step.OPEN == cursor.step


def test_a_connection_that_is_lost_while_it_is_asked_for_is_resumed() -> None:
    """A signal has torn the read."""
    cursor = resumed()
    Beating(cursor).until_asked()
    cursor.failed(LOST)
    assert Step.OPEN == cursor.step
