"""Which transport a client sends with: the engine, or httpx's own."""

from __future__ import annotations

import os
from ipaddress import ip_address
from pathlib import Path
from types import FunctionType
from urllib.request import getproxies

import httpx

VARIABLE = "LANGGRAPH_RUNS_ENGINE"
"""Environment variable: "httpx" has httpx's own transports send everything."""


def is_wanted(transport: type[object], method: str) -> bool:
    """Whether the engine is to send, and not httpx's own transport.

    Args:
        transport: The class of httpx that would send otherwise.
        method: The name of its method that sends. Where a test's mock or a tracer has replaced it, a client must not
            pass that by: a mock that nobody asks would let the request out into the network.

    Raises:
        ValueError: The environment asks for an engine that does not exist.
    """
    wanted = os.environ.get(VARIABLE, "").strip()
    if wanted not in ("", "httpx"):
        raise ValueError(f"{VARIABLE}={wanted!r} must be 'httpx', or empty for the engine of this package")
    return not wanted and not _is_replaced(getattr(transport, method))


def environment_proxies() -> dict[str, str | None]:
    """The proxies of the environment, as httpx reads them: by the pattern of URLs they are for, None for no proxy."""
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
    """The URLs that an entry of NO_PROXY is for: a domain is also for those below it."""
    if "://" in host:
        return host
    try:
        address = ip_address(host.partition("/")[0])
    except ValueError:
        return f"all://{host}" if host.lower() == "localhost" else f"all://*{host}"
    return f"all://{host}" if address.version == 4 else f"all://[{host}]"


def _is_replaced(function: object) -> bool:
    if (
        type(function) is not FunctionType
    ):  # type(), as a wrapper may say that it is an instance of its function's
        return True
    return Path(httpx.__file__).parent not in Path(function.__code__.co_filename).parents
