"""Where to connect to, and what both kinds of sockets ask about a connection."""

from __future__ import annotations

import select
import ssl
from typing import Any, NamedTuple


class Address(NamedTuple):
    """Where to connect to, and how."""

    host: str
    port: int
    ssl_context: ssl.SSLContext | None
    server_hostname: str | None


def is_ip(host: str) -> bool:
    return ":" in host or host.replace(".", "").isdigit()


def is_readable(connected: Any) -> bool:
    if not hasattr(select, "poll"):
        return bool(select.select([connected], [], [], 0)[0])
    poll = select.poll()
    poll.register(connected, select.POLLIN)
    return bool(poll.poll(0))
