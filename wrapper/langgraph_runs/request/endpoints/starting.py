"""Calls that start runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Protocol, TypeVar
from uuid import uuid4

from langgraph_runs_api.api.runs import create_run, create_run_batch, stream_run, wait_run
from langgraph_runs_api.api.thread_runs import create_thread_run, stream_thread_run, wait_thread_run
from langgraph_runs_api.models import CancelAction, Run

from langgraph_runs.json_types import identifier, path_identifier
from langgraph_runs.request.arguments import callback, listed, mapping, several
from langgraph_runs.request.call import EVENT_STREAM, Call, Duration, call_that_starts
from langgraph_runs.request.options import (
    BatchRun,
    BatchThreadRun,
    OnRunCreated,
    StatelessRunOptions,
    StatelessStreamOptions,
    ThreadRunOptions,
    ThreadStreamOptions,
)
from langgraph_runs.request.stream_request import StreamRequest, is_lossy
from langgraph_runs.request.validation import fields, known, only_call_options
from langgraph_runs.response import reading
from langgraph_runs.response.answer import Answer

T = TypeVar("T")

# A stream that is lost or left must not end its run unless the caller says so. In Aegra, that is the default.
_ON_A_THREAD = {"stream_resumable": True, "on_disconnect": "continue"}


def create(options: Mapping[str, Any], thread_id: str | None, assistant_id: str) -> Call[Run]:
    """Starts a run in the background."""
    kinds = StatelessRunOptions, ThreadRunOptions
    return _starting(create_run, create_thread_run, kinds, options, thread_id, assistant_id, reading.run)


@only_call_options
def create_batch(options: Mapping[str, Any], payloads: Sequence[BatchRun]) -> Call[list[Run]]:
    """Starts many stateless runs in the background."""
    body = [_batch_run(payload) for payload in several("payloads", payloads)]
    read = partial(reading.runs, count=len(body))
    return replace(call_that_starts(create_run_batch.request(body=body), read, options), nonce=None)


def stream(
    options: Mapping[str, Any],
    thread_id: str | None,
    assistant_id: str,
    *,
    cancel_on_exit: CancelAction | None = None,
) -> StreamRequest:
    """Starts a run and streams it. On a thread, also one that is created for the run, the stream is resumable by
    default."""
    is_resumable = options.get("stream_resumable")
    needs_thread = bool(is_resumable) or cancel_on_exit is not None
    starting = _held(
        stream_run,
        stream_thread_run,
        options,
        thread_id,
        assistant_id,
        reading.stream_head,
        needs_thread=needs_thread,
        headers=EVENT_STREAM,
        on_a_thread=_ON_A_THREAD,
        duration=Duration.STREAM,
    )
    modes = listed(options.get("stream_mode") or ())
    return StreamRequest(
        call=starting,
        modes=modes or ["values"],
        cancel_on_disconnect=options.get("on_disconnect") == "cancel",
        is_kept=starting.thread_id is not None and is_resumable is not False,
        is_lossy=is_lossy(modes),
    )


def wait(
    options: Mapping[str, Any],
    thread_id: str | None,
    assistant_id: str,
    *,
    cancel_on_exit: CancelAction | None = None,
) -> Call[Any]:
    """Starts a run and waits for its end."""
    return _held(
        wait_run,
        wait_thread_run,
        options,
        thread_id,
        assistant_id,
        reading.outcome,
        needs_thread=cancel_on_exit is not None,
        duration=Duration.RUN,
    )


def wait_for_payload(
    options: Mapping[str, Any],
    payload: BatchRun | BatchThreadRun,
    *,
    cancel_on_exit: CancelAction | None = None,
) -> Call[Any]:
    """Starts one run of `map`, and waits for its end."""
    given = dict(mapping("a run of payloads", payload))
    thread_id = given.pop("thread_id", None)
    known(BatchRun if thread_id is None else BatchThreadRun, given)
    assistant_id = given.pop("assistant_id", None)
    return wait({**given, **options}, thread_id, assistant_id, cancel_on_exit=cancel_on_exit)


class _Endpoint(Protocol):
    """A module of the generated layer that creates a run."""

    @property
    def request(self) -> Callable[..., dict[str, Any]]: ...


def _held(
    stateless: _Endpoint,
    stateful: _Endpoint,
    options: Mapping[str, Any],
    thread_id: str | None,
    assistant_id: str,
    read: Callable[[Answer], T],
    *,
    needs_thread: bool,
    **more: Any,
) -> Call[T]:
    """The call that starts a run for a caller that waits for it or reads its stream.

    Some servers do not name the thread of a stateless run, or delete it with the run, so that the run can neither be
    joined nor cancelled. If that must be possible, the run gets a thread of its own. The same request creates it; when
    the run has ended, it is deleted, unless `on_completion` is "keep".
    """
    kinds = StatelessStreamOptions, ThreadStreamOptions
    if thread_id is not None or not needs_thread:
        return _starting(stateless, stateful, kinds, options, thread_id, assistant_id, read, **more)
    _run(StatelessStreamOptions, assistant_id, options)  # refuses the options of threads
    sent = {name: value for name, value in options.items() if name != "on_completion"}
    sent["if_not_exists"] = "create"
    created = _starting(stateless, stateful, kinds, sent, str(uuid4()), assistant_id, read, **more)
    return replace(created, creates_thread=options.get("on_completion") != "keep")


def _starting(
    stateless: _Endpoint,
    stateful: _Endpoint,
    kinds: tuple[type, type],
    options: Mapping[str, Any],
    thread_id: str | None,
    assistant_id: str,
    read: Callable[[Answer], T],
    *,
    headers: Mapping[str, str] | None = None,
    on_a_thread: Mapping[str, Any] | None = None,
    duration: Duration = Duration.SHORT,
) -> Call[T]:
    """The call that starts one run.

    Args:
        stateless: The endpoint without a thread.
        stateful: The endpoint on a thread.
        kinds: The TypedDicts of the options, without and on a thread.
        options: The caller's options.
        thread_id: The thread; None for a stateless run.
        assistant_id: The assistant.
        read: Returns what the response means.
        headers: Default headers.
        on_a_thread: Default options on a thread.
        duration: How long the response takes.
    """
    more: dict[str, Any] = {"duration": duration, "on_run_created": _callback(options)}
    if thread_id is None:
        request = stateless.request(body=_run(kinds[0], assistant_id, options))
    else:
        more["thread_id"] = path_identifier("thread_id", thread_id)
        body = {**(on_a_thread or {}), **_run(kinds[1], assistant_id, options)}
        request = stateful.request(more["thread_id"], body=body)
    return call_that_starts(request, read, options, headers, **more)


def _run(kind: type, assistant_id: str, options: Mapping[str, Any]) -> Any:
    return {"assistant_id": identifier("assistant_id", assistant_id), **fields(kind, options)}


def _batch_run(payload: BatchRun) -> Any:
    given = dict(mapping("a run of payloads", payload))
    assistant_id = identifier("assistant_id", given.pop("assistant_id", None))
    return {"assistant_id": assistant_id, **fields(BatchRun, given)}


def _callback(options: Mapping[str, Any]) -> OnRunCreated | None:
    checked: OnRunCreated | None = callback(
        "on_run_created", options.get("on_run_created"), "(run_id, thread_id)"
    )
    return checked
