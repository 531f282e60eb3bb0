"""Runs payloads by examples/fan_out_dask.py, and kills one of its two worker processes in the middle.

    python fan_out_script.py BATCH RUNS

Prints a line for each outcome: the index of its payload, and the values or the error.
"""

from __future__ import annotations

import json
import logging
import os
import signal
import sys
from typing import Any

import dask.config
from distributed import Client, LocalCluster
from fan_out_dask import fan_out

from langgraph_runs import RunsClient


def payloads(batch: str, count: int) -> list[dict[str, Any]]:
    """Payloads of runs that take half a second, and can be found by their batch."""
    given = {"assistant_id": "slow", "metadata": {"batch": batch}}
    return [{**given, "input": {"seconds": 0.5, "n": number + 1}} for number in range(count)]


def main(batch: str, count: int) -> None:
    dask.config.set({"distributed.scheduler.allowed-failures": 1000})
    local = LocalCluster(
        n_workers=2,
        threads_per_worker=5,
        host="127.0.0.1",
        dashboard_address=None,
        silence_logs=logging.CRITICAL,
    )
    with local, Client(local) as cluster, RunsClient() as runs:
        workers: dict[str, int] = cluster.run(os.getpid)
        for done, (index, outcome) in enumerate(fan_out(cluster, runs, payloads(batch, count)), 1):
            sys.stdout.write(json.dumps([index, outcome], default=repr) + "\n")
            if done == count // 4:
                os.kill(workers.popitem()[1], signal.SIGKILL)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
