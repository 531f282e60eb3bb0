"""Where to connect, and checks that both kinds of sockets need."""

from __future__ import annotations

import select
import ssl
from typing import Any, NamedTuple


class Address(NamedTuple):
    """Where to connect, and how.

    Attributes:
        host: The name or IP address of the server.
        port: Its port.
        ssl_context: How to make a TLS connection; None for plain TCP.
        server_hostname: The name that the server's certificate must have; None for plain TCP.
    """

    host: str
    port: int
    ssl_context: ssl.SSLContext | None
    server_hostname: str | None


def is_ip(host: str) -> bool:
    """Whether a host is an IP address, so that no name has to be looked up."""
    return ":" in host or host.replace(".", "").isdigit()


def is_readable(connected: Any) -> bool:
    """Whether a read from this socket would return at once: bytes have come, or the connection has ended."""
    if not hasattr(select, "poll"):
        return bool(select.select([connected], [], [], 0)[0])
    poll = select.poll()
    poll.register(connected, select.POLLIN)
    return bool(poll.poll(0))
