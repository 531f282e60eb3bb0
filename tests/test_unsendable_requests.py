"""A request that cannot be sent is refused before it is sent, and the error says why, whatever has changed it and
whichever transport would send it."""

from __future__ import annotations

from collections.abc import Callable
from traceback import format_exception
from typing import Any

import httpx
import httpx2
import pytest
from engine.variants import Variant, in_both
from langgraph_runs_api.api.thread_runs import get_run
from servers.peer import peer, response

from langgraph_runs import RetryPolicy
from langgraph_runs.engine import request as engine_request

SECRET = "s3cret"
FAST = RetryPolicy(first_delay=0.01, longest_delay=0.01)

TRANSPORTS = ["engine", "httpx", "http_client"]


def header(name: str, value: str | bytes) -> Callable[[httpx.Request], None]:
    """Sets a header, as bytes: httpx checks nothing."""

    def change(request: httpx.Request) -> None:
        raw = [one for one in request.headers.raw if one[0].lower() != name.encode().lower()]
        given = value.encode() if isinstance(value, str) else value
        request.headers = httpx.Headers([*raw, (name.encode(), given)])

    return change


def attribute(name: str, value: Any) -> Callable[[httpx.Request], None]:
    return lambda request: setattr(request, name, value)


def extension(name: str, value: Any) -> Callable[[httpx.Request], None]:
    return lambda request: request.extensions.update({name: value})


# What a callback does, and what the error must name.
CHANGES: dict[str, tuple[Callable[[httpx.Request], Any], str]] = {
    "line break": (header("x-mine", f"{SECRET}\r\nx: y"), "header 'x-mine'"),
    "line feed": (header("x-mine", f"{SECRET}\n"), "header 'x-mine'"),
    "null": (header("x-mine", f"{SECRET}\0"), "header 'x-mine'"),
    "control character": (header("x-mine", f"{SECRET}\x01"), "header 'x-mine'"),
    "delete": (header("x-mine", f"{SECRET}\x7f."), "header 'x-mine'"),
    "vertical tab": (header("x-mine", f"{SECRET}\x0b."), "header 'x-mine'"),
    "space around": (header("x-mine", f" {SECRET}"), "header 'x-mine'"),
    "name with a space": (header(f"{SECRET} x", "y"), "a header has a name"),
    "name that is empty": (header("", SECRET), "a header has a name"),
    "name outside ASCII": (header("x-\xe9", SECRET), "a header has a name"),
    "no host": (lambda request: request.headers.pop("host"), "one Host header"),
    "length": (header("content-length", "7"), "Content-Length"),
    "framing": (header("transfer-encoding", "gzip"), "Transfer-Encoding"),
    "headers": (attribute("headers", {"x": SECRET}), "httpx.Headers"),
    "method": (attribute("method", "GET /"), "method"),
    "no method": (attribute("method", None), "method"),
    "scheme": (attribute("url", httpx.URL("ftp://127.0.0.1/")), "scheme"),
    "no host in the url": (attribute("url", httpx.URL("http:///x")), "no host"),
    "text as url": (attribute("url", "http://127.0.0.1/"), "httpx.URL"),
    "target": (extension("target", b"/a b"), "target"),
    "target outside ASCII": (extension("target", "/\xe9".encode()), "target"),
    "empty target": (extension("target", b""), "target"),
    "extensions": (attribute("extensions", None), "extensions"),
    "timeout": (extension("timeout", 5.0), "extensions"),
}

METHODS: dict[str, Callable[[Any], Any]] = {
    "create": lambda runs: runs.create("t", "agent"),
    "wait": lambda runs: runs.wait("t", "agent"),
    "stream": lambda runs: runs.stream("t", "agent", cancel_on_exit="interrupt"),
    "stream-stateless": lambda runs: runs.stream(None, "agent", stream_resumable=True),
    "get": lambda runs: runs.get("t", "r"),
    "delete": lambda runs: runs.delete("t", "r"),
}


def is_free_of_secrets(error: BaseException | None) -> bool:
    """Whether neither the error nor one that it is chained to shows the value."""
    while error is not None:
        if SECRET in f"{error!r} {error} {vars(error)} {''.join(format_exception(error))}":
            return False
        error = error.__cause__ or error.__context__
    return True


def hooked(variant: Variant, change: Callable[[httpx.Request], Any], **options: Any) -> Any:
    """A caller's own client, with a hook."""

    async def hook(request: httpx.Request) -> None:
        change(request)

    return variant.plain_client(event_hooks={"request": [hook if variant.is_async else change]}, **options)


@in_both
@pytest.mark.parametrize("transport", TRANSPORTS)
@pytest.mark.parametrize("what", CHANGES)
async def test_what_a_callback_makes_unsendable_is_refused_by_name(
    monkeypatch: pytest.MonkeyPatch, variant: Variant, transport: str, what: str
) -> None:
    """A ValueError, not a lost connection: nothing is sent, retried, looked for, cancelled or deleted."""
    change, named = CHANGES[what]
    retried = list[Any]()
    options: dict[str, Any] = {"retry": FAST, "cancel_on_exit": "interrupt", "on_request": change}
    if transport == "http_client":
        options["http_client"] = variant.plain_client()
    monkeypatch.setenv("LANGGRAPH_RUNS_ENGINE", "httpx" if transport == "httpx" else "")
    with peer() as server:
        async with variant.runs(server.url, on_retry=lambda *args: retried.append(args), **options) as runs:
            for method, call in METHODS.items():
                with pytest.raises(ValueError, match="this request cannot be sent: ") as raised:
                    if method.startswith("stream"):
                        await variant.next(call(runs))
                    else:
                        await variant.call(call, runs)
                assert named in str(raised.value)
                assert is_free_of_secrets(raised.value)
            with pytest.raises(ValueError, match="this request cannot be sent: ") as raised:
                function = get_run.asyncio if variant.is_async else get_run.sync
                await variant.call(function, "t", "r", client=runs.api)
            assert is_free_of_secrets(raised.value)
        if "http_client" in options:
            await variant.close(options["http_client"])
    assert ([], [], 0) == (server.requests, retried, server.made)


HOOKED = ["line break", "line feed", "null", "space around", "name with a space", "scheme"]


@in_both
@pytest.mark.parametrize("what", HOOKED)
async def test_what_a_hook_of_the_caller_s_client_makes_unsendable_is_refused(
    variant: Variant, what: str
) -> None:
    """The hook runs after all checks of this package, and h11 shows the value in its error."""
    change, named = CHANGES[what]
    http = hooked(variant, change)
    with peer() as server:
        async with variant.runs(server.url, http_client=http, retry=FAST, cancel_on_exit="interrupt") as runs:
            for method, call in METHODS.items():
                with pytest.raises(ValueError, match="this request cannot be sent: ") as raised:
                    if method.startswith("stream"):
                        await variant.next(call(runs))
                    else:
                        await variant.call(call, runs)
                assert named in str(raised.value)
                assert is_free_of_secrets(raised.value)
        await variant.close(http)
    assert [] == server.requests


CALLERS: dict[str, dict[str, Any]] = {
    "header": {"headers": {"x-mine": f"{SECRET}\n."}},
    "name": {"headers": {f"{SECRET}:": "x"}},
    "params": {"params": {"x": SECRET * 20000}},
}


@in_both
@pytest.mark.parametrize("what", CALLERS)
async def test_what_a_caller_makes_unsendable_is_refused(variant: Variant, what: str) -> None:
    """Also a query that is too long for httpx, which is noticed when the request is made."""
    with peer() as server:
        async with variant.runs(server.url, retry=FAST, cancel_on_exit="interrupt") as runs:
            for method in ("create", "wait"):
                with pytest.raises(ValueError, match="header|URL") as raised:
                    await variant.call(getattr(runs, method), "t", "agent", **CALLERS[what])
                assert is_free_of_secrets(raised.value)
            with pytest.raises(ValueError, match="header|URL") as raised:
                await variant.next(runs.stream("t", "agent", **CALLERS[what]))
            assert is_free_of_secrets(raised.value)
    assert [] == server.requests


@in_both
@pytest.mark.parametrize("transport", [*TRANSPORTS, "httpx2"])
async def test_what_on_request_may_change(
    monkeypatch: pytest.MonkeyPatch, variant: Variant, transport: str
) -> None:
    """The target, the method, the body with its length, values in Latin-1 and with tabs, and the extensions."""

    def change(request: httpx.Request) -> None:
        request.url = request.url.copy_merge_params({"x": "a b"})
        request.method = "PUT"
        header("x-mine", b"a\t\xe9")(request)
        request.extensions = {}

    monkeypatch.setenv("LANGGRAPH_RUNS_ENGINE", "httpx" if transport == "httpx" else "")
    family = {"http_client": httpx, "httpx2": httpx2}.get(transport)
    options = {"http_client": variant.plain_client(family=family)} if family else {}

    def serve(connection: Any) -> None:
        while connection.request() is not None:
            connection.send(response(b'{"run_id": "r"}', 200, "content-type: application/json"))

    with peer(serve) as server:
        async with variant.runs(server.url, on_request=change, **options) as runs:
            assert "r" == (await variant.call(runs.get, "t", "r")).run_id
        for client in options.values():
            await variant.close(client)
    request = server.requests[0]
    assert ("PUT", ["a\t\xe9"]) == (request.method, request.header("x-mine"))
    assert request.target.endswith(("?x=a+b", "?x=a%20b"))


@in_both
@pytest.mark.parametrize("transport", TRANSPORTS)
async def test_a_request_is_checked_once(
    monkeypatch: pytest.MonkeyPatch, variant: Variant, transport: str
) -> None:
    """After `on_request`, which is the last to change it; and once more after the hooks of a caller's own client."""
    order = list[str]()
    unchecked = engine_request.obstacle

    def noting(request: httpx.Request) -> str | None:
        order.append("check")
        return unchecked(request)

    for place in ("engine.request", f"_{variant}.httpx_errors"):
        monkeypatch.setattr(f"langgraph_runs.{place}.obstacle", noting)
    monkeypatch.setenv("LANGGRAPH_RUNS_ENGINE", "httpx" if transport == "httpx" else "")
    lent = variant.plain_client(transport=variant.pool()) if transport == "http_client" else None
    with peer() as server:
        async with variant.runs(
            server.url, http_client=lent, on_request=lambda _: order.append("on_request")
        ) as runs:
            await variant.call(runs.delete, "t", "r")
        if lent is not None:
            await variant.close(lent)
    assert ["on_request", "check", *(["check"] if lent else [])] == order


@in_both
async def test_a_hook_of_a_caller_s_client_over_the_engine_can_add_no_header(variant: Variant) -> None:
    change, named = CHANGES["line break"]
    http = hooked(variant, change, transport=variant.pool())
    with peer() as server:
        async with variant.runs(server.url, http_client=http, retry=FAST) as runs:
            with pytest.raises(ValueError, match=named):
                await variant.call(runs.get, "t", "r")
        await variant.close(http)
    assert [] == server.requests
