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

from langgraph_runs.json_types import identifier
from langgraph_runs.request.arguments import callback, listed, mapping, several
from langgraph_runs.request.call import EVENT_STREAM, Call, Duration, call_that_starts
from langgraph_runs.request.options import (
    BatchRun,
    OnRunCreated,
    StatelessRunOptions,
    StatelessStreamOptions,
    ThreadRunOptions,
    ThreadStreamOptions,
)
from langgraph_runs.request.stream_request import StreamRequest, is_lossy
from langgraph_runs.request.validation import fields, only_call_options
from langgraph_runs.response import reading
from langgraph_runs.response.answer import Answer

T = TypeVar("T")


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
    """Starts a run and streams it. On a thread, the stream is resumable by default.

    A stateless stream with `stream_resumable` gets a thread, which the same request creates and which is deleted at the
    end. A stateless run that is not resumable cannot be cancelled by a request, so closing its connection cancels it.
    """
    is_resumable = options.get("stream_resumable")
    if thread_id is None and cancel_on_exit and not is_resumable and options.get("on_disconnect") is None:
        options = {**options, "on_disconnect": "cancel"}
    created = str(uuid4()) if thread_id is None and is_resumable else None
    sent = options
    if created is not None:
        _run(StatelessStreamOptions, assistant_id, options)  # refuses the options of threads
        sent = {name: value for name, value in options.items() if name != "on_completion"}
        sent["if_not_exists"] = "create"
    starting = _starting(
        stream_run,
        stream_thread_run,
        (StatelessStreamOptions, ThreadStreamOptions),
        sent,
        created or thread_id,
        assistant_id,
        reading.stream_head,
        headers=EVENT_STREAM,
        on_a_thread={"stream_resumable": True},
        duration=Duration.STREAM,
    )
    return StreamRequest(
        call=starting,
        cancel_on_disconnect=options.get("on_disconnect") == "cancel",
        is_kept=starting.thread_id is not None and is_resumable is not False,
        is_lossy=is_lossy(listed(options.get("stream_mode") or ())),
        thread_to_delete=created if options.get("on_completion") != "keep" else None,
    )


def wait(options: Mapping[str, Any], thread_id: str | None, assistant_id: str) -> Call[Any]:
    """Starts a run and waits for its end."""
    kinds = StatelessStreamOptions, ThreadStreamOptions
    return _starting(
        wait_run,
        wait_thread_run,
        kinds,
        options,
        thread_id,
        assistant_id,
        reading.outcome,
        duration=Duration.RUN,
    )


class _Endpoint(Protocol):
    """A module of the generated layer that creates a run."""

    @property
    def request(self) -> Callable[..., dict[str, Any]]: ...


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
        more["thread_id"] = identifier("thread_id", thread_id)
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
