"""What the engine logs of its connections."""

from __future__ import annotations

import logging
from contextlib import AsyncExitStack

import httpx
import pytest
from engine.variants import Variant, in_both
from servers.peer import CHUNKED, Connection, chunk, peer


@in_both
async def test_made_reused_and_closed_are_one_debug_line_each(
    variant: Variant, caplog: pytest.LogCaptureFixture
) -> None:
    def lines() -> list[str]:
        found = [one for one in caplog.records if one.name.partition(".")[0] == "langgraph_runs"]
        assert {logging.DEBUG} >= {one.levelno for one in found}
        messages = [one.getMessage() for one in found]
        caplog.clear()
        return messages

    caplog.set_level(logging.DEBUG, "langgraph_runs")
    with peer(tls=None) as server:
        async with AsyncExitStack() as stack:
            http = await stack.enter_async_context(variant.http())
            for word in ("made", "reused", "reused"):
                await variant.call(http.get, server.url + "/secret-path", headers={"x-api-key": "secret"})
                (line,) = lines()
                assert word in line
                assert f"127.0.0.1:{server.port}" in line
                assert "secret" not in line
        (line,) = lines()
        assert "closed" in line
        assert f"127.0.0.1:{server.port}" in line


@in_both
async def test_nothing_is_logged_above_debug(variant: Variant, caplog: pytest.LogCaptureFixture) -> None:
    """Not even for a dead connection."""
    caplog.set_level(logging.INFO, "langgraph_runs")

    def serve(connection: Connection) -> None:
        connection.request()
        connection.send(CHUNKED + chunk(b"first"))

    with peer(serve) as server:
        async with variant.http() as http:
            with pytest.raises(httpx.RemoteProtocolError):
                await variant.call(http.get, server.url)
    assert [] == [one for one in caplog.records if one.name.startswith("langgraph_runs")]
