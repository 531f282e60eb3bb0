"""Clients for the tests of other servers."""

from __future__ import annotations

import asyncio
from typing import Any

from engine.variants import Variant, in_a_thread

from langgraph_runs import CustomPart, RetryPolicy

PATIENT = RetryPolicy(attempts=20, call_attempts=8, first_delay=0.02, longest_delay=0.2)


def client(variant: Variant, url: str, **options: Any) -> Any:
    """A client that retries, closed at the end of the block."""
    return variant.runs(url, retry=PATIENT, **options)


def iterator(variant: Variant, stream: Any) -> Any:
    """For `variant.next`."""
    return aiter(stream) if variant.is_async else iter(stream)


async def patiently(variant: Variant, stream: Any) -> list[Any]:
    """The parts of a stream that may take a minute."""
    async with asyncio.timeout(60):
        if variant.is_async:
            return [part async for part in stream]
        return await in_a_thread(list, stream)  # type: ignore[no-any-return]


def numbers(parts: list[Any]) -> list[int]:
    """The numbers of the custom events."""
    return [part.data["i"] for part in parts if isinstance(part, CustomPart)]
