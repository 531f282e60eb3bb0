"""Every run of a thread is found, and its newest runs, whatever a server means by limit and order."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest
from langgraph_runs_api.models import Run

from langgraph_runs import APIConnectionError, RetryPolicy
from langgraph_runs.request import endpoints
from langgraph_runs.retry import Backoff
from langgraph_runs.run.cancellation import cancel_all
from langgraph_runs.run.pagination import Pages, newest_runs
from langgraph_runs.run.retrying import Flow, Pause
from langgraph_runs.run.starting import start

BACKOFF = Backoff(RetryPolicy(attempts=0), random=Random(1))
BEGAN = datetime(2026, 11, 28, tzinfo=UTC)

Server = Callable[[list[Run], int, int], list[Run]]


def python(runs: list[Run], limit: int, offset: int) -> list[Run]:
    """The newest first; limit is a number."""
    return runs[::-1][offset : offset + limit]


def javascript(runs: list[Run], limit: int, offset: int) -> list[Run]:
    """The oldest first; limit is the index of the end."""
    return runs[offset:limit]


def oldest_first(runs: list[Run], limit: int, offset: int) -> list[Run]:
    """The oldest first; limit is a number."""
    return runs[offset : offset + limit]


def no_offset(runs: list[Run], limit: int, offset: int) -> list[Run]:
    """The oldest first; the offset is ignored."""
    return runs[:limit]


def made(count: int) -> list[Run]:
    """Runs, the oldest first."""
    return [
        Run.from_dict({"run_id": f"r{i}", "created_at": (BEGAN + timedelta(seconds=i)).isoformat()})
        for i in range(count)
    ]


def served(flow: Flow[Any], server: Server, runs: list[Run]) -> tuple[Any, int]:
    """The result of a flow that only lists runs, and how many requests it took."""
    count = 0
    try:
        step = next(flow)
        while True:
            assert not isinstance(step, Pause)
            count += 1
            step = flow.send(server(runs, int(step.params["limit"]), int(step.params["offset"])))
    except StopIteration as end:
        return end.value, count


def listed(server: Server, runs: list[Run], size: int) -> tuple[list[Run], int]:
    """All runs, page by page, and how many requests that took."""

    def flow() -> Flow[list[Run]]:
        pages, found = Pages({}, "t", page_size=size, status=None, select=None), list[Run]()
        while (call := pages.next()) is not None:
            found += pages.new((yield call))
        return found

    return served(flow(), server, runs)


@pytest.mark.parametrize("count", [0, 1, 6, 7, 8, 13, 14, 15, 70, 103])
@pytest.mark.parametrize("server", [python, javascript, oldest_first])
def test_list_all_finds_every_run_once(server: Server, count: int) -> None:
    """In the order of the server."""
    runs = made(count)
    found, requests = listed(server, runs, 7)
    assert (runs[::-1] if server is python else runs) == found
    assert requests <= count // 7 + 1 + (count % 7 == 0 or server is javascript)


@pytest.mark.parametrize(("count", "requests"), [(0, 1), (6, 1), (7, 3), (8, 2), (13, 2), (14, 4)])
def test_a_compliant_server_gets_one_request_more_only_if_the_last_page_is_full(
    count: int, requests: int
) -> None:
    """One for the empty page, as before, and one to check that it is empty."""
    assert requests == listed(python, made(count), 7)[1]


def test_a_server_that_ignores_the_offset_is_not_paged_forever() -> None:
    """Neither if its runs have no ids."""
    assert 2 == listed(no_offset, made(20), 7)[1]
    assert 2 == listed(no_offset, [Run.from_dict({}) for _ in range(20)], 7)[1]


@pytest.mark.parametrize("count", [0, 1, 99, 100, 101, 199, 200, 201, 350, 1600, 1601, 5003])
@pytest.mark.parametrize("server", [python, javascript, oldest_first])
def test_the_newest_runs_are_found_in_either_order(server: Server, count: int) -> None:
    """The 100 newest, in a few requests even of many thousand."""
    runs = made(count)
    found, requests = served(newest_runs({}, "t", BACKOFF), server, runs)
    found = found[:100]
    assert {run.run_id for run in runs[-100:]} == {run.run_id for run in found}
    assert requests <= (1 if server is python else 15)


def test_the_search_for_the_newest_runs_ends_on_any_server() -> None:
    """One that ignores the offset, and one that always has more."""
    assert 2 == served(newest_runs({}, "t", BACKOFF), no_offset, made(300))[1]
    numbers = iter(range(10**6))

    def endless(runs: list[Run], limit: int, offset: int) -> list[Run]:
        return [Run(f"r{next(numbers)}", "t", "a", "success", created_at=run.created_at) for run in runs]

    assert served(newest_runs({}, "t", BACKOFF), endless, made(100))[1] <= 41


@pytest.mark.parametrize("server", [python, javascript])
def test_a_lost_run_is_found_on_a_thread_with_many_runs(server: Server) -> None:
    """It is the newest."""
    call = endpoints.create({}, "t", "agent")
    lost = Run.from_dict(
        {
            "run_id": "lost",
            "created_at": (BEGAN + timedelta(days=1)).isoformat(),
            "kwargs": {"config": {"configurable": {"x-request-id": call.nonce}}},
        }
    )
    flow = start(call, Backoff(RetryPolicy(), random=Random(1)))
    next(flow)
    listing: Any = flow.throw(APIConnectionError("lost", method="POST", url="", run_may_exist=True))

    def rest() -> Flow[Any]:
        step = listing
        try:
            while True:
                step = flow.send((yield step))
        except StopIteration as end:
            return end.value

    assert lost == served(rest(), server, [*made(250), lost])[0]


@pytest.mark.parametrize("server", [python, javascript])
def test_cancel_all_sees_every_active_run(server: Server) -> None:
    """Also those beyond the first page."""
    flow = cancel_all(endpoints.cancel_all({}, "t", action="interrupt"), BACKOFF)
    runs, step = made(250), next(flow)
    try:
        while True:
            assert not isinstance(step, Pause)
            if step.method == "POST":
                step = flow.send(None)
                continue
            page: Any = step.params
            of_status = runs if page["status"] == "running" else []
            step = flow.send(server(of_status, int(page["limit"]), int(page["offset"])))
    except StopIteration as end:
        assert 250 == len(end.value)
