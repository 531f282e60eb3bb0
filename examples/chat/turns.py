"""Starts the run of a turn, once, however often the page asks for it."""

from contextlib import suppress
from typing import Any

from inputs import Turn
from starlette.exceptions import HTTPException

from langgraph_runs import AsyncRunsClient, NotFoundError, ThreadBusyError


async def run_of(turn: Turn, runs: AsyncRunsClient, thread_id: str) -> str:
    """The id of the run of a turn, which is started unless it has been.

    A page that is reloaded, or loses its connection, does not know whether its request has arrived, and sends it again.
    Two tabs may show the same chat. The newest run of the thread tells what has happened: each run has its turn in its
    metadata, and each turn names the run after which it comes.
    """
    newest = await newest_run(runs, thread_id)
    if newest["run_id"] == turn.after:
        with suppress(ThreadBusyError):  # by another tab, or by this request, sent before a reload
            run = await runs.create(
                thread_id,
                "letter",
                metadata={"turn": turn.id},
                stream_mode="messages-tuple",
                stream_resumable=True,
                if_not_exists="create",
                multitask_strategy="reject",
                **turn.options,
            )
            return run.run_id
        newest = await newest_run(runs, thread_id)
    if newest["metadata"].get("turn") == turn.id:
        return str(newest["run_id"])
    if newest["run_id"] == turn.after:
        raise HTTPException(503, "the previous run has not quite ended")
    raise HTTPException(409, "this chat was continued elsewhere, perhaps in another tab")


async def newest_run(runs: AsyncRunsClient, thread_id: str) -> dict[str, Any]:
    """The id and the metadata of the newest run of a thread. The id is None if there is no run."""
    newest: dict[str, Any] = {"run_id": None, "metadata": {}}
    with suppress(NotFoundError):  # the thread is created together with its first run
        for run in await runs.list(thread_id, limit=1):
            newest |= run.to_dict()
    return newest
