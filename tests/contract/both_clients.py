"""The same calls by this client and by langgraph-sdk, and how the requests differ."""

from __future__ import annotations

import inspect
import json
import warnings
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from contract.generated_pairs import Pair, generated_pairs
from langgraph_runs_api.types import UNSET
from request.option_values import ODD_IDS, VALUES
from servers.http_request import Request
from servers.peer import Connection, response

RUN = {"run_id": "r", "thread_id": "t", "assistant_id": "a", "status": "success"}
STREAM = b'event: metadata\r\ndata: {"run_id": "r", "attempt": 1}\r\n\r\n'
THEIR_NAMES = {"langsmith_tracer": "langsmith_tracing"}


def pairs(sdk: Any) -> Iterator[Pair]:
    """Every method that both have, with every option that both have."""
    for method in ("create", "wait", "stream"):
        for thread_id in ("t", None):
            yield from _starting(sdk, method, thread_id)
    for odd, _ in ODD_IDS[:-1]:  # the last one would make this server send a stream
        yield from (_same(method, odd, odd) for method in ("get", "delete", "join"))
    yield from (_same("list", "t", **options) for options in LISTS)
    yield from (_same("cancel", "t", "r", **options) for options in CANCELS)
    yield from (_same("cancel_many", **options) for options in MANY)
    yield from (_same("join_stream", "t", "r", **options) for options in JOINED_STREAMS)
    yield from (_same("create_batch", payloads) for payloads in BATCHES)
    yield from generated_pairs()


LISTS: list[dict[str, Any]] = [
    {},
    {"limit": 5, "offset": 2},
    {"status": "success"},
    {"select": ["run_id", "status"]},
    {"params": {"x": "ü"}},
]
CANCELS: list[dict[str, Any]] = [{}, {"action": "rollback"}, {"wait": True}, {"params": {"x": 1}}]
MANY: list[dict[str, Any]] = [
    {"status": "all"},
    {"thread_id": "t", "run_ids": ["r", "s"]},
    {"status": "pending", "action": "rollback"},
]
JOINED_STREAMS: list[dict[str, Any]] = [
    {},
    {"cancel_on_disconnect": True},
    {"stream_mode": "values"},
    {"stream_mode": ["values", "custom"]},
    {"last_event_id": "-1"},
]
BATCHES: list[list[dict[str, Any]]] = [
    [{"assistant_id": "a"}, {"assistant_id": "a"}],
    [{"assistant_id": "a", "input": {"x": 1}}, {"assistant_id": "b", "metadata": {"m": None}}],
]


def _starting(sdk: Any, method: str, thread_id: str | None) -> Iterator[Pair]:
    """A method that starts a run: with each value of each option that langgraph-sdk has too."""
    name = method if thread_id else f"{method} without a thread"
    known = inspect.signature(getattr(sdk.runs, method)).parameters
    not_stateless = {"multitask_strategy", "if_not_exists", "checkpoint", "checkpoint_id"}
    not_on_thread = {"on_completion"}
    cases: list[tuple[dict[str, Any], dict[str, Any]]] = [({}, {})]
    for option, values in VALUES.items():
        theirs = THEIR_NAMES.get(option, option)
        if theirs in known and option not in (not_on_thread if thread_id else not_stateless):
            cases += [({option: value}, {theirs: value}) for value, _ in values if value is not UNSET]
    for given, as_theirs in cases:
        yield Pair(
            name,
            lambda client, given=given: getattr(client, method)(thread_id, "agent", **given),
            lambda client, given=as_theirs: getattr(client.runs, method)(thread_id, "agent", **given),
        )


def _same(method: str, *arguments: Any, **options: Any) -> Pair:
    """A call that is written the same way for both."""
    return Pair(
        method,
        lambda client: getattr(client, method)(*arguments, **options),
        lambda client: getattr(client.runs, method)(*arguments, **options),
    )


def serve(connection: Connection) -> None:
    """Answers like a server whose runs end at once."""
    while (request := connection.request()) is not None:
        path = urlsplit(request.target).path
        location = "content-location: /threads/t/runs/r"
        if path.endswith("/stream"):
            connection.send(response(STREAM, 200, "content-type: text/event-stream", location))
        elif request.method == "DELETE" or path == "/runs/cancel":
            connection.send(response(b"", 204))
        else:
            body = json.dumps(_answer(request.method, path)).encode()
            connection.send(response(body, 200, "content-type: application/json", location))


def _answer(method: str, path: str) -> Any:
    """What the real server would answer, as far as the clients read it."""
    if path == "/runs/batch":
        return [RUN, RUN]
    if path.endswith(("/history", "/search")) or (method == "GET" and path.endswith("/runs")):
        return []
    if path.endswith("/count"):
        return 0
    if path.endswith(("/state", "/wait", "/join", "/cancel")) or "/state/" in path:
        return {"values": {}, "next": [], "checkpoint": {}}
    if "/crons" in path:
        return {"cron_id": "c", "schedule": "* * * * *"}
    if path.startswith("/assistants"):
        return {"assistant_id": "a", "graph_id": "agent", "nodes": [], "edges": []}
    if path.endswith("/runs") or "/runs/" in path:
        return RUN
    return {"thread_id": "t", "status": "idle"}


def requests_of(call: Callable[[Any], object], client: Any, seen: list[Request]) -> list[Request]:
    """The requests that a call sends; a stream is read to its end."""
    before = len(seen)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        result = call(client)
        if isinstance(result, Iterator):
            list(result)
    return seen[before:]


def differences(name: str, ours: list[Request], theirs: list[Request]) -> Iterator[str]:
    """How the requests differ, one line for each difference: method, path, query and body."""
    mine = {f"{one.method} {urlsplit(one.target).path}": one for one in reversed(ours)}
    other = {f"{one.method} {urlsplit(one.target).path}": one for one in reversed(theirs)}
    for request in mine.keys() | other.keys():
        if request not in other:
            yield f"{name}: {request} only here"
        elif request not in mine:
            yield f"{name}: {request} only by langgraph-sdk"
        else:
            for kind, read in (("query", _query), ("body", _body)):
                first, second = read(mine[request]), read(other[request])
                yield from _fields(f"{name}: {kind}", first, second)


def _query(request: Request) -> dict[str, Any]:
    found: dict[str, list[str]] = {}
    for key, value in parse_qsl(urlsplit(request.target).query, keep_blank_values=True):
        found.setdefault(key, []).append(value)
    return {key: values[0] if len(values) == 1 else values for key, values in found.items()}


def _body(request: Request) -> Any:
    return json.loads(request.body) if request.body else {}


def _fields(place: str, ours: Any, theirs: Any) -> Iterator[str]:
    if not (isinstance(ours, dict) and isinstance(theirs, dict)):
        if ours != theirs:
            yield f"{place} is {_shown(ours)} here, {_shown(theirs)} by langgraph-sdk"
        return
    for key in ours.keys() | theirs.keys():
        if key not in theirs:
            yield f"{place}.{key} = {_shown(ours[key])} only here"
        elif key not in ours:
            yield f"{place}.{key} = {_shown(theirs[key])} only by langgraph-sdk"
        else:
            yield from _fields(f"{place}.{key}", ours[key], theirs[key])


def _shown(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
