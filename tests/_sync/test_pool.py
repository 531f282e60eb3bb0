# Derived from _async/test_pool.py by `make generate`; edit that one.
"""The connections of a client: kept, closed, and opened through a proxy, with a CA, or by a client of the caller."""

from __future__ import annotations

import httpx
import pytest
from servers.certificates import Authority
from servers.keep_alive_server import EVENTS, keep_alive_server
from servers.scripted_server import HANG, answer, scripted_server

from langgraph_runs import APIConnectionError, RetryPolicy, RunsClient
from langgraph_runs._sync.engine.pool import Pool


def test_calls_one_after_another_share_a_connection() -> None:
    """Streams too, once they have been read to their end."""
    with keep_alive_server() as server:
        with RunsClient(server.url, api_key=None) as runs:
            runs.get("t", "r")
            parts = [part for part in runs.stream(None, "agent")]
            runs.get("t", "r")
            assert (len(EVENTS), 1) == (len(parts), server.made)
        assert server.until(lambda: not server.now)


def test_a_connection_that_was_idle_too_long_is_closed_and_not_used(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Sooner than the server closes it, after 5 s: a POST must not use a connection that is about to be closed."""
    now = [0.0]
    monkeypatch.setattr("langgraph_runs._sync.engine.pool.monotonic", lambda: now[0])
    with keep_alive_server() as server:
        with RunsClient(server.url, api_key=None) as runs:
            for seconds, made in [(0.0, 1), (3.9, 1), (8.0, 2)]:
                now[0] = seconds
                runs.get("t", "r")
                assert made == server.made
            assert server.until(lambda: len(server.now) == 1)


def test_a_connection_that_the_server_has_closed_is_not_used() -> None:
    """The next call opens another."""
    with keep_alive_server() as server:
        with RunsClient(server.url, api_key=None) as runs:
            runs.get("t", "r")
            server.close_all()
            assert server.until(lambda: not server.now)
            runs.get("t", "r")
            assert 2 == server.made


def test_leaving_a_stream_closes_only_its_own_connection() -> None:
    """It cannot be used again; idle ones can."""
    with keep_alive_server() as server:
        with RunsClient(server.url, api_key=None) as runs:
            with runs.stream("t", "agent") as stream:
                next(stream)
                runs.get("t", "r")
                assert 2 == server.made
            assert server.until(lambda: len(server.now) == 1)
            runs.get("t", "r")
            assert 2 == server.made


def test_closing_the_client_closes_connections_in_use() -> None:
    """None is left."""
    with scripted_server(answer() + HANG) as server:
        runs = RunsClient(server.url, api_key=None)
        http = runs.api.get_httpx_client()
        response = http.send(http.build_request("GET", "/"), stream=True)
        runs.close()
        assert server.closed.acquire(timeout=10)
        response.close()


def test_connections_are_unlimited_and_idle_ones_limited() -> None:
    """No call waits for a connection."""
    with keep_alive_server() as server:
        with httpx.Client(base_url=server.url, transport=Pool(kept=2)) as http:
            open_ones = [http.send(http.build_request("GET", "/"), stream=True) for _ in range(120)]
            assert 120 == len(server.now)
            for one in open_ones:
                one.read()
            assert server.until(lambda: len(server.now) == 2)


def test_a_proxy_of_the_environment_is_used_except_for_no_proxy(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As httpx does."""
    with scripted_server(answer(body=b"[]")) as proxy, keep_alive_server() as server:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        with RunsClient("http://example.invalid", api_key=None) as runs:
            assert [] == runs.list("t")
        with RunsClient(server.url, api_key=None) as runs:
            assert "r" == (runs.get("t", "r")).run_id
    assert ["http://example.invalid/threads/t/runs?limit=10&offset=0"] == [
        request.target for request in proxy.requests
    ]


def test_a_ca_of_the_environment_is_trusted(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A certificate of an unknown authority is not."""
    authority = Authority(tmp_path_factory.mktemp("tls"))
    with keep_alive_server(authority.context("127.0.0.1")) as server:
        with RunsClient(server.url, api_key=None) as runs:
            with pytest.raises(APIConnectionError, match="certificate verify failed"):
                runs.get("t", "r")
        monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))
        with RunsClient(server.url, api_key=None) as runs:
            assert "r" == (runs.get("t", "r")).run_id
            assert len(EVENTS) == len([part for part in runs.stream(None, "agent")])


def test_a_client_of_the_callers_keeps_its_own_pool() -> None:
    """With the caller's limits."""
    limits, timeout = httpx.Limits(max_connections=1), httpx.Timeout(5, pool=0.2)
    with keep_alive_server() as server:
        with (
            httpx.Client(limits=limits, timeout=timeout) as lent,
            RunsClient(server.url, http_client=lent, api_key=None, retry=RetryPolicy(0)) as runs,
            lent.stream("GET", server.url),
        ):
            with pytest.raises(APIConnectionError, match="PoolTimeout"):
                runs.get("t", "r")
