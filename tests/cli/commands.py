"""How the tests run `langgraph-runs`: in a process of its own, in a pipe."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Timer
from typing import Any, NamedTuple

COMMAND = [sys.executable, "-W", "error", "-m", "langgraph_runs.cli"]
SECONDS = 120.0  # for a command on a busy machine
_KEYS = ("LANGGRAPH_API_KEY", "LANGSMITH_API_KEY", "LANGCHAIN_API_KEY")


class Done(NamedTuple):
    """What came of a command.

    Attributes:
        status: Its exit status.
        out: What it has written to stdout.
        err: What it has written to stderr.
    """

    status: int
    out: str
    err: str

    @property
    def value(self) -> Any:
        """The only JSON value on stdout."""
        return json.loads(self.out)

    @property
    def values(self) -> list[Any]:
        """The JSON value of each line of stdout."""
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def error(self) -> dict[str, Any]:
        """The JSON object that is the last line of stderr."""
        found: dict[str, Any] = json.loads(self.err.splitlines()[-1])
        return found


def environment(url: str, **more: str) -> dict[str, str]:
    """The environment of a command: with the URL, and without a key."""
    kept = {name: value for name, value in os.environ.items() if name not in _KEYS}
    return {**kept, "LANGGRAPH_API_URL": url, "PYTHONIOENCODING": "utf-8", **more}


def in_pipe(url: str, *arguments: str, stdin: str = "", cwd: Path | None = None, **more: str) -> Done:
    """Runs a command to its end."""
    done = subprocess.run(
        [*COMMAND, *arguments],
        env=environment(url, **more),
        input=stdin,
        cwd=cwd,
        capture_output=True,
        encoding="utf-8",
        timeout=SECONDS,
        check=False,
    )
    return Done(done.returncode, done.stdout, done.stderr)


@contextmanager
def started(url: str, *arguments: str, **more: str) -> Iterator[subprocess.Popen[str]]:
    """A command that is running; killed afterwards, if it still is."""
    with subprocess.Popen(
        [*COMMAND, *arguments],
        env=environment(url, **more),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def lines_until(process: subprocess.Popen[str], text: str) -> list[str]:
    """The lines of stdout up to the first one that contains a text."""
    assert process.stdout is not None
    found: list[str] = []
    for line in process.stdout:
        found.append(line)
        if text in line:
            return found
    assert process.stderr is not None
    raise AssertionError(f"{text!r} has not come: {found} {process.stderr.read()}")


def ended(process: subprocess.Popen[str]) -> Done:
    """What comes of a running command from now on. (`communicate` would not see what `lines_until` has read ahead.)"""
    assert process.stdout is not None
    assert process.stderr is not None
    limit = Timer(SECONDS, process.kill)
    limit.start()
    try:
        return Done(out=process.stdout.read(), err=process.stderr.read(), status=process.wait())
    finally:
        limit.cancel()
