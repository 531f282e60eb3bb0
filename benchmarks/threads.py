"""300 threads share one sync client, and each waits for a run of 7 s."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from langgraph_sdk import get_sync_client
from measure import OURS, SDK, Row
from server import server

from langgraph_runs import RunsClient

THREADS, SECONDS = 300, 7.0


def measure(name: str, wait: Callable[[], object]) -> Row:
    """Runs all threads at once."""
    failed = Counter[str]()

    def one(_: int) -> None:
        try:
            wait()
        except Exception as error:  # noqa: BLE001  # whatever the client raises
            failed[type(error).__name__] += 1

    begun, cpu = time.perf_counter(), time.process_time()
    with ThreadPoolExecutor(THREADS) as threads:
        list(threads.map(one, range(THREADS)))
    cells = {
        "failed": f"{failed.total():,}" + (f" ({', '.join(failed)})" if failed else ""),
        "CPU per run": f"{(time.process_time() - cpu) / THREADS * 1e3:.2f} ms",
        "wall time": f"{time.perf_counter() - begun:.1f} s",
    }
    return Row(name, cells, *(("0 failed", not failed) if name == OURS else ()))


if __name__ == "__main__":
    with server(seconds=SECONDS) as url:
        with RunsClient(url, api_key=None) as runs:
            measure(OURS, lambda: runs.wait(None, "agent", input={"text": "hi"})).print()
        with get_sync_client(url=url, api_key=None) as theirs:
            measure(SDK, lambda: theirs.runs.wait(None, "agent", input={"text": "hi"})).print()
