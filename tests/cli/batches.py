"""Starts the command `batch`, in this process and in one of its own."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

from cli.commands import COMMAND, environment

from langgraph_runs.cli.app import run


@dataclass
class Printed:
    """What a command has printed.

    Attributes:
        status: Its exit status.
        outcomes: The lines of stdout.
        notes: What it has printed on stderr.
    """

    status: int
    outcomes: list[dict[str, Any]]
    notes: str

    @property
    def values(self) -> dict[int, Any]:
        """The values by the numbers of the lines."""
        return {one["line"]: one["values"] for one in self.outcomes if "values" in one}

    @property
    def errors(self) -> dict[int, tuple[str, str]]:
        """The errors by the numbers of the lines."""
        return {one["line"]: (one["error"], one["message"]) for one in self.outcomes if "error" in one}

    @property
    def runs(self) -> set[tuple[int, str, str]]:
        """The lines with their threads and runs."""
        return {(one["line"], one["thread_id"], one["run_id"]) for one in self.outcomes}


def batch(url: str, file: Path, *options: str) -> Printed:
    """Runs a batch in this process."""
    out, notes = StringIO(), StringIO()
    with redirect_stdout(out), redirect_stderr(notes):
        status = run(["batch", str(file), "--url", url, *options])
    return printed(status, out.getvalue(), notes.getvalue())


def printed(status: int, out: str, notes: str) -> Printed:
    """What a command has printed, of its whole output."""
    return Printed(status, [json.loads(line) for line in out.splitlines()], notes)


def process(url: str, *arguments: str) -> subprocess.Popen[str]:
    """A batch in a process of its own."""
    pipes: Any = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
    return subprocess.Popen([*COMMAND, "batch", *arguments], text=True, env=environment(url), **pipes)


def written(path: Path, payloads: Sequence[object]) -> Path:
    """A file with these payloads; texts are lines as they are."""
    lines = [one if isinstance(one, str) else json.dumps(one) for one in payloads]
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path


def numbers(count: int, **more: Any) -> list[Any]:
    """Payloads of runs whose input is a number."""
    return [{"assistant_id": "agent", "input": {"n": number}, **more} for number in range(count)]
