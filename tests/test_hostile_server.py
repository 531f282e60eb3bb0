"""Hostile servers: every call ends with a typed error or a value, in bounded time and memory, and shows no secret.

Each client runs in a process of its own, and makes the calls of all cases: it must still work after every one.
`pytest -rP tests/test_hostile_server.py` shows what came of each call, its seconds, and by how much the process grew.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from queue import Empty, Queue
from threading import Thread
from typing import Any

import pytest
from servers.hostile_cases import CASES
from servers.hostile_cases.case import ANY_ERROR, ANY_VALUE, Case, Expected
from servers.hostile_server import hostile_server

from langgraph_runs import APITimeoutError, WaitTimeoutError

SCRIPT = Path(__file__).with_name("hostile_client.py")
SHORT = 0.5
"""Seconds of the client's timeout, or of the deadline, in a call that ends by it."""
STARTING = 120.0
"""Seconds for a process to start, in addition to those of its first call."""
MARGIN = 10.0
"""Seconds after which a call counts as hanging, in addition to those that it may take."""
WORKS = "run r, 2 yielded"
"""What a client that still works gets from a good server."""
MOST_SHOWN = 20_000
"""Characters of an error's text."""
MOST_PICKLED = 5_000_000
"""Bytes of a pickled error: it keeps at most 1 MiB of a body, each byte of which may be shown as U+FFFD."""
MOST_LOGGED = 20_000
"""Characters that one call may log."""


class HostileClient:
    """The process of one client. One that hangs or dies is replaced."""

    def __init__(self, variant: str, urls: dict[str, str]) -> None:
        self._variant = variant
        self._urls = urls
        self._process: subprocess.Popen[str] | None = None
        self._lines: Queue[str] = Queue()

    def report(self, case: Case, call: str) -> dict[str, Any]:
        """What came of a call."""
        patience = case.seconds + MARGIN
        if self._process is None:
            self._start()
            patience += STARTING
        assert self._process is not None
        assert self._process.stdin is not None
        command = {
            "case": case.name,
            "call": call,
            "url": self._urls.get(case.name),
            "deadline": SHORT if may_be(WaitTimeoutError, case.expect[call]) else 20.0,
            "timeout": SHORT if may_be(APITimeoutError, case.expect[call]) else case.timeout,
            "is_last": call == list(case.expect)[-1],
        }
        try:
            self._process.stdin.write(json.dumps(command) + "\n")
            self._process.stdin.flush()
            line = self._lines.get(timeout=patience)
        except (Empty, BrokenPipeError):
            line = ""
        if not line:
            self.close()
            return {"raised": f"nothing: it hung or died within {patience} s"}
        return dict(json.loads(line))

    def close(self) -> None:
        """Ends the process."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                assert pipe is not None
                pipe.close()

    def _start(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, str(SCRIPT), self._variant, self._urls[""]],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        )
        self._lines = Queue()
        Thread(target=_read, args=(self._process.stdout, self._lines), daemon=True).start()


def _read(pipe: Any, lines: Queue[str]) -> None:
    for line in pipe:
        lines.put(line)
    lines.put("")


@pytest.fixture(scope="module")
def clients() -> Iterator[dict[str, HostileClient]]:
    """The server, and the processes of both clients, which are started when they are needed."""
    with hostile_server(CASES) as urls:
        made = {variant: HostileClient(variant, urls) for variant in ("sync", "async")}
        yield made
        for client in made.values():
            client.close()


def may_be(error: type[Exception], expected: Expected) -> bool:
    """Whether a call may end with this error. If it is a timeout, that is a short one."""
    return error in (expected if isinstance(expected, tuple) else (expected,))


def is_as_expected(report: dict[str, Any], expected: Expected) -> bool:
    """Whether the outcome of a call is what the case says."""
    if isinstance(expected, tuple):
        return any(is_as_expected(report, one) for one in expected)
    if "raised" in report:
        return expected == ANY_ERROR or report["raised"] == getattr(expected, "__name__", None)
    return expected == ANY_VALUE or report["value"] == expected


def problems(case: Case, report: dict[str, Any], expected: Expected) -> Iterator[str]:
    """What is wrong with a call."""
    if not is_as_expected(report, expected):
        yield f"expected {expected}"
    if (seconds := report.get("seconds", 0.0)) > case.seconds:
        yield f"took {seconds:.1f} s, but may take {case.seconds}"
    if (cpu := report.get("cpu", 0.0)) > case.cpu:
        yield f"took {cpu:.1f} s of CPU time, but may take {case.cpu}"
    if (grown := report.get("mib", 0.0)) > case.mib:
        yield f"grew by {grown:.0f} MiB, but may grow by {case.mib}"
    for name, most in (("shown", MOST_SHOWN), ("pickled", MOST_PICKLED), ("logged", MOST_LOGGED)):
        if report.get(name, 0) > most:
            yield f"{name}: {report[name]} bytes, but at most {most} are allowed"
    yield from report.get("leaks", [])
    if "problem" in report:
        yield report["problem"]
    if (got := report.get("afterwards", WORKS)) != WORKS:
        yield f"afterwards, the client gets {got!r}"


def shown(report: dict[str, Any]) -> str:
    """What came of a call, and what it took."""
    took = (
        f"{report.get('seconds', 0):.2f} s, CPU {report.get('cpu', 0):.2f} s, {report.get('mib', 0):.1f} MiB"
    )
    if "raised" in report:
        return f"{took}, {report['raised']}: {report.get('message', '')}"
    return f"{took}, {report['value']!r}"


@pytest.mark.exhaustive
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
@pytest.mark.parametrize("variant", ["sync", "async"])
def test_a_hostile_server_does_no_harm(case: Case, variant: str, clients: dict[str, HostileClient]) -> None:
    """Each call has the expected outcome within its bounds, and the client still works."""
    found: list[str] = []
    for call, expected in case.expect.items():
        report = clients[variant].report(case, call)
        line = f"{call}: {shown(report)}"
        print(line)  # noqa: T201  # shown by -rP
        if wrong := list(problems(case, report, expected)):
            found += [line, *(f"    {one}" for one in wrong), report.get("traceback", "")]
    assert not found, "\n".join([case.name, *found])


def test_the_corpus_has_many_cases_with_names_of_their_own() -> None:
    """Each says what the server does."""
    names = [case.name for case in CASES]
    assert len(set(names)) == len(names) >= 80
