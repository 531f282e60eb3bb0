"""What the tests of the generated layer share."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest
from dev_server import DevServer
from langgraph_runs_api import Client
from langgraph_runs_api.types import Response

Function = Callable[..., Any]


@pytest.fixture(params=["sync", "sync_detailed", "asyncio", "asyncio_detailed"])
def call(request: pytest.FixtureRequest, live_server: DevServer) -> Function:
    """Calls an operation by one of its four functions, and returns the parsed result."""
    name = request.param

    def sync(operation: ModuleType, *args: Any, **kwargs: Any) -> Any:
        with Client(live_server.url) as client:
            return parsed(getattr(operation, name)(*args, client=client, **kwargs))

    def asynchronous(operation: ModuleType, *args: Any, **kwargs: Any) -> Any:
        async def main() -> Any:
            async with Client(live_server.url) as client:
                return parsed(await getattr(operation, name)(*args, client=client, **kwargs))

        return asyncio.run(main())

    return asynchronous if name.startswith("asyncio") else sync


def parsed(result: Any) -> Any:
    """The value, also of a detailed response."""
    if isinstance(result, Response):
        assert 200 <= result.status_code < 500
        return result.parsed
    return result
