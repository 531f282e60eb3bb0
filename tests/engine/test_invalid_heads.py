"""What would break the head of a request is not sent."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from engine.bodies import recorded
from engine.variants import Variant, in_both
from servers.peer import peer

from langgraph_runs import APIConnectionError


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
