"""docs/testing.md: its first example is short and fast, and uses no socket; its fixtures work as it says."""

from __future__ import annotations

import ast
import asyncio
import inspect
import re
import socket
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import pytest
from dev_server import DevServer
from project.docs_blocks import EXAMPLE_URL, Block, blocks

pytest_plugins = ["pytester"]

PAGE = Path(__file__).parents[2] / "docs/testing.md"
EXAMPLES = re.findall(r"^```python\n(.*?)^```", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL)[:2]


@pytest.mark.parametrize("block", EXAMPLES, ids=["sync", "async"])
def test_a_cut_and_a_conflict_take_at_most_15_lines_and_no_socket(
    block: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "drop(events=3)" in block
    assert "refuse(409)" in block
    assert ("await" in block) is (block == EXAMPLES[1])
    assert 15 >= len([line for line in block.splitlines() if line.strip()])
    code = compile(block, "docs/testing.md", "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    asyncio.run(run_without_sockets(code, monkeypatch))


async def run_without_sockets(code: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Runs a block, in which no socket can be made."""

    class RefusedSocket(socket.socket):
        def __init__(self, *_: object, **__: object) -> None:
            raise AssertionError("a socket was made")

    with monkeypatch.context() as context:
        context.setattr(socket, "socket", RefusedSocket)
        result: Any = eval(code, {"__name__": "docs"})
        if inspect.isawaitable(result):
            await result


def test_the_kit_is_imported_by_tests_only_and_needs_no_pytest() -> None:
    """It costs a program that does not test nothing, and works with any test runner."""
    code = "import sys, langgraph_runs; langgraph_runs.RunsClient; assert 'langgraph_runs.testing' not in sys.modules"
    more = "from langgraph_runs import testing; testing.RunsServer().client(); assert 'pytest' not in sys.modules"
    subprocess.run([sys.executable, "-c", f"{code}; {more}"], check=True)


def files(title: str) -> list[Block]:
    """The files of this name on the page."""
    return [block for block in blocks("docs/testing.md") if block.title == title]


QUIET = ("-p", "no:langsmith_plugin", "-p", "no:cacheprovider")


def test_the_tests_of_the_page_pass(pytester: pytest.Pytester) -> None:
    """A sync and an async one, with the conftest.py before them."""
    names = ("conftest.py", "test_booking.py", "test_greeting.py")
    pytester.makepyfile(**{name.removesuffix(".py"): files(name)[0].text for name in names})
    pytester.runpytest_inprocess(*QUIET).assert_outcomes(passed=2)


def test_a_test_is_recorded_and_played_back(
    pytester: pytest.Pytester, live_server: DevServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the fixture of the page. When played back, a test that stops before the end of its recording fails."""
    conftest = next(block for block in files("conftest.py") if "RECORD" in block.text)
    pytester.makeconftest(conftest.text.replace(EXAMPLE_URL, live_server.url))
    first = 'assert "Hello, hi" == runs.wait(None, "agent", input={"text": "hi"})["text"]'
    for statements, is_recording in (
        (f"{first}; {first}", True),
        (f"{first}; {first}", False),
        (first, False),
    ):
        pytester.makepyfile(test_it=f"def test_hi(runs):\n    {statements}")
        with monkeypatch.context() as context:
            if is_recording:
                context.setenv("RECORD", "1")
            result = pytester.runpytest_subprocess(*QUIET)
        result.assert_outcomes(passed=1, errors=int(statements == first))
    result.stdout.fnmatch_lines(["*AssertionError*POST /runs/wait*"])


def test_the_fixtures_of_the_page_work(pytester: pytest.Pytester) -> None:
    """A request that is not scripted fails the test that has made it."""
    pytester.makeconftest('pytest_plugins = ["langgraph_runs.testing.fixtures"]')
    source = """
        import pytest
        from langgraph_runs import APIError, RunsClient

        def test_scripted(runs_server, runs_server_url):
            runs_server.run(("values", {"a": 1}), times=2)
            assert {"a": 1} == runs_server.client().wait(None, "agent")
            with RunsClient(runs_server_url, api_key=None) as runs:
                assert {"a": 1} == runs.wait(None, "agent")

        def test_unscripted(runs_server):
            with pytest.raises(APIError):
                runs_server.client().wait(None, "agent")
    """
    pytester.makepyfile(textwrap.dedent(source))
    result = pytester.runpytest_inprocess(*QUIET)
    result.assert_outcomes(passed=2, errors=1)
    result.stdout.fnmatch_lines(["*unscripted: POST /runs/wait: no run is scripted for it*"])
