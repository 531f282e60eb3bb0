"""The application: all commands, and how one of them is run."""

from __future__ import annotations

from typer import Exit, TyperException

from langgraph_runs.cli import existing, server, starting
from langgraph_runs.cli.batch import command as batch
from langgraph_runs.cli.command import app
from langgraph_runs.cli.output import Output
from langgraph_runs.cli.statuses import USAGE

COMMANDS = (starting, existing, server, batch)
"""The modules that register the commands."""


@app.callback()
def langgraph_runs() -> None:
    """Start, stream, wait for and manage the runs of a LangGraph server."""


def run(arguments: list[str]) -> int:
    """Runs a command and returns its exit status. Errors in the arguments are reported as the command's own are."""
    try:
        return int(app(arguments or ["--help"], prog_name="langgraph-runs", standalone_mode=False) or 0)
    except Exit as error:
        return error.exit_code
    except TyperException as error:
        output = Output(as_json="--json" in arguments)
        output.error("UsageError", error.format_message(), {})
        place = getattr(getattr(error, "ctx", None), "command_path", "langgraph-runs")
        output.note(f"See: {place} --help")
        return USAGE
