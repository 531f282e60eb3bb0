"""The app of examples/chat as a process, which a test can kill and start again."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
from wait_until import wait_until

START_SECONDS = 60.0
FOLDER = Path(__file__).resolve().parents[2] / "examples/chat"


class ChatApp:
    """The app, on one port.

    Attributes:
        url: Its URL, which is the same after every start.
    """

    def __init__(self, server: str) -> None:
        # Bound, but not listening: it stays free for the app while that is not running.
        self._port = socket.socket()
        self._port.bind(("127.0.0.1", 0))
        self._port.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        number = self._port.getsockname()[1]
        self.url = f"http://127.0.0.1:{number}"
        self._environment = {**os.environ, "LANGGRAPH_API_URL": server, "PORT": str(number)}
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Starts the app, and returns when it responds."""
        command = [sys.executable, "app.py"]
        self._process = subprocess.Popen(command, cwd=FOLDER, env=self._environment)
        wait_until(self._responds, START_SECONDS)

    def kill(self) -> None:
        """Kills the app, which cannot do anything more."""
        if self._process is not None:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()
            self._process = None

    def close(self) -> None:
        """Kills the app for good."""
        self.kill()
        self._port.close()

    def _responds(self) -> bool:
        assert self._process is not None
        assert self._process.poll() is None, "the app has ended"
        try:
            return httpx.get(self.url).status_code == 200
        except httpx.TransportError:
            return False


@contextmanager
def chat_app(server: str) -> Iterator[ChatApp]:
    """A running app, which uses the LangGraph server with this URL."""
    app = ChatApp(server)
    try:
        app.start()
        yield app
    finally:
        app.close()
