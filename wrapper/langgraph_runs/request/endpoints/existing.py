"""Calls about runs and threads that already exist."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from langgraph_runs_api.api.runs import cancel_runs
from langgraph_runs_api.api.thread_runs import (
    cancel_run,
    delete_run,
    get_run,
    join_run,
    join_run_stream,
    list_thread_runs,
)
from langgraph_runs_api.api.threads import delete_thread as delete_thread_endpoint
from langgraph_runs_api.api.threads import get_thread, get_thread_history
from langgraph_runs_api.models import (
    CancelAction,
    CancelRunWait,
    CancelStatus,
    Run,
    RunField,
    RunStatus,
    StreamMode,
    Thread,
)
from langgraph_runs_api.types import UNSET, Unset

from langgraph_runs.json_types import identifier, path_identifier
from langgraph_runs.position import Position
from langgraph_runs.request.arguments import flag, listed, number, several
from langgraph_runs.request.call import EVENT_STREAM, Call, Duration, call, request_options
from langgraph_runs.request.settings import merged
from langgraph_runs.request.stream_request import StreamRequest, is_lossy, start_position
from langgraph_runs.request.validation import cancel_action, choice, only_call_options
from langgraph_runs.response import reading

# Always requested: these events say whether the run was restarted, and whether it failed. The server reads several
# modes from one JSON array; if the parameter is repeated, it takes only the last.
_IN_EVERY_MODE = ("metadata", "error")


@only_call_options
def join(options: Mapping[str, Any], thread_id: str, run_id: str) -> Call[Any]:
    """Waits for the end of a run."""
    ids = _ids(thread_id, run_id)
    request = join_run.request(**ids, cancel_on_disconnect=False)
    return call(request, reading.outcome, options, duration=Duration.RUN, **ids)


@only_call_options
def join_stream(
    options: Mapping[str, Any],
    thread_id: str,
    run_id: str,
    *,
    last_event_id: str | Position | None,
    stream_mode: StreamMode | Sequence[StreamMode] | None,
    cancel_on_disconnect: bool,
) -> StreamRequest:
    """Streams an existing run."""
    ids = _ids(thread_id, run_id)
    position = start_position(last_event_id, ids)
    given = choice("stream_mode", stream_mode or [], StreamMode | Sequence[StreamMode])
    modes: list[str] | None = listed(given) or (position and position["stream_mode"]) or None
    after = None if position is None else position["after"]
    return StreamRequest(
        call=_joining(options, ids, after, modes, cancel_on_disconnect),
        position=position,
        stream_mode=modes,
        modes=modes,
        cancel_on_disconnect=cancel_on_disconnect,
        is_kept=position is not None,
        is_lossy=is_lossy(modes or ()),
    )


def rejoin(request: StreamRequest, position: Position) -> Call[None]:
    """The call that resumes a stream from a position."""
    ids = _ids(position["thread_id"], position["run_id"])
    more = request.stream_mode, request.cancel_on_disconnect
    return _joining(request.call.options, ids, position["after"], *more)


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
    headers = EVENT_STREAM if after is None else merged(EVENT_STREAM, {"last-event-id": after})
    return call(request, reading.stream_head, options, headers, duration=Duration.STREAM, **ids)


def delete_thread(options: Mapping[str, Any], thread_id: str) -> Call[None]:
    """Deletes a thread that was created for a stream."""
    request = delete_thread_endpoint.request(thread_id)
    return call(request, reading.nothing, options, thread_id=thread_id, missing_is_success=True)


def thread(options: Mapping[str, Any], thread_id: str) -> Call[Thread]:
    """Gets a thread."""
    return call(get_thread.request(thread_id), reading.thread, options, thread_id=thread_id)


def history(options: Mapping[str, Any], thread_id: str, run_id: str) -> Call[list[dict[str, Any]]]:
    """Gets the last state of a run, in a list; an empty list if there is none."""
    request = get_thread_history.request(thread_id, body={"limit": 1, "metadata": {"run_id": run_id}})
    return call(request, reading.states, options, run_id=run_id, thread_id=thread_id)


def whole_history(options: Mapping[str, Any], thread_id: str, limit: int) -> Call[list[dict[str, Any]]]:
    """Gets the last states of a thread, of whatever runs, the newest first."""
    request = get_thread_history.request(thread_id, body={"limit": limit})
    return call(request, reading.states, options, thread_id=thread_id)


@only_call_options
def list_runs(
    options: Mapping[str, Any],
    thread_id: str,
    *,
    limit: int,
    offset: int,
    status: RunStatus | None,
    select: RunField | Sequence[RunField] | None,
) -> Call[list[Run]]:
    """Lists one page of a thread's runs."""
    thread_id = path_identifier("thread_id", thread_id)
    fields = listed(choice("select", select, RunField | Sequence[RunField])) if select else []
    request = list_thread_runs.request(
        thread_id,
        limit=number("limit", limit, least=1),
        offset=number("offset", offset, least=0),
        status=UNSET if status is None else choice("status", status, RunStatus),
        select=fields or UNSET,
    )
    read = reading.runs if not fields or "run_id" in fields else reading.selected_fields
    return call(request, read, options, thread_id=thread_id)


@only_call_options
def get(options: Mapping[str, Any], thread_id: str, run_id: str) -> Call[Run]:
    """Gets one run."""
    ids = _ids(thread_id, run_id)
    return call(get_run.request(**ids), reading.run, options, **ids)


@only_call_options
def cancel(
    options: Mapping[str, Any], thread_id: str, run_id: str, *, wait: bool, action: CancelAction
) -> Call[None]:
    """Cancels a run. It is not an error if the run has already ended."""
    ids = _ids(thread_id, run_id)
    # Not sent when false: LangGraph.js takes any value for true, Aegra none but 0 and 1.
    sent: CancelRunWait | Unset = 1 if flag("wait", wait) else UNSET
    request = cancel_run.request(**ids, wait=sent, action=cancel_action("action", action))
    return call(
        request,
        reading.cancelled,
        options,
        duration=Duration.RUN if wait else Duration.SHORT,
        missing_is_success=action == "rollback",
        **ids,
    )


@only_call_options
def cancel_many(
    options: Mapping[str, Any],
    *,
    thread_id: str | None,
    run_ids: Sequence[str] | None,
    status: CancelStatus | None,
    action: CancelAction,
) -> Call[None]:
    """Cancels the runs with a status, or those with given ids on a thread."""
    action = cancel_action("action", action)
    facts: dict[str, Any] = {}
    if status is not None:
        if thread_id is not None or run_ids is not None:
            raise ValueError("pass status=, or thread_id= with run_ids=, but not both")
        selector: Any = {"status": choice("status", status, CancelStatus)}
    elif thread_id is None or run_ids is None:
        raise ValueError("no runs are selected: pass status=, or thread_id= with run_ids=")
    else:
        facts["thread_id"] = identifier("thread_id", thread_id)
        named = [identifier("run_ids", run_id) for run_id in several("run_ids", run_ids)]
        selector = {**facts, "run_ids": named}
    request = cancel_runs.request(body=selector, action=action)
    return call(request, reading.cancelled, options, missing_is_success=True, **facts)


@only_call_options
def cancel_all(
    options: Mapping[str, Any], thread_id: str, *, action: CancelAction
) -> tuple[Mapping[str, Any], str, CancelAction]:
    """The checked arguments of the method; what it sends depends on the responses."""
    return request_options(options), path_identifier("thread_id", thread_id), cancel_action("action", action)


@only_call_options
def delete(options: Mapping[str, Any], thread_id: str, run_id: str) -> Call[None]:
    """Deletes a run."""
    ids = _ids(thread_id, run_id)
    return call(delete_run.request(**ids), reading.nothing, options, missing_is_success=True, **ids)


def _ids(thread_id: str, run_id: str) -> dict[str, Any]:
    return {
        "thread_id": path_identifier("thread_id", thread_id),
        "run_id": path_identifier("run_id", run_id),
    }
