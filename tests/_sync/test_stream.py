# Derived from _async/test_stream.py by `make generate`; edit that one.
"""The stream of a run, over real sockets: which parts it yields, and when it closes its connection."""

from __future__ import annotations

import gc
from time import monotonic, sleep
from typing import Any

import pytest
from servers.scripted_server import (
    HANG,
    PAUSE,
    PAUSE_SECONDS,
    ScriptedServer,
    answer,
    events,
    scripted_server,
)

import langgraph_runs.stream.heartbeat
from langgraph_runs import (
    APIConnectionError,
    APITimeoutError,
    CustomPart,
    ErrorPart,
    MetadataPart,
    RetryPolicy,
    RunFailedError,
    RunsClient,
    RunStream,
    StreamDecodeError,
    StreamInterruptedError,
    UnknownPart,
    WaitTimeoutError,
)

ONCE = RetryPolicy(attempts=0)
FIRST = (
    b'event: metadata\ndata: {"run_id": "r", "attempt": 1}\nid: 1\n\nevent: custom\ndata: {"i": 0}\nid: 2\n\n'
)
ENDED = answer(body=b'{"run_id": "r", "status": "success"}')
FAILED = b'event: error\ndata: {"error": "ValueError", "message": "boom"}\n\n'


def test_parts_are_yielded_as_they_arrive() -> None:
    """Before the server has ended its answer."""
    with scripted_server(events(FIRST) + HANG) as server:
        with RunsClient(server.url, api_key=None) as runs, runs.stream("t", "agent") as stream:
            assert MetadataPart("metadata", {"run_id": "r", "attempt": 1}, "1") == next(stream)
            assert CustomPart("custom", {"i": 0}, "2") == next(stream)
            assert ("r", "t", "2") == (stream.run_id, stream.thread_id, stream.last_event_id)


def test_nothing_is_sent_before_the_stream_is_read() -> None:
    """The run starts on the first read."""
    with scripted_server(events(FIRST)) as server:
        with RunsClient(server.url, api_key=None) as runs:
            stream = runs.stream("t", "agent")
            stream.close()
            assert ([], None) == (server.requests, stream.run_id)
            with pytest.raises(RuntimeError, match="closed before its end"):
                next(stream)


def test_a_with_block_opens_the_stream_at_once() -> None:
    """The headers have arrived, and with them the ids."""
    reported: list[Any] = []
    reply = events(FIRST, Content_Location="/threads/t/runs/r")
    with scripted_server(reply, ENDED, events(b"")) as server:
        with RunsClient(server.url, api_key=None) as runs:
            with runs.stream("t", "agent", on_run_created=lambda *ids: reported.append(ids)) as stream:
                assert ("r", [("r", "t")]) == (stream.run_id, reported)
                assert 2 == len([part for part in stream])
            assert [("r", "t")] == reported


def test_without_headers_the_ids_are_in_the_first_event() -> None:
    """Servers differ."""
    reported: list[Any] = []
    with scripted_server(events(FIRST)) as server:
        with RunsClient(server.url, api_key=None) as runs:
            stream = runs.stream(None, "agent", on_run_created=lambda *ids: reported.append(ids))
            assert 2 == len([part for part in stream])
    assert [("r", None)] == reported


def is_closed(server: ScriptedServer) -> bool:
    """Whether the server sees within ten seconds that the client has closed the connection."""
    deadline = monotonic() + 10
    while not server.closed.acquire(blocking=False):
        if monotonic() > deadline:
            return False
        sleep(0.01)
    return True


def test_leaving_a_loop_by_break_closes_the_connection() -> None:
    """While the client stays open."""
    with scripted_server(events(FIRST) + HANG) as server:
        with RunsClient(server.url, api_key=None) as runs:
            stream = runs.stream("t", "agent")
            for _ in stream:
                break
            assert is_closed(server)
            with pytest.raises(RuntimeError, match="closed before its end"):
                next(stream)


def test_leaving_a_loop_by_an_exception_closes_the_connection() -> None:
    """The exception is raised unchanged."""
    with scripted_server(events(FIRST) + HANG) as server:
        with RunsClient(server.url, api_key=None) as runs:
            with pytest.raises(KeyError):
                for _ in runs.stream("t", "agent"):
                    raise KeyError
            assert is_closed(server)


def test_leaving_a_with_block_closes_the_connection() -> None:
    """Inside it, a loop can be left and entered again."""
    with scripted_server(events(FIRST) + HANG) as server:
        with RunsClient(server.url, api_key=None) as runs:
            with runs.stream("t", "agent") as stream:
                for part in stream:
                    assert isinstance(part, MetadataPart)
                    break
                for part in stream:
                    assert isinstance(part, CustomPart)
                    break
            assert is_closed(server)


def refuse(run_id: str, thread_id: str | None) -> None:
    """A callback that raises."""
    raise KeyError(run_id)


@pytest.mark.parametrize(
    "data", [b"null", b"[1]", b'"x"', b"5", b"{}", b'{"run_id": 5}', b'{"run_id": null}']
)
def test_metadata_of_an_unexpected_shape_has_no_ids(data: bytes) -> None:
    """The part is yielded unchanged."""
    reported: list[Any] = []
    with scripted_server(events(b"event: metadata\ndata: " + data + b"\n\n")) as server:
        with RunsClient(server.url, api_key=None) as runs:
            stream = runs.stream(None, "agent", on_run_created=lambda *ids: reported.append(ids))
            assert isinstance(next(stream), MetadataPart)
    assert (None, []) == (stream.run_id, reported)


def test_an_exception_of_a_callback_is_raised_unchanged() -> None:
    """Even if it is an error of this package: no connection was lost."""

    def created(run_id: str, thread_id: str | None) -> None:
        raise APIConnectionError("mine", method="GET", url="")

    with scripted_server(events(FIRST) + HANG) as server:
        with RunsClient(server.url, api_key=None) as runs:
            with pytest.raises(APIConnectionError, match="^mine$"):
                next(runs.stream(None, "agent", on_run_created=created))


def test_a_callback_that_raises_on_the_first_event_closes_the_connection() -> None:
    """It is called while the stream is read."""
    with scripted_server(events(FIRST) + HANG) as server:
        with RunsClient(server.url, api_key=None) as runs:
            with pytest.raises(KeyError):
                next(runs.stream("t", "agent", on_run_created=refuse))
            assert is_closed(server)


def test_a_callback_that_raises_on_the_headers_closes_the_connection() -> None:
    """It is called while the stream is opened, which a `with` does on entry."""
    with scripted_server(events(FIRST, Content_Location="/threads/t/runs/r") + HANG) as server:
        with RunsClient(server.url, api_key=None) as runs:
            stream = runs.stream("t", "agent", on_run_created=refuse)
            with pytest.raises(KeyError):
                with stream:
                    pass
            assert is_closed(server)


def test_an_answer_that_is_not_a_stream_closes_the_connection() -> None:
    """The rest of it is not read."""
    endless = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html>"
    with scripted_server(endless + HANG) as server:
        with RunsClient(server.url, api_key=None) as runs:
            with pytest.raises(Exception, match="must be a stream of events, but its type is text/html"):
                next(runs.stream("t", "agent"))
            assert is_closed(server)


def test_a_stream_that_has_ended_stays_ended() -> None:
    """Reading it again ends at once."""
    with scripted_server(events(FIRST), ENDED, events(b"")) as server:
        with RunsClient(server.url, api_key=None) as runs:
            stream = runs.stream("t", "agent")
            assert [2, 0] == [len([part for part in stream]) for _ in range(2)]


def test_dropping_a_stream_closes_the_connection() -> None:
    """Without closing it."""
    with scripted_server(events(FIRST) + HANG) as server:
        with RunsClient(server.url, api_key=None) as runs:
            stream = runs.stream("t", "agent")
            next(stream)
            del stream
            gc.collect()
            assert is_closed(server)


def test_a_connection_whose_heartbeats_stop_is_replaced(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The stream resumes."""
    monkeypatch.setattr(langgraph_runs.stream.heartbeat, "_LEAST_PATIENCE", 0.3)
    monkeypatch.setattr(langgraph_runs.stream.heartbeat, "_GREETING", 0.0)
    reported: list[Any] = []
    second = b'event: custom\ndata: {"i": 0}\nid: 2\n\n'
    third = b'event: custom\ndata: {"i": 1}\nid: 3\n\n'
    silent = events(FIRST + b": heartbeat\n\n", Content_Location="/threads/t/runs/r") + HANG
    with scripted_server(silent, events(second + third), ENDED, events(third)) as server:
        with RunsClient(server.url, api_key=None) as runs:
            stream = runs.stream("t", "agent", on_reconnect=lambda *what: reported.append(what))
            assert [None, 0, 1] == [part.data.get("i") for part in stream if isinstance(part.data, dict)]
            assert server.closed.acquire(timeout=10)
    assert [["1"], [], ["2"]] == [request.header("last-event-id") for request in server.requests[1:]]
    ((attempt, _, cause),) = reported
    assert 1 == attempt
    assert isinstance(cause, APITimeoutError)
    assert "silent for 0.3 s" in str(cause)


def test_a_reconnect_without_an_answer_is_given_up() -> None:
    """A server whose process is frozen accepts connections; a working one sends the headers of a stream at once."""
    first = events(FIRST, Content_Location="/threads/t/runs/r")
    running = answer(body=b'{"run_id": "r", "status": "running"}')
    rest = events(b'event: custom\ndata: {"i": 0}\nid: 2\n\nevent: custom\ndata: {"i": 1}\nid: 3\n\n')
    last = events(b'event: custom\ndata: {"i": 1}\nid: 3\n\n')
    with scripted_server(first, running, HANG, rest, ENDED, last) as server:
        with RunsClient(server.url, api_key=None, timeout=0.3) as runs:
            reported: list[Any] = []
            stream = runs.stream("t", "agent", on_reconnect=lambda *what: reported.append(type(what[2])))
            assert ["1", "2", "3"] == [part.id for part in stream]
    assert [type(None), APITimeoutError] == reported


def test_an_exception_of_on_reconnect_is_raised_unchanged() -> None:
    """Even if it is an error of this package. It is called once for each new connection."""
    reported: list[Any] = []

    def reconnecting(*what: Any) -> None:
        reported.append(what)
        raise APIConnectionError("mine", method="GET", url="")

    running = answer(body=b'{"run_id": "r", "status": "running"}')
    with scripted_server(events(FIRST, Content_Location="/threads/t/runs/r"), running) as server:
        with RunsClient(server.url, api_key=None) as runs:
            with pytest.raises(APIConnectionError, match="^mine$"):
                assert [part for part in runs.stream("t", "agent", on_reconnect=reconnecting)]
    assert 1 == len(reported)


def test_a_failed_run_raises_after_its_parts() -> None:
    """Even if all arrived in one piece; then the stream is over."""
    with scripted_server(events(FIRST + FAILED + FIRST)) as server:
        with RunsClient(server.url, api_key=None) as runs:
            stream = runs.stream("t", "agent")
            parts, _ = read(stream, RunFailedError)
            assert [MetadataPart, CustomPart] == [type(part) for part in parts]
            assert [] == [part for part in stream]


def test_raise_error_false_yields_the_failure_as_a_part() -> None:
    """In its place."""
    with scripted_server(events(FIRST + FAILED)) as server:
        with RunsClient(server.url, api_key=None) as runs:
            parts = [part for part in runs.stream("t", "agent", raise_error=False)]
    assert isinstance(parts[-1], ErrorPart)
    assert 3 == len(parts)


def test_a_cut_of_a_stateless_stream_raises() -> None:
    """After the complete events before it. The stream cannot be resumed."""
    length = b"Content-Length: 9999\r\n"
    cut = events(FIRST + b"event: custom\ndata: {}\nid: 3\n", Content_Location="/runs/r")
    with scripted_server(cut.replace(b"Connection:", length + b"Connection:", 1)) as server:
        with RunsClient(server.url, api_key=None) as runs:
            stream = runs.stream(None, "agent")
            parts, error = read(stream, StreamInterruptedError)
            assert 2 == len(parts)
    assert ("r", None, "2", None) == (error.run_id, error.thread_id, error.last_event_id, error.position)
    assert isinstance(error.__cause__, APIConnectionError)
    assert "RemoteProtocolError" == type(error.__cause__.__cause__).__name__


def test_data_that_is_not_json_raises_with_the_name_of_the_event() -> None:
    """And with the data; reading may continue after it."""
    with scripted_server(events(FIRST + b"event: values\ndata: {nope\nid: 3\n\n")) as server:
        with RunsClient(server.url, api_key=None) as runs:
            with pytest.raises(StreamDecodeError, match="'values' is not JSON.*nope") as undecodable:
                assert [part for part in runs.stream("t", "agent")]
    assert ("r", "3") == (undecodable.value.run_id, undecodable.value.last_event_id)
    assert undecodable.value.position
    assert "3" == undecodable.value.position["last_event_id"]


def test_an_event_beyond_the_client_s_limit_raises() -> None:
    """After those before it; the connection is closed."""
    with scripted_server(events(FIRST + b"event: custom\ndata: 0123456789" * 10) + HANG) as server:
        with RunsClient(server.url, api_key=None, max_event_bytes=100) as runs:
            parts, error = read(runs.stream("t", "agent"), StreamDecodeError)
            assert (2, "r") == (len(parts), error.run_id)
            assert "larger than 100 bytes" in str(error)
            assert is_closed(server)
    for bad in (0, "1", True):
        with pytest.raises((TypeError, ValueError), match="max_event_bytes"):
            RunsClient(max_event_bytes=bad)  # type: ignore[arg-type]


def test_an_unknown_event_is_yielded_unchanged() -> None:
    """Its data is the decoded JSON, or the text if it is not JSON."""
    body = b'event: brand/new|child:1\ndata: {"a": 1}\n\nevent: other\ndata: plain\n\n'
    with scripted_server(events(body)) as server:
        with RunsClient(server.url, api_key=None) as runs:
            parts = [part for part in runs.stream(None, "agent")]
    assert [UnknownPart("brand/new|child:1", {"a": 1}), UnknownPart("other", "plain")] == parts
    assert ("child:1",) == parts[0].namespace


def test_a_run_may_be_silent_for_longer_than_the_timeout() -> None:
    """Whether it is streamed, awaited or joined; a call that is answered at once may not."""
    slow = events(FIRST + PAUSE + FIRST.replace(b"id: ", b"id: 1"))
    half = answer(body=b"{" + PAUSE + b"}").replace(str(len(PAUSE) + 2).encode(), b"2", 1)
    running = answer(body=b'{"run_id": "r", "status": "running"}')
    with scripted_server(slow, half, running, half, ENDED, answer(body=b"[]"), half) as server:
        with RunsClient(server.url, api_key=None, timeout=PAUSE_SECONDS / 4, retry=ONCE) as runs:
            assert 4 == len([part for part in runs.stream(None, "agent")])
            assert {} == runs.wait("t", "agent")
            assert {} == runs.join("t", "r")
            with pytest.raises(APITimeoutError):
                runs.get("t", "r")


def read(stream: RunStream, kind: type[Exception]) -> tuple[list[Any], Any]:
    """The parts before an error, and the error."""
    parts = []
    with pytest.raises(kind) as raised:
        for part in stream:
            parts.append(part)
    return parts, raised.value


def test_a_thread_that_cannot_be_deleted_delays_nothing() -> None:
    """It was created for the stream, which has ended."""
    first = events(FIRST, Content_Location="/threads/t/runs/r")
    with scripted_server(first, ENDED, events(FIRST), HANG) as server:
        with RunsClient(server.url, api_key=None) as runs:
            began = monotonic()
            stream = runs.stream(None, "agent", stream_resumable=True, timeout=10)
            assert 2 == len([part for part in stream])
            assert monotonic() - began < 5
    assert "DELETE" == server.request.method


def test_a_run_that_is_known_to_have_ended_is_not_cancelled() -> None:
    """Even if the stream is left during its last join."""
    first = events(FIRST, Content_Location="/threads/t/runs/r")
    with scripted_server(first, ENDED, events(b"") + HANG) as server:
        with RunsClient(server.url, api_key=None, cancel_on_exit="interrupt") as runs:
            with pytest.raises(WaitTimeoutError):
                assert [part for part in runs.stream("t", "agent", timeout=1.0)]
    assert ["POST", "GET", "GET"] == [request.method for request in server.requests]


def test_closing_a_client_cancels_many_runs_in_the_time_for_one() -> None:
    """If the server does not answer. Each is requested, in tasks."""
    first = events(FIRST, Content_Location="/threads/t/runs/r") + HANG
    with scripted_server(first, first, first, HANG) as server:
        with RunsClient(server.url, api_key=None, cancel_on_exit="interrupt") as runs:
            streams = [runs.stream("t", "agent") for _ in range(3)]
            for stream in streams:
                next(stream)
            began = monotonic()
        assert monotonic() - began < 5
    assert "/threads/t/runs/r/cancel?wait=false&action=interrupt" == server.request.target
