"""How the stand-in of LangGraph.js shows its threads, runs, states and refusals."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID, uuid4

from servers.peer import chunk
from servers.scripted_graph import Run, Thread
from servers.stateful_runs import ASSISTANT, MODES, compact

ACCESS = (
    "access-control-allow-origin: *",
    "access-control-expose-headers: content-location,x-pagination-total",
)
BUSY = "Thread is already running a task. Wait for it to finish or choose a different multitask strategy."
DATE = "Date: Sat, 28 Nov 2026 15:42:19 GMT"
UNKNOWN_RUN = chunk(b'event: error\ndata: "Run not found"\n\n')
WORDS = {200: "OK", 202: "Accepted", 204: "No Content", 400: "Bad Request", 404: "Not Found"}
_UNKNOWN_ASSISTANT = (
    'No assistant found for "{}". Make sure the assistant ID is for a valid assistant or a valid graph ID.'
)


def head(status: int, *headers: str) -> bytes:
    """The head of a response."""
    lines = [
        f"HTTP/1.1 {status} {WORDS.get(status, 'Unprocessable Entity')}",
        *ACCESS,
        *headers,
        DATE,
        "",
        "",
    ]
    return "\r\n".join(lines).encode()


def whole(body: bytes, status: int = 200, kind: str = "application/json", *headers: str) -> bytes:
    """A response with a length."""
    return head(status, *headers, f"content-type: {kind}", f"content-length: {len(body)}") + body


def words(status: int, text: str) -> bytes:
    """A refusal in words."""
    return whole(text.encode(), status, "text/plain;charset=UTF-8")


def invalid(path: list[Any], message: str) -> bytes:
    """The refusal of a value."""
    issues = [{"code": "invalid_enum_value", "path": path, "message": message}]
    return whole(compact({"success": False, "error": {"issues": issues, "name": "ZodError"}}), 400)


def refused_run(body: Mapping[str, Any], *, is_busy: bool) -> bytes | None:
    """The refusal of a run; None if it is started."""
    assistant, modes = body.get("assistant_id"), body.get("stream_mode") or []
    if not {*([modes] if isinstance(modes, str) else modes)} <= {*MODES, "tools"}:
        return invalid(["stream_mode"], "Invalid enum value")
    if assistant not in ("agent", ASSISTANT):
        return words(404, _UNKNOWN_ASSISTANT.format(assistant))
    if is_busy and body.get("multitask_strategy", "reject") == "reject":
        return words(422, BUSY)
    return None


def outcome(told: Any, heard: Iterable[tuple[str, Any]]) -> bytes:
    """The body of wait and join: the last values or the error among the events, otherwise the values of the thread."""
    for name, data in heard:
        told = data if name == "values" else failed(data) if name == "error" else told
    return compact(told)


def stream_head(*headers: str) -> bytes:
    """The head of a stream."""
    kind = ("content-type: text/event-stream", "transfer-encoding: chunked")
    return head(200, "cache-control: no-cache", "connection: keep-alive", *headers, *kind)


def failed(data: Any) -> dict[str, Any]:
    """The body of wait and join for the data of an event `error`."""
    return {"__error__": {"error": "Error", "message": compact(data).decode()}}


def shown_state(run: Run) -> dict[str, Any]:
    """The last state of a run."""
    is_over = not (run.failure or run.action or run.is_waiting)
    error = compact({"message": run.failure[1], "name": run.failure[0]}).decode() if run.failure else None
    error = None if run.action else error
    task = {
        "id": str(uuid4()),
        "name": "work",
        "error": error,
        "interrupts": [told(one) for one in run.questions],
    }
    return {
        "values": run.values,
        "next": [] if is_over else ["work"],
        "tasks": [] if is_over else [task],
        "metadata": {"graph_id": "agent", "run_id": run.run_id, "thread_id": run.thread_id},
        "created_at": when(run),
        "checkpoint": {"thread_id": run.thread_id, "checkpoint_id": str(uuid4()), "checkpoint_ns": ""},
        "parent_checkpoint": None,
    }


def shown_run(run: Run) -> dict[str, Any]:
    """A run as the server shows it."""
    headers = {"x-request-id": run.request_id} if run.request_id else {}
    ids = {"run_id": run.run_id, "thread_id": run.thread_id}
    configurable = {**headers, **ids, "graph_id": "agent", "assistant_id": ASSISTANT}
    return {
        **ids,
        "assistant_id": ASSISTANT,
        "metadata": {"created_by": "system", **(run.body.get("metadata") or {})},
        "status": run.status,
        "kwargs": {
            "input": run.body.get("input"),
            "config": {"configurable": configurable},
            "stream_mode": run.modes,
            "temporary": run.is_stateless,
            "subgraphs": False,
            "resumable": bool(run.body.get("stream_resumable")),
        },
        "multitask_strategy": run.body.get("multitask_strategy", "reject"),
        "created_at": when(run),
        "updated_at": when(run),
    }


def shown_thread(thread: Thread) -> dict[str, Any]:
    """A thread as the server shows it."""
    now = "2026-11-28T15:42:19.739Z"
    facts = {"thread_id": thread.thread_id, "created_at": now, "updated_at": now}
    facts |= {"metadata": thread.metadata, "status": thread.status, "config": {"configurable": {}}}
    return facts | ({} if thread.told is None else {"values": thread.told})


def told(question: Mapping[str, Any]) -> dict[str, Any]:
    """A question, its id first."""
    return {"id": question["id"], "value": question["value"]}


def encoded(run: Run, number: int) -> bytes:
    """An event. Those of a stateless run have no ids."""
    name, data = run.events[number]
    event_id = b"" if run.is_stateless else b"id: %d\n" % number
    return b"event: %s\ndata: %s\n%s\n" % (name.encode(), compact(data), event_id)


def when(run: Run) -> str:
    """When a run was created."""
    return run.created.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def is_uuid(text: str) -> bool:
    """Whether a path has an id there."""
    try:
        UUID(text)
    except ValueError:
        return False
    return True
