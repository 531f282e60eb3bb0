"""The command line, `langgraph-runs`: see docs/command-line.md. Nothing else in this package imports it."""

from __future__ import annotations

import os
import sys

_NEEDED = ("typer", "rich")


def main() -> None:
    """Runs the command in `sys.argv` and exits with its status, which `statuses.py` lists."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # closed by the caller, as by >&-
            setattr(sys, name, open(os.devnull, "w"))  # noqa: SIM115  # until the process ends
    try:
        from langgraph_runs.cli.app import run

        status = run(sys.argv[1:])
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in _NEEDED:
            raise
        sys.stderr.write(
            f"langgraph-runs: {error.name} is not installed; pip install 'langgraph-runs[cli]' installs it\n"
        )
        status = 2
    except KeyboardInterrupt:  # before a command has begun
        status = 130
    sys.exit(status)
