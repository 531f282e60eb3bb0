"""The command `batch`: many runs, each of them once, however often the command is started."""

from __future__ import annotations

import os
import stat
import sys
from asyncio import CancelledError
from collections.abc import Iterator
from contextlib import aclosing
from typing import Annotated, Any, BinaryIO

import typer

from langgraph_runs._async.client import AsyncRunsClient
from langgraph_runs.cli.batch.line_runs import LineRuns
from langgraph_runs.cli.batch.lines import lines_of
from langgraph_runs.cli.batch.progress import Counts, progress
from langgraph_runs.cli.batch.workers import outcomes
from langgraph_runs.cli.call import Call
from langgraph_runs.cli.command import command
from langgraph_runs.cli.inputs import UsageError
from langgraph_runs.cli.left import command_line
from langgraph_runs.cli.statuses import RUN_FAILED, SUCCESS
from langgraph_runs.errors import LangGraphRunsError

File = Annotated[str, typer.Argument(help="A file of JSON lines, or - for stdin.", metavar="FILE|-")]
Name = Annotated[
    str,
    typer.Option(metavar="TEXT", help="The name of the batch: with another name, the same lines run again."),
]
Limit = Annotated[
    int, typer.Option(min=1, help="How many runs are under way at once, and how many lines are read ahead.")
]
Timeout = Annotated[
    float | None,
    typer.Option(help="How many seconds to wait for each run, which then continues; no limit by default."),
]
SkipFinished = Annotated[
    bool,
    typer.Option(
        "--skip-finished", help="Print nothing for the lines whose runs had ended before this start."
    ),
]


@command("batch", AsyncRunsClient.map)
async def batch(
    call: Call,
    file: File,
    limit: Limit = 50,
    timeout: Timeout = None,
    name: Name = "",
    skip_finished: SkipFinished = False,
) -> int:
    """Run every line of a file, and print the outcomes as JSON lines, in the order in which the runs end.

    A line is an object with an `assistant_id` and the fields of a run, such as `input`. If the command is stopped, the
    same command continues, and starts no run twice.
    """
    options: dict[str, Any] = {**call.options, "timeout": timeout}
    call.runs.map([], **options)  # refuses an invalid option now, not for each line
    runs, counts = LineRuns(call.runs, options, skips_finished=skip_finished), Counts()
    source, size = _opened(file)
    try:
        with progress(call.output, size) as shown:
            call.notify = shown.note
            async with aclosing(outcomes(lines_of(_read(source, file), name), runs.outcome, limit)) as ended:
                async for outcome in ended:
                    is_skipped = skip_finished and outcome.was_finished
                    counts.add(outcome, is_skipped=is_skipped)
                    if not is_skipped:
                        shown.line(outcome.as_json())
                    shown.advance(outcome.line.size, counts)
    except (CancelledError, LangGraphRunsError):
        _report_left(call, counts, runs.left)
        raise
    call.output.note(f"{counts}.")
    return RUN_FAILED if counts.failed else SUCCESS


def _opened(file: str) -> tuple[BinaryIO, int | None]:
    """The file, and how many bytes of it are to be read if that is known.

    Raises:
        UsageError: It cannot be opened.
    """
    try:
        # Not sys.stdin: another thread reads it, and might hold its lock at the end of the process.
        source = open(sys.stdin.fileno(), "rb", closefd=False) if file == "-" else open(file, "rb")  # noqa: SIM115
        about = os.fstat(source.fileno())
        return source, about.st_size - source.tell() if stat.S_ISREG(about.st_mode) else None
    except OSError as error:
        raise UsageError(f"cannot read {file}: {error.strerror or error}") from None


def _read(source: BinaryIO, file: str) -> Iterator[bytes]:
    """The lines of the file, which is closed where it is read: another thread could not while a pipe brings nothing."""
    try:
        with source:
            yield from source
    except OSError as error:
        raise UsageError(f"cannot read {file}: {error.strerror or error}") from None


def _report_left(call: Call, counts: Counts, left: int) -> None:
    """Says what becomes of the runs under way, and which command continues."""
    runs = f"{left:,} run{'s' if left != 1 else ''}"
    if call.options.get("cancel_on_exit"):
        became = f"the server was asked to cancel {runs}"
    else:
        became = f"{runs} continue{'s' if left == 1 else ''}"
    call.output.note(f"{counts}; {became}.")
    given = {name: call.given[name] for name in ("limit", "timeout", "name")} | call.options
    words = [
        word
        for name, value in given.items()
        if name != "params" and value not in (None, "")
        for word in (f"--{name.replace('_', '-')}", str(value))
    ]
    words += ["--skip-finished"] if call.given["skip_finished"] else []
    file = call.given["file"]
    where = " (with the same lines on stdin)" if file == "-" else ""
    call.output.note(f"To continue{where}: {command_line(call, 'batch', file, *words)}")
