"""Which transport a client sends with: the engine, or httpx's own."""

from __future__ import annotations

import os
from ipaddress import ip_address
from pathlib import Path
from types import FunctionType
from urllib.request import getproxies

import httpx

VARIABLE = "LANGGRAPH_RUNS_ENGINE"
"""Environment variable: "httpx" makes httpx's own transports send everything."""


def is_wanted(transport: type[object], method: str) -> bool:
    """Whether the engine sends the requests, rather than httpx's own transport.

    Args:
        transport: httpx's class of transport.
        method: The name of its method that sends a request. If a mock or a tracer has replaced that method, the engine
            must not bypass it: a test with a mock would send real requests.

    Raises:
        ValueError: The environment asks for an engine that does not exist.
    """
    wanted = os.environ.get(VARIABLE, "").strip()
    if wanted not in ("", "httpx"):
        raise ValueError(f"{VARIABLE}={wanted!r} must be 'httpx', or empty for the engine of this package")
    return not wanted and not _is_replaced(getattr(transport, method))


def environment_proxies() -> dict[str, str | None]:
    """The proxies in the environment, as httpx reads them, by URL pattern; None stands for no proxy."""
    found = getproxies()
    skipped = [host.strip() for host in found.get("no", "").split(",")]
    if "*" in skipped:
        return {}
    proxies: dict[str, str | None] = {}
    for scheme in ("http", "https", "all"):
        if proxy := found.get(scheme):
            proxies[f"{scheme}://"] = proxy if "://" in proxy else f"http://{proxy}"
    return {**proxies, **{_pattern(host): None for host in skipped if host}}


def _pattern(host: str) -> str:
    """The URL pattern for an entry of NO_PROXY. That of a domain includes its subdomains."""
    if "://" in host:
        return host
    try:
        address = ip_address(host.partition("/")[0])
    except ValueError:
        return f"all://{host}" if host.lower() == "localhost" else f"all://*{host}"
    return f"all://{host}" if address.version == 4 else f"all://[{host}]"


def _is_replaced(function: object) -> bool:
    # Not isinstance: a wrapper may claim to be an instance of its function's class.
    if type(function) is not FunctionType:
        return True
    return Path(httpx.__file__).parent not in Path(function.__code__.co_filename).parents
