"""How the stand-in of Aegra shows its threads, runs, states and refusals."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

from servers.http_request import Request
from servers.scripted_graph import Run, Thread
from servers.stateful_runs import ASSISTANT, compact

WORDS = {
    200: "OK",
    204: "No Content",
    400: "Bad Request",
    404: "Not Found",
    409: "Conflict",
    422: "Unprocessable Entity",
    500: "Internal Server Error",
}
_NO_INPUT = "Value error, Must specify at least one of 'input', 'command', or 'checkpoint'"
STREAM = (
    "cache-control: no-cache",
    "content-type: text/event-stream",
    "x-accel-buffering: no",
    "access-control-allow-origin: *",
    "access-control-allow-headers: Last-Event-ID",
)
CHUNKED = "Transfer-Encoding: chunked"


def head(request: Request, status: int, *headers: str) -> bytes:
    """The head of a response."""
    given = (request.header("x-request-id") or [""])[0]
    request_id = given if is_uuid(given) else uuid4().hex
    first = [f"HTTP/1.1 {status} {WORDS[status]}", "date: Sat, 28 Nov 2026 15:41:50 GMT", "server: uvicorn"]
    last = [f"x-request-id: {request_id}", "vary: Origin"]
    chunked = [CHUNKED] if CHUNKED in headers else []
    between = [one for one in headers if one != CHUNKED]
    return "\r\n".join([*first, *between, *last, *chunked, "", ""]).encode()


def whole(request: Request, data: Any, status: int = 200) -> bytes:
    """A response of JSON."""
    body = compact(data)
    return head(request, status, f"content-length: {len(body)}", "content-type: application/json") + body


def empty(request: Request) -> bytes:
    """A 204."""
    return head(request, 204, "content-type: application/json")


def refused_run(request: Request, thread: Thread, *, is_stateless: bool) -> bytes | None:
    """The refusal of a run; None if it is started."""
    body = request.json
    command = body.get("command") or {}
    if not (body.get("input") is not None or command or body.get("checkpoint") or body.get("checkpoint_id")):
        return invalid(request, "value_error", ["body"], _NO_INPUT, body)
    if body.get("assistant_id") not in ("agent", ASSISTANT):
        return refusal(request, 404, "not_found", f"Assistant '{body.get('assistant_id')}' not found")
    if "resume" in command and is_stateless:
        return refusal(request, 404, "not_found", f"Thread '{thread.thread_id}' not found")
    if "resume" in command and thread.status != "interrupted":
        return refusal(request, 400, "bad_request", "Cannot resume: thread is not in interrupted state")
    return None


def refusal(request: Request, status: int, error: str, message: str) -> bytes:
    """A refusal in Aegra's own form."""
    return whole(request, {"error": error, "message": message, "details": None}, status)


def unknown_run(request: Request, run_id: str) -> bytes:
    """A 404."""
    return refusal(request, 404, "not_found", f"Run '{run_id}' not found")


def active_run(request: Request) -> bytes:
    """The refusal to delete a run that is active."""
    return refusal(request, 409, "conflict", "Run is active. Retry with force=1 to cancel and delete.")


def no_filter(request: Request) -> bytes:
    """The refusal of a history with `metadata`."""
    words = "Pregel.aget_state_history() got an unexpected keyword argument 'metadata'"
    return refusal(request, 500, "internal_error", f"Error retrieving thread history: {words}")


def invalid(request: Request, kind: str, place: list[str], message: str, given: Any) -> bytes:
    """A 422 in FastAPI's form."""
    return whole(request, {"detail": [{"type": kind, "loc": place, "msg": message, "input": given}]}, 422)


def location(run: Run, way: str) -> tuple[str, str]:
    """The two headers that name a run."""
    place = f"/threads/{run.thread_id}/runs/{run.run_id}"
    return f"location: {place}/{way}", f"content-location: {place}"


def encoded(run: Run, number: int) -> bytes:
    """An event with its id."""
    name, data = run.events[number]
    return b"event: %s\ndata: %s\nid: %s_event_%d\n\n" % (
        name.encode(),
        compact(data),
        run.run_id.encode(),
        number + 1,
    )


def waited(run: Run) -> bytes:
    """The body of wait and join."""
    body = run.values
    if run.failure is not None:
        body = {"__error__": {"error": "Error", "message": run.failure[1]}}
    elif run.action:
        body = {}
    elif run.questions:
        last = run.questions[-1]
        body = {**run.values, "__interrupt__": [{"id": last["id"], "value": last["value"]}]}
    return json.dumps(body).encode()


def incomplete(run: Run) -> bytes:
    """The body of a join of a run that an earlier process has left behind."""
    words = f"Wait ended before run '{run.run_id}' completed (status: {run.status})"
    return json.dumps({"__error__": {"error": "IncompleteRun", "message": words}}).encode()


def shown_run(run: Run) -> dict[str, Any]:
    """A run as Aegra shows it."""
    when = run.created.isoformat(timespec="microseconds").replace("+00:00", "Z")
    is_over = run.has_ended and not run.action and run.failure is None
    return {
        "run_id": run.run_id,
        "thread_id": run.thread_id,
        "assistant_id": ASSISTANT,
        "status": run.status,
        "input": run.body.get("input"),
        "output": run.values if is_over else None,
        "error_message": run.failure[1] if run.failure else None,
        "config": run.body.get("config") or {},
        "context": run.body.get("context") or {},
        "user_id": "anonymous",
        "created_at": when,
        "updated_at": when,
    }


def shown_thread(thread: Thread) -> dict[str, Any]:
    """A thread as Aegra shows it."""
    when = "2026-11-28T15:41:51.577968Z"
    owner = {"owner": "anonymous", "graph_id": None, "thread_name": "", "assistant_id": None}
    return {
        "thread_id": thread.thread_id,
        "status": thread.status,
        "metadata": {**owner, **thread.metadata},
        "user_id": "anonymous",
        "created_at": when,
        "updated_at": when,
    }


def shown_state(run: Run) -> dict[str, Any]:
    """The last state of a run."""
    is_over = not (run.failure or run.action or run.is_waiting)
    checkpoint = {"checkpoint_id": str(uuid4()), "thread_id": run.thread_id, "checkpoint_ns": ""}
    task: dict[str, Any] = {
        "id": str(uuid4()),
        "name": "work",
        "error": f"{run.failure[0]}({run.failure[1]!r})" if run.failure else None,
        "interrupts": list(run.questions),
        "checkpoint": None,
        "state": None,
        "result": None,
    }
    return {
        "values": run.values,
        "next": [] if is_over else ["work"],
        "tasks": [] if is_over else [task],
        "interrupts": list(run.questions),
        "metadata": {"step": 1, "run_id": run.run_id, "source": "loop", "parents": {}},
        "created_at": run.created.isoformat(),
        "checkpoint": checkpoint,
        "parent_checkpoint": None,
        "checkpoint_id": checkpoint["checkpoint_id"],
        "parent_checkpoint_id": None,
    }


def with_question(values: Mapping[str, Any], question: Mapping[str, Any]) -> dict[str, Any]:
    """The values that tell of a question."""
    return {**values, "__interrupt__": [dict(question)]}


def is_uuid(text: str) -> bool:
    """Whether a value of x-request-id is kept."""
    try:
        UUID(text)
    except ValueError:
        return False
    return True
