"""Invalid arguments are refused before anything is sent, with a message that says what to do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from anyio.lowlevel import checkpoint  # a function that has to be awaited
from servers.scripted_server import scripted_server

from langgraph_runs import AsyncRunsClient

POSITION: dict[str, Any] = {
    "thread_id": "t", "run_id": "r", "after": "-1", "last_event_id": "1-0", "count": 1, "first": None,
    "stream_mode": None,
}  # fmt: skip

NOT_IDS = ["", ".", "..", b"bytes", None, 7, UUID(int=7), "half \ud800"]

# Every id that is sent in a path or a body. (None as a thread's id means "stateless" in three of them.)
WITH_ID: dict[str, Callable[[AsyncRunsClient, Any], Any]] = {
    "create-assistant": lambda runs, bad: runs.create(None, bad),
    "wait-assistant": lambda runs, bad: runs.wait("t", bad),
    "batch-assistant": lambda runs, bad: runs.create_batch([{"assistant_id": bad}]),
    "get-thread": lambda runs, bad: runs.get(bad, "r"),
    "get-run": lambda runs, bad: runs.get("t", bad),
    "delete-thread": lambda runs, bad: runs.delete(bad, "r"),
    "delete-run": lambda runs, bad: runs.delete("t", bad),
    "join-thread": lambda runs, bad: runs.join(bad, "r"),
    "join-run": lambda runs, bad: runs.join("t", bad),
    "cancel-thread": lambda runs, bad: runs.cancel(bad, "r"),
    "cancel-run": lambda runs, bad: runs.cancel("t", bad),
    "cancel_many-run": lambda runs, bad: runs.cancel_many(thread_id="t", run_ids=["r", bad]),
    "list-thread": lambda runs, bad: runs.list(bad),
}
WITH_THREAD_OR_NONE: dict[str, Callable[[AsyncRunsClient, Any], Any]] = {
    "create-thread": lambda runs, bad: runs.create(bad, "agent"),
    "wait-thread": lambda runs, bad: runs.wait(bad, "agent"),
    "cancel_many-thread": lambda runs, bad: runs.cancel_many(thread_id=bad, run_ids=["r"]),
}
STREAMS_WITH_ID: dict[str, Callable[[AsyncRunsClient, Any], Any]] = {
    "stream-thread": lambda runs, bad: runs.stream("." if bad is None else bad, "agent"),
    "stream-assistant": lambda runs, bad: runs.stream(None, bad),
    "join_stream-thread": lambda runs, bad: runs.join_stream(bad, "r"),
    "join_stream-run": lambda runs, bad: runs.join_stream("t", bad),
    "list_all-thread": lambda runs, bad: runs.list_all(bad),
}


@pytest.mark.parametrize("bad", NOT_IDS, ids=repr)
@pytest.mark.parametrize("method", WITH_ID | WITH_THREAD_OR_NONE)
async def test_an_invalid_id_is_refused_before_anything_is_sent(method: str, bad: Any) -> None:
    """An empty id, "." and ".." would change the path; other types are not ids."""
    if bad is None and method in WITH_THREAD_OR_NONE:
        bad = ".."
    with scripted_server() as server:
        async with AsyncRunsClient(server.url, api_key=None) as runs:
            with pytest.raises((TypeError, ValueError), match="_id"):
                await (WITH_ID | WITH_THREAD_OR_NONE)[method](runs, bad)
    assert server.requests == []


@pytest.mark.parametrize("bad", ["r/join", "r/"])
async def test_an_id_in_a_path_has_no_slash(bad: str) -> None:
    """A server would take the request for another one: it decodes `%2F`, and then splits the path."""
    in_a_body = {"cancel_many-run", "cancel_many-thread"}
    with scripted_server() as server:
        async with AsyncRunsClient(server.url, api_key=None) as runs:
            for name, method in (WITH_ID | WITH_THREAD_OR_NONE).items():
                if "assistant" not in name and name not in in_a_body:
                    with pytest.raises(ValueError, match=f"_id='{bad}' .* it has a slash"):
                        await method(runs, bad)
            for name, stream in STREAMS_WITH_ID.items():
                if "assistant" not in name:
                    with pytest.raises(ValueError, match=f"_id='{bad}' .* it has a slash"):
                        stream(runs, bad)
            with pytest.raises(ValueError, match=f"thread_id='{bad}' .* it has a slash"):
                await runs.cancel_all(bad)
    assert server.requests == []


@pytest.mark.parametrize("bad", NOT_IDS, ids=repr)
@pytest.mark.parametrize("method", STREAMS_WITH_ID)
async def test_an_invalid_id_of_a_stream_is_refused_at_once(method: str, bad: Any) -> None:
    """The request is sent when the stream is read, but its arguments are checked at once."""
    async with AsyncRunsClient("http://127.0.0.1:9", api_key=None) as runs:
        with pytest.raises((TypeError, ValueError), match="_id"):
            STREAMS_WITH_ID[method](runs, bad)


REFUSED: list[tuple[Callable[[AsyncRunsClient], Any], type[Exception], str]] = [
    (lambda runs: runs.wait(None, "agent", inptu={}), TypeError, "'inptu': did you mean 'input'?"),
    (lambda runs: runs.create("t", "agent", stream_mod="x"), TypeError, "did you mean 'stream_mode'?"),
    (lambda runs: runs.wait(None, "a", quite_new=1), TypeError, "by extra_body="),
    (lambda runs: runs.wait(None, "a", durabilty="exit"), TypeError, "did you mean 'durability'?"),
    (lambda runs: runs.wait(None, "a", multitask_strategy="reject"), TypeError, "stream and wait on a thread take it"),
    (lambda runs: runs.create("t", "a", on_completion="keep"), TypeError, "wait without a thread take it"),
    (lambda runs: runs.create("t", "a", on_disconnect="cancel"), TypeError, "only stream and wait take it"),
    (lambda runs: runs.get("t", "r", input=1), TypeError, "only create, stream and wait take it"),
    (lambda runs: runs.get("t", "r", header={}), TypeError, "did you mean 'headers'?"),
    (lambda runs: runs.list("t", limitt=1), TypeError, "did you mean 'limit'?"),
    (lambda runs: runs.cancel("t", "r", actoin="x"), TypeError, "did you mean 'action'?"),
    (lambda runs: runs.create("t", "a", multitask_strategy="wait"), ValueError, "'wait' must be one of 'enqueue'"),
    (lambda runs: runs.create("t", "a", stream_mode=["values", "lifecycle"]), ValueError, "'lifecycle' must be one of"),
    (lambda runs: runs.create("t", "a", stream_mode="values,custom"), ValueError, "must be one of"),
    (lambda runs: runs.create(None, "a", after=1, after_seconds=1), TypeError, "pass one of them"),
    (lambda runs: runs.create(None, "a", after="soon"), ValueError, "after='soon'"),
    (lambda runs: runs.create(None, "a", after=-1), ValueError, "cannot start in the past"),
    (lambda runs: runs.create(None, "a", extra_body=[1]), TypeError, "extra_body must be a mapping"),
    (lambda runs: runs.create(None, "a", headers=[1]), TypeError, "headers must be a mapping"),
    (lambda runs: runs.create(None, "a", headers={"x": "a\nb"}), ValueError, "'x' contains a character"),
    (lambda runs: runs.create(None, "a", headers={"x": 1}), TypeError, "values must be strings, not str and int"),
    (lambda runs: runs.create(None, "a", headers={"x/y": "1"}), ValueError, "a name that HTTP does not allow"),
    (lambda runs: runs.create(None, "a", headers={"Content-Length": "5"}), ValueError, "cannot be set"),
    (lambda runs: runs.create(None, "a", params="x"), TypeError, "params must be a mapping"),
    (lambda runs: runs.create(None, "a", params={"x": [object()]}), TypeError, "'x' must be text, a number"),
    (lambda runs: runs.create(None, "a", params={"x": "\ud800"}), ValueError, "half a surrogate pair"),
    (lambda runs: runs.create(None, "a", on_run_created=1), TypeError, "on_run_created must be a sync callable"),
    (lambda runs: runs.create(None, "a", on_run_created=checkpoint), TypeError, "not an async function"),
    (lambda runs: runs.create(None, "a", after="3600"), ValueError, "pass seconds as a number: 3600"),
    (lambda runs: runs.create(None, "a", interrupt_before="node"), TypeError, "interrupt_before='node' must be"),
    (lambda runs: runs.create(None, "a", metadata="x"), TypeError, "metadata='x' must be a mapping"),
    (lambda runs: runs.create(None, "a", config=["x"]), TypeError, "config=.* must be a mapping"),
    (lambda runs: runs.create(None, "a", stream_subgraphs="false"), TypeError, "'false' must be True or False"),
    (lambda runs: runs.create(None, "a", webhook=5), TypeError, "webhook=5 must be a string"),
    (lambda runs: runs.create(None, "a", after_seconds=True), TypeError, "after_seconds=True must be a number"),
    (lambda runs: runs.create(None, "a", feedback_keys="a"), TypeError, "feedback_keys='a' must be a list"),
    (lambda runs: runs.create("t", "a", command={"resum": 1}), TypeError, "in command: did you mean 'resume'?"),
    (lambda runs: runs.create(None, "a", input={"x": [1, float("nan")]}), ValueError, r"input\.x\[1\] is NaN"),
    (lambda runs: runs.create(None, "a", input={"x": {1, object()}}), TypeError, "cannot be sent as JSON"),
    (lambda runs: runs.create(None, "a", input=1 << 70), TypeError, "cannot be sent as JSON"),
    (lambda runs: runs.create_batch([]), ValueError, "payloads must not be empty"),
    (lambda runs: runs.create_batch(iter([])), ValueError, "payloads must not be empty"),
    (lambda runs: runs.create_batch({"assistant_id": "a"}), TypeError, "payloads must be a list, not dict"),
    (lambda runs: runs.create_batch(["a"]), TypeError, "must be a mapping, not str"),
    (lambda runs: runs.create_batch([{"assistant_id": "a", "inptu": 1}]), TypeError, "did you mean 'input'?"),
    (lambda runs: runs.create_batch([{"assistant_id": "a", "headers": {}}]), TypeError, "pass it to the method"),
    (lambda runs: runs.wait(None, "a", raise_error="no"), TypeError, "raise_error must be True or False"),
    (lambda runs: runs.join("t", "r", raise_error=0), TypeError, "raise_error must be True or False"),
    (lambda runs: runs.cancel("t", "r", wait="false"), TypeError, "wait must be True or False"),
    (lambda runs: runs.cancel("t", "r", action="stop"), ValueError, "'stop' must be one of 'interrupt', 'rollback'"),
    (lambda runs: runs.wait("t", "agent", timeout="5"), TypeError, "timeout must be a number of seconds"),
    (lambda runs: runs.join("t", "r", timeout=0), ValueError, "timeout=0 must be a positive number of seconds"),
    (lambda runs: runs.cancel("t", "r", timeout=float("nan")), ValueError, "timeout=nan must be a positive number"),
    (lambda runs: runs.wait("t", "agent", cancel_on_exit="stop"), ValueError, "cancel_on_exit='stop'"),
    (lambda runs: runs.join("t", "r", cancel_on_exit=True), ValueError, "True must be one of 'interrupt', 'rollback'"),
    (lambda runs: runs.cancel_all("t", action="stop"), ValueError, "action='stop'"),
    (lambda runs: runs.cancel_all(".."), ValueError, "thread_id='..' is not a valid id"),
    (lambda runs: runs.cancel_all("t", status="all"), TypeError, "unknown option 'status'"),
    (lambda runs: runs.cancel_many(), ValueError, "no runs are selected"),
    (lambda runs: runs.cancel_many(run_ids=["r"]), ValueError, "no runs are selected"),
    (lambda runs: runs.cancel_many(thread_id="t"), ValueError, "no runs are selected"),
    (lambda runs: runs.cancel_many(thread_id="t", run_ids=iter([])), ValueError, "run_ids must not be empty"),
    (lambda runs: runs.cancel_many(thread_id="t", run_ids="r"), TypeError, "run_ids must be a list, not str"),
    (lambda runs: runs.cancel_many(thread_id="t", run_ids=["r"], status="all"), ValueError, "but not both"),
    (lambda runs: runs.cancel_many(status="error"), ValueError, "'error' must be one of"),
    (lambda runs: runs.list("t", limit=0), ValueError, "limit=0 must be at least 1"),
    (lambda runs: runs.list("t", offset=-1), ValueError, "offset=-1 must be at least 0"),
    (lambda runs: runs.list("t", limit="10"), TypeError, "limit must be a whole number"),
    (lambda runs: runs.list("t", limit=True), TypeError, "limit must be a whole number"),
    (lambda runs: runs.list("t", status="done"), ValueError, "'done' must be one of"),
    (lambda runs: runs.list("t", select=["output"]), ValueError, "'output' must be one of"),
]  # fmt: skip

STREAMS_REFUSED: list[tuple[Callable[[AsyncRunsClient], Any], type[Exception], str]] = [
    (lambda runs: runs.stream(None, "agent", inptu={}), TypeError, "'inptu': did you mean 'input'?"),
    (lambda runs: runs.stream(None, "agent", raise_error=1), TypeError, "raise_error must be True or False"),
    (lambda runs: runs.stream("t", "agent", timeout=-1), ValueError, "timeout=-1 must be a positive number"),
    (lambda runs: runs.stream("t", "agent", cancel_on_exit="no"), ValueError, "cancel_on_exit='no'"),
    (lambda runs: runs.join_stream("t", "r", timeout=True), TypeError, "timeout must be a number"),
    (lambda runs: runs.join_stream("t", "r", cancel_on_exit=1), ValueError, "cancel_on_exit=1"),
    (lambda runs: runs.join_stream("t", "r", stream_mode="lifecycle"), ValueError, "'lifecycle' must be one of"),
    (lambda runs: runs.join_stream("t", "r", stream_mod="values"), TypeError, "did you mean 'stream_mode'?"),
    (lambda runs: runs.join_stream("t", "r", last_event_id=1), TypeError, "last_event_id must be a string"),
    (lambda runs: runs.join_stream("t", "r", last_event_id={**POSITION, "count": "1"}), TypeError, "its count"),
    (lambda runs: runs.join_stream("t", "r", last_event_id={**POSITION, "count": -1}), ValueError, "its count"),
    (lambda runs: runs.join_stream("t", "r", last_event_id={**POSITION, "first": 1.5}), TypeError, "its first"),
    (lambda runs: runs.join_stream("t", "r", last_event_id={**POSITION, "after": None}), TypeError, "its after"),
    (lambda runs: runs.join_stream("t", "r", last_event_id={**POSITION, "stream_mode": "values"}), TypeError,
     "its stream_mode"),
    (lambda runs: runs.join_stream("t", "r", last_event_id={**POSITION, "stream_mode": ["valeus"]}), ValueError,
     "valeus"),
    (lambda runs: runs.join_stream("t", "s", last_event_id=POSITION), ValueError, "of another run"),
    (lambda runs: runs.join_stream("t", "r", last_event_id={}), ValueError, "not another mapping"),
    (lambda runs: runs.join_stream("t", "r", last_event_id="a\nb"), ValueError, "last-event-id"),
    (lambda runs: runs.join_stream("t", "r", cancel_on_disconnect=0), TypeError, "True or False"),
    (lambda runs: runs.list_all("t", page_size=0), ValueError, "page_size=0 must be at least 1"),
    (lambda runs: runs.list_all("t", status="done"), ValueError, "'done' must be one of"),
]  # fmt: skip


@pytest.mark.parametrize(("call", "kind", "words"), REFUSED)
async def test_an_invalid_argument_is_refused_before_anything_is_sent(
    call: Callable[[AsyncRunsClient], Any], kind: type[Exception], words: str
) -> None:
    """The error is Python's own, names the value, and says which values are allowed."""
    with scripted_server() as server:
        async with AsyncRunsClient(server.url, api_key=None) as runs:
            with pytest.raises(kind, match=words):
                await call(runs)
    assert server.requests == []


@pytest.mark.parametrize(("call", "kind", "words"), STREAMS_REFUSED)
async def test_an_invalid_argument_of_a_stream_is_refused_at_once(
    call: Callable[[AsyncRunsClient], Any], kind: type[Exception], words: str
) -> None:
    """Not only when the stream is read."""
    async with AsyncRunsClient("http://127.0.0.1:9", api_key=None) as runs:
        with pytest.raises(kind, match=words):
            call(runs)
