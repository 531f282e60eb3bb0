"""The one door to the generated layer: what a call sends, and how its answer is read. No I/O.

One function for each method of the client. It checks the arguments, lets the generated function of the endpoint say
where and how, and gives back a `Call` for the transport to send. It raises TypeError and ValueError for invalid
arguments, before anything is sent.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial, wraps
from inspect import signature
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar, cast
from uuid import uuid4

import orjson
from langgraph_runs_api.api.runs import cancel_runs, create_run, create_run_batch, stream_run, wait_run
from langgraph_runs_api.api.thread_runs import (
    cancel_run,
    create_thread_run,
    delete_run,
    get_run,
    join_run,
    join_run_stream,
    list_thread_runs,
    stream_thread_run,
    wait_thread_run,
)
from langgraph_runs_api.api.threads import delete_thread as delete_a_thread
from langgraph_runs_api.api.threads import get_thread, get_thread_history
from langgraph_runs_api.models import CancelAction, CancelStatus, Run, RunField, RunStatus, StreamMode, Thread
from langgraph_runs_api.types import UNSET

from langgraph_runs import answers
from langgraph_runs.answers import Answer
from langgraph_runs.arguments import callback, flag, identifier, mapping, number, several
from langgraph_runs.call import Call, called, for_all, starting
from langgraph_runs.options import (
    BatchRun,
    CallOptions,
    CancelOnExit,
    Inherited,
    OnRunCreated,
    StatelessRunOptions,
    StatelessStreamOptions,
    ThreadRunOptions,
    ThreadStreamOptions,
    choice,
    fields,
    known,
)
from langgraph_runs.replay import Position
from langgraph_runs.settings import merged

P = ParamSpec("P")
T = TypeVar("T")

# What a narrowed stream still has: whether the run began anew, and whether it failed, is no matter of modes. The server
# reads several as one JSON array; of a repeated parameter it takes but the last.
_IN_EVERY_MODE = ("metadata", "error")

_EVENT_STREAM = {"accept": "text/event-stream", "cache-control": "no-store"}


def _with_own_keywords(
    build: Callable[Concatenate[Mapping[str, Any], P], T],
) -> Callable[Concatenate[Mapping[str, Any], P], T]:
    """Refuses options that are none of this method: neither its own keywords nor what every method takes."""
    own = tuple(signature(build).parameters)[1:]

    @wraps(build)
    def checked(options: Mapping[str, Any], /, *args: P.args, **kwargs: P.kwargs) -> T:
        known(CallOptions, options, more=own)
        return build(options, *args, **kwargs)

    return checked


def create(options: Mapping[str, Any], thread_id: str | None, assistant_id: str) -> Call[Run]:
    """Starts a run in the background."""
    tell = _callback(options)
    if thread_id is None:
        body = _run(StatelessRunOptions, assistant_id, options)
        return starting(create_run.request(body=body), answers.run, options, on_run_created=tell)
    thread_id = identifier("thread_id", thread_id)
    body = _run(ThreadRunOptions, assistant_id, options)
    request = create_thread_run.request(thread_id, body=body)
    return starting(request, answers.run, options, thread_id=thread_id, on_run_created=tell)


@_with_own_keywords
def create_batch(options: Mapping[str, Any], payloads: Sequence[BatchRun]) -> Call[list[Run]]:
    """Starts many stateless runs in the background."""
    body = [_batch_run(payload) for payload in several("payloads", payloads)]
    read = partial(answers.runs, count=len(body))
    return replace(starting(create_run_batch.request(body=body), read, options), nonce=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Following:
    """A stream to open, and what to repeat when it is gone on with.

    Attributes:
        call: How it begins.
        position: Where it begins; None for a new run, and for what happens from now on.
        stream_mode: What it is narrowed to, as sent.
        cancel_on_disconnect: Whether the server stops the run when a connection breaks.
        is_new: Whether it begins with the run.
        is_kept: Whether the server was told to keep the events; if not, their ids tell.
        is_lossy: Whether it has events that Python's servers never keep.
        thread_to_delete: One that was made for it, to be deleted at its end.
    """

    call: Call[None]
    position: Position | None = None
    stream_mode: list[str] | None = None
    cancel_on_disconnect: bool = False
    is_new: bool = False
    is_kept: bool = False
    is_lossy: bool = False
    thread_to_delete: str | None = None


def on_exit(given: CancelOnExit, of_the_client: CancelAction | None = None) -> CancelAction | None:
    """What `cancel_on_exit=` means: how to stop a run whose caller goes away, or not at all."""
    if isinstance(given, Inherited):
        return of_the_client
    return None if given is None else cast(CancelAction, choice("cancel_on_exit", given, CancelAction))


def stopping(action: CancelAction) -> CancelAction:
    """The action, if there is such a one."""
    return cast(CancelAction, choice("action", action, CancelAction))


def stream(
    options: Mapping[str, Any],
    thread_id: str | None,
    assistant_id: str,
    *,
    cancel_on_exit: CancelAction | None = None,
) -> Following:
    """Starts a run and streams it; on a thread, such that the stream can be joined again. Without a thread this needs
    one: it is made by the same request where the caller asks for `stream_resumable`, and deleted at the end. A
    stateless run that is not resumable has nowhere to send a cancel to: its connection is to take it along."""
    if thread_id is None and cancel_on_exit and not options.get("stream_resumable"):
        given = options.get("on_disconnect")
        options = {**options, "on_disconnect": "cancel" if given is None else given}
    made = str(uuid4()) if thread_id is None and options.get("stream_resumable") else None
    given = options
    if made is not None:
        _run(
            StatelessStreamOptions, assistant_id, options
        )  # what goes on a thread alone is refused all the same
        rest = {name: value for name, value in options.items() if name != "on_completion"}
        given = {**rest, "if_not_exists": "create"}
    call = _followed(
        stream_run,
        stream_thread_run,
        given,
        made or thread_id,
        assistant_id,
        answers.streaming,
        streamed=True,
    )
    modes = _listed(options.get("stream_mode") or ())
    return Following(
        call=call,
        is_new=True,
        cancel_on_disconnect=options.get("on_disconnect") == "cancel",
        is_kept=call.thread_id is not None and options.get("stream_resumable") is not False,
        is_lossy=_is_lossy(modes),
        thread_to_delete=made if options.get("on_completion") != "keep" else None,
    )


def wait(options: Mapping[str, Any], thread_id: str | None, assistant_id: str) -> Call[Any]:
    """Starts a run and waits for its end."""
    return _followed(wait_run, wait_thread_run, options, thread_id, assistant_id, answers.outcome)


@_with_own_keywords
def join(options: Mapping[str, Any], thread_id: str, run_id: str) -> Call[Any]:
    """Waits for the end of a run."""
    ids = _ids(thread_id, run_id)
    request = join_run.request(**ids, cancel_on_disconnect=False)
    return called(request, answers.outcome, options, long=True, **ids)


@_with_own_keywords
def join_stream(
    options: Mapping[str, Any],
    thread_id: str,
    run_id: str,
    *,
    last_event_id: str | Position | None,
    stream_mode: StreamMode | Sequence[StreamMode] | None,
    cancel_on_disconnect: bool,
) -> Following:
    """Streams a run that is there already."""
    ids = _ids(thread_id, run_id)
    position = _position(last_event_id, ids)
    modes: list[str] | None = _listed(
        choice("stream_mode", stream_mode or [], StreamMode | Sequence[StreamMode])
    )
    modes = modes or (position and position["stream_mode"]) or None
    following = Following(
        call=_joining(options, ids, None, modes, cancel_on_disconnect),
        position=position,
        stream_mode=modes,
        cancel_on_disconnect=cancel_on_disconnect,
        is_kept=position is not None,
        is_lossy=_is_lossy(modes or ()),
    )
    return following if position is None else replace(following, call=rejoin(following, position))


def rejoin(following: Following, position: Position) -> Call[None]:
    """Goes on with a stream from a position."""
    ids = _ids(position["thread_id"], position["run_id"])
    more = following.stream_mode, following.cancel_on_disconnect
    return _joining(following.call.options, ids, position["after"], *more)


def _joining(
    options: Mapping[str, Any],
    ids: dict[str, Any],
    after: str | None,
    modes: Sequence[str] | None,
    cancel_on_disconnect: bool,
) -> Call[None]:
    request = join_run_stream.request(
        **ids,
        stream_mode=orjson.dumps([*modes, *_IN_EVERY_MODE]).decode() if modes else UNSET,
        cancel_on_disconnect=flag("cancel_on_disconnect", cancel_on_disconnect),
    )
    ours = _EVENT_STREAM if after is None else merged(_EVENT_STREAM, {"last-event-id": after})
    return called(request, answers.streaming, options, ours, long=True, streams=True, **ids)


def _position(given: str | Position | None, ids: dict[str, Any]) -> Position | None:
    """What `last_event_id=` means: the position of another stream of this run, or one right behind an id."""
    if given is None:
        return None
    if isinstance(given, str):
        start = {**ids, "after": given, "last_event_id": None, "count": 0, "first": None, "stream_mode": None}
        return cast(Position, start)
    if not isinstance(given, Mapping):
        kind = type(given).__name__
        raise TypeError(f"last_event_id is a string, or the position of a stream, not {kind}")
    found = mapping("last_event_id", given)
    if set(found) != set(Position.__annotations__):
        raise ValueError("last_event_id is an id, or the position of a stream, and not another mapping")
    for name, mine in ids.items():
        if found[name] != mine:
            raise ValueError(f"last_event_id is a position of another run: its {name} is {found[name]!r}")
    if not isinstance(found["after"], str) or not isinstance(found["last_event_id"], str | None):
        raise TypeError("last_event_id is no position: its after and its last_event_id are strings")
    number("last_event_id: its count", found["count"], least=0)
    if found["first"] is not None:
        number("last_event_id: its first", found["first"], least=0)
    if (modes := found["stream_mode"]) is not None:
        choice("stream_mode", several("last_event_id: its stream_mode", modes), Sequence[StreamMode])
    return cast(Position, dict(found))


def _is_lossy(modes: Sequence[str]) -> bool:
    """Whether Python's servers keep not all of the events of these modes. (With both, only the second one's come.)"""
    return "messages" in modes and "messages-tuple" not in modes


def delete_thread(options: Mapping[str, Any], thread_id: str) -> Call[None]:
    """Deletes a thread that was made for a stream."""
    request = delete_a_thread.request(thread_id)
    return called(request, answers.nothing, options, thread_id=thread_id, gone_is_done=True)


def thread(options: Mapping[str, Any], thread_id: str) -> Call[Thread]:
    """A thread as it is now."""
    return called(get_thread.request(thread_id), answers.thread, options, thread_id=thread_id)


def history(options: Mapping[str, Any], thread_id: str, run_id: str) -> Call[list[dict[str, Any]]]:
    """The last state that a run has left, in a list; an empty one where there is none."""
    request = get_thread_history.request(thread_id, body={"limit": 1, "metadata": {"run_id": run_id}})
    return called(request, answers.states, options, run_id=run_id, thread_id=thread_id)


@_with_own_keywords
def list_runs(
    options: Mapping[str, Any],
    thread_id: str,
    *,
    limit: int,
    offset: int,
    status: RunStatus | None,
    select: RunField | Sequence[RunField] | None,
) -> Call[list[Run]]:
    """One page of a thread's runs."""
    thread_id = identifier("thread_id", thread_id)
    request = list_thread_runs.request(
        thread_id,
        limit=number("limit", limit, least=1),
        offset=number("offset", offset, least=0),
        status=UNSET if status is None else choice("status", status, RunStatus),
        select=_listed(choice("select", select, RunField | Sequence[RunField])) if select else UNSET,
    )
    return called(request, answers.runs, options, thread_id=thread_id)


@_with_own_keywords
def get(options: Mapping[str, Any], thread_id: str, run_id: str) -> Call[Run]:
    """One run."""
    ids = _ids(thread_id, run_id)
    return called(get_run.request(**ids), answers.run, options, **ids)


@_with_own_keywords
def cancel(
    options: Mapping[str, Any], thread_id: str, run_id: str, *, wait: bool, action: CancelAction
) -> Call[None]:
    """Stops a run. That it has ended already is no error."""
    ids = _ids(thread_id, run_id)
    request = cancel_run.request(**ids, wait=flag("wait", wait), action=stopping(action))
    gone = action == "rollback"
    return called(request, answers.stopped, options, long=wait, urgent=True, gone_is_done=gone, **ids)


@_with_own_keywords
def cancel_many(
    options: Mapping[str, Any],
    *,
    thread_id: str | None,
    run_ids: Sequence[str] | None,
    status: CancelStatus | None,
    action: CancelAction,
) -> Call[None]:
    """Stops the runs that one selector names."""
    action = stopping(action)
    if status is not None:
        if thread_id is not None or run_ids is not None:
            raise ValueError("give status=, or thread_id= with run_ids=, but not both")
        chosen = choice("status", status, CancelStatus)
        request = cancel_runs.request(body={"status": chosen}, action=action)
        return called(request, answers.stopped, options, urgent=True, gone_is_done=True)
    if thread_id is None or run_ids is None:
        raise ValueError("which runs? give status=, or thread_id= with run_ids=")
    thread_id = identifier("thread_id", thread_id)
    named = [identifier("run_ids", run_id) for run_id in several("run_ids", run_ids)]
    request = cancel_runs.request(body={"thread_id": thread_id, "run_ids": named}, action=action)
    call = called(request, answers.stopped, options, urgent=True, thread_id=thread_id)
    return replace(call, gone_is_done=True)


@_with_own_keywords
def cancel_all(
    options: Mapping[str, Any], thread_id: str, *, action: CancelAction
) -> tuple[Mapping[str, Any], str, CancelAction]:
    """What the method of this name is given, checked; what it sends depends on the answers."""
    return for_all(options), identifier("thread_id", thread_id), stopping(action)


@_with_own_keywords
def delete(options: Mapping[str, Any], thread_id: str, run_id: str) -> Call[None]:
    """Deletes a run."""
    ids = _ids(thread_id, run_id)
    return called(delete_run.request(**ids), answers.nothing, options, gone_is_done=True, **ids)


class _Endpoint(Protocol):
    """A module of the generated layer that creates a run."""

    @property
    def request(self) -> Callable[..., dict[str, Any]]: ...


def _followed(
    stateless: _Endpoint,
    stateful: _Endpoint,
    options: Mapping[str, Any],
    thread_id: str | None,
    assistant_id: str,
    read: Callable[[Answer], T],
    *,
    streamed: bool = False,
) -> Call[T]:
    """The call of `stream` and `wait`, which lasts as long as the run."""
    ours = _EVENT_STREAM if streamed else {}
    more: dict[str, Any] = {"long": True, "streams": streamed, "on_run_created": _callback(options)}
    if thread_id is None:
        body = _run(StatelessStreamOptions, assistant_id, options)
        return starting(stateless.request(body=body), read, options, ours, **more)
    thread_id = identifier("thread_id", thread_id)
    body = _run(ThreadStreamOptions, assistant_id, options)
    if streamed:
        body.setdefault("stream_resumable", True)
    return starting(stateful.request(thread_id, body=body), read, options, ours, thread_id=thread_id, **more)


def _run(kind: type, assistant_id: str, options: Mapping[str, Any]) -> Any:
    return {"assistant_id": identifier("assistant_id", assistant_id), **fields(kind, options)}


def _batch_run(payload: BatchRun) -> Any:
    given = dict(mapping("a run of payloads", payload))
    assistant_id = identifier("assistant_id", given.pop("assistant_id", None))
    return {"assistant_id": assistant_id, **fields(BatchRun, given)}


def _ids(thread_id: str, run_id: str) -> dict[str, Any]:
    return {"thread_id": identifier("thread_id", thread_id), "run_id": identifier("run_id", run_id)}


def _callback(options: Mapping[str, Any]) -> OnRunCreated | None:
    tell: OnRunCreated | None = callback(
        "on_run_created", options.get("on_run_created"), "(run_id, thread_id)"
    )
    return tell


def _listed(value: str | Sequence[str]) -> list[Any]:
    return [value] if isinstance(value, str) else list(value)
