"""Runs a script of this folder in its own process, so that one that hangs does not hang the tests."""

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
LIMIT = 120.0  # seconds; a busy machine takes ten to start the processes of a scenario


@dataclass(frozen=True)
class Ended:
    """The exit status of a script, and what it printed."""

    status: int
    out: str
    err: str


def ended(
    script: str,
    *arguments: str,
    environment: Mapping[str, str] | None = None,
    meanwhile: Callable[[subprocess.Popen[str]], object] | None = None,
) -> Ended:
    """Runs a script to its end.

    Args:
        script: The name of the file.
        arguments: The arguments of the script.
        environment: Variables to add to the environment.
        meanwhile: A function to call with the process once it runs.

    Raises:         AssertionError: The script or a child of it hangs. All of them are killed.
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
