"""`timeout=` and `retry=` of every method, and the `timeout` of the client, against servers that never finish."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager, nullcontext
from time import monotonic
from typing import Any

import httpx
import pytest
from servers.dribbling_server import BODY, HEAD, dribbling_server
from servers.scripted_server import HANG, PAUSE, RESET, answer, scripted_server
from wait_until import wait_until

from langgraph_runs import (
    APITimeoutError,
    AsyncRunsClient,
    InternalServerError,
    RetryPolicy,
    RunsClient,
    WaitTimeoutError,
)
from langgraph_runs.engine.selection import VARIABLE

CALLS: dict[str, Callable[..., Any]] = {
    "create": lambda runs, **more: runs.create("t", "agent", **more),
    "create_batch": lambda runs, **more: runs.create_batch([{"assistant_id": "agent"}], **more),
    "wait": lambda runs, **more: runs.wait("t", "agent", **more),
    "stream": lambda runs, **more: runs.stream("t", "agent", **more),
    "map": lambda runs, **more: runs.map([{"assistant_id": "agent"}], **more),
    "join": lambda runs, **more: runs.join("t", "r", **more),
    "join_stream": lambda runs, **more: runs.join_stream("t", "r", last_event_id="-1", **more),
    "list": lambda runs, **more: runs.list("t", **more),
    "list_all": lambda runs, **more: runs.list_all("t", **more),
    "get": lambda runs, **more: runs.get("t", "r", **more),
    "cancel": lambda runs, **more: runs.cancel("t", "r", **more),
    "cancel_all": lambda runs, **more: runs.cancel_all("t", **more),
    "cancel_many": lambda runs, **more: runs.cancel_many(status="all", **more),
    "delete": lambda runs, **more: runs.delete("t", "r", **more),
}
STARTING = {"create", "create_batch", "wait", "stream", "map"}
SHORT = {"list", "list_all", "get", "cancel", "cancel_all", "cancel_many", "delete"}
"""Those whose requests the server answers at once, and which start no run."""

FOREVER = RetryPolicy(attempts=10_000, call_attempts=10_000, first_delay=0.01, longest_delay=0.01)
ONCE = RetryPolicy(attempts=0)
LIMIT = 15.0
"""Seconds that no call with a short deadline may take, not even on a busy machine."""

VARIANTS = pytest.mark.parametrize(
    ("variant", "over"),
    [(variant, over) for variant in ("sync", "async") for over in ("engine", "httpx")],
)


def outcomes(
    variant: str,
    over: str,
    url: str,
    calls: dict[str, dict[str, Any]],
    *,
    after_first: Callable[[], object] = int,
    **options: Any,
) -> dict[str, Any]:
    """Makes calls at the same time, each with its keyword arguments; an iterator is read to its end. Returns their
    values or errors. All calls but the first are those of a copy, and wait until `after_first` returns."""
    if variant == "async":
        return asyncio.run(_asynchronous(over, url, calls, after_first, options))
    first = next(iter(calls))
    http = httpx.Client() if over == "httpx" else None
    own = nullcontext() if http is None else http

    def one(name: str, more: dict[str, Any]) -> Any:
        try:
            if name != first:
                after_first()
            result = CALLS[name](runs if name == first else runs.with_options(), **more)
            return _read(name, list(result)) if hasattr(result, "__next__") else result
        except Exception as error:  # noqa: BLE001
            return error

    client = RunsClient(url, api_key=None, http_client=http, **options)
    with own, client as runs, ThreadPoolExecutor(20) as threads:
        return dict(zip(calls, threads.map(one, calls, calls.values()), strict=True))


async def _asynchronous(
    over: str,
    url: str,
    calls: dict[str, dict[str, Any]],
    after_first: Callable[[], object],
    options: dict[str, Any],
) -> dict[str, Any]:
    first = next(iter(calls))

    async def one(name: str, more: dict[str, Any]) -> Any:
        try:
            if name != first:
                await asyncio.to_thread(after_first)
            result = CALLS[name](runs if name == first else runs.with_options(), **more)
            if hasattr(result, "__anext__"):
                return _read(name, [each async for each in result])
            return await result
        except Exception as error:  # noqa: BLE001
            return error

    http = httpx.AsyncClient() if over == "httpx" else None
    own = nullcontext() if http is None else http
    async with own, AsyncRunsClient(url, api_key=None, http_client=http, **options) as runs:
        return dict(zip(calls, await asyncio.gather(*map(one, calls, calls.values())), strict=True))


def _read(name: str, items: list[Any]) -> Any:
    """What an iterator has yielded; of `map`, the outcome of its only run."""
    if name != "map":
        return items
    [(_, outcome)] = items
    return outcome


@contextmanager
def url_of(*answers: bytes) -> Iterator[str]:
    with scripted_server(*answers) as server:
        yield server.url


FAULTS: dict[str, Callable[[], AbstractContextManager[str]]] = {
    "hangs": lambda: url_of(HANG),
    "dribbles heads": lambda: dribbling_server(HEAD),
    "dribbles bodies": lambda: dribbling_server(BODY),
    "answers 503": lambda: url_of(answer(503, b"busy", Retry_After="0")),
}


@pytest.mark.parametrize("kind", [RunsClient, AsyncRunsClient])
def test_every_method_takes_timeout_and_retry(kind: type) -> None:
    """And each is called in this file."""
    methods = {
        name
        for name, one in inspect.getmembers(kind, inspect.isfunction)
        if not name.startswith("_") and name not in ("close", "aclose", "with_options")
    }
    assert methods == set(CALLS)
    for name in methods:
        assert {"timeout", "retry"} <= set(inspect.signature(getattr(kind, name)).parameters), name


@VARIANTS
@pytest.mark.parametrize("fault", FAULTS)
def test_timeout_is_a_deadline_for_the_whole_call(variant: str, over: str, fault: str) -> None:
    """Of every method, whatever the server does. `run_may_exist` says whether a run may have been started."""
    with FAULTS[fault]() as url:
        began = monotonic()
        found = outcomes(variant, over, url, {name: {"timeout": 2.5, "retry": FOREVER} for name in CALLS})
        assert monotonic() - began < LIMIT
    for name, error in found.items():
        assert isinstance(error, WaitTimeoutError), (name, error)
        assert "2.5 s" in str(error)
        may_exist = name in STARTING
        if fault == "answers 503":  # the deadline passes after an answer, or during an attempt, sent or not
            may_exist = getattr(error.__cause__, "run_may_exist", False)
            assert name in STARTING or not may_exist
        assert error.run_may_exist is may_exist, name


@pytest.mark.parametrize("variant", ["sync", "async"])
def test_no_run_may_exist_if_the_deadline_passes_after_a_refusal(variant: str) -> None:
    """During the pause before the next attempt."""
    with scripted_server(answer(503, b"busy", Retry_After="30")) as server:
        found = outcomes(variant, "engine", server.url, {name: {"timeout": 2.0} for name in STARTING})
        assert len(STARTING) == len(server.requests)
    for name, error in found.items():
        assert isinstance(error, WaitTimeoutError), (name, error)
        assert isinstance(error.__cause__, InternalServerError), name
        assert not error.run_may_exist, name


@VARIANTS
@pytest.mark.parametrize("beginning", [HEAD, BODY], ids=["head", "body"])
def test_the_timeout_of_the_client_limits_a_whole_response(variant: str, over: str, beginning: bytes) -> None:
    """Not each byte of it. It is an APITimeoutError, which is retried."""
    attempts: list[Any] = []
    with dribbling_server(beginning) as url:
        began = monotonic()
        found = outcomes(
            variant,
            over,
            url,
            {name: {} for name in SHORT},
            timeout=0.3,
            retry=RetryPolicy(call_attempts=1, first_delay=0.01),
            on_retry=lambda *what: attempts.append(what),
        )
        assert monotonic() - began < LIMIT
    for name, error in found.items():
        assert isinstance(error, APITimeoutError), (name, error)
        assert "0.3 s" in str(error), error
    assert len(SHORT) == len(attempts)


@VARIANTS
def test_the_head_of_a_stream_must_come_within_the_timeout_of_the_client(variant: str, over: str) -> None:
    """All of it."""
    with dribbling_server(HEAD) as url:
        found = outcomes(variant, over, url, {"join_stream": {}}, timeout=0.3, retry=ONCE)
    assert isinstance(found["join_stream"], APITimeoutError)


@VARIANTS
def test_an_httpx_timeout_limits_each_operation(variant: str, over: str) -> None:
    """So a response may take longer, as long as something comes."""
    slow = answer(body=b"[]")
    with scripted_server(slow[:-1] + PAUSE + slow[-1:]) as server:
        found = outcomes(
            variant, over, server.url, {"list": {}}, timeout=httpx.Timeout(20, read=20), retry=ONCE
        )
        assert [] == found["list"]
        found = outcomes(variant, over, server.url, {"list": {}}, timeout=0.3, retry=ONCE)
        assert isinstance(found["list"], APITimeoutError)


@VARIANTS
def test_a_reused_connection_keeps_the_deadline(
    variant: str, over: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also over httpx's own transport, which does not show which connection it uses."""
    if over == "httpx":
        monkeypatch.setenv(VARIABLE, "httpx")
    with dribbling_server(HEAD, good=1) as url:
        began = monotonic()
        found = outcomes(variant, "engine", url, {"join": {"timeout": 0.5}}, retry=ONCE)
        assert monotonic() - began < LIMIT
    assert isinstance(found["join"], WaitTimeoutError)


@VARIANTS
def test_the_wait_for_a_slot_counts(variant: str, over: str) -> None:
    """Also for the slot that a call of the client has, in a copy of it. Nothing was sent then, so no run exists."""
    calls = {"stream": {"timeout": 3.0}, "create": {"timeout": 0.1}, "wait": {"timeout": 0.1}}
    with scripted_server(HANG) as server:
        found = outcomes(
            variant,
            over,
            server.url,
            calls,
            after_first=lambda: wait_until(lambda: bool(server.requests)),
            max_concurrency=1,
        )
        assert 1 == len(server.requests)
    assert all(isinstance(error, WaitTimeoutError) for error in found.values()), found
    assert [True, False, False] == [error.run_may_exist for error in found.values()]


@VARIANTS
def test_a_lost_run_is_looked_for_until_the_deadline(variant: str, over: str) -> None:
    """The request that may have started it is the cause of the error."""
    with scripted_server(RESET, HANG) as server:
        began = monotonic()
        found = outcomes(variant, over, server.url, {"create": {"timeout": 0.5}})["create"]
        assert monotonic() - began < LIMIT
    assert isinstance(found, WaitTimeoutError)
    assert found.run_may_exist
    assert "POST" == found.__cause__.method  # type: ignore[union-attr]


@VARIANTS
def test_the_deadline_of_list_all_is_for_the_whole_iteration(variant: str, over: str) -> None:
    """It begins with the first run that is asked for."""
    pages = [answer(body=b'[{"run_id": "%d"}]' % number) for number in range(5)]
    slow = [page[:-1] + PAUSE + page[-1:] for page in pages]
    with scripted_server(*slow) as server:
        found = outcomes(
            variant, over, server.url, {"list_all": {"timeout": 0.8, "page_size": 1}}, retry=ONCE
        )
        assert isinstance(found["list_all"], WaitTimeoutError)
        assert 2 <= len(server.requests) < 5


@VARIANTS
def test_retry_is_for_one_call(variant: str, over: str) -> None:
    """It replaces the policy of the client; None does not."""
    with scripted_server(answer(503, b"busy")) as server:
        for retry, requests in ((ONCE, 1), (RetryPolicy(call_attempts=2, first_delay=0.01), 3), (None, 2)):
            server.requests.clear()
            policy = RetryPolicy(call_attempts=1, first_delay=0.01)
            outcomes(variant, over, server.url, {"get": {"retry": retry}}, retry=policy)
            assert requests == len(server.requests)


@pytest.mark.parametrize("variant", ["sync", "async"])
@pytest.mark.parametrize(
    ("option", "kind", "words"),
    [
        ({"timeout": 0}, ValueError, "timeout=0 must be a positive number of seconds"),
        ({"timeout": "5"}, TypeError, "timeout must be a number of seconds.*'5'"),
        ({"timeout": httpx.Timeout(5)}, TypeError, "timeout must be a number of seconds"),
        ({"retry": 3}, TypeError, "retry must be a RetryPolicy, not int"),
        ({"retry": False}, TypeError, "retry must be a RetryPolicy, not bool"),
        ({"retries": 3}, TypeError, "unknown option 'retries': did you mean 'retry'"),
    ],
    ids=str,
)
def test_invalid_limits_are_refused(variant: str, option: dict[str, Any], kind: type, words: str) -> None:
    """By every method, before anything is sent."""
    with scripted_server(answer()) as server:
        found = outcomes(variant, "engine", server.url, dict.fromkeys(CALLS, option))
        assert not server.requests
    for name, error in found.items():
        assert isinstance(error, kind), (name, error)
        with pytest.raises(kind, match=words):
            raise error
