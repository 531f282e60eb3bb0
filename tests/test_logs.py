"""LANGGRAPH_RUNS_LOG, and that nothing is printed without it."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from engine.variants import VARIANTS
from servers.scripted_server import answer, scripted_server

SCRIPT = """
import asyncio, logging, sys
from langgraph_runs import AsyncRunsClient, RetryPolicy, RunsClient
{before}
retry = RetryPolicy(first_delay=0.01)
if {is_async}:
    async def main():
        async with AsyncRunsClient({url!r}, api_key="s3cret", retry=retry) as runs:
            await runs.list("t", params={{"token": "s3cret"}})
    asyncio.run(main())
else:
    RunsClient({url!r})
    with RunsClient({url!r}, api_key="s3cret", retry=retry) as runs:
        runs.list("t", params={{"token": "s3cret"}})
"""


def printed(level: str | None, before: str = "", *, is_async: bool = False) -> list[str]:
    """What a program prints to stderr whose first request is refused, and repeated."""
    environment = {name: value for name, value in os.environ.items() if name != "LANGGRAPH_RUNS_LOG"}
    environment |= {} if level is None else {"LANGGRAPH_RUNS_LOG": level}
    with scripted_server(answer(503, b"busy"), answer(body=b"[]")) as server:
        script = SCRIPT.format(url=server.url, before=before, is_async=is_async)
        command = [sys.executable, "-W", "error", "-c", script]
        done = subprocess.run(command, env=environment, capture_output=True, encoding="utf-8", check=False)
    assert "" == done.stdout
    assert "s3cret" not in done.stderr
    return done.stderr.splitlines()


@pytest.mark.parametrize("variant", VARIANTS, ids=str)
def test_debug_prints_a_line_for_each_response(variant: object) -> None:
    """And what the engine does, and the warning of the retry; each once, with time and level."""
    lines = printed("debug", is_async=str(variant) == "async")
    assert ["503", "200"] == [line.split(": ")[2].split()[0] for line in lines if "attempt=" in line]
    assert 1 == sum(" WARNING langgraph_runs: 503 from GET" in line for line in lines)
    assert any(" DEBUG langgraph_runs.engine: connection to" in line for line in lines)


@pytest.mark.parametrize("level", ["info", " INFO "])
def test_info_prints_warnings_and_no_responses(level: str) -> None:
    (line,) = printed(level)
    assert " WARNING langgraph_runs: 503 from GET" in line


@pytest.mark.parametrize("level", [None, "", " "])
def test_nothing_is_printed_unasked(level: str | None) -> None:
    """Not even a warning: Python would print those of a logger that has no handler."""
    assert [] == printed(level)


def test_an_unknown_level_is_refused_by_name() -> None:
    """When a client is made, like other settings in the environment."""
    error = printed("loud")[-1]
    assert (
        "ValueError: LANGGRAPH_RUNS_LOG='loud' must be 'debug' or 'info', or empty to print nothing" == error
    )


def test_the_variable_is_read_when_the_first_client_is_made() -> None:
    """So a program may set it after its imports, from an .env file for example."""
    assert 1 == len(printed(None, "import os; os.environ['LANGGRAPH_RUNS_LOG'] = 'info'"))


def test_the_program_s_own_logging_prints_each_line_once() -> None:
    """And in its own format."""
    (line,) = printed("info", "logging.basicConfig(format='MINE %(message)s', level='ERROR')")
    assert line.startswith("MINE 503 from GET")


def test_a_handler_of_the_program_that_prints_nothing_silences_nothing() -> None:
    """One that writes elsewhere, or only errors."""
    assert 1 == len(printed("info", "logging.basicConfig(handlers=[logging.NullHandler()])"))
    quiet = "one = logging.StreamHandler(); one.setLevel('ERROR'); logging.basicConfig(handlers=[one])"
    assert 1 == len(printed("info", quiet))


def test_the_program_may_choose_another_level_afterwards() -> None:
    """A second client does not reset it."""
    before = "RunsClient(); logging.getLogger('langgraph_runs').setLevel('ERROR')"
    assert [] == printed("debug", before)
