"""Runs LangGraph.js and Aegra on this machine, for `make test-servers` and benchmarks/lost_events.py.

    with langgraphjs_server() as server:
        httpx.get(server.url + "/ok")

Their versions are in tests/other_servers/langgraphjs/package.json and tests/other_servers/aegra/requirements.txt. What
is needed of npm and PyPI is installed once, into .cache/other-servers; Node.js, Python 3.12 and PostgreSQL are not.
"""

import contextlib
import http.client
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Generator, Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
GRAPHS = ROOT / "tests/other_servers"
CACHE = ROOT / ".cache/other-servers"
HOST = "127.0.0.1"
START_SECONDS = 180.0
STOP_SECONDS = 10.0
LOG_LINES = 30
NODE = "Node.js 20 or newer and npm are needed. On Debian: apt-get install nodejs npm"
PYTHON = (
    "Aegra needs Python 3.12 or newer, which was not found as python3.13, python3.12 or by pyenv. "
    "Install one, or name it: make AEGRA_PYTHON=/path/to/python3.12 test-servers"
)
POSTGRES = "PostgreSQL's initdb and postgres are needed. On Debian: apt-get install postgresql"


class MissingError(RuntimeError):
    """Something has to be installed first; the message says what."""


class OtherServer:
    """A server in a process group of its own. It can be stopped and started again, on the same port.

    Attributes:
        url: Its URL.
        folder: The folder in which it runs, and where LangGraph.js keeps its state.
        log: The file with everything that it has printed.
    """

    def __init__(
        self, command: Sequence[str], folder: Path, *, port: int, health: str, environment: Mapping[str, str]
    ) -> None:
        self._command, self.folder, self._health = command, folder, health
        self._environment = environment
        self._port = port
        self._process: subprocess.Popen[bytes] | None = None
        self.url = f"http://{HOST}:{port}"
        self.log = folder.with_suffix(".log")

    def start(self) -> None:
        """Starts the server, and returns when it responds."""
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command,
                cwd=self.folder,
                env={**os.environ, "LANGSMITH_TRACING": "false", **self._environment},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        try:
            _until(self._answers, self._process, self.log)
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Kills the process group. Can be called again."""
        process, self._process = self._process, None
        if process is not None:
            _stop(process, signal.SIGKILL)

    def restart(self) -> None:
        """Kills the server, and starts it again."""
        self.stop()
        self.start()

    def _answers(self) -> bool:
        connection = http.client.HTTPConnection(HOST, self._port, timeout=5)
        try:
            connection.request("GET", self._health)
            return connection.getresponse().status == http.HTTPStatus.OK
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()


def version(kind: str) -> str:
    """The version of "langgraphjs" or "aegra" that is installed."""
    if kind == "aegra":
        pinned = re.search(
            r"^aegra-api==(\S+)", (GRAPHS / "aegra/requirements.txt").read_text(), re.MULTILINE
        )
        return pinned[1] if pinned else ""
    package = json.loads((GRAPHS / "langgraphjs/package.json").read_text())
    return str(package["dependencies"]["@langchain/langgraph-api"])


@contextlib.contextmanager
def langgraphjs_server() -> Generator[OtherServer]:
    """LangGraph.js with the graph of tests/other_servers/langgraphjs, stopped afterwards."""
    with tempfile.TemporaryDirectory(prefix="langgraphjs-", ignore_cleanup_errors=True) as temporary:
        folder = Path(temporary) / "app"
        shutil.copytree(GRAPHS / "langgraphjs", folder)
        (folder / "node_modules").symlink_to(_node_modules())
        port = _free_port()
        binary = str(folder / "node_modules/.bin/langgraphjs")
        options = ["--host", HOST, "--port", str(port), "--no-browser", "--no-reload"]
        with _running(
            OtherServer([binary, "dev", *options], folder, port=port, health="/ok", environment={})
        ) as it:
            yield it


@contextlib.contextmanager
def aegra_server() -> Generator[OtherServer]:
    """Aegra with the graph of tests/other_servers/aegra and a PostgreSQL of its own, both stopped afterwards."""
    uvicorn = _aegra_environment() / "bin/uvicorn"
    with (
        tempfile.TemporaryDirectory(prefix="aegra-", ignore_cleanup_errors=True) as temporary,
        _postgres() as database,
    ):
        folder = Path(temporary) / "app"
        shutil.copytree(GRAPHS / "aegra", folder)
        port = _free_port()
        command = [str(uvicorn), "aegra_api.main:app", "--host", HOST, "--port", str(port), "--no-access-log"]
        environment = {
            "POSTGRES_HOST": HOST,
            "POSTGRES_PORT": str(database),
            "POSTGRES_USER": "postgres",
            "POSTGRES_PASSWORD": "unused",
            "POSTGRES_DB": "postgres",
            "AUTH_TYPE": "noop",
            "AEGRA_CONFIG": str(folder / "aegra.json"),
            "SQLALCHEMY_POOL_SIZE": "30",
            "SQLALCHEMY_MAX_OVERFLOW": "30",
            "LOG_LEVEL": "WARNING",
        }
        server = OtherServer(command, folder, port=port, health="/health", environment=environment)
        with _running(server) as it:
            yield it


@contextlib.contextmanager
def _running(server: OtherServer) -> Generator[OtherServer]:
    server.start()
    try:
        yield server
    finally:
        server.stop()


def _node_modules() -> Path:
    """The packages of package.json, installed if they are not yet."""
    if shutil.which("npm") is None or not _is_new_enough(["node", "--version"], 20):
        raise MissingError(NODE)
    folder, wanted = CACHE / "langgraphjs", GRAPHS / "langgraphjs/package.json"
    if not _is_installed(folder, wanted):
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copy(wanted, folder / "package.json")
        npm = ["npm", "install", "--legacy-peer-deps", "--no-audit", "--no-fund", "--loglevel=error"]
        _install(npm, folder, wanted)
    return folder / "node_modules"


def _aegra_environment() -> Path:
    """The virtual environment with the packages of requirements.txt, made if it does not exist yet."""
    folder, wanted = CACHE / "aegra", GRAPHS / "aegra/requirements.txt"
    if not _is_installed(folder, wanted):
        folder.mkdir(parents=True, exist_ok=True)
        subprocess.run([_python(), "-m", "venv", "--clear", folder], check=True)
        _install([str(folder / "bin/pip"), "install", "-qq", "-r", str(wanted)], folder, wanted)
    return folder


def _is_installed(folder: Path, wanted: Path) -> bool:
    done = folder / ".installed"
    return done.exists() and done.read_text() == wanted.read_text()


def _install(command: Sequence[str], folder: Path, wanted: Path) -> None:
    print(f"installing into {folder.relative_to(ROOT)} ...", file=sys.stderr, flush=True)
    subprocess.run(command, cwd=folder, check=True, stdout=sys.stderr)
    (folder / ".installed").write_text(wanted.read_text())


def _python() -> str:
    """A Python of 3.12 or newer: AEGRA_PYTHON, one on the path, or one of pyenv."""
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    found = [str(path) for path in sorted(pyenv.glob("3.1[2-9].*/bin/python"))]
    named = os.environ.get("AEGRA_PYTHON")
    test = "import sys; print(sys.version_info[1] if sys.version_info[0] == 3 else 0)"
    for python in [named] if named else [sys.executable, "python3.13", "python3.12", *found]:
        if _is_new_enough([python, "-c", test], 12):
            return python
    raise MissingError(PYTHON)


def _is_new_enough(command: Sequence[str], least: int) -> bool:
    """Whether a command prints a version, such as v20.1, of at least this number."""
    try:
        done = subprocess.run(command, capture_output=True, encoding="utf-8", check=True)
    except (OSError, subprocess.CalledProcessError):
        return False
    return int(done.stdout.strip().lstrip("v").split(".")[0]) >= least


@contextlib.contextmanager
def _postgres() -> Generator[int]:
    """The port of a new PostgreSQL without a password, which is stopped and deleted afterwards."""
    places = [
        os.environ.get("PATH", ""),
        *map(str, sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)),
    ]
    initdb, postgres = (shutil.which(name, path=os.pathsep.join(places)) for name in ("initdb", "postgres"))
    if initdb is None or postgres is None:
        raise MissingError(POSTGRES)
    # PostgreSQL refuses to run as root.
    user = "postgres" if os.geteuid() == 0 else None
    with tempfile.TemporaryDirectory(prefix="postgres-", ignore_cleanup_errors=True) as temporary:
        if user is not None:
            shutil.chown(temporary, user)
        data, port = f"{temporary}/data", _free_port()
        groups: list[str] | None = None if user is None else []
        subprocess.run(
            [initdb, "-D", data, "-U", "postgres", "-A", "trust", "-N"],
            user=user,
            extra_groups=groups,
            cwd=temporary,
            check=True,
            stdout=subprocess.DEVNULL,
        )
        settings = [
            "listen_addresses=" + HOST,
            "unix_socket_directories=",
            "fsync=off",
            "max_connections=200",
        ]
        flags = [word for setting in settings for word in ("-c", setting)]
        log = Path(temporary) / "log"
        with log.open("wb") as output:
            process = subprocess.Popen(
                [postgres, "-D", data, "-p", str(port), *flags],
                user=user,
                extra_groups=groups,
                cwd=temporary,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        try:
            _until(lambda: b"ready to accept connections" in log.read_bytes(), process, log)
            yield port
        finally:
            _stop(process, signal.SIGINT)


def _until(is_ready: Callable[[], bool], process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not is_ready():
        if process.poll() is not None or time.monotonic() > deadline:
            last = "\n".join(log.read_text(errors="replace").splitlines()[-LOG_LINES:])
            raise RuntimeError(f"{process.args!r} does not respond, or has exited:\n{last}")
        time.sleep(0.1)


def _stop(process: subprocess.Popen[bytes], number: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, number)
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(STOP_SECONDS)
    # Some of LangGraph.js' processes outlive the first one.
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _free_port() -> int:
    with socket.socket() as one:
        one.bind((HOST, 0))
        return int(one.getsockname()[1])
