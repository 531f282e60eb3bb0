"""A terminal with a shell, in tmux: types, and reads the screen."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

PROMPT = "done>"
SECONDS = 60.0  # for what is to appear, on a busy machine
_POLL = 0.05


class Terminal:
    """A terminal.

    Args:
        socket: The name of the socket of its tmux, which serves no other terminal.
    """

    def __init__(self, socket: str) -> None:
        self._socket = socket

    def tmux(self, *words: str) -> str:
        """Has tmux do something, and returns what it prints."""
        command = ["tmux", "-L", self._socket, "-f", "/dev/null", *words]
        done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=False)
        assert 0 == done.returncode, done.stderr
        return done.stdout

    def type(self, text: str) -> None:
        """Types text, without Enter."""
        self.tmux("send-keys", "-l", "--", text)

    def press(self, key: str) -> None:
        """Presses a key, such as "Enter", "Tab" or "C-c"."""
        self.tmux("send-keys", key)

    def paste(self, text: str) -> None:
        """Pastes text, as with the mouse."""
        self.tmux("set-buffer", "--", text)
        self.tmux("paste-buffer")

    def start(self, *words: str) -> None:
        """Types a command, and Enter."""
        self.type(shlex.join(words))
        self.press("Enter")

    def resize(self, width: int, height: int = 24) -> None:
        """Changes the size of the terminal."""
        self.tmux("resize-window", "-x", str(width), "-y", str(height))

    def text(self) -> str:
        """All that is on the screen and above it. Lines that are wrapped at its right end are joined."""
        lines = self.tmux("capture-pane", "-p", "-J", "-S", "-").splitlines()
        return "\n".join(line.rstrip() for line in lines).rstrip()

    def colors(self) -> str:
        """The same with the escape sequences of colors."""
        return self.tmux("capture-pane", "-p", "-e", "-S", "-")

    def wait_for(self, condition: Callable[[str], object], what: str = "the text") -> str:
        """Waits until the text fulfils a condition, and returns it."""
        deadline = time.monotonic() + SECONDS
        while not condition(text := self.text()):
            assert time.monotonic() < deadline, f"{what} has not appeared within {SECONDS:.0f} s:\n{text}"
            time.sleep(_POLL)
        return text

    def see(self, pattern: str) -> str:
        """Waits until this regular expression is found, and returns what it has found."""
        wanted = re.compile(pattern, re.MULTILINE)
        found = wanted.search(self.wait_for(wanted.search, repr(pattern)))
        assert found is not None
        return found[found.lastindex or 0]

    def finish(self) -> str:
        """Waits until the command has ended, and returns the text."""
        return self.wait_for(lambda text: text.endswith(f"\n{PROMPT}"), "the prompt").removesuffix(PROMPT)


@contextmanager
def terminal(folder: Path, url: str, *, width: int = 100, **environment: str) -> Iterator[Terminal]:
    """A terminal with bash, in which `langgraph-runs` is on the path and talks to this server.

    Args:
        folder: A folder for it.
        url: The URL of the server.
        width: How many columns it has.
        **environment: More variables.
    """
    program = folder / "bin" / "langgraph-runs"
    program.parent.mkdir(exist_ok=True)
    program.write_text(f"#!{sys.executable}\nfrom langgraph_runs.cli import main\nmain()\n", encoding="utf-8")
    program.chmod(0o755)
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in ("TMUX", "NO_COLOR", "LANGGRAPH_API_KEY")
    }
    path = {
        "PATH": f"{program.parent}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": os.pathsep.join(sys.path),
    }
    shell = {"PS1": f"{PROMPT} ", "HISTFILE": "", "LC_ALL": "C.UTF-8", "LANGGRAPH_API_URL": url}
    one = Terminal(f"langgraph-runs-{uuid4()}")
    size = ["-x", str(width), "-y", "24"]
    _start(one, kept | path | shell | environment, folder, size)
    try:
        one.wait_for(lambda text: text.endswith(PROMPT), "the shell")
        yield one
    finally:
        one.tmux("kill-server")


def _start(one: Terminal, environment: Mapping[str, str], folder: Path, size: list[str]) -> None:
    command = ["tmux", "-L", one._socket, "-f", "/dev/null", "new-session", "-d", *size]
    subprocess.run(
        [*command, "bash", "--norc", "--noprofile"],
        env=dict(environment),
        cwd=folder,
        timeout=SECONDS,
        check=True,
    )
