"""What tasks and threads do differently in `map`."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from servers.many_runs_server import many_runs_server
from wait_until import wait_until

from langgraph_runs import AsyncRunsClient, RunsClient

SCRIPT = Path(__file__).parent / "map_script.py"


async def payloads(count: int, **more: Any) -> AsyncIterator[Any]:
    """Payloads that come one by one."""
    for number in range(count):
        await asyncio.sleep(0)
        yield {"assistant_id": "agent", "thread_id": "t", "input": {"n": number, **more}}


async def test_payloads_may_come_from_an_async_generator() -> None:
    """Only in the async client; the sync one names the other."""
    with many_runs_server() as server:
        async with AsyncRunsClient(server.url, api_key=None) as runs:
            found = sorted([pair async for pair in runs.map(payloads(9), limit=3)], key=lambda pair: pair[0])
    assert [(number, {"n": number}) for number in range(9)] == found
    with RunsClient("http://127.0.0.1:9", api_key=None) as sync_runs:
        given: Any = payloads(1)
        with pytest.raises(TypeError, match=r"not async_generator; AsyncRunsClient\.map takes them"):
            sync_runs.map(given)


async def test_a_cancelled_task_cancels_the_runs_and_starts_no_more() -> None:
    """The cancellation reaches the caller when that is done."""
    with many_runs_server() as server:
        async with AsyncRunsClient(server.url, api_key=None, cancel_on_exit="interrupt") as runs:

            async def read() -> None:
                async for _ in runs.map(payloads(20, hold=True), limit=4):
                    pass

            task = asyncio.create_task(read())
            await asyncio.to_thread(server.peer.until, lambda: len(server.active) == 4)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            assert [0, 1, 2, 3] == sorted(server.cancelled)
        assert [0, 1, 2, 3] == sorted(server.started)


def test_a_callback_may_map_while_its_method_has_the_only_slot() -> None:
    """The threads of the map would wait for that slot forever."""
    found: list[Any] = []
    given: Any = [{"assistant_id": "a", "thread_id": "t", "input": {"n": number}} for number in range(3)]
    with many_runs_server() as server, RunsClient(server.url, api_key=None, max_concurrency=1) as runs:
        runs.wait("t", "a", input={"n": 9}, on_run_created=lambda *_: found.extend(runs.map(given)))
    assert [0, 1, 2] == sorted(index for index, _ in found)


@pytest.mark.parametrize("action", ["interrupt", None])
@pytest.mark.parametrize("variant", ["sync", "async"])
def test_ctrl_c_ends_a_loop_and_with_cancel_on_exit_its_runs(variant: str, action: str | None) -> None:
    """The process ends by a KeyboardInterrupt, without a warning, and starts no other run."""
    command = [sys.executable, "-W", "error", "-X", "dev", str(SCRIPT), variant]
    with many_runs_server() as server:
        command += [server.url, *([action] if action else [])]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
            try:
                assert process.stdout is not None
                assert "begun\n" == process.stdout.readline()
                wait_until(lambda: len(server.active) == 4)
                process.send_signal(signal.SIGINT)
                _, said = process.communicate(timeout=30)
            finally:
                process.kill()
        left = server.cancelled if action else server.left
        wait_until(lambda: {1, 2, 3, 4} == set(left))
        assert [0, 1, 2, 3, 4] == sorted(server.started)
        assert action or not server.cancelled
    assert "KeyboardInterrupt" == said.strip().splitlines()[-1], said
    assert "Warning" not in said
    assert -signal.SIGINT == process.returncode
