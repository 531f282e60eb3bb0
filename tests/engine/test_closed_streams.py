"""A stream that is closed while another thread or task reads it, over each transport."""

from __future__ import annotations

import asyncio
import gzip
from time import monotonic
from typing import Any

import pytest
from engine.variants import Variant, in_both
from servers.certificates import Authority
from servers.peer import Connection, chunk, peer, response
from servers.runs_peer import STREAM
from wait_until import wait_until

from langgraph_runs import RetryPolicy
from langgraph_runs.testing import Hold, RunsServer

PROMPTLY = 3.0  # seconds
METADATA = b'event: metadata\r\ndata: {"run_id": "r", "attempt": 1}\r\nid: 0\r\n\r\n'


def silent(connection: Connection) -> None:
    """Answers a stream with its first event and no more, and the thread "late" not before the test says so."""
    while (request := connection.request()) is not None:
        if "/cancel" in request.target:
            connection.send(response(b"", 204))
        elif request.target.endswith("/stream"):
            if "/late/" in request.target:
                connection.peer.may_continue.wait(20)
            head = STREAM % request.target.replace("/runs/stream", "/runs/r").encode()
            first = METADATA
            if "/gzip/" in request.target:
                head = head.replace(b"\r\n\r\n", b"\r\ncontent-encoding: gzip\r\n\r\n")
                first = gzip.compress(METADATA)
            connection.send(head + chunk(first))
            if "/cut/" in request.target:
                return
            connection.until_closed()
            return
        else:
            connection.send(response(b'{"run_id": "r", "status": "running"}', 200))


def cancels(server: Any) -> int:
    return sum("/runs/r/cancel?" in request.target for request in server.requests)


TRANSPORTS = ["engine", "engine-tls", "httpx", "httpx-tls"]


@in_both
@pytest.mark.parametrize("thread_id", ["t", "gzip"])
@pytest.mark.parametrize("transport", TRANSPORTS)
async def test_closing_a_stream_ends_the_read_of_another(
    monkeypatch: pytest.MonkeyPatch, authority: Authority, variant: Variant, transport: str, thread_id: str
) -> None:
    """At once, with an error that says so; its connection is released, and its run is cancelled."""
    tls = authority.context("127.0.0.1") if transport.endswith("-tls") else None
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))
    monkeypatch.setenv("LANGGRAPH_RUNS_ENGINE", "httpx" if transport.startswith("httpx") else "")
    with peer(silent, tls=tls) as server:
        async with variant.runs(server.url, cancel_on_exit="interrupt") as runs:
            stream = runs.stream(thread_id, "agent")
            await variant.next(stream)
            reading = asyncio.ensure_future(variant.next(stream))
            await asyncio.sleep(0.1)  # until it is blocked, as no condition can tell
            began = monotonic()
            await variant.close(stream)
            with pytest.raises(RuntimeError, match="this stream was closed before its end"):
                await reading
            assert monotonic() - began < PROMPTLY
            assert server.until(lambda: len(server.now) <= 1)  # the cancel's own is idle
            assert 1 == cancels(server)
        assert server.until(lambda: not server.now)


@in_both
async def test_closing_a_stream_ends_its_pause_before_a_reconnect(variant: Variant) -> None:
    pauses = RetryPolicy(first_delay=60, longest_delay=60)
    with peer(silent) as server:
        async with variant.runs(server.url, cancel_on_exit="interrupt", retry=pauses) as runs:
            reconnecting = asyncio.Event()
            loop = asyncio.get_running_loop()
            stream = runs.stream(
                "cut", "agent", on_reconnect=lambda *_: loop.call_soon_threadsafe(reconnecting.set)
            )
            await variant.next(stream)
            reading = asyncio.ensure_future(variant.next(stream))
            await reconnecting.wait()
            began = monotonic()
            await variant.close(stream)
            with pytest.raises(RuntimeError, match="this stream was closed before its end"):
                await reading
            assert monotonic() - began < PROMPTLY
            assert 1 == cancels(server)


@in_both
async def test_closing_a_stream_that_is_being_opened_leaves_no_connection_and_no_run(
    variant: Variant,
) -> None:
    """In the sync client, the thread that opens it does the rest, when the server has answered."""
    with peer(silent) as server:
        async with variant.runs(server.url, cancel_on_exit="interrupt") as runs:
            stream = runs.stream("late", "agent")
            reading = asyncio.ensure_future(variant.next(stream))
            assert await asyncio.to_thread(server.until, lambda: server.requests)
            closing = asyncio.ensure_future(variant.close(stream))
            await asyncio.sleep(0.1)
            server.may_continue.set()
            with pytest.raises(RuntimeError, match="this stream was closed before its end"):
                await reading
            await closing
            assert await asyncio.to_thread(server.until, lambda: len(server.now) <= 1)
            if not variant.is_async:
                assert 1 == cancels(server)


@in_both
async def test_a_client_that_is_closed_while_a_stream_is_left_waits_for_the_cancel(
    variant: Variant, caplog: pytest.LogCaptureFixture
) -> None:
    """Which another thread or task sends. A generator that is dropped, too, may leave its stream in another thread."""
    server = RunsServer()
    server.run(("values", {}), Hold())
    server.delay(0.5, on="POST */cancel")
    with server.listening() as url:
        async with variant.runs(url, cancel_on_exit="interrupt") as runs:
            stream = runs.stream(server.thread(), "agent")
            await variant.next(stream)
            leaving = asyncio.ensure_future(variant.close(stream))
            await asyncio.to_thread(wait_until, lambda: any("/cancel" in one.path for one in server.requests))
            await variant.close(runs)
            assert "interrupted" == server.runs[0]["status"]
            await leaving
    assert not [one for one in caplog.records if one.levelname == "WARNING"]


def test_of_many_threads_that_read_a_stream_one_gets_its_parts_in_order() -> None:
    """The others get an error, and do not disturb it: also when they begin at the same moment."""
    import sys
    import threading

    from servers.scripted_server import events, scripted_server

    from langgraph_runs import RunsClient

    count = 3000
    body = b"".join(b'event: custom\ndata: {"i": %d}\nid: %d-0\n\n' % (i, i) for i in range(count))
    got, refused, lock = list[int](), list[str](), threading.Lock()

    def read() -> None:
        while True:
            try:
                part = next(stream, None)
            except RuntimeError as error:
                refused.append(str(error))
                continue
            if part is None:
                return
            with lock:
                got.append(part.data["i"])

    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with scripted_server(events(body)) as server, RunsClient(server.url, api_key=None) as runs:
            stream = runs.stream(None, "agent")
            threads = [threading.Thread(target=read) for _ in range(4)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(30)
                assert not thread.is_alive()
    finally:
        sys.setswitchinterval(before)
    assert list(range(count)) == sorted(got)
    assert all("another thread is reading this stream" in one for one in refused)
