"""Keys, headers and query parameters of a call are in no log line and no error of this package."""

from __future__ import annotations

import logging
import pickle
from collections.abc import Callable
from itertools import count
from traceback import format_exception
from typing import Any

import pytest
from engine.variants import Variant, in_both
from servers.peer import Connection, peer, response
from servers.scripted_server import RESET, scripted_server

from langgraph_runs import ResponseInfo, RetryPolicy

KEY, HEADER, PARAM = "k3y-of-client", "h3ader-of-call", "p4ram-of-call"
SECRETS = (KEY, HEADER, PARAM)
OPTIONS: dict[str, Any] = {"headers": {"authorization": HEADER}, "params": {"token": PARAM}}
COUNT = count()
FAST = RetryPolicy(attempts=2, first_delay=0.01, longest_delay=0.01)

CALLS: dict[str, Callable[[Any], Any]] = {
    "create": lambda runs: runs.create("t", "agent", **OPTIONS),
    "create_batch": lambda runs: runs.create_batch([{"assistant_id": "agent"}], **OPTIONS),
    "wait": lambda runs: runs.wait("t", "agent", timeout=5, **OPTIONS),
    "join": lambda runs: runs.join("t", "r", **OPTIONS),
    "list": lambda runs: runs.list("t", **OPTIONS),
    "get": lambda runs: runs.get("t", "r", **OPTIONS),
    "cancel": lambda runs: runs.cancel("t", "r", **OPTIONS),
    "cancel_all": lambda runs: runs.cancel_all("t", **OPTIONS),
    "delete": lambda runs: runs.delete("t", "r", **OPTIONS),
}
STREAMS: dict[str, Callable[[Any], Any]] = {
    "stream": lambda runs: runs.stream("t", "agent", **OPTIONS),
    "join_stream": lambda runs: runs.join_stream("t", "r", **OPTIONS),
    "list_all": lambda runs: runs.list_all("t", **OPTIONS),
}
JSON = "content-type: application/json"
ANSWERS: dict[str, bytes] = {
    "reset": RESET,
    "no http": b"hello\r\n\r\n",
    "refused": response(b'{"detail": "no"}', 403, JSON, "connection: close"),
    "unauthorized": response(b'{"detail": "no"}', 401, JSON, "connection: close"),
    "busy": response(b"{}", 503, JSON, "connection: close"),
    "no json": response(b"<html>", 200, "content-type: text/html", "connection: close"),
    "redirect": response(b"", 307, "location: http://127.0.0.2:9/?x=y", "connection: close"),
    "redirect-here": response(b"", 307, "location: /elsewhere?x=y", "connection: close"),
    "cut": b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{",
}


def chain(error: BaseException | None) -> list[BaseException]:
    """An error, and those that it is chained to."""
    found = list[BaseException]()
    while error is not None and error not in found:
        found.append(error)
        error = error.__cause__ or error.__context__
    return found


def shown(error: BaseException) -> str:
    """All that is to be seen of an error: its traceback with its chain, its fields, and its pickle."""
    parts = format_exception(error)
    for one in chain(error):
        parts += [str(one), repr(one), repr(one.args), repr(vars(one))]
    return "".join(parts) + repr(pickle.dumps(error))


def new_key() -> str:
    """Another key each time it is called, so that a refused request is repeated."""
    return f"{KEY}-{next(COUNT)}"


@in_both
@pytest.mark.parametrize("key", [KEY, new_key], ids=["string", "callable"])
@pytest.mark.parametrize("what", ANSWERS)
async def test_no_error_and_no_log_line_shows_a_key_a_header_or_a_parameter(
    caplog: pytest.LogCaptureFixture, variant: Variant, what: str, key: Any
) -> None:
    """Of any method, whatever the server answers, at any level of our loggers; nor does what `on_response` gets."""
    caplog.set_level(logging.DEBUG, "langgraph_runs")
    infos = list[ResponseInfo]()
    options: dict[str, Any] = {"retry": FAST, "cancel_on_exit": "interrupt", "on_response": infos.append}
    with scripted_server(ANSWERS[what]) as server:
        async with variant.runs(server.url, api_key=key, **options) as runs:
            for name, call in (CALLS | STREAMS).items():
                try:
                    await (variant.next(call(runs)) if name in STREAMS else variant.call(call, runs))
                except Exception as error:  # noqa: BLE001
                    text = shown(error)
                    assert not [secret for secret in SECRETS if secret in text], (name, text)
            assert not [secret for secret in SECRETS if secret in f"{runs!r} {vars(runs)!r}"]
            assert not [secret for secret in SECRETS if secret in f"{infos!r} {pickle.dumps(infos)!r}"]
    sent = [request for request in server.requests if "elsewhere" not in request.target]
    assert all(PARAM in request.target and request.header("authorization") == [HEADER] for request in sent)
    ours = [record for record in caplog.records if record.name.startswith("langgraph_runs")]
    assert ours
    lines = " ".join(f"{record.getMessage()} {vars(record)!r}" for record in ours)
    assert not [secret for secret in SECRETS if secret in lines], lines


@in_both
async def test_a_server_that_echoes_a_secret_is_quoted_in_the_error_only(variant: Variant) -> None:
    """What a server sends back is its own text: an error has it as `body`, and no request of ours adds it."""

    def serve(connection: Connection) -> None:
        if (request := connection.request()) is not None:
            assert PARAM in request.target
            connection.send(response(b'{"detail": "denied"}', 403, JSON))

    with peer(serve) as server:
        async with variant.runs(server.url, api_key=KEY, retry=FAST) as runs:
            with pytest.raises(Exception, match="denied") as raised:
                await variant.call(runs.get, "t", "r", **OPTIONS)
    assert not [secret for secret in SECRETS if secret in shown(raised.value)]


@in_both
async def test_httpx_logs_the_query_of_each_request_until_its_logger_is_silenced(
    caplog: pytest.LogCaptureFixture, variant: Variant
) -> None:
    """At INFO, by its own logger, as docs/runs.md says: it is the only one that does."""

    def serve(connection: Connection) -> None:
        while connection.request() is not None:
            connection.send(response(b'{"run_id": "r"}', 200, JSON))

    with peer(serve) as server:
        for level, is_shown in ((logging.INFO, True), (logging.WARNING, False)):
            caplog.clear()
            caplog.set_level(level, "httpx")
            caplog.set_level(logging.DEBUG)
            async with variant.runs(server.url, api_key=KEY) as runs:
                await variant.call(runs.get, "t", "r", **OPTIONS)
            loud = {record.name for record in caplog.records if PARAM in record.getMessage()}
            assert ({"httpx"} if is_shown else set()) == loud
            assert KEY not in caplog.text
            assert HEADER not in caplog.text
