"""Runs a script of this folder in a process of its own: what hangs there does not hang here."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
LIMIT = 30.0  # seconds


@dataclass(frozen=True)
class Ended:
    """How it ended: by what status, and what it has said."""

    status: int
    out: str
    err: str


def ended(
    script: str,
    *arguments: str,
    environment: Mapping[str, str] | None = None,
    meanwhile: Callable[[subprocess.Popen[str]], object] | None = None,
) -> Ended:
    """Runs it to its end.

    Args:
        script: The name of the file.
        arguments: What it is given.
        environment: What it has in its environment besides.
        meanwhile: Is called with the process once it runs.

    Raises:
        AssertionError: It hangs; so may a child of it. All are killed.
    """
    process = subprocess.Popen(
        [sys.executable, "-W", "ignore::DeprecationWarning", str(HERE / script), *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), **(environment or {})},
    )
    out = err = ""
    try:
        if meanwhile is not None:
            meanwhile(process)
        out, err = process.communicate(timeout=LIMIT)
    except subprocess.TimeoutExpired as hung:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGABRT)
        out, err = process.communicate(timeout=LIMIT)
        raise AssertionError(f"{script} {arguments} hangs: {out} {err}") from hung
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        for pipe in (process.stdout, process.stderr):
            if pipe is not None:
                pipe.close()
    return Ended(process.returncode, out, err)
