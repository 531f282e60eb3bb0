"""What a span says about the server and the path of a request."""

from __future__ import annotations

from functools import lru_cache
from urllib.parse import urlsplit

from opentelemetry.util.types import AttributeValue

from langgraph_runs.otel import names

_PORTS = {"http": 80, "https": 443}
_IDS = {"threads": "{thread_id}", "runs": "{run_id}"}
_ENDPOINTS = frozenset({"batch", "cancel", "crons", "stream", "wait"})
"""What may follow "runs" in place of an id."""


@lru_cache(maxsize=64)
def server(url: str) -> tuple[tuple[str, AttributeValue], ...]:
    """The attributes of the server at a URL."""
    parts = urlsplit(url)
    port = parts.port or _PORTS.get(parts.scheme)
    found: list[tuple[str, AttributeValue]] = [(names.SERVER_ADDRESS, parts.hostname or "")]
    return tuple(found if port is None else [*found, (names.SERVER_PORT, port)])


def template(path: str) -> str:
    """The path with the names of its ids in place of the ids."""
    segments = path.split("/")
    for place in range(1, len(segments)):
        before = segments[place - 1]
        if before in _IDS and not (before == "runs" and segments[place] in _ENDPOINTS):
            segments[place] = _IDS[before]
    return "/".join(segments)
