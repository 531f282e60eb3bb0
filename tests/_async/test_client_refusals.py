"""Invalid arguments of a client are refused when it is created, with a message that says what to do."""

from __future__ import annotations

from traceback import format_exception
from typing import Any

import httpx
import pytest
from anyio.lowlevel import checkpoint  # a function that has to be awaited

from langgraph_runs import AsyncRunsClient


class OtherClient:
    """Not a client of httpx."""


CLIENTS_REFUSED: list[tuple[dict[str, Any], type[Exception], str]] = [
    ({"url": 7}, TypeError, "url must be a string"),
    ({"url": "localhost:2024"}, ValueError, r"must be an http\(s\) URL"),
    ({"url": "ftp://host"}, ValueError, r"must be an http\(s\) URL"),
    ({"url": "http://"}, ValueError, r"must be an http\(s\) URL"),
    ({"url": "http://host:port"}, ValueError, "is not a valid URL"),
    ({"url": "http://host/?x=1"}, ValueError, "query"),
    ({"url": "http://ho st"}, ValueError, r"must be an http\(s\) URL"),
    ({"url": "http://a..b"}, ValueError, "is not a valid URL"),
    ({"url": "http://xn--"}, ValueError, "is not a valid URL"),
    ({"url": "http://host/\ud800"}, ValueError, "is not a valid URL"),
    ({"url": "someone:secret@host:2024"}, ValueError, r"must be an http\(s\) URL"),
    ({"url": "http:/someone:secret@host"}, ValueError, r"must be an http\(s\) URL"),
    ({"url": "http://someone:secret/x@host:80"}, ValueError, "is not a valid URL"),
    ({"api_key": 7}, TypeError, "api_key must be a string"),
    ({"api_key": "a\u2028b"}, ValueError, "api_key contains a character"),
    ({"headers": {"a b": "x"}}, ValueError, "a name that HTTP does not allow"),
    ({"headers": {"secret:": "x-api-key"}}, ValueError, "a name that HTTP does not allow"),
    ({"headers": {"a": "secret\u2028x"}}, ValueError, "contains a character"),
    ({"headers": "a"}, TypeError, "headers"),
    ({"timeout": "1"}, TypeError, "timeout must be a number"),
    ({"timeout": 0}, ValueError, "must be a positive number of seconds"),
    ({"timeout": float("nan")}, ValueError, "must be a positive number of seconds"),
    ({"timeout": float("inf")}, ValueError, "must be a positive number of seconds"),
    ({"timeout": httpx.Timeout(1e12)}, ValueError, "must be a positive number of seconds"),
    ({"max_concurrency": 0}, ValueError, "must be at least 1"),
    ({"max_concurrency": 1.5}, TypeError, "whole number"),
    ({"max_body_bytes": 0}, ValueError, "max_body_bytes=0 must be at least 1"),
    ({"max_body_bytes": "1"}, TypeError, "max_body_bytes must be a whole number"),
    ({"max_body_bytes": None}, TypeError, "max_body_bytes must be a whole number"),
    ({"max_event_bytes": 0}, ValueError, "max_event_bytes=0 must be at least 1"),
    ({"on_request": 1}, TypeError, "on_request must be a sync callable"),
    ({"on_request": checkpoint}, TypeError, "not an async function"),
    ({"http_client": OtherClient()}, TypeError, "http_client must be an httpx"),
    ({"http_client": httpx.AsyncClient}, TypeError, "http_client must be an httpx"),
]


@pytest.mark.parametrize(("arguments", "kind", "words"), CLIENTS_REFUSED)
async def test_an_invalid_argument_of_a_client_is_refused(
    arguments: dict[str, Any], kind: type[Exception], words: str
) -> None:
    """When the client is created, not when it is used."""
    with pytest.raises(kind, match=words) as raised:
        AsyncRunsClient(**arguments)
    assert "secret" not in "".join(format_exception(raised.value))


async def test_a_closed_client_raises() -> None:
    """Closing it twice is allowed."""
    runs = AsyncRunsClient("http://127.0.0.1:9", api_key=None)
    await runs.aclose()
    await runs.aclose()
    with pytest.raises(RuntimeError, match="this client is closed"):
        await runs.get("t", "r")
