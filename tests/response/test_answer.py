"""What an error keeps of a large or odd body, and what a response must contain."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from time import process_time
from typing import Any

import pytest

from langgraph_runs import APIResponseError, APIStatusError, NotFoundError, RunFailedError, ThreadBusyError
from langgraph_runs.response import reading
from langgraph_runs.response.answer import Answer, accepted
from langgraph_runs.response.failure import run_error

MIB = 1024 * 1024
CUT = "the body was cut at 1 MiB"


def an_answer(body: bytes, status: int = 200, **more: Any) -> Answer:
    """The response to a request that starts a run."""
    return Answer("POST", "http://host/x", status, {}, body, starts_a_run=True, **more)


def refused(body: bytes, status: int = 422, **more: Any) -> APIStatusError:
    """The error for a refusal."""
    with pytest.raises(APIStatusError) as raised:
        accepted(an_answer(body, status, **more))
    return raised.value


def test_an_error_keeps_a_mebibyte_of_a_body_and_says_that_it_was_cut() -> None:
    """Of a refusal, and of a response that cannot be read."""
    for size, is_cut in ((MIB, False), (MIB + 1, True), (20 * MIB, True)):
        with pytest.raises(APIResponseError) as unreadable:
            reading.run(an_answer(b"x" * size))
        for error in (refused(b"x" * size), unreadable.value):
            assert b"x" * min(size, MIB) == error.body.encode()
            assert is_cut == (CUT in str(error))
            assert len(pickle.dumps(error)) < 2 * MIB
            assert len(str(error)) < 1000


def test_line_feeds_that_keep_the_connection_of_a_cancel_alive_are_no_answer() -> None:
    """If the run is rolled back meanwhile, the server sends nothing else."""
    assert reading.cancelled(an_answer(b"\n\n", 200)) is None  # type: ignore[func-returns-value]


def test_a_refusal_that_was_cut_has_its_class() -> None:
    """By the words at the beginning of its body."""
    error = refused(b'{"detail": "Thread is already running a task.", "x": "' + b"x" * (2 * MIB))
    assert ThreadBusyError is type(error)
    assert "Thread is already running a task." in str(error)
    assert reading.cancelled(an_answer(b"No matching runs to cancel" + b"." * (2 * MIB), 404)) is None  # type: ignore[func-returns-value]


@pytest.mark.parametrize(
    "body",
    [
        b"a " * MIB, b" " * (2 * MIB), b"\xff" * MIB, b"[" * MIB, b"[" + b"[]," * 300_000 + b"[]]",
        b'{"detail": "' + b"a " * 500_000 + b'"}',
    ],
    ids=["words", "white space", "invalid UTF-8", "deep", "wide", "a long reason"],
)  # fmt: skip
def test_a_refusal_is_reported_in_bounded_time(body: bytes) -> None:
    """Whatever its body is."""
    began = process_time()
    error = refused(body)
    assert process_time() - began < 3
    assert len(str(error)) < 1000


def test_a_refusal_whose_body_cannot_be_read_has_its_class() -> None:
    """The message says why there is no reason."""
    error = refused(b"", 503, flaw="its content-encoding is 'br'")
    assert "503 from POST http://host/x: no reason given (its content-encoding is 'br')" == str(error)


@pytest.mark.parametrize(
    "body",
    [
        b"{}", b'{"status": "ok"}', b"[]", b"[{}]", b"null", b"7", b'{"run_id": null}', b'{"run_id": 7}',
        b'{"run_id": ""}', b'{"run_id": ".."}', b'{"run_id": ["r"]}', b'{"run_id": "r", "thread_id": 7}',
        b'{"run_id": "r", "thread_id": ""}', b'{"run_id": "\\ud800"}', b'{"thread_id": "t"}',
        b'{"run_id": "r", "created_at": "' + b"9" * MIB + b'"}',
    ],
    ids=lambda body: repr(body[:40]),
)  # fmt: skip
@pytest.mark.parametrize("read", [reading.run, reading.runs])
def test_a_run_without_a_valid_id_is_refused(read: Callable[[Answer], Any], body: bytes) -> None:
    """It is the answer of something else, such as a proxy; a run may have started nevertheless."""
    if read is reading.runs:
        if body == b"[]":
            return
        body = b"[%b]" % body
    with pytest.raises(APIResponseError, match="not what the API promises") as raised:
        read(an_answer(body))
    assert raised.value.run_may_exist
    assert len(str(raised.value)) < 1000


def test_a_thread_without_a_valid_id_is_refused() -> None:
    """As a run is."""
    assert "t" == reading.thread(an_answer(b'{"thread_id": "t"}')).thread_id
    for body in (b"{}", b'{"thread_id": 7}', b'{"thread_id": ""}', b"[]"):
        with pytest.raises(APIResponseError, match="not what the API promises"):
            reading.thread(an_answer(body))


def test_a_stream_has_status_200() -> None:
    """With another status of success, the response is not one, whatever its type."""
    kind = {"content-type": "text/event-stream"}
    reading.stream_head(Answer("POST", "http://host/x", 200, kind))
    for status in (201, 202, 204, 206):
        with pytest.raises(APIResponseError, match=f"but its status is {status}"):
            reading.stream_head(Answer("POST", "http://host/x", status, kind))


def test_runs_of_which_other_fields_were_selected_need_no_id() -> None:
    """The caller has asked for them so."""
    (found,) = reading.selected_fields(an_answer(b'[{"status": "success"}]'))
    assert "success" == found.status
    with pytest.raises(APIResponseError):
        reading.selected_fields(an_answer(b'{"status": "success"}'))


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_an_error_can_be_pickled_however_deep_its_body_is(protocol: int) -> None:
    """A hundred levels, a thousand, or more than Python can pickle."""
    for levels in (100, 500, 1000, 5000):
        deep = b"[" * levels + b"]" * levels
        reported = b'{"error": "HTTPException", "message": "404", "more": %b}' % deep
        failed = run_error(
            "error", {"error": _nested(levels), "message": _nested(levels)}, run_id="r", thread_id="t"
        )
        errors: list[Exception] = [refused(deep), refused(reported), failed]
        with pytest.raises((NotFoundError, APIResponseError)) as raised:
            reading.outcome(an_answer(b'{"__error__": %b}' % reported))
        for error in (*errors, raised.value):
            copy = pickle.loads(pickle.dumps(error, protocol))
            assert (type(error), str(error), vars(error)) == (type(copy), str(copy), vars(copy))


def test_the_reason_of_a_failed_run_is_bounded() -> None:
    """It would otherwise be as large as an event, twice."""
    error = run_error(
        "error", {"error": "E" * (3 * MIB), "message": "x" * (3 * MIB)}, run_id="r", thread_id="t"
    )
    assert isinstance(error, RunFailedError)
    assert error.reason.endswith("x (cut at 1 MiB)")
    assert len(error.reason) + len(error.error) < 3 * MIB


def _nested(levels: int) -> Any:
    value: Any = "x"
    for _ in range(levels):
        value = [value]
    return value
