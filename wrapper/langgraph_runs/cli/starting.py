"""The commands that start a run: wait, stream and create."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import uuid4

import typer

from langgraph_runs._async.client import AsyncRunsClient
from langgraph_runs.cli.call import Call, Held
from langgraph_runs.cli.command import command
from langgraph_runs.cli.following import ended, follow, waited
from langgraph_runs.cli.left import command_line
from langgraph_runs.cli.statuses import SUCCESS
from langgraph_runs.cli.transcript import MODES
from langgraph_runs.request.options import (
    StatelessRunOptions,
    StatelessStreamOptions,
    ThreadRunOptions,
    ThreadStreamOptions,
)

Assistant = Annotated[
    str, typer.Argument(metavar="ASSISTANT", help="The id of an assistant, or the name of a graph.")
]
Thread = Annotated[
    str | None,
    typer.Option(
        metavar="ID",
        help="The thread to run on; `new` creates one. Without a thread, the run is stateless: it cannot be listed, "
        "joined or answered later.",
    ),
]
SavePosition = Annotated[
    str | None,
    typer.Option(
        metavar="FILE",
        help="Save in this file where the stream stands, part by part. `join-stream --from @FILE` continues there.",
    ),
]


@command("wait", AsyncRunsClient.wait, ThreadStreamOptions, StatelessStreamOptions)
async def wait(call: Call, assistant: Assistant, thread: Thread = None) -> int:
    """Start a run, wait for it, and print its values."""
    place, options = _prepared(call, thread)
    values = await waited(call, call.runs.wait(place, assistant, **options))
    return ended(call, values, *_next(place, "wait", assistant))


@command(
    "stream",
    AsyncRunsClient.stream,
    ThreadStreamOptions,
    StatelessStreamOptions,
    texts={
        "stream_mode": f"The mode or modes of the events; {', '.join(MODES)} by default, in a terminal also tasks.",
        "stream_resumable": "Whether the server keeps the events, so that the stream can be resumed; true by default.",
    },
)
async def stream(
    call: Call, assistant: Assistant, thread: Thread = None, save_position: SavePosition = None
) -> int:
    """Start a run, and print what it does.

    Its final values follow. By default, a person sees the tokens of models, what nodes return and report, and the final
    state. With --json, each part of the stream is one line: an object with `event`, `data` and `id`.
    """
    asked = tuple(call.options.get("stream_mode", ()))
    modes = [*MODES, "tasks"] if call.output.is_terminal else MODES
    place, options = _prepared(call, thread, stream_mode=modes, stream_resumable=True)
    parts = call.runs.stream(place, assistant, on_reconnect=call.on_reconnect, **options)
    values = await follow(call, parts, asked, save_position)
    return ended(call, values, *_next(place, "stream", assistant))


@command("create", AsyncRunsClient.create, ThreadRunOptions, StatelessRunOptions)
async def create(call: Call, assistant: Assistant, thread: Thread = None) -> int:
    """Start a run in the background, and print it."""
    place, options = _prepared(call, thread)
    run = await call.runs.create(place, assistant, **options)
    call.output.result(run.to_dict())
    if place:
        call.output.note(f"To wait for it: {command_line(call, 'join', place, run.run_id)}")
    return SUCCESS


def _prepared(call: Call, thread: str | None, **defaults: Any) -> tuple[Any, dict[str, Any]]:
    """The thread, and the options of the run."""
    held = call.held = Held(thread_id=thread)
    options = {"on_run_created": call.on_run_created, **defaults, **call.options}
    if thread == "new":
        thread = held.thread_id = str(uuid4())
        call.output.note(f"The thread is {thread}.")
        options = {"if_not_exists": "create", **options}
    return thread, options


def _next(thread: str | None, *words: str) -> tuple[str, ...]:
    """The command that starts the next run on the thread; nothing without one."""
    return (*words, "--thread", thread) if thread else ()
