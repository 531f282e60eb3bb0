"""One event of 64 MiB, and 1 GiB in events of 100 kB: time, and the peak memory of the process.

python benchmarks/memory.py CLIENT BYTES NUMBER
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from typing import Any

from langgraph_sdk import get_sync_client
from measure import MIB, OURS, SDK, Row, peak_memory
from server import server

from langgraph_runs import RunsClient

GIB = 1024 * MIB


def read(client: str, size: int, number: int) -> dict[str, Any]:
    """Reads a stream of `number` events of `size` bytes. Its memory is the growth of the peak since the start."""
    with server(event_bytes=size, events=number) as url:
        runs = (
            RunsClient(url, api_key=None) if client == OURS else get_sync_client(url=url, api_key=None).runs
        )
        before, cpu, begun = peak_memory(), time.process_time(), time.perf_counter()
        count = half = 0
        for _ in runs.stream(None, "agent", input={"text": "hi"}, stream_mode="custom"):
            count += 1
            if count == number // 2:
                half = peak_memory() - before
        assert count == number
        cpu, seconds = time.process_time() - cpu, time.perf_counter() - begun
        return {"cpu": cpu, "seconds": seconds, "memory": peak_memory() - before, "half": half}


def run(client: str, size: int, number: int) -> dict[str, Any]:
    """Calls `read` in a separate process."""
    arguments = [sys.executable, __file__, client, str(size), str(number)]
    done = subprocess.run(arguments, stdout=subprocess.PIPE, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def cells(found: dict[str, Any], mebibytes: float) -> dict[str, str]:
    """The cells that both cases have."""
    return {
        "CPU": f"{found['cpu']:.2f} s",
        "wall time": f"{found['seconds']:.2f} s",
        "CPU per MiB": f"{found['cpu'] / mebibytes * 1e3:.2f} ms",
        "memory": f"{found['memory'] / MIB:,.0f} MiB",
    }


def main() -> None:
    """Measures both cases, for both clients."""
    for client in (OURS, SDK):
        small, large = (run(client, size * MIB, 1) for size in (16, 64))
        shown = cells(large, 64)
        linear, times = large["cpu"] / small["cpu"] / 4, large["memory"] / MIB / 64
        shown["memory"] += f", {times:.1f} times the event"
        goal = "≤ 1.25 times the CPU per MiB at 16 MiB, memory ≤ 4 times the event" if client == OURS else ""
        shown["ratio to 16 MiB"] = f"{linear:.2f}"
        Row(
            f"one event of 64 MiB, {client}",
            shown,
            goal,
            linear <= 1.25 and times <= 4 if goal else None,
        ).print()
    for client in (OURS, SDK):
        found = run(client, 100_000, GIB // 100_000)
        growth = (found["memory"] - found["half"]) / MIB
        shown = cells(found, 1024)
        shown["memory"] += f", {growth:.1f} MiB of it in the second half"
        goal = "≤ 1 MiB more in the second half" if client == OURS else ""
        Row(f"1 GiB in events of 100 kB, {client}", shown, goal, growth <= 1 if goal else None).print()


if __name__ == "__main__":
    if len(sys.argv) > 3:
        print(json.dumps(read(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))))
    else:
        main()
