"""The parts that the scenarios share: clients, what they print, and the command line."""

from __future__ import annotations

import faulthandler
import os
import signal
import socket
import sys
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from langgraph_runs import AsyncRunsClient, RetryPolicy, RunsClient

ONCE = RetryPolicy(attempts=0)


def say(word: str) -> None:
    """Prints it."""
    sys.stdout.write(word + "\n")
    sys.stdout.flush()


def client(url: str, **options: Any) -> RunsClient[Any, Any, Any]:
    """A client that sends each request once."""
    return RunsClient(url, api_key=None, retry=ONCE, **options)


def async_client(url: str, **options: Any) -> AsyncRunsClient[Any, Any, Any]:
    """The same."""
    return AsyncRunsClient(url, api_key=None, retry=ONCE, **options)


def tcp_sockets() -> int:
    """The number of TCP sockets that this process has open."""
    count = 0
    for name in os.listdir("/proc/self/fd"):
        with suppress(OSError):  # the descriptor of this listing is gone
            if not os.readlink(f"/proc/self/fd/{name}").startswith("socket:"):
                continue
            with socket.socket(fileno=os.dup(int(name))) as one:
                count += one.family != socket.AF_UNIX  # such as the pair by which a loop wakes itself
    return count


def run(names: Mapping[str, Any]) -> None:
    """Runs the scenario of the command line: SCENARIO sync|async ARGUMENTS."""
    faulthandler.enable()  # the test sends SIGABRT if this hangs
    # As in a terminal, even if the parent ignores the signal, as a shell does for background jobs.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    scenario, variant, *arguments = sys.argv[1:]
    names[scenario if variant == "sync" else f"async_{scenario}"](*arguments)
