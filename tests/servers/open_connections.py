"""How many connections this machine has open to a port."""

from __future__ import annotations

from pathlib import Path
from time import monotonic, sleep

_ESTABLISHED, _CLOSE_WAIT = "01", "08"


def connections_to(port: int) -> int:
    """Those whose near end has not been closed, by the kernel's own count."""
    lines = Path("/proc/net/tcp").read_text().splitlines()[1:]
    ends = [line.split() for line in lines]
    return sum(
        int(end[2].split(":")[1], 16) == port and end[3] in (_ESTABLISHED, _CLOSE_WAIT) for end in ends
    )


def all_are_closed(port: int) -> bool:
    """Whether none is left, within ten seconds."""
    deadline = monotonic() + 10
    while connections_to(port):
        if monotonic() > deadline:
            return False
        sleep(0.01)
    return True
