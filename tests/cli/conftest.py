"""The command line in this process, for tests that need no pipe and no signal."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator

import pytest
from cli.commands import Done

from langgraph_runs.cli.app import run
from langgraph_runs.testing import RunsServer


@pytest.fixture
def server() -> RunsServer:
    """A scripted server."""
    return RunsServer()


@pytest.fixture
def url(server: RunsServer) -> Iterator[str]:
    """Its URL, on a real port."""
    with server.listening() as url:
        yield url


@pytest.fixture
def cli(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], url: str) -> Callable[..., Done]:
    """Runs a command in this process: on the scripted server, or on the one in `url`."""
    for name in ("LANGGRAPH_API_KEY", "LANGSMITH_API_KEY", "LANGCHAIN_API_KEY"):
        monkeypatch.delenv(name, raising=False)

    def called(*arguments: str, url: str = url, stdin: str = "") -> Done:
        capsys.readouterr()
        monkeypatch.setenv("LANGGRAPH_API_URL", url)
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(stdin.encode())))
        status = run(list(arguments))
        return Done(status, *capsys.readouterr())

    return called
