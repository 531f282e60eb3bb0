"""Every method with every option, and the exact request that it sends: the table of test_requests.py."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any, get_type_hints

from request.option_values import ABSENT, ODD_IDS, OURS, VALUES, Enumerated
from servers.scripted_server import answer, events

from langgraph_runs.request.options import (
    CreateOptions,
    StatelessRunOptions,
    StatelessStreamOptions,
    ThreadRunOptions,
    ThreadStreamOptions,
)

RUN = {"run_id": "r", "thread_id": "t", "assistant_id": "a", "status": "pending"}

# A join without a position requests the run, which may not have begun.
RUNNING = answer(body=json.dumps({**RUN, "status": "running"}).encode())

# A cancel that waits requests the run and its thread.
UNTIL_IDLE = (
    answer(body=json.dumps({**RUN, "status": "interrupted"}).encode()),
    answer(body=b'{"thread_id": "t", "status": "idle"}'),
)

# A join requests the run, before and after, and its last state.
JOINED = (answer(body=json.dumps({**RUN, "status": "success"}).encode()), answer(body=b"[]"))


@dataclass(frozen=True)
class Case:
    """A call, and the request that it sends."""

    name: str
    call: Callable[[Any], Any]
    method: str
    target: str
    body: Any = ABSENT
    headers: dict[str, str] = field(default_factory=dict)
    answer: bytes = answer()
    before: tuple[bytes, ...] = ()
    """What is answered to the requests before this one."""
    after: tuple[bytes, ...] = ()
    """And to those after it."""

    def __str__(self) -> str:
        return self.name


def calls() -> Iterator[Case]:
    """The methods that return a value."""
    run, runs, nothing = answer(body=json.dumps(RUN).encode()), answer(body=b"[]"), answer(204, b"")
    yield from _creating("create", "", ThreadRunOptions, StatelessRunOptions, run)
    yield from _creating("wait", "/wait", ThreadStreamOptions, StatelessStreamOptions, answer())
    for given, path in ODD_IDS:
        at = f"/threads/{path}/runs/{path}"
        yield Case(f"get-{path}", lambda r, i=given: r.get(i, i), "GET", at, answer=run)
        yield Case(f"delete-{path}", lambda r, i=given: r.delete(i, i), "DELETE", at, answer=nothing)
        yield Case(
            f"join-{path}",
            lambda r, i=given: r.join(i, i),
            "GET",
            f"{at}/join?cancel_on_disconnect=false",
            before=(run,),
            after=JOINED,
        )
        cancelled = f"{at}/cancel?action=interrupt"
        yield Case(
            f"cancel-{path}", lambda r, i=given: r.cancel(i, i), "POST", cancelled, answer=answer(202, b"")
        )
        listed = f"/threads/{path}/runs?limit=10&offset=0"
        yield Case(f"list-{path}", lambda r, i=given: r.list(i), "GET", listed, answer=runs)
    yield from _cancelling()
    yield from _listing(runs)
    yield from _batching(answer(body=json.dumps([RUN, RUN]).encode()))
    cancel, join = "/threads/t/runs/r/cancel", "/threads/t/runs/r/join"
    more = {"headers": {"x-more": "ü".encode().hex()}, "params": {"p": "ü"}}
    for name, call, method, target, reply in (
        ("join", lambda r: r.join("t", "r", **more), "GET", f"{join}?cancel_on_disconnect=false&", answer()),
        ("delete", lambda r: r.delete("t", "r", **more), "DELETE", "/threads/t/runs/r?", nothing),
        ("cancel", lambda r: r.cancel("t", "r", **more), "POST",
         f"{cancel}?action=interrupt&", nothing),
        ("cancel_many", lambda r: r.cancel_many(status="all", **more), "POST",
         "/runs/cancel?action=interrupt&", nothing),
    ):  # fmt: skip
        body = {"status": "all"} if name == "cancel_many" else ABSENT
        around = {"before": (run,), "after": JOINED} if name == "join" else {}
        yield Case(
            f"{name}-headers-params",
            call,
            method,
            f"{target}p=%C3%BC",
            body,
            more["headers"],
            reply,
            **around,
        )
    yield Case("get-enum", lambda r: r.get(Enumerated.STATUS, "r"), "GET",
               "/threads/status/runs/r", answer=run)  # fmt: skip
    yield Case("join-raise_error", lambda r: r.join("t", "r", raise_error=False), "GET",
               "/threads/t/runs/r/join?cancel_on_disconnect=false", before=(run,), after=JOINED)  # fmt: skip
    yield Case(
        "get-headers-params",
        lambda r: r.get(
            "t", "r", headers={"X-API-Key": "other", "X-More": "1"}, params={"a": [1, 2], "b": None}
        ),
        "GET",
        "/threads/t/runs/r?a=1&a=2",
        headers={"x-api-key": "other", "x-more": "1"},
        answer=run,
    )


def streams() -> Iterator[Case]:
    """The methods that return a stream."""
    accept = {"accept": "text/event-stream", "accept-encoding": "identity", "cache-control": "no-store"}
    for case in _creating("stream", "/stream", ThreadStreamOptions, StatelessStreamOptions, events(b"")):
        yield replace(case, headers={**accept, **case.headers})
    at = "/threads/t/runs/r/stream"
    no = "cancel_on_disconnect=false"
    for given, path in ODD_IDS:
        odd = f"/threads/{path}/runs/{path}/stream?{no}"
        yield Case(
            f"join_stream-{path}",
            lambda r, i=given: r.join_stream(i, i),
            "GET",
            odd,
            ABSENT,
            accept,
            events(b""),
            before=(RUNNING,),
        )
    modes = "%22metadata%22%2C%22error%22%5D"
    for name, options, query, more in (
        ("stream_mode", {"stream_mode": "values"}, f"stream_mode=%5B%22values%22%2C{modes}&{no}", {}),
        ("stream_modes", {"stream_mode": ["values", "custom"]},
         f"stream_mode=%5B%22values%22%2C%22custom%22%2C{modes}&{no}", {}),
        ("stream_mode-null", {"stream_mode": None}, no, {}),
        ("stream_mode-empty", {"stream_mode": []}, no, {}),
        ("cancel_on_disconnect", {"cancel_on_disconnect": True}, "cancel_on_disconnect=true", {}),
        ("last_event_id", {"last_event_id": "-1"}, no, {"last-event-id": "-1"}),
        ("last_event_id-null", {"last_event_id": None}, no, {}),
        ("raise_error", {"raise_error": False}, no, {}),
        ("headers", {"headers": {"ACCEPT": "text/other"}}, no, {"accept": "text/other"}),
        ("params", {"params": {"x": "ü"}}, f"{no}&x=%C3%BC", {}),
    ):  # fmt: skip
        yield Case(f"join_stream-{name}", lambda r, o=options: r.join_stream("t", "r", **o), "GET",
                   f"{at}?{query}", ABSENT, {**accept, **more}, events(b""),
                   before=() if "last-event-id" in more else (RUNNING,))  # fmt: skip


def _creating(method: str, path: str, stateful: type, stateless: type, reply: bytes) -> Iterator[Case]:
    """The cases of a method that creates a run, on a thread and without, with every value of every option."""
    for kind, thread_id, target in (
        (stateful, "t", f"/threads/t/runs{path}"),
        (stateless, None, f"/runs{path}"),
    ):
        on = "thread" if thread_id else "stateless"
        always = {"assistant_id": "agent"}
        if method == "stream" and thread_id:
            always.update(stream_resumable=True, on_disconnect="continue")  # type: ignore[arg-type]

        def call(runs: Any, options: dict[str, Any], thread_id: str | None = thread_id) -> Any:
            return getattr(runs, method)(thread_id, "agent", **options)

        yield Case(f"{method}-{on}", lambda r, c=call: c(r, {}), "POST", target, always, answer=reply)
        for name, options, sent in _options(kind):
            if (method, on, options) == ("stream", "stateless", {"stream_resumable": True}):
                continue  # creates a thread: has its own test
            yield Case(f"{method}-{on}-{name}", lambda r, c=call, o=options: c(r, o), "POST", target,
                       {**always, **sent}, answer=reply)  # fmt: skip
    for given, quoted in ODD_IDS:
        body = {"assistant_id": given}
        if method == "stream":
            body.update(stream_resumable=True, on_disconnect="continue")  # type: ignore[arg-type]
        yield Case(f"{method}-{quoted}", lambda r, i=given: getattr(r, method)(i, i), "POST",
                   f"/threads/{quoted}/runs{path}", body, answer=reply)  # fmt: skip
    yield Case(
        f"{method}-headers-params",
        lambda r: getattr(r, method)(None, "agent", headers={"X-Api-Key": "mine"}, params={"p": True}),
        "POST", f"/runs{path}?p=true", {"assistant_id": "agent"}, {"x-api-key": "mine"}, reply,
    )  # fmt: skip


def _options(kind: type) -> Iterator[tuple[str, dict[str, Any], dict[str, Any]]]:
    """(name, options, what they add to the body); an option without values in this file is an error."""
    ours = set(get_type_hints(CreateOptions))
    for name in get_type_hints(kind):
        if name not in ours:
            for number, (given, sent) in enumerate(VALUES[name]):
                yield f"{name}-{number}", {name: given}, _sent(name, given, sent)
    for name, values in OURS.items():
        for number, (given, more) in enumerate(values):
            yield f"{name}-{number}", {name: given}, given if more is ... else more


def _sent(name: str, given: Any, sent: Any) -> dict[str, Any]:
    return {} if sent is ABSENT else {name: given if sent is ... else sent}


def _cancelling() -> Iterator[Case]:
    at, done = "/threads/t/runs/r/cancel", answer(204, b"")
    for wait in (True, False):
        for action in ("interrupt", "rollback"):
            yield Case(f"cancel-{wait}-{action}",
                       lambda r, w=wait, a=action: r.cancel("t", "r", wait=w, action=a), "POST",
                       f"{at}?{'wait=1&' if wait else ''}action={action}",
                       after=UNTIL_IDLE if wait else ())  # fmt: skip
    yield Case("cancel-enum", lambda r: r.cancel("t", "r", action=Enumerated.ROLLBACK), "POST",
               f"{at}?action=rollback")  # fmt: skip
    for status in ("pending", "running", "all"):
        yield Case(f"cancel_many-{status}", lambda r, s=status: r.cancel_many(status=s), "POST",
                   "/runs/cancel?action=interrupt", {"status": status}, answer=done)  # fmt: skip
    yield Case("cancel_many-ids",
               lambda r: r.cancel_many(thread_id="t/ü", run_ids=("r", "s"), action="rollback"), "POST",
               "/runs/cancel?action=rollback", {"thread_id": "t/ü", "run_ids": ["r", "s"]}, answer=done)  # fmt: skip


def _listing(reply: bytes) -> Iterator[Case]:
    at = "/threads/t/runs"
    for name, options, query in (
        ("limit", {"limit": 1}, "limit=1&offset=0"),
        ("offset", {"offset": 20}, "limit=10&offset=20"),
        ("status", {"status": "error"}, "limit=10&offset=0&status=error"),
        ("status-null", {"status": None}, "limit=10&offset=0"),
        ("select", {"select": ["run_id", "status"]}, "limit=10&offset=0&select=run_id&select=status"),
        ("select-one", {"select": "status"}, "limit=10&offset=0&select=status"),
        ("select-empty", {"select": []}, "limit=10&offset=0"),
        ("select-null", {"select": None}, "limit=10&offset=0"),
        (
            "enums",
            {"status": Enumerated.SUCCESS, "select": [Enumerated.STATUS]},
            "limit=10&offset=0&status=success&select=status",
        ),
        ("params", {"params": {"x": ""}}, "limit=10&offset=0&x="),
    ):
        yield Case(f"list-{name}", lambda r, o=options: r.list("t", **o), "GET", f"{at}?{query}",
                   answer=reply)  # fmt: skip


def _batching(reply: bytes) -> Iterator[Case]:
    for name, options, sent in _options(StatelessRunOptions):
        yield Case(f"create_batch-{name}",
                   lambda r, o=options: r.create_batch([{"assistant_id": "a", **o}, {"assistant_id": "b"}]),
                   "POST", "/runs/batch", [{"assistant_id": "a", **sent}, {"assistant_id": "b"}],
                   answer=reply)  # fmt: skip
    yield Case("create_batch-headers-params",
               lambda r: r.create_batch(iter([{"assistant_id": "ü"}] * 2), headers={"x-more": "1"}, params={"p": 1}),
               "POST", "/runs/batch?p=1", [{"assistant_id": "ü"}] * 2, {"x-more": "1"}, reply)  # fmt: skip
