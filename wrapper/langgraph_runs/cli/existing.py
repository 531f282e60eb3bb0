"""The commands for runs that exist: join, join-stream, list, get, cancel, cancel-all and delete."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from langgraph_runs_api.models import Run

from langgraph_runs._async.client import AsyncRunsClient
from langgraph_runs.cli.call import Call, Held
from langgraph_runs.cli.command import command
from langgraph_runs.cli.following import ended, follow, waited
from langgraph_runs.cli.inputs import UsageError
from langgraph_runs.cli.output import safe
from langgraph_runs.cli.positions import start
from langgraph_runs.cli.starting import SavePosition
from langgraph_runs.cli.statuses import SUCCESS

ThreadId = Annotated[str, typer.Argument(metavar="THREAD", help="The id of the thread.")]
RunId = Annotated[str, typer.Argument(metavar="RUN", help="The id of the run.")]
MaybeThreadId = Annotated[
    str | None, typer.Argument(metavar="[THREAD]", help="The id of the thread, unless --from names it.")
]
MaybeRunId = Annotated[
    str | None, typer.Argument(metavar="[RUN]", help="The id of the run, unless --from names it.")
]
From = Annotated[
    str | None,
    typer.Option(
        "--from",
        metavar="POSITION",
        help="Where to begin: @FILE of --save-position, a position as JSON, the id of an event, or -1 for the first "
        "event. Without it, with the next event. Only for a run that is resumable.",
    ),
]
All = Annotated[bool, typer.Option("--all", help="All runs of the thread, instead of one page.")]

_COLUMNS = ("run_id", "status", "created_at", "assistant_id")


@command("join", AsyncRunsClient.join)
async def join(call: Call, thread: ThreadId, run: RunId) -> int:
    """Wait for a run that exists, and print its values."""
    call.held = Held(run, thread)
    values = await waited(call, call.runs.join(thread, run, **call.options))
    return ended(call, values, "wait", *await _assistant(call, thread, run, values))


@command("join-stream", AsyncRunsClient.join_stream)
async def join_stream(
    call: Call,
    thread: MaybeThreadId = None,
    run: MaybeRunId = None,
    begin: From = None,
    save_position: SavePosition = None,
) -> int:
    """Print what a run that exists does, as `stream` does."""
    thread_id, run_id, after = start(thread, run, begin)
    asked = tuple(call.options.get("stream_mode", ()))
    parts = call.runs.join_stream(
        thread_id, run_id, last_event_id=after, on_reconnect=call.on_reconnect, **call.options
    )
    call.held = Held(run_id, thread_id)
    values = await follow(call, parts, asked, save_position)
    return ended(call, values, "stream", *await _assistant(call, thread_id, run_id, values))


@command("list", AsyncRunsClient.list)
async def list_runs(call: Call, thread: ThreadId, every: All = False) -> int:
    """Print the runs of a thread, newest first.

    One per line: its id, its status, when it was created and its assistant; with --json, as an object.
    """
    columns = call.options.get("select", _COLUMNS)
    if not every:
        for run in await call.runs.list(thread, **call.options):
            _print(call, run, columns)
        return SUCCESS
    if given := {"limit", "offset"} & call.options.keys():
        raise UsageError(f"--all and --{given.pop()} exclude each other: leave out one of them")
    async for run in call.runs.list_all(thread, **call.options):
        _print(call, run, columns)
    return SUCCESS


@command("get", AsyncRunsClient.get)
async def get(call: Call, thread: ThreadId, run: RunId) -> int:
    """Print a run as it is now."""
    call.output.result((await call.runs.get(thread, run, **call.options)).to_dict())
    return SUCCESS


@command("cancel", AsyncRunsClient.cancel)
async def cancel(call: Call, thread: ThreadId, run: RunId) -> int:
    """Cancel a run. It is not an error if the run has ended."""
    await call.runs.cancel(thread, run, **call.options)
    _done(call, "cancelled", [run])
    return SUCCESS


@command("cancel-all", AsyncRunsClient.cancel_all)
async def cancel_all(call: Call, thread: ThreadId) -> int:
    """Cancel all active runs of a thread.

    Their ids are printed.
    """
    _done(call, "cancelled", await call.runs.cancel_all(thread, **call.options))
    return SUCCESS


@command("delete", AsyncRunsClient.delete)
async def delete(call: Call, thread: ThreadId, run: RunId) -> int:
    """Delete a run and its checkpoints. This does not stop an active run: cancel it first."""
    await call.runs.delete(thread, run, **call.options)
    _done(call, "deleted", [run])
    return SUCCESS


def _print(call: Call, run: Run, columns: Any) -> None:
    fields: dict[str, Any] = run.to_dict()
    if call.output.as_json:
        call.output.line(fields)
    else:
        call.output.write(safe("  ".join(str(fields.get(name, "")) for name in columns)) + "\n")


def _done(call: Call, what: str, runs: list[str]) -> None:
    if call.output.as_json:
        call.output.line({what: runs})
    else:
        call.output.write("".join(f"{safe(run)} {what}\n" for run in runs))


async def _assistant(call: Call, thread_id: str, run_id: str, values: Any) -> tuple[str, ...]:
    """The rest of the command that answers the graph, if it asks."""
    if not isinstance(values, dict) or "__interrupt__" not in values:
        return ()
    run = await call.runs.get(thread_id, run_id)
    return (str(run.assistant_id), "--thread", thread_id)
