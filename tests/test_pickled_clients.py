"""A client is pickled as its configuration, from which another one is opened, where nothing in it is secret."""

from __future__ import annotations

import copy
import functools
import os
import pickle
import subprocess
import sys
from collections.abc import Callable
from traceback import format_exception
from typing import Any

import httpx
import pytest
from engine.variants import Variant, in_both
from servers.scripted_server import answer, scripted_server

import langgraph_runs
from langgraph_runs import RetryPolicy

SECRET = "s3cret"
RUN = answer(body=b'{"run_id": "r", "thread_id": "t", "status": "success"}')

CHILD = """\
import asyncio, inspect, pickle, sys
runs = pickle.load(sys.stdin.buffer)
def main():
    with runs:
        return runs.get("t", "r")
async def async_main():
    async with runs:
        return await runs.get("t", "r")
sys.stdout.write((asyncio.run(async_main()) if hasattr(runs, "__aenter__") else main()).run_id)
"""


def opened(variant: Variant, **arguments: Any) -> Any:
    """A client with these arguments."""
    kind = langgraph_runs.AsyncRunsClient if variant.is_async else langgraph_runs.RunsClient
    return kind(**{"url": "http://127.0.0.1:9"} | arguments)


SEEN: list[Any] = []


def noted(*seen: object) -> None:
    """A callback that pickle finds by its name."""
    SEEN.extend(seen)


def fresh_key() -> str:
    """Returns the key of this process."""
    return os.environ["FRESH_KEY"]


class Callbacks:
    """Callbacks that hold a secret, and one that does not."""

    def __init__(self) -> None:
        self.secret = SECRET

    def bound(self, *_: object) -> None:
        """Pickles its object."""

    @classmethod
    def of_class(cls, *_: object) -> None:
        """Pickles the name of its class."""


PLAIN: dict[str, Any] = {
    "timeout": httpx.Timeout(3.0, connect=1.0),
    "retry": RetryPolicy(attempts=7),
    "cancel_on_exit": "rollback",
    "max_event_bytes": 1000,
    "max_body_bytes": 2000,
    "max_concurrency": 3,
    "on_request": noted,
    "on_retry": Callbacks.of_class,
}


@in_both
@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_a_client_opens_again_with_the_same_configuration(variant: Variant, protocol: int) -> None:
    """By every protocol of pickle; also if it was closed."""
    runs = opened(variant, url="http://127.0.0.1:9/prefix/", api_key=None, **PLAIN)
    for other in (pickle.loads(pickle.dumps(runs, protocol)), copy.copy(runs), copy.deepcopy(runs)):
        assert type(other) is type(runs)
        assert repr(other) == repr(runs)
        assert other._transport is not runs._transport
        assert vars(other._configuration) == vars(runs._configuration)
        assert PLAIN["timeout"] == other._transport.http.timeout
        assert (3, 1000) == (other._driver.max_concurrency, other._driver.max_event_bytes)


@in_both
def test_the_url_is_pickled_and_the_key_is_looked_up_again(
    variant: Variant, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the environment of the process that opens the client."""
    monkeypatch.setenv("LANGGRAPH_API_KEY", SECRET)
    monkeypatch.setenv("LANGGRAPH_API_URL", "http://127.0.0.1:7")
    kind = type(opened(variant))
    pickled = pickle.dumps(kind())
    assert SECRET.encode() not in pickled
    monkeypatch.setenv("LANGGRAPH_API_KEY", "another")
    monkeypatch.delenv("LANGGRAPH_API_URL")
    other = pickle.loads(pickled)
    assert "http://127.0.0.1:7" == other._transport.settings.url
    assert "another" == other._transport.settings.headers["x-api-key"]
    without = pickle.loads(pickle.dumps(kind(api_key=None)))
    assert "x-api-key" not in without._transport.settings.headers


@in_both
def test_a_client_works_in_another_process(variant: Variant) -> None:
    """With the key of that process."""
    with scripted_server(RUN) as server:
        done = subprocess.run(
            [sys.executable, "-W", "error", "-c", CHILD],
            input=pickle.dumps(opened(variant, url=server.url)),
            env={**os.environ, "LANGGRAPH_API_KEY": "of-the-child"},
            capture_output=True,
            timeout=60,
            check=False,
        )
    assert (b"r", b"") == (done.stdout, done.stderr)
    assert ["of-the-child"] == server.request.header("x-api-key")


@in_both
async def test_a_callable_key_and_on_response_of_a_module_are_found_again(
    variant: Variant, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Their names are pickled. The key is that of the process in which the client opens again."""
    monkeypatch.setenv("FRESH_KEY", SECRET)
    with scripted_server(RUN, RUN) as server:
        runs = opened(variant, url=server.url, api_key=fresh_key, on_response=noted)
        await variant.call(runs.get, "t", "r")
        pickled = pickle.dumps(runs)
        await variant.close(runs)
        monkeypatch.setenv("FRESH_KEY", "another")
        SEEN.clear()
        other = pickle.loads(pickled)
        await variant.call(other.get, "t", "r")
        await variant.close(other)
    assert SECRET.encode() not in pickled
    assert [[SECRET], ["another"]] == [request.header("x-api-key") for request in server.requests]
    assert [200] == [info.status for info in SEEN]


REFUSED: dict[str, dict[str, Any]] = {
    "its api_key is not a function of a module": {"api_key": lambda: SECRET},
    "its on_response is not a function of a module": {"on_response": lambda _: SECRET},
    "it was given an api_key": {"api_key": SECRET},
    "it was given headers=": {"headers": {"x-token": SECRET}},
    "its url contains a user or a password": {"url": f"http://me:{SECRET}@127.0.0.1:9"},
    "its on_request is not a function of a module": {"on_request": lambda _: SECRET},
    "its on_retry is not a function of a module": {"on_retry": functools.partial(noted, SECRET)},
    "its on_retry is not a function of a module, ": {"on_retry": Callbacks().bound},
}


@in_both
@pytest.mark.parametrize("why", REFUSED)
def test_a_client_that_may_hold_a_secret_is_refused(variant: Variant, why: str) -> None:
    """By pickle and by copy, with an error that says what is in the way, and not the secret."""
    runs = opened(variant, **REFUSED[why])
    ways: list[Callable[[Any], Any]] = [pickle.dumps, copy.copy, copy.deepcopy]
    for way in ways:
        with pytest.raises(TypeError, match=f"RunsClient cannot be pickled: {why}") as raised:
            way(runs)
        assert SECRET not in "".join(format_exception(raised.value))
    assert SECRET not in repr(vars(runs))


@in_both
def test_a_client_with_connections_of_the_caller_is_refused(variant: Variant) -> None:
    """They cannot be sent to another process."""
    runs = opened(variant, http_client=variant.plain_client())
    with pytest.raises(TypeError, match="cannot be pickled: it sends with an http_client of its own"):
        pickle.dumps(runs)


@in_both
def test_an_empty_key_and_no_headers_are_no_secret(variant: Variant) -> None:
    """Nothing would be sent for them."""
    runs = opened(variant, api_key="", headers={})
    assert "x-api-key" not in pickle.loads(pickle.dumps(runs))._transport.settings.headers


@in_both
def test_a_subclass_with_other_arguments_is_refused(variant: Variant) -> None:
    """It could not be opened again; one without an __init__ of its own can."""
    kind: Any = type(opened(variant))

    class OfTenant(kind):  # type: ignore[misc]
        def __init__(self, tenant: str) -> None:
            super().__init__(f"http://127.0.0.1:9/{tenant}", api_key=None)

    class Mine(kind):  # type: ignore[misc]
        pass

    with pytest.raises(TypeError, match="its class has an __init__ of its own"):
        pickle.dumps(OfTenant("blue"))
    other = copy.copy(Mine(api_key=None))
    assert type(other) is Mine


@in_both
def test_a_copy_is_pickled_with_its_options(variant: Variant) -> None:
    """It is opened again as a client, on connections of its own."""
    copy_of_it = (
        opened(variant, retry=RetryPolicy(attempts=3))
        .with_options(timeout=7)
        .with_options(max_event_bytes=1000)
    )
    again = pickle.loads(pickle.dumps(copy_of_it))
    assert 7 == again._transport.http.timeout.read
    assert (RetryPolicy(attempts=3), 1000) == (again._defaults.retry, again._defaults.max_event_bytes)
    assert not again._transport.is_copy


@in_both
@pytest.mark.parametrize("later", [{}, {"timeout": 5}, {"headers": None}])
def test_a_copy_with_headers_is_not_pickled(variant: Variant, later: dict[str, Any]) -> None:
    """Nor are its copies. They may be secret."""
    copy_of_it = opened(variant).with_options(headers={"x-token": SECRET}).with_options(**later)
    with pytest.raises(TypeError, match="it was given headers=") as refused:
        pickle.dumps(copy_of_it)
    assert SECRET not in "".join(format_exception(refused.value))
