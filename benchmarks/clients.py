"""The clients that are measured, where making one takes more than a line."""

from __future__ import annotations

import httpx
from httpx_aiohttp import AiohttpTransport


def aiohttp_client() -> httpx.AsyncClient:
    """The one of the documentation: aiohttp's transport without a limit of its own (0, to aiohttp, is none)."""
    limits = httpx.Limits(max_connections=0, keepalive_expiry=4.0)
    return httpx.AsyncClient(transport=AiohttpTransport(limits=limits), timeout=60)
