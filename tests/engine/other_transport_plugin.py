"""A pytest plugin that runs tests unchanged over another transport than the engine on asyncio.

    LANGGRAPH_RUNS_TESTS_OVER=uvloop pytest -p engine.other_transport_plugin tests/_async/test_faults.py

The run fails if the engine was used nevertheless (on uvloop: if it was not).
"""

from __future__ import annotations

import asyncio
import os
import ssl
import sys
from collections.abc import Callable
from typing import Any

import httpx
import pytest

OVER = os.environ["LANGGRAPH_RUNS_TESTS_OVER"]
EVERY = int(os.environ.get("LANGGRAPH_RUNS_TESTS_EVERY", "1"))
"""Only every n-th case of the request table runs."""

seen = {"engine": 0, "httpx": 0, "loops": 0, "spans": 0}


def over_http_client(of: Any = httpx) -> None:
    """Every client that gets no http_client gets one of httpx."""
    import langgraph_runs

    for kind, given, closing in (
        (langgraph_runs.RunsClient, of.Client, "close"),
        (langgraph_runs.AsyncRunsClient, of.AsyncClient, "aclose"),
    ):
        _lend(kind, given, closing)


def over_httpx2() -> None:
    """Every client that gets no http_client gets one of httpx2."""
    import httpx2

    over_http_client(httpx2)


def _lend(kind: Any, given: Any, closing: str) -> None:
    init, close = kind.__init__, getattr(kind, closing)
    lent: dict[int, Any] = {}

    def __init__(self: Any, *arguments: Any, **options: Any) -> None:  # noqa: N807
        if options.get("http_client") is None:
            options["http_client"] = lent[id(self)] = given()
        init(self, *arguments, **options)

    if closing == "close":

        def closed(self: Any) -> None:
            close(self)
            if (http := lent.pop(id(self), None)) is not None:
                http.close()

    else:

        async def closed(self: Any) -> None:  # type: ignore[misc]
            await close(self)
            if (http := lent.pop(id(self), None)) is not None:
                await http.aclose()

    kind.__init__ = __init__
    setattr(kind, closing, closed)


def over_environment() -> None:
    """As a user does who wants httpx's transports."""
    os.environ["LANGGRAPH_RUNS_ENGINE"] = "httpx"


def over_no_httptools() -> None:
    """As on a platform without a wheel of it."""
    sys.modules["httptools"] = None  # type: ignore[assignment]


def over_uvloop() -> None:
    """Every event loop is one of uvloop."""
    import uvloop

    def new_event_loop() -> asyncio.AbstractEventLoop:
        seen["loops"] += 1
        return uvloop.new_event_loop()

    asyncio.events.new_event_loop = new_event_loop


def over_opentelemetry() -> None:
    """Its instrumentation is in place before the package is imported."""
    from opentelemetry.instrumentation.httpx import HTTPXClientInstrumentor
    from opentelemetry.propagate import set_global_textmap
    from opentelemetry.propagators.composite import CompositePropagator
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import SimpleSpanProcessor
    from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

    class Counting(InMemorySpanExporter):
        def export(self, spans: Any) -> Any:
            seen["spans"] += len(spans)
            return super().export(spans)

    assert "langgraph_runs" not in sys.modules
    set_global_textmap(CompositePropagator([]))  # no other headers than those of the table
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(Counting()))
    HTTPXClientInstrumentor().instrument(tracer_provider=provider)


def _count() -> None:
    """Counts what sends: before a connection is made, httpx uses httpcore's pool, httpx2 that of httpcore2, and the
    engine its own."""
    import httpcore
    import httpcore2

    core = httpcore2 if OVER == "httpx2" else httpcore
    for kind in (core.ConnectionPool, core.AsyncConnectionPool):
        make = kind.create_connection

        def counted(self: Any, origin: Any, make: Any = make) -> Any:
            seen["httpx"] += 1
            return make(self, origin)

        kind.create_connection = counted  # type: ignore[method-assign]
    try:
        from langgraph_runs._async.engine.pool import AsyncPool
        from langgraph_runs._sync.engine.pool import Pool
    except ImportError:
        return
    for pool, method in ((Pool, "handle_request"), (AsyncPool, "handle_async_request")):
        send = getattr(pool, method)

        def sent(self: Any, request: Any, send: Any = send) -> Any:
            seen["engine"] += 1
            return send(self, request)

        setattr(pool, method, sent)


def _set_up() -> None:
    if OVER != "uvloop":  # one for all clients of httpx: creating it takes longest
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        ssl.create_default_context = lambda *_arguments, **_options: context  # type: ignore[assignment]
    work: Callable[[], None] = globals()[f"over_{OVER.replace('-', '_')}"]
    work()
    _count()


_set_up()  # at once: when a fixture or a hook runs, the package has been imported


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Runs a part of the long table of requests."""
    table = [item for item in items if "sends_exactly_this" in item.name]
    kept = set(table[::EVERY])
    items[:] = [item for item in items if item in kept or item not in table]


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fails if the wrong transport has sent the requests."""
    by_engine = OVER == "uvloop"
    is_good = bool(seen["engine"]) == by_engine and bool(seen["httpx"]) != by_engine
    is_good = (
        is_good
        and bool(seen["loops"]) == (OVER == "uvloop")
        and bool(seen["spans"]) == (OVER == "opentelemetry")
    )
    if not is_good:
        session.exitstatus = 1


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Prints what has sent."""
    terminalreporter.write_line(f"over {OVER}: {seen}")
