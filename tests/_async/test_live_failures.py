"""Requests that the real server refuses, by every method that can be refused: one class of error for each reason."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from langgraph_runs import AsyncRunsClient, BadRequestError, NotFoundError, UnprocessableEntityError

UNKNOWN = str(UUID(int=1))
REFUSED = "the server refuses it, and the error says why"

STARTS: dict[str, Callable[..., Any]] = {
    "create": lambda runs, *args, **options: runs.create(*args, **options),
    "wait": lambda runs, *args, **options: runs.wait(*args, **options),
    "stream": lambda runs, *args, **options: anext(runs.stream(*args, **options)),
}
every_start = pytest.mark.parametrize("start", STARTS.values(), ids=STARTS)


@every_start
@pytest.mark.breaks_contract(
    'request: stream_mode: "bogus" is not valid*', 'request: metadata: 7 is not of type "object"', why=REFUSED
)
async def test_a_run_that_cannot_start_raises(
    runs: AsyncRunsClient, thread_id: str, start: Callable[..., Any]
) -> None:
    """Unknown graphs and assistants, values that only the server can check, options that exclude each other."""
    for thread in (None, thread_id):
        with pytest.raises(UnprocessableEntityError, match="Invalid assistant: 'nobody'"):
            await start(runs, thread, "nobody")
        with pytest.raises(NotFoundError, match="Thread or assistant not found") as refused:
            await start(runs, thread, UNKNOWN)
        assert (404, None, thread) == (refused.value.status, refused.value.run_id, refused.value.thread_id)
        with pytest.raises(UnprocessableEntityError, match='"bogus" is not valid'):
            await start(runs, thread, "agent", extra_body={"stream_mode": "bogus"})
        with pytest.raises(UnprocessableEntityError, match="is not of type"):
            await start(runs, thread, "agent", extra_body={"metadata": 7})
        both: Any = {"config": {"configurable": {"colour": "green"}}, "context": {"name": "Ada"}}
        with pytest.raises(BadRequestError, match="Cannot specify both configurable and context"):
            await start(runs, thread, "configured", input={}, **both)
    with pytest.raises(BadRequestError, match="thread_id when resuming"):
        await start(runs, None, "interrupting", command={"resume": 1})
    assert [] == await runs.list(thread_id)


@pytest.mark.parametrize(
    ("bad", "kind", "words"),
    [
        ({"assistant_id": "nobody"}, UnprocessableEntityError, "Invalid assistant: 'nobody'"),
        ({"assistant_id": UNKNOWN}, NotFoundError, "Thread or assistant not found"),
        ({"assistant_id": "interrupting", "command": {"resume": 1}}, BadRequestError, "when resuming"),
        (
            {"assistant_id": "agent", "config": {"configurable": {"a": 1}}, "context": {"b": 2}},
            BadRequestError,
            "both configurable and context",
        ),
        pytest.param(
            {"assistant_id": "agent", "extra_body": {"stream_mode": "bogus"}},
            UnprocessableEntityError,
            "bogus",
            marks=pytest.mark.breaks_contract('request: 1/stream_mode: "bogus" is not valid*', why=REFUSED),
        ),
    ],
    ids=["graph", "assistant", "answer", "context", "mode"],
)
async def test_a_batch_is_refused_for_one_bad_run(
    runs: AsyncRunsClient, bad: Any, kind: type[Exception], words: str
) -> None:
    """With the error that `create` raises for that run."""
    with pytest.raises(kind, match=words):
        await runs.create_batch([{"assistant_id": "agent", "input": {}, "after": 60}, bad])


async def test_listing_an_unknown_thread_raises(runs: AsyncRunsClient) -> None:
    """The error says that it is unknown, or that it is not an id."""
    for thread, kind, words in (
        (UNKNOWN, NotFoundError, f"Thread with ID {UNKNOWN} not found"),
        ("thread", UnprocessableEntityError, "Invalid thread ID: must be a UUID"),
    ):
        with pytest.raises(kind, match=words) as refused:
            await runs.list(thread)
        assert thread == refused.value.thread_id
        with pytest.raises(kind, match=words):
            await anext(runs.list_all(thread))


async def test_an_id_that_is_not_a_uuid_raises(runs: AsyncRunsClient, thread_id: str) -> None:
    """By every method that takes one, with the id in the error."""
    for ids, words in (
        ((thread_id, "run"), "Invalid run ID: must be a UUID"),
        (("thread", UNKNOWN), "Invalid thread ID: must be a UUID"),
    ):
        for call in (runs.get, runs.delete, runs.cancel, runs.join):
            with pytest.raises(UnprocessableEntityError, match=words) as refused:
                await call(*ids)
            assert ids == (refused.value.thread_id, refused.value.run_id)
        with pytest.raises(UnprocessableEntityError, match=words) as refused:
            await runs.cancel(*ids, wait=True)
        assert ids == (refused.value.thread_id, refused.value.run_id)
        with pytest.raises(UnprocessableEntityError, match=words) as refused:
            await anext(runs.join_stream(*ids))
        assert ids == (refused.value.thread_id, refused.value.run_id)
        with pytest.raises(UnprocessableEntityError, match=words):
            await runs.cancel_many(thread_id=ids[0], run_ids=[ids[1]])


async def test_no_run_starts_on_a_thread_with_an_invalid_id(runs: AsyncRunsClient) -> None:
    """The server itself has two answers for an id that is not a UUID."""
    with pytest.raises(UnprocessableEntityError, match="Invalid thread ID"):
        await runs.create("thread", "agent")
    with pytest.raises(BadRequestError, match="badly formed"):
        await runs.wait("thread", "agent")
    with pytest.raises(BadRequestError, match="badly formed"):
        await anext(runs.stream("thread", "agent"))
    for start in STARTS.values():
        with pytest.raises(NotFoundError, match="Thread or assistant not found"):
            await start(runs, UNKNOWN, "agent")
