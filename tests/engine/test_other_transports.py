"""Requests, failures and resuming over every transport but the engine on asyncio: given, chosen, or patched by the
caller."""

from __future__ import annotations

import functools
import json
import logging
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from unittest import mock

import httpx
import pytest
import pytest_httpx
import respx
import wrapt
from engine.variants import Variant, in_both
from opentelemetry.instrumentation.httpx import HTTPXClientInstrumentor
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from servers.peer import Peer, peer
from servers.runs_peer import LAST, runs_server

from langgraph_runs import APIConnectionError, APITimeoutError, RetryPolicy

TESTS = Path(__file__).parents[1]
ASYNC = ["_async/test_requests.py", "_async/test_faults.py"]
SYNC = ["_sync/test_requests.py", "_sync/test_faults.py"]
RESUME = "engine/test_resume_over_sockets.py"

# The transports, and the tests that run over them; of the request table a part, as httpx builds the requests.
RUNS = {
    "http-client": [*ASYNC, *SYNC, RESUME],
    "environment": [*SYNC, RESUME],
    "no-httptools": [*ASYNC, RESUME],
    "opentelemetry": [*ASYNC, *SYNC, RESUME],
    "uvloop": [*ASYNC, RESUME, "engine/test_keep_alive.py", "engine/test_tls.py"],
}
EVERY = 24


@pytest.mark.exhaustive
@pytest.mark.parametrize("over", RUNS)
def test_requests_faults_and_resuming_are_the_same_over_another_transport(over: str) -> None:
    """Runs their tests in another process; see other_transport_plugin.py."""
    end = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:cacheprovider",
            "-p",
            "engine.other_transport_plugin",
            "--tb=short",
        ]
        + [str(TESTS / name) for name in RUNS[over]]
        + (["-k", "not sync- and not sync] or async"] if over == "uvloop" else []),
        capture_output=True,
        text=True,
        timeout=120,
        cwd=TESTS.parent,
        env={
            **{name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")},
            "PYTHONPATH": os.pathsep.join(sys.path),
            "LANGGRAPH_RUNS_TESTS_OVER": over,
            "LANGGRAPH_RUNS_TESTS_EVERY": str(EVERY),
        },
        check=False,
    )
    assert 0 == end.returncode, end.stdout + end.stderr


@pytest.fixture
def server() -> Iterator[Peer]:
    """A server that answers at once."""
    with peer(runs_server) as running:
        running.may_continue.set()
        yield running


def by_engine(caplog: pytest.LogCaptureFixture) -> bool:
    """Whether the engine has opened a connection since the last check."""
    made = [
        one for one in caplog.records if one.name == "langgraph_runs.engine" and "made" in one.getMessage()
    ]
    caplog.clear()
    return bool(made)


async def is_served(variant: Variant, runs: Any) -> None:
    """Checks that a call and a stream work."""
    assert "r" == (await variant.call(runs.get, "t", "r")).run_id
    assert LAST == len(await variant.rest(runs.stream("t", "agent")))


@in_both
async def test_the_engine_sends_by_default(
    variant: Variant, server: Peer, caplog: pytest.LogCaptureFixture
) -> None:
    """Otherwise the tests below would prove nothing."""
    caplog.set_level(logging.DEBUG, "langgraph_runs")
    async with variant.runs(server.url) as runs:
        await is_served(variant, runs)
    assert by_engine(caplog)


@in_both
async def test_a_client_of_the_callers_sends_and_stays_open(
    variant: Variant, server: Peer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "langgraph_runs")
    async with variant.plain() as http:
        async with variant.runs(server.url, http_client=http) as runs:
            await is_served(variant, runs)
        assert not by_engine(caplog)
        assert 200 == (await variant.call(http.get, f"{server.url}/threads/t/runs/r")).status_code


@in_both
@pytest.mark.parametrize("value", ["httpx", " httpx ", ""])
async def test_the_environment_chooses_the_transport(
    variant: Variant,
    server: Peer,
    value: str,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG, "langgraph_runs")
    monkeypatch.setenv("LANGGRAPH_RUNS_ENGINE", value)
    async with variant.runs(server.url) as runs:
        await is_served(variant, runs)
    assert by_engine(caplog) == (value == "")


@in_both
def test_another_value_in_the_environment_is_refused(
    variant: Variant, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A typo must not select the engine silently."""
    monkeypatch.setenv("LANGGRAPH_RUNS_ENGINE", "htpx")
    with pytest.raises(ValueError, match="LANGGRAPH_RUNS_ENGINE='htpx'"):
        variant.runs_client("http://127.0.0.1:1")


# Mocks


@in_both
async def test_pytest_httpx_answers_and_nothing_reaches_the_network(
    variant: Variant, server: Peer, httpx_mock: pytest_httpx.HTTPXMock
) -> None:
    """A call and a stream."""
    events = [b"event: values\r\ndata: 1\r\n\r\n", b"event: values\r\ndata: 2\r\n\r\n"]
    httpx_mock.add_response(url=f"{server.url}/threads/t/runs/r", json={"run_id": "mocked"})
    httpx_mock.add_response(
        method="POST",
        url=f"{server.url}/runs/stream",
        headers={"content-type": "text/event-stream"},
        stream=pytest_httpx.IteratorStream(events),
    )
    async with variant.runs(server.url) as runs:
        assert "mocked" == (await variant.call(runs.get, "t", "r")).run_id
        assert [1, 2] == [part.data for part in await variant.rest(runs.stream(None, "agent"))]
    assert 0 == server.made
    assert 2 == len(httpx_mock.get_requests())


@in_both
async def test_an_exception_of_pytest_httpx_becomes_an_error_of_this_package(
    variant: Variant, server: Peer, httpx_mock: pytest_httpx.HTTPXMock
) -> None:
    """As with any transport. It refuses requests that were not mocked, and they are not sent."""
    httpx_mock.add_exception(httpx.ReadTimeout("mocked"))
    async with variant.runs(server.url) as runs:
        with pytest.raises(APITimeoutError, match="mocked"):
            await variant.call(runs.get, "t", "r")
        with pytest.raises(APIConnectionError, match="No response can be found"):
            await variant.call(runs.get, "t", "r")
    assert 0 == server.made
    httpx_mock.reset()


@in_both
async def test_the_engine_is_back_when_the_mock_is_gone(
    variant: Variant, server: Peer, caplog: pytest.LogCaptureFixture
) -> None:
    """The patches of the last two tests are undone."""
    caplog.set_level(logging.DEBUG, "langgraph_runs")
    async with variant.runs(server.url) as runs:
        await is_served(variant, runs)
    assert by_engine(caplog)


@in_both
@pytest.mark.parametrize("using", ["httpx", "httpcore-by-a-client", "httpcore-by-the-environment"])
async def test_respx_answers_and_nothing_reaches_the_network(
    variant: Variant, server: Peer, using: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It patches httpcore, which the engine does not use, or httpx itself if asked to."""
    if using.endswith("environment"):
        monkeypatch.setenv("LANGGRAPH_RUNS_ENGINE", "httpx")
    async with variant.plain() as http:
        given = {"http_client": http} if using.endswith("client") else {}
        with respx.mock(using=using.partition("-")[0]) as mock:
            route = mock.get(f"{server.url}/threads/t/runs/r").respond(json={"run_id": "mocked"})
            async with variant.runs(server.url, **given) as runs:
                assert "mocked" == (await variant.call(runs.get, "t", "r")).run_id
            assert route.called
    assert 0 == server.made


@in_both
async def test_a_mock_transport_answers(variant: Variant) -> None:
    """httpx's own, in a client of the caller."""

    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json={"run_id": request.url.path.rsplit("/", 1)[1]})

    async with (
        variant.plain(transport=httpx.MockTransport(answer)) as http,
        variant.runs("http://nowhere.test", http_client=http) as runs,
    ):
        assert "r7" == (await variant.call(runs.get, "t", "r7")).run_id


@in_both
@pytest.mark.parametrize("patch", ["function", "partial", "wrapt", "mock", "subclass"])
async def test_a_patched_transport_of_httpx_is_used(
    variant: Variant, server: Peer, patch: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However it was patched: by another function, a wrapper that looks like the original, a mock, another class."""
    kind = httpx.AsyncHTTPTransport if variant.is_async else httpx.HTTPTransport
    name = "handle_async_request" if variant.is_async else "handle_request"
    original: Any = getattr(kind, name)
    asked: list[httpx.URL] = []

    @functools.wraps(original)
    def sync_patched(self: Any, request: httpx.Request) -> Any:
        asked.append(request.url)
        return original(self, request)

    @functools.wraps(original)
    async def async_patched(self: Any, request: httpx.Request) -> Any:
        asked.append(request.url)
        return await original(self, request)

    patched: Any = async_patched if variant.is_async else sync_patched

    def wrapper(wrapped: Any, instance: Any, args: Any, kwargs: Any) -> Any:
        asked.append(args[0].url)
        return wrapped(*args, **kwargs)

    if patch == "function":
        monkeypatch.setattr(kind, name, patched)
    elif patch == "partial":
        monkeypatch.setattr(kind, name, functools.partialmethod(patched))
    elif patch == "wrapt":
        monkeypatch.setattr(kind, name, wrapt.FunctionWrapper(original, wrapper))
    elif patch == "mock":
        monkeypatch.setattr(kind, name, mock.create_autospec(original, side_effect=patched))
    else:
        other = type("Other", (kind,), {name: patched})
        monkeypatch.setattr(httpx, kind.__name__, other)
        monkeypatch.setattr(f"httpx._client.{kind.__name__}", other)
    async with variant.runs(server.url) as runs:
        assert "r" == (await variant.call(runs.get, "t", "r")).run_id
    assert [f"{server.url}/threads/t/runs/r"] == list(map(str, asked))


# Traces


@pytest.fixture
def traced() -> Iterator[tuple[HTTPXClientInstrumentor, TracerProvider, InMemorySpanExporter]]:
    """Instruments httpx, and collects the spans."""
    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    instrumentor = HTTPXClientInstrumentor()
    yield instrumentor, provider, exporter
    if instrumentor.is_instrumented_by_opentelemetry:
        instrumentor.uninstrument()
    provider.shutdown()


@in_both
async def test_opentelemetry_sees_every_request(
    variant: Variant, server: Peer, traced: Any, caplog: pytest.LogCaptureFixture
) -> None:
    """Instrumented after the import of the package (in the plugin: before). The server receives the trace context."""
    instrumentor, provider, exporter = traced
    caplog.set_level(logging.DEBUG, "langgraph_runs")
    instrumentor.instrument(tracer_provider=provider)
    async with variant.runs(server.url) as runs:
        await is_served(variant, runs)
    assert not by_engine(caplog)
    spans = exporter.get_finished_spans()
    assert len(server.requests) == len(spans)
    assert {f"{span.context.span_id:016x}" for span in spans} == {
        request.header("traceparent")[0].split("-")[2] for request in server.requests
    }
    instrumentor.uninstrument()
    async with variant.runs(server.url) as runs:
        await is_served(variant, runs)
    assert by_engine(caplog)
    assert len(spans) == len(exporter.get_finished_spans())


@in_both
async def test_opentelemetry_sees_the_requests_of_an_instrumented_client(
    variant: Variant, server: Peer, traced: Any
) -> None:
    """Of that one only."""
    instrumentor, provider, exporter = traced
    async with variant.plain() as http:
        instrumentor.instrument_client(http, tracer_provider=provider)
        async with variant.runs(server.url, http_client=http) as runs:
            await is_served(variant, runs)
    assert len(server.requests) == len(exporter.get_finished_spans())


# Over a client of the caller, failures are retried and streams resumed as over the engine


@in_both
async def test_a_get_is_retried_over_a_client_of_the_callers(variant: Variant) -> None:
    """If the connection was lost without an answer."""

    def serve(connection: Any) -> None:
        while connection.request() is not None:
            if connection.number == 0:
                return
            connection.send(
                b"HTTP/1.1 200 OK\r\ncontent-length: 15\r\n\r\n" + json.dumps({"run_id": "r"}).encode()
            )

    make: Callable[..., Any] = variant.plain
    with peer(serve) as server:
        async with make() as http:
            policy = RetryPolicy(attempts=1, first_delay=0.001)
            async with variant.runs(server.url, http_client=http, retry=policy) as runs:
                assert "r" == (await variant.call(runs.get, "t", "r")).run_id
    assert 2 == len(server.requests)
