"""A process that makes the calls of the hostile-server corpus, and reports what came of each.

    python hostile_client.py sync|async URL

It reads one command per line, and prints one report for each, both in JSON. One client makes all calls but those that
time out, which another one makes.
"""

from __future__ import annotations

import ctypes
import gc
import json
import logging
import pickle
import resource
import sys
import traceback
from collections.abc import Iterator
from pathlib import Path
from time import monotonic, process_time
from typing import Any

from hostile_calls import HEADER, KEY, MIB, PARAM, Client, summary

from langgraph_runs import (
    LangGraphRunsError,
    RunFailedError,
)

ADDRESS_SPACE = 3072 * MIB
"""A process that takes more gets a MemoryError, before the machine runs out of memory."""


class Log(logging.Handler):
    """Keeps what is logged during a call."""

    def __init__(self) -> None:
        super().__init__()
        self.ours: list[str] = []
        self.others: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        kept = self.ours if record.name.startswith("langgraph_runs") else self.others
        kept.append(record.getMessage())

    def clear(self) -> None:
        self.ours.clear()
        self.others.clear()

    def leaks(self) -> list[str]:
        """The secrets that were logged. (httpx itself logs the whole URL.)"""
        ours, others = "\n".join(self.ours), "\n".join(self.others)
        found = [f"logged: {secret}" for secret in (KEY, HEADER, PARAM) if secret in ours]
        return found + [f"logged by others: {secret}" for secret in (KEY, HEADER) if secret in others]


def chain(error: BaseException | None) -> Iterator[BaseException]:
    """An error, and those behind it."""
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def facts_of(error: BaseException) -> dict[str, Any]:
    """What to report of an error, and of the secrets in it."""
    texts = [f"{one!r} {one}" for one in chain(error)]
    facts: dict[str, Any] = {
        "raised": type(error).__name__,
        "message": str(error)[:300],
        # The reason of a failure is in the words of the graph, and is not cut.
        "shown": 0 if isinstance(error, RunFailedError) else len(str(error)),
    }
    if isinstance(error, LangGraphRunsError):
        pickled = pickle.dumps(error)
        facts["pickled"] = len(pickled)
        same = pickle.loads(pickled)
        if (type(same), str(same)) != (type(error), str(error)):
            facts["problem"] = "the error is another one after pickling"
        texts.append(pickled.decode("latin-1"))
    else:
        facts["traceback"] = "".join(traceback.format_exception(error))[-2000:]
    everything = "\n".join(texts)
    facts["leaks"] = [f"in the error: {secret}" for secret in (KEY, HEADER, PARAM) if secret in everything]
    return facts


def memory(field: str) -> int:
    """A field of /proc/self/status, in bytes."""
    line = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith(field))
    return int(line.split()[1]) * 1024


def begin_measuring() -> int:
    """Gives memory back to the system, and forgets the peak. Returns how much is in use."""
    gc.collect()
    ctypes.CDLL(None).malloc_trim(0)
    Path("/proc/self/clear_refs").write_text("5")
    return memory("VmRSS")


def report(client: Client, command: dict[str, Any], log: Log) -> dict[str, Any]:
    """Makes a call, and reports what came of it and what it took."""
    log.clear()
    facts: dict[str, Any] = {"leaks": []}
    before, began, cpu_before = begin_measuring(), monotonic(), process_time()
    try:
        value = client.call(command["call"], command["case"], command["deadline"])
    except Exception as error:  # noqa: BLE001  # reported
        seconds, peak = monotonic() - began, memory("VmHWM")
        facts.update(facts_of(error))
    else:
        seconds, peak = monotonic() - began, memory("VmHWM")
        facts["value"] = summary(value)
        del value
    cpu = process_time() - cpu_before
    facts.update(seconds=seconds, cpu=cpu, mib=(peak - before) / MIB)
    facts["leaks"] += log.leaks()
    facts["logged"] = sum(map(len, log.ours))
    return facts


def afterwards(client: Client) -> str:
    """What the same client gets for a run of a good server."""
    try:
        return f"{summary(client.call('get', ''))}, {client.call('stream', '')}"
    except Exception as error:  # noqa: BLE001  # reported
        return f"{type(error).__name__}: {error}"[:500]


def main(variant: str, url: str) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE, ADDRESS_SPACE))
    log = Log()
    logging.basicConfig(level=logging.DEBUG, handlers=[log])
    clients: dict[float, Client] = {}
    for line in sys.stdin:
        command = json.loads(line)
        timeout = command["timeout"]
        if timeout not in clients:
            clients[timeout] = Client(variant, url, timeout)
            afterwards(clients[timeout])  # what is imported later does not count as growth
        client = clients[timeout]
        if command["url"] is None:
            facts = report(client, command, log)
        else:
            other = Client(variant, command["url"], timeout)
            facts = report(other, command, log)
            other.close()
        if command["is_last"]:
            facts["afterwards"] = afterwards(client)
        sys.stdout.write(json.dumps(facts) + "\n")
        sys.stdout.flush()
    for client in clients.values():
        client.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
