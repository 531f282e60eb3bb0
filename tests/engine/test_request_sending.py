"""The bytes of a request, compared with those of httpx's own transport; and servers that do not read it."""

from __future__ import annotations

import asyncio
import io
import json
import logging
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from time import monotonic
from typing import Any, Self

import httpx
import pytest
from engine.variants import LIMIT, Variant, in_a_thread, in_both
from servers.peer import CHUNKED, Connection, Peer, chunk, peer, response
from servers.sockets import all_are_closed, connections_become

from langgraph_runs import APIConnectionError

MIB = 1024 * 1024
HERE = Path(__file__).parent


def recorded(connection: Connection) -> None:
    """Answers every request."""
    while (request := connection.request()) is not None:
        connection.send(response(b"" if request.method == "HEAD" else b"ok"))


def body(variant: Variant, *pieces: bytes) -> Any:
    """A body of several pieces."""

    def generated() -> Iterator[bytes]:
        yield from pieces

    async def async_generated() -> AsyncIterator[bytes]:
        for piece in pieces:
            yield piece

    return async_generated() if variant.is_async else generated()


FORM = {"content-type": "multipart/form-data; boundary=between"}
LARGE = bytes(range(256)) * 4096

# The arguments for httpx, created for each request.
REQUESTS: dict[str, Callable[[Variant], dict[str, Any]]] = {
    "nothing": lambda _: {"method": "GET"},
    "post-nothing": lambda _: {"method": "POST"},
    "bytes": lambda _: {"method": "POST", "content": b"bytes"},
    "empty-bytes": lambda _: {"method": "POST", "content": b""},
    "text": lambda _: {"method": "PUT", "content": "té\u2028xt"},
    "one-mib": lambda _: {"method": "POST", "content": LARGE},
    "json": lambda _: {"method": "PATCH", "json": {"ü": [None, 1.5]}},
    "form": lambda _: {"method": "POST", "data": {"a": "ü b", "c": ["1", "2"]}},
    "multipart": lambda _: {"method": "POST", "headers": FORM, "files": {"f": ("n.txt", b"x" * 70_000)}},
    "multipart-of-a-file": lambda _: {
        "method": "POST", "headers": FORM, "data": {"a": "b"}, "files": {"f": io.BytesIO(b"y" * 300_000)},
    },
    "generator": lambda v: {"method": "POST", "content": body(v, b"one", b"two", b"three")},
    "generator-of-nothing": lambda v: {"method": "POST", "content": body(v)},
    "generator-with-empty-pieces": lambda v: {"method": "POST", "content": body(v, b"", b"one", b"", b"two", b"")},
    "generator-of-large-pieces": lambda v: {"method": "POST", "content": body(v, LARGE, b"x", LARGE)},
    "generator-with-a-length": lambda v: {
        "method": "POST", "content": body(v, b"one", b"", b"two"), "headers": {"content-length": "6"},
    },
    "generator-of-nothing-with-a-length": lambda v: {
        "method": "POST", "content": body(v), "headers": {"content-length": "0"},
    },
    "chunked-by-the-caller": lambda v: {
        "method": "POST", "content": body(v, b"one", b"two"), "headers": {"transfer-encoding": "chunked"},
    },
    "length-by-the-caller": lambda _: {"method": "POST", "content": b"six", "headers": {"content-length": "3"}},
    "get-with-a-body": lambda _: {"method": "GET", "content": b"body"},
    "delete-with-a-body": lambda _: {"method": "DELETE", "content": b"body"},
    "head": lambda _: {"method": "HEAD"},
    "options": lambda _: {"method": "OPTIONS"},
    "a-method-of-their-own": lambda _: {"method": "PURGE"},
    "odd-path": lambda _: {"method": "GET", "params": {"q": "ü &=/?#", "empty": ""}},
    "headers": lambda _: {
        "method": "GET",
        "headers": [("X-One", "1"), ("x-one", "2"), ("x-empty", ""), ("x-latin", "\xe9".encode()), ("X-Tab", "a\tb")],
    },
    "a-host-of-their-own": lambda _: {"method": "GET", "headers": {"host": "other.test"}},
    "target": lambda _: {"method": "GET", "extensions": {"target": b"http://other.test/a?b"}},
    "target-of-a-server": lambda _: {"method": "OPTIONS", "extensions": {"target": b"*"}},
}  # fmt: skip


@in_both
@pytest.mark.parametrize("name", REQUESTS)
async def test_a_request_is_sent_as_httpx_sends_it(variant: Variant, name: str) -> None:
    """Method, target, headers and body are the same, and both times the server understands the next request on the
    connection. Sizes of chunks and the order of headers with different names may differ."""
    sent = []
    with peer(recorded) as server:
        for client in (variant.plain(), variant.http()):
            async with client as http:
                given = {"url": server.url + "/a/ü"} | REQUESTS[name](variant)
                answered = await variant.call(http.request, **given)
                assert (200, b"" if given["method"] == "HEAD" else b"ok") == (
                    answered.status_code,
                    answered.content,
                )
                await variant.call(http.get, server.url + "/next")
                request, following = server.requests
                assert ("GET", "/next", b"") == (following.method, following.target, following.body)
                headers = sorted(request.headers, key=lambda header: header[0].lower())
                sent.append((request.method, request.target, headers, request.body))
                server.requests.clear()
        assert [0, 0, 1, 1] == server.numbers
    assert sent[0] == sent[1]


@in_both
@pytest.mark.parametrize("pieces", [(b"12345",), (b"1", b"2"), ()], ids=["too-much", "too-little", "nothing"])
async def test_a_body_of_another_length_than_announced_is_refused(
    variant: Variant, pieces: tuple[bytes, ...]
) -> None:
    """LocalProtocolError; the connection, on which the server waits for the rest, is closed."""
    with peer(recorded) as server:
        async with variant.http() as http:
            with pytest.raises(httpx.LocalProtocolError) as refused:
                headers = {"content-length": "3"}
                content = body(variant, *pieces)
                await variant.call(http.post, server.url, content=content, headers=headers)
            assert "POST" == refused.value.request.method
            assert await in_a_thread(all_are_closed, server.port)
            assert 200 == (await variant.call(http.get, server.url)).status_code
    assert ["GET"] == [request.method for request in server.requests]


@in_both
async def test_a_body_that_raises_ends_the_connection(variant: Variant) -> None:
    """The error is the caller's own. The server must not take the body for complete."""

    class BrokenError(Exception):
        pass

    def broken() -> Iterator[bytes]:
        yield b"one"
        raise BrokenError

    async def async_broken() -> AsyncIterator[bytes]:
        yield b"one"
        raise BrokenError

    with peer(recorded) as server:
        async with variant.http() as http:
            with pytest.raises(BrokenError):
                content = async_broken() if variant.is_async else broken()
                await variant.call(http.post, server.url, content=content)
            assert await in_a_thread(all_are_closed, server.port)
            assert 200 == (await variant.call(http.get, server.url)).status_code
    assert ["GET"] == [request.method for request in server.requests]


@in_both
async def test_a_body_of_the_other_variant_is_refused(variant: Variant) -> None:
    """As httpx does, before anything is sent."""
    other = Variant("sync" if variant.is_async else "async")
    with peer(recorded) as server:
        async with variant.http() as http:
            with pytest.raises(RuntimeError, match="(?i)sync"):
                await variant.call(http.post, server.url, content=body(other, b"one"))
    assert [] == server.requests


# Early answers


@in_both
@pytest.mark.parametrize("kind", ["bytes", "generator"])
@pytest.mark.parametrize("then", ["keeps-open", "closes", "resets", "shuts-down"])
@pytest.mark.parametrize("connection_header", ["close", "keep-alive"])
async def test_an_early_answer_is_the_answer(
    variant: Variant, kind: str, then: str, connection_header: str, caplog: pytest.LogCaptureFixture
) -> None:
    """A 413, for example. The connection is not used again: the rest of the body would be read as a request.

    A server that closes the connection with unread bytes resets it. asyncio then closes it without looking for an
    answer that has arrived before, so the answer may be lost, as with httpx.
    """
    may_be_lost = variant.is_async and then in ("closes", "resets")

    def serve(connection: Connection) -> None:
        if (head := connection.head()) is not None and head.method == "GET":
            connection.send(response())
            connection.until_closed()
            return
        connection.send(response(b"too large", 413, f"connection: {connection_header}"))
        if then == "keeps-open":
            connection.peer.may_continue.wait(LIMIT)  # without reading any more
        elif then == "resets":
            connection.reset()
        elif then == "shuts-down":
            connection.socket.shutdown(1)
            connection.until_closed()

    content = LARGE * 32
    pieces = [LARGE] * 32
    with peer(serve) as server:
        async with variant.http(timeout=10) as http:
            began = monotonic()
            given = content if kind == "bytes" else body(variant, *pieces)
            try:
                answered = await variant.call(http.post, server.url, content=given)
            except (httpx.ReadError, httpx.WriteError):
                assert may_be_lost
            else:
                assert (413, b"too large") == (answered.status_code, answered.content)
            assert monotonic() - began < 5
            assert 200 == (await variant.call(http.get, server.url)).status_code
            assert 2 == server.made
            assert await in_a_thread(connections_become, server.port, 1)
    assert [] == [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]


@in_both
async def test_an_early_answer_may_be_a_stream(variant: Variant) -> None:
    """It is read to its end while the server reads no more of the request."""

    def serve(connection: Connection) -> None:
        connection.head()
        connection.send(CHUNKED + chunk(b"one"))
        connection.peer.may_continue.wait(LIMIT)
        connection.send(chunk(b"two") + chunk(b""))
        connection.until_closed()

    with peer(serve) as server:
        async with variant.http() as http:
            request = http.build_request("POST", server.url, content=LARGE * 32)
            answered = await variant.call(http.send, request, stream=True)
            chunks = variant.chunks(answered)
            assert b"one" == await variant.next(chunks)
            server.may_continue.set()
            assert [b"two"] == await variant.rest(chunks)
            await variant.close(answered)
            assert await in_a_thread(all_are_closed, server.port)


# Time and memory


@in_both
@pytest.mark.parametrize("kind", ["bytes", "generator", "length"])
async def test_a_server_that_does_not_read_is_a_write_timeout(variant: Variant, kind: str) -> None:
    def serve(connection: Connection) -> None:
        connection.peer.may_continue.wait(LIMIT)

    content = LARGE * 32 if kind == "bytes" else body(variant, *[LARGE] * 32)
    headers = {"content-length": str(32 * len(LARGE))} if kind == "length" else {}
    with peer(serve) as server:
        async with variant.http(timeout=httpx.Timeout(LIMIT, write=0.3)) as http:
            began = monotonic()
            with pytest.raises(httpx.WriteTimeout) as failed:
                await variant.call(http.post, server.url, content=content, headers=headers)
            assert 0.25 < monotonic() - began < 5
            assert "POST" == failed.value.request.method
            assert await in_a_thread(all_are_closed, server.port)


@in_both
async def test_a_connection_that_breaks_while_sending_is_a_write_or_read_error(variant: Variant) -> None:
    """If there was no answer. The next request uses another connection."""

    def serve(connection: Connection) -> None:
        if (head := connection.head()) is not None and head.method == "POST":
            connection.reset()
        else:
            connection.send(response())

    with peer(serve) as server:
        async with variant.http() as http:
            with pytest.raises((httpx.WriteError, httpx.ReadError, httpx.RemoteProtocolError)) as failed:
                await variant.call(http.post, server.url, content=LARGE * 32)
            assert "POST" == failed.value.request.method
            assert 200 == (await variant.call(http.get, server.url)).status_code


async def test_a_request_that_is_cancelled_while_it_is_sent_leaves_no_connection() -> None:
    def serve(connection: Connection) -> None:
        connection.head()
        connection.peer.may_continue.wait(LIMIT)

    variant = Variant("async")
    with peer(serve) as server:
        async with variant.http() as http:
            sending = asyncio.create_task(http.post(server.url, content=LARGE * 32))
            assert await in_a_thread(server.until, lambda: server.made)
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.1):
                    await sending
            assert await in_a_thread(all_are_closed, server.port)


class Measured:
    """A process that runs memory_script.py."""

    def __init__(self, *arguments: str) -> None:
        command = [sys.executable, str(HERE / "memory_script.py"), *arguments]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self._limit = threading.Timer(2 * LIMIT, self._process.kill)
        self._limit.start()

    def line(self, key: str) -> dict[str, Any]:
        """The line with this key, when it arrives."""
        for text in self._process.stdout or ():
            if key in (facts := json.loads(text)):
                return facts  # type: ignore[no-any-return]
        raise AssertionError(f"it ended before {key}")

    def resume(self) -> None:
        """Tells it to resume."""
        assert self._process.stdin is not None
        self._process.stdin.write("\n")
        self._process.stdin.flush()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, error: object, traceback: object) -> None:
        if error is not None:
            self._process.kill()
        self._process.communicate()
        self._limit.cancel()
        if error is None:
            assert 0 == self._process.returncode


@in_both
@pytest.mark.parametrize("kind", ["generator", "bytes"])
async def test_a_large_body_waits_for_a_server_that_reads_slowly(variant: Variant, kind: str) -> None:
    """Sending 64 MiB takes little more memory than the body: the server starts to read when no more is sent."""

    def serve(connection: Connection) -> None:
        connection.head()
        connection.peer.may_continue.wait(LIMIT)
        size, last = len(connection.received), bytes(connection.received[-5:])
        while size < 64 * MIB or (kind == "generator" and last != b"0\r\n\r\n"):
            data = connection.socket.recv(1 << 20)
            assert data
            size, last = size + len(data), (last + data)[-5:]
        connection.send(response(b"read"))

    def run() -> None:
        with peer(serve) as server, Measured("upload", variant.name, server.url, kind) as sender:
            begun = sender.line("begun")["peak"]
            if kind == "generator":
                assert sender.line("stopped_at")["stopped_at"] < 16  # of 64
            else:
                assert server.until(lambda: server.made)
            server.may_continue.set()
            answer = sender.line("answer")
            assert "read" == answer["answer"]
            assert answer["peak"] - begun < 16

    await in_a_thread(run)


@in_both
async def test_a_reader_that_stops_stops_the_sender(variant: Variant) -> None:
    """The first event of a stream of 256 MiB is read: the rest waits at the server."""
    event = b"event: custom\r\ndata: " + json.dumps("x" * 65536).encode() + b"\r\n\r\n"
    sent = [0]

    def serve(connection: Connection) -> None:
        connection.request()
        connection.send(CHUNKED.replace(b"\r\n\r\n", b"\r\ncontent-type: text/event-stream\r\n\r\n"))
        while sent[0] < 256 * MIB:
            connection.send(chunk(event))
            with connection.peer.changed:
                sent[0] += len(event)
                connection.peer.changed.notify_all()

    def has_stopped(server: Peer) -> bool:
        before = -1
        while before != sent[0]:
            before = sent[0]
            server.until(lambda: sent[0] != before, seconds=0.4)  # noqa: B023  # awaited at once
        return before < 256 * MIB

    def run() -> None:
        with peer(serve) as server, Measured("download", variant.name, server.url, "") as reader:
            begun = reader.line("begun")["peak"]
            assert "custom" == reader.line("first")["first"]
            assert has_stopped(server)
            assert sent[0] < 32 * MIB
            reader.resume()
            assert reader.line("left")["peak"] - begun < 16

    await in_a_thread(run)


# Invalid heads


def in_header(value: Any, name: Any = b"x-given") -> Callable[[httpx.Request], None]:
    """Sets a header, bypassing all checks."""

    def change(request: httpx.Request) -> None:
        request.headers = httpx.Headers([*request.headers.raw, (name, value)])

    return change


def in_method(method: str) -> Callable[[httpx.Request], None]:
    """Sets the method."""
    return lambda request: setattr(request, "method", method)


def in_target(target: bytes) -> Callable[[httpx.Request], None]:
    """Sets the target."""
    return lambda request: request.extensions.update(target=target)


SMUGGLED = b"x\r\n\r\nGET /smuggled HTTP/1.1\r\n\r\n"

UNSENDABLE: dict[str, Callable[[httpx.Request], None]] = {
    "method-request": in_method("GET / HTTP/1.1\r\nhost: x\r\n\r\nGET"),
    "method-cr": in_method("G\rET"),
    "method-lf": in_method("GET\n"),
    "method-nul": in_method("GET\0"),
    "method-space": in_method("GET /other"),
    "method-empty": in_method(""),
    "method-letters": in_method("GÉT"),
    "target-request": in_target(b"/ HTTP/1.1\r\nhost: x\r\n\r\nGET /"),
    "target-cr": in_target(b"/\r"),
    "target-lf": in_target(b"/\n"),
    "target-nul": in_target(b"/\0"),
    "target-space": in_target(b"/a b"),
    "target-empty": in_target(b""),
    "name-request": in_header(b"1", SMUGGLED),
    "name-cr": in_header(b"1", b"x\r"),
    "name-lf": in_header(b"1", b"x\ny: 1"),
    "name-nul": in_header(b"1", b"x\0"),
    "name-colon": in_header(b"1", b"x:y"),
    "name-space": in_header(b"1", b"x y"),
    "name-empty": in_header(b"1", b""),
    "value-request": in_header(SMUGGLED),
    "value-cr": in_header(b"a\rb"),
    "value-lf": in_header(b"a\nb"),
    "value-lf-at-the-end": in_header(b"a\n"),
    "value-folded": in_header(b"a\r\n b"),
    "value-nul": in_header(b"a\0b"),
    "two-lengths": in_header(b"7", b"content-length"),
    "length-and-chunks": in_header(b"chunked", b"transfer-encoding"),
    "two-hosts": in_header(b"other.test", b"host"),
}


@in_both
@pytest.mark.parametrize("name", UNSENDABLE)
async def test_a_line_break_in_the_head_is_not_sent(variant: Variant, name: str) -> None:
    """Set by an event hook of httpx, which runs last: LocalProtocolError, and no byte is sent."""

    def hook(request: httpx.Request) -> None:
        if request.method == "POST":
            UNSENDABLE[name](request)

    async def async_hook(request: httpx.Request) -> None:
        hook(request)

    hooks = {"request": [async_hook if variant.is_async else hook]}
    with peer(recorded) as server:
        async with variant.http(event_hooks=hooks) as http:
            with pytest.raises(httpx.LocalProtocolError) as refused:
                await variant.call(http.post, server.url, content=b"body")
            assert refused.value.request is not None
            assert 200 == (await variant.call(http.get, server.url)).status_code
    assert ["/"] == [request.target for request in server.requests]


@in_both
@pytest.mark.parametrize(
    "name", [name for name in UNSENDABLE if "space" not in name and "letters" not in name]
)
async def test_a_line_break_set_by_on_request_is_not_sent(variant: Variant, name: str) -> None:
    """ValueError if the library checks it first, otherwise APIConnectionError: nothing was sent."""
    with peer(recorded) as server:
        async with variant.runs(server.url, on_request=UNSENDABLE[name]) as runs:
            with pytest.raises((ValueError, APIConnectionError)) as refused:
                await variant.call(runs.create, "t", "agent")
            assert not getattr(refused.value, "run_may_exist", False)
    assert [] == server.requests


# Extensions


@in_both
async def test_an_extension_is_honoured_ignored_or_refused_by_name(variant: Variant) -> None:
    """`trace` is for events that only httpx's own transports have."""
    with peer(recorded) as server:
        async with variant.http() as http:
            for extensions in ({"unheard_of": 1}, {"trace": print}):
                try:
                    answered = await variant.call(http.get, server.url, extensions=extensions)
                except httpx.LocalProtocolError as refused:
                    assert f"{next(iter(extensions))!r}" in str(refused)
                else:
                    assert b"ok" == answered.content


@in_both
async def test_a_response_has_its_version_its_reason_and_its_socket(variant: Variant) -> None:
    with peer(recorded) as server:
        async with variant.http() as http:
            request = http.build_request("GET", server.url)
            answered = await variant.call(http.send, request, stream=True)
            assert ("HTTP/1.1", "Words") == (answered.http_version, answered.reason_phrase)
            stream = answered.extensions["network_stream"]
            assert ("127.0.0.1", server.port) == stream.get_extra_info("socket").getpeername()
            assert stream.get_extra_info("nothing") is None
            assert b"ok" == await variant.read(answered)
