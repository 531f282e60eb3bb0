"""Runs the real LangGraph server on this machine, for tests and the demo: in memory, without an API key or a network.

    with dev_server(Path("tests/live/app")) as server:
        httpx.get(server.url + "/ok")

`python tools/dev_server.py FOLDER` runs it until Ctrl-C. The folder contains a langgraph.json. This interpreter, or the
one that `TEST_SERVER_PYTHON` names, needs langgraph-cli[inmem]. The module needs process groups, so it does not work on
Windows.
"""

import argparse
import contextlib
import http.client
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator
from pathlib import Path
from signal import SIGKILL, SIGTERM, signal

START_SECONDS = 180.0
STOP_SECONDS = 15.0
POLL_SECONDS = 0.1
PORTS_TO_TRY = 5
LOG_LINES = 30
HOST = "127.0.0.1"
PYTHON_VARIABLE = "TEST_SERVER_PYTHON"  # the interpreter that runs the server, if it is not this one


class PortTakenError(RuntimeError):
    """Another process is listening on the server's port."""


class DevServer:
    """One server on one port. It can be stopped and started again, and keeps what it has saved.

    Attributes:
        url: The URL of the server, which is the same after every start.
        log: The file with everything that the server has printed since the first start.
        pid: The id of its process, the leader of a process group. It remains after a stop; 0 before the first start.
    """

    def __init__(self, folder: Path, log: Path, *, jobs: int = 10) -> None:
        self._folder = folder
        self._jobs = jobs
        self._port = _Port()
        self._process: subprocess.Popen[bytes] | None = None
        self.url = f"http://{HOST}:{self._port.number}"
        self.log = log
        self.pid = 0

    def start(self) -> None:
        """Starts the server and returns when it responds.

        Raises:
            RuntimeError: It does not respond, with the end of its log; or it is already running.
        """
        if self._process is not None:
            raise RuntimeError(f"the server on {self.url} is already running")
        printed_before = self.log.stat().st_size if self.log.exists() else 0
        with self.log.open("ab") as output:
            self._process = subprocess.Popen(
                self._command(),
                cwd=self._folder,
                env=_environment(),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.pid = self._process.pid
        try:
            self._wait_until_ready(self._process, printed_before)
        except BaseException:
            self.stop(SIGKILL)
            raise

    def stop(self, signal: int = SIGTERM) -> None:
        """Stops the server and its child processes with a signal, and kills them after 15 s. Can be called again."""
        process, self._process = self._process, None
        if process is None:
            return
        try:
            _signal_group(process.pid, signal)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(STOP_SECONDS)
        finally:
            _signal_group(process.pid, SIGKILL)
            process.wait()

    def wait(self) -> None:
        """Waits until the server ends by itself."""
        if self._process is not None:
            self._process.wait()

    def release(self) -> None:
        """Releases the port. Call this after the last stop."""
        self._port.release()

    def _command(self) -> list[str]:
        options = {"--host": HOST, "--port": self._port.number, "--n-jobs-per-worker": self._jobs}
        flat = [str(word) for option in options.items() for word in option]
        return [server_python(), "-m", "langgraph_cli", "dev", "--no-browser", "--no-reload", *flat]

    def _wait_until_ready(self, process: subprocess.Popen[bytes], printed_before: int) -> None:
        """Polls the server once it has printed its port: if the port is taken, it chooses another one."""
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            ended = process.poll() is not None
            printed = self._printed(printed_before)
            if "already in use" in printed:
                raise PortTakenError(f"another process is listening on {self.url}")
            if ended:
                raise RuntimeError(
                    f"the server exited with status {process.returncode}:\n{self._last_lines()}"
                )
            if self.url in printed and self._answers():
                return
            time.sleep(POLL_SECONDS)
        raise RuntimeError(f"the server did not respond within {START_SECONDS:.0f} s:\n{self._last_lines()}")

    def _answers(self) -> bool:
        connection = http.client.HTTPConnection(HOST, self._port.number, timeout=5)
        try:
            connection.request("GET", "/ok")
            return connection.getresponse().status == http.HTTPStatus.OK
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def _printed(self, start: int) -> str:
        with self.log.open("rb") as log:
            log.seek(start)
            return log.read().decode(errors="replace")

    def _last_lines(self) -> str:
        return "\n".join(self._printed(0).splitlines()[-LOG_LINES:])


def server_python() -> str:
    """The interpreter that runs the server."""
    return os.environ.get(PYTHON_VARIABLE, sys.executable)


@contextlib.contextmanager
def dev_server(folder: Path, *, jobs: int = 10) -> Generator[DevServer]:
    """A running server, on a temporary copy of `folder`, which executes at most `jobs` runs at a time."""
    with tempfile.TemporaryDirectory(prefix="langgraph-dev-") as temporary:
        copy = Path(temporary) / "app"
        shutil.copytree(folder, copy, ignore=shutil.ignore_patterns(".langgraph_api", "__pycache__"))
        server = _started(copy, Path(temporary) / "server.log", jobs)
        try:
            yield server
        finally:
            server.stop(SIGKILL)  # the folder is temporary, so a clean shutdown would save nothing
            server.release()


def _started(folder: Path, log: Path, jobs: int) -> DevServer:
    """A started server, on the first port that no other process has taken meanwhile."""
    for _ in range(PORTS_TO_TRY):
        server = DevServer(folder, log, jobs=jobs)
        try:
            server.start()
        except PortTakenError:
            server.release()
        except BaseException:
            server.release()
            raise
        else:
            return server
    raise PortTakenError(f"other processes took {PORTS_TO_TRY} free ports before the server could use them")


class _Port:
    """A free port. On Linux it stays free while the server that uses it is stopped.

    There, a bound socket that does not listen keeps the system from assigning the port to another listener or to the
    local end of a connection. A server that asks for the port by its number still gets it.
    """

    def __init__(self) -> None:
        self._socket = socket.socket()
        self._socket.bind((HOST, 0))
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.number: int = self._socket.getsockname()[1]
        if sys.platform != "linux":
            self._socket.close()

    def release(self) -> None:
        self._socket.close()


def _environment() -> dict[str, str]:
    """The environment of this process, without variables that would change the server or give it an API key."""
    foreign = ("LANGSMITH_", "LANGCHAIN_", "LANGGRAPH_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
    return kept | {
        "LANGSMITH_TRACING": "false",
        "LANGGRAPH_CLI_NO_ANALYTICS": "1",
        "LANGGRAPH_NO_VERSION_CHECK": "true",
        "LOG_COLOR": "false",
    }


def _signal_group(leader: int, number: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(leader, number)


def _exit(_number: int, _frame: object) -> None:
    sys.exit(0)


def main() -> None:
    """Runs the server of a folder in the foreground."""
    parser = argparse.ArgumentParser(description="Run the LangGraph server of a folder, until Ctrl-C.")
    parser.add_argument("folder", type=Path, help="the folder that contains langgraph.json")
    parser.add_argument("--jobs", type=int, default=10, help="how many runs to execute at the same time")
    arguments = parser.parse_args()
    signal(SIGTERM, _exit)
    with contextlib.suppress(KeyboardInterrupt), dev_server(arguments.folder, jobs=arguments.jobs) as server:
        print(server.url, flush=True)
        server.wait()


if __name__ == "__main__":
    main()
