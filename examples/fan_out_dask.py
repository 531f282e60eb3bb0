"""Runs 10,000 payloads on a Dask cluster. No run starts twice and none is lost, even if workers restart meanwhile
(docs/many-runs.md names one exception).

    python examples/fan_out_dask.py [RUNS]

Uses the server at LANGGRAPH_API_URL, by default http://localhost:2024, with the graphs in tests/live/app. Dask, which
`pip install distributed` installs, repeats the tasks of a worker that has died. Each run therefore has a thread whose
id is derived from its payload: a task that is repeated finds the run there, and waits for it.
"""

# distributed has few types.
# pyright: basic

import json
import logging
import sys
from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID, uuid5

import dask.config
from distributed import Client, LocalCluster, as_completed

from langgraph_runs import NotFoundError, RunsClient, ThreadBusyError

BATCH = UUID("0b5f8f6e-6c0c-4f0e-9c80-7f2c6b1f2a41")
"""With another one, the same payloads run again."""


def thread_of(payload: dict[str, Any]) -> str:
    """The id of the thread of a payload: always the same one."""
    return str(uuid5(BATCH, json.dumps(payload, sort_keys=True)))


def run_once(payload: dict[str, Any], runs: RunsClient) -> Any:
    """The final values of the run of this payload, which is started unless it has been."""
    thread_id = thread_of(payload)
    while True:
        try:
            started = runs.list(thread_id, limit=1, select=["run_id"])
        except NotFoundError:  # no such thread yet
            started = []
        if started:
            return runs.join(thread_id, started[0].run_id)
        try:
            return runs.wait(thread_id, **payload, if_not_exists="create", multitask_strategy="reject")
        except ThreadBusyError:  # another worker has just started it
            continue


def fan_out(
    cluster: Client, runs: RunsClient, payloads: Sequence[dict[str, Any]]
) -> Iterator[tuple[int, Any]]:
    """The index of each payload, with the final values of its run or the error, as the runs end."""
    # A result of a task, so that each worker process gets one copy of the client, not each task. It is pickled as its
    # configuration, without a key: the workers find that in their own environment.
    client = cluster.submit(lambda: runs, pure=False)
    tasks = cluster.map(run_once, payloads, runs=client, retries=5)
    indexes: dict[object, list[int]] = {}
    for index, task in enumerate(tasks):
        indexes.setdefault(task.key, []).append(index)  # equal payloads are one task
    for task in as_completed(set(tasks)):
        outcome = task.exception() or task.result()
        for index in indexes.pop(task.key):
            yield index, outcome


def main(count: int) -> None:
    """Fans out on a cluster of this machine; `Client(address)` connects to another one."""
    payloads = [{"assistant_id": "agent", "input": {"text": f"number {number}"}} for number in range(count)]
    # A task whose worker has died is repeated, however often that happens.
    dask.config.set({"distributed.scheduler.allowed-failures": 1000})
    local = LocalCluster(
        n_workers=2,
        threads_per_worker=20,
        host="127.0.0.1",
        dashboard_address="127.0.0.1:0",
        silence_logs=logging.ERROR,
    )
    with local, Client(local) as cluster, RunsClient() as runs:
        failed = 0
        for done, (index, outcome) in enumerate(fan_out(cluster, runs, payloads), 1):
            failed += isinstance(outcome, Exception)
            if done % max(1, count // 10) == 0:
                print(
                    f"{done:6} of {count} runs have ended, {failed} of them failed; the last: {index}, {outcome}"
                )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
