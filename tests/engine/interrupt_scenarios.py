"""Programs that are interrupted while they use a client.

    python interrupt_scenarios.py SCENARIO sync|async URL WHERE

A program prints "now" when it is working, or is about to.
"""

from __future__ import annotations

import asyncio
import gc
from typing import Any

from engine.scenarios import async_client, client, run, say, tcp_sockets

from langgraph_runs import AsyncRunsClient, RunsClient


def call(runs: RunsClient[Any, Any, Any], where: str) -> None:
    """The call that is interrupted."""
    if where == "reading":
        with runs.stream("t", "agent") as stream:
            for part in stream:
                if part.event == "metadata":
                    say("now")
    elif where == "reading_without_with":
        for part in runs.stream("t", "agent"):
            if part.event == "metadata":
                say("now")
    else:
        say("now")
        runs.get("t", "slow")


async def async_call(runs: AsyncRunsClient[Any, Any, Any], where: str) -> None:
    """The same."""
    if where == "reading":
        async with runs.stream("t", "agent") as stream:
            async for part in stream:
                if part.event == "metadata":
                    say("now")
    elif where == "reading_without_with":
        async for part in runs.stream("t", "agent"):
            if part.event == "metadata":
                say("now")
    else:
        say("now")
        await runs.get("t", "slow")


def interrupted(url: str, where: str) -> None:
    """The program continues: the call has left no connection open, and the client can still be used."""
    runs = client(url)
    try:
        call(runs, where)
    except KeyboardInterrupt:
        say("interrupted")
    gc.collect()
    say(f"{tcp_sockets()} sockets")
    if where != "connecting":
        assert "r" == runs.get("t", "r").run_id
    runs.close()
    say(f"{tcp_sockets()} sockets")


def async_interrupted(url: str, where: str) -> None:
    """The program continues in another loop."""
    runs = async_client(url)
    try:
        asyncio.run(async_call(runs, where))
    except KeyboardInterrupt:
        say("interrupted")
    gc.collect()
    say(f"{tcp_sockets()} sockets")

    async def again() -> None:
        if where != "connecting":
            assert "r" == (await runs.get("t", "r")).run_id
        await runs.aclose()
        await asyncio.sleep(0)
        say(f"{tcp_sockets()} sockets")

    asyncio.run(again())


def killed(url: str, where: str) -> None:
    """The program ends by the interrupt."""
    with client(url) as runs:
        call(runs, where)


def async_killed(url: str, where: str) -> None:
    """The same."""

    async def main() -> None:
        async with async_client(url) as runs:
            await async_call(runs, where)

    asyncio.run(main())


if __name__ == "__main__":
    run(globals())
