"""The bytes of a request, compared with those of httpx's own transport; and servers that do not read it."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import httpx
import pytest
from engine.bodies import body, recorded
from engine.variants import Variant, in_a_thread, in_both
from servers.peer import peer
from servers.sockets import all_are_closed

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
