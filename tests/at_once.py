"""Does several things at once, and returns what came of each."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any


async def async_gather(works: Sequence[Callable[[], Coroutine[Any, Any, Any]]]) -> list[Any]:
    """In tasks."""
    return list(await asyncio.gather(*(work() for work in works)))


def gather(works: Sequence[Callable[[], Any]]) -> list[Any]:
    """In threads."""
    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(lambda work: work(), works))
