"""Threads with more than a hundred runs, on LangGraph.js and Aegra."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from clients import client
from engine.variants import Variant, in_both
from plain_http import LONG, Wire

MANY = 103


@pytest.fixture
def wire(server: Any) -> Iterator[Wire]:
    """The server without a client."""
    with Wire(server.url) as wire:
        yield wire


@pytest.fixture
def crowded(server: Any, wire: Wire) -> Iterator[tuple[str, list[str]]]:
    """A thread with 103 runs, the first of which takes long, and the ids of these runs."""
    thread_id = wire.thread()
    made = [wire.created(thread_id, LONG)]
    made += [wire.created(thread_id, {}, multitask_strategy="enqueue") for _ in range(MANY - 1)]
    yield thread_id, made
    for run_id in made if server.is_real else []:
        wire.cancel(thread_id, run_id)


class LostAnswer(httpx.AsyncHTTPTransport):
    """Loses the answer to the request that starts a run."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Sends it all the same."""
        response = await super().handle_async_request(request)
        if request.method == "POST" and request.url.path.endswith("/runs"):
            await response.aread()
            raise httpx.ReadError("lost")
        return response


@in_both
async def test_a_list_of_all_runs_has_all(
    server: Any, crowded: tuple[str, list[str]], variant: Variant
) -> None:
    """Whatever `limit` and the order mean."""
    thread_id, made = crowded
    async with client(variant, server.url) as runs:
        found = [run.run_id for run in await variant.rest(runs.list_all(thread_id))]
    assert sorted(made) == sorted(found)


@in_both
async def test_cancel_all_cancels_all(
    server: Any, wire: Wire, crowded: tuple[str, list[str]], variant: Variant
) -> None:
    """Also those behind the first page."""
    thread_id, made = crowded
    async with client(variant, server.url) as runs:
        await variant.call(runs.cancel_all, thread_id)
    assert {wire.ends(thread_id, run_id) for run_id in made} <= {"interrupted", "success"}


async def test_a_run_whose_answer_was_lost_is_found_among_more_than_a_hundred(langgraphjs: Any) -> None:
    """The newest runs are found where the oldest come first."""
    variant = Variant("async")
    with Wire(langgraphjs.url) as wire:
        thread_id = wire.thread()
        made = [wire.created(thread_id, LONG)]
        made += [wire.created(thread_id, {}, multitask_strategy="enqueue") for _ in range(MANY - 1)]
        async with (
            httpx.AsyncClient(transport=LostAnswer()) as http,
            client(variant, langgraphjs.url, http_client=http) as runs,
        ):
            run = await runs.create(thread_id, "agent", input={}, multitask_strategy="enqueue")
        assert run.run_id not in made
        for run_id in [*made, run.run_id]:
            wire.cancel(thread_id, run_id)
