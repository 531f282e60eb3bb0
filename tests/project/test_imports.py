"""When modules are imported: with the class, with the first client, and never by a call."""

from __future__ import annotations

import subprocess
import sys
import typing
from inspect import isfunction

import pytest
from langgraph_runs_api.api.runs import wait_run
from servers.scripted_server import answer, events, scripted_server

from langgraph_runs import AsyncRunsClient, AsyncRunStream, RunsClient, RunStream

CALLS = """
import sys
from langgraph_runs import RunsClient
with RunsClient({url!r}, api_key=None) as runs:
    before = set(sys.modules)
    runs.{call}
    print(*sorted(set(sys.modules) - before))
"""

ASYNC_CALLS = """
import asyncio, sys
from langgraph_runs import AsyncRunsClient
async def main():
    async with AsyncRunsClient({url!r}, api_key=None) as runs:
        before = set(sys.modules)
        await runs.{call}
        print(*sorted(set(sys.modules) - before))
asyncio.run(main())
"""

RUN = b'{"run_id": "r", "thread_id": "t", "status": "success", "metadata": {}, "kwargs": {"config": {}}}'
THREAD = b'{"thread_id": "t", "status": "idle", "metadata": {}, "config": {}}'


@pytest.mark.parametrize("script", [CALLS, ASYNC_CALLS], ids=["sync", "async"])
@pytest.mark.parametrize(
    ("call", "answers"),
    [
        ("get('t', 'r')", [answer(body=RUN)]),
        ("list('t')", [answer(body=b"[" + RUN + b"]")]),
        ("create('t', 'agent', input={})", [answer(body=RUN)]),
        ("create_batch([{'assistant_id': 'agent'}])", [answer(body=b"[" + RUN + b"]")]),
        ("join('t', 'r')", [answer(body=RUN), answer(body=b'[{"values": {}, "metadata": {}}]')]),
        ("stream(None, 'agent').__{a}enter__()", [events(b"event: values\ndata: {}\n\n")]),
        ("cancel('t', 'r', wait=True)", [answer(204), answer(body=RUN), answer(body=THREAD)]),
        ("cancel_all('t')", [answer(body=b"[]")]),
        ("delete('t', 'r')", [answer(204)]),
    ],
)
def test_a_call_imports_nothing(script: str, call: str, answers: list[bytes]) -> None:
    """All was imported when the client was made: a fork in another thread interrupts no import of a call."""
    with scripted_server(*answers) as server:
        source = script.format(url=server.url, call=call.replace("{a}", "a" * (script is ASYNC_CALLS)))
        done = subprocess.run(
            [sys.executable, "-c", source], capture_output=True, encoding="utf-8", check=True
        )
    assert "\n" == done.stdout


THREADS = """
import sys, threading
import langgraph_runs
start, found = threading.Barrier(8), []
def call():
    start.wait()
    with langgraph_runs.RunsClient({url!r}, api_key=None) as runs:
        found.append(runs.get("t", "r").run_id)
sys.setswitchinterval(1e-5)
threads = [threading.Thread(target=call) for _ in range(8)]
for one in threads: one.start()
for one in threads: one.join()
print(*found)
"""


def test_the_first_clients_may_be_made_in_many_threads_at_once() -> None:
    """Each of them finds all that it needs, whichever thread imports it."""
    with scripted_server(answer(body=RUN)) as server:
        code = THREADS.format(url=server.url)
        for _ in range(3):
            done = subprocess.run(
                [sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=False
            )
            assert ("", " ".join("r" * 8) + "\n") == (done.stderr, done.stdout)


@pytest.mark.parametrize("kind", [AsyncRunsClient, AsyncRunStream, RunsClient, RunStream])
def test_the_types_of_every_public_method_can_be_resolved(kind: type) -> None:
    """A framework that injects a client, or checks arguments, does that; what is not imported yet is then."""
    names = [name for name in vars(kind) if not name.startswith("_")]
    if kind in (AsyncRunsClient, RunsClient):
        names.append("__init__")
    for name in names:
        member = vars(kind)[name]
        function = member.fget if isinstance(member, property) else member
        assert isfunction(function)
        for one in (function, *typing.get_overloads(function)):
            assert "return" in typing.get_type_hints(one)


@pytest.mark.parametrize("function", ["sync", "asyncio_detailed", "request"])
def test_the_types_of_a_generated_function_can_be_resolved(function: str) -> None:
    """Its body may be a model, which is imported then, or a dictionary."""
    types = typing.get_type_hints(getattr(wait_run, function))
    assert {"RunStreamStateless", "RunStreamStatelessDict"} == {
        kind.__name__ for kind in typing.get_args(types["body"])
    }
