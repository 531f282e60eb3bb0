"""Which endpoint a request is for, and the response of the server."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from langgraph_runs.testing import shown
from langgraph_runs.testing.bodies import missing_stream, replayed
from langgraph_runs.testing.exchange import Reply, Request, as_json, compact, refusal
from langgraph_runs.testing.runs import GONE, Run
from langgraph_runs.testing.starting import Starting, UnscriptedError, stream_reply, wait_reply

_NOT_ACTIVE = (
    "No matching runs to cancel. Please verify the thread ID and run IDs are correct, "
    "and the runs have not finished."
)
_UNKNOWN = "the server of the test kit has no such endpoint"
_WAYS: tuple[list[str], ...] = ([], ["wait"], ["stream"])
_YES = ("true", "yes", "1")


class Routes(Starting):
    """The endpoints of a server."""

    def respond(self, request: Request) -> Reply:
        """The response to a request.

        Raises:
            UnscriptedError: There is none.
        """
        try:
            body = request.json
        except ValueError:
            return refusal(422, "Invalid JSON in request body")
        if (refused := _wrong_id(request.segments)) is not None:
            return refused
        match [request.method, *request.segments]:
            case ["GET", "ok"]:
                return as_json({"ok": True})
            case ["GET", "info"]:
                return as_json({"version": "0.16.7", "langgraph_py_version": "1.2.22", "flags": {}})
            case ["POST", "threads"]:
                return self._create_thread(body or {})
            case ["POST", "threads", "search"]:
                return self._search(body or {})
            case ["POST", "runs", "batch"]:
                return self._batch(request, body or [])
            case ["POST", "runs", "cancel"]:
                return self._cancel_many(request, body or {})
            case ["POST", "runs", *rest] if rest in _WAYS:
                return self.create(request, None, body or {})
            case ["POST", "threads", thread_id, "runs", *rest] if rest in _WAYS:
                return self.create(request, thread_id, body or {})
            case ["GET", "threads", thread_id, "runs"]:
                return self._list(thread_id, request.query)
            case [_, "threads", _, "runs", _, *_]:
                return self._run(request)
            case [_, "threads", thread_id, *_]:
                return self._thread(thread_id, request, body or {})
            case _:
                raise UnscriptedError(f"{request}: {_UNKNOWN}")

    def _run(self, request: Request) -> Reply:
        _, thread_id, _, run_id, *_ = request.segments
        run = self.state.find(thread_id, run_id)
        match request.method, request.segments[4:]:
            case "GET", []:
                return refusal(404, "Not Found") if run is None else as_json(shown.run(run))
            case "DELETE", []:
                if run is None:
                    return refusal(404, "Run not found")
                self.state.delete(run)
                return Reply(204)
            case "POST", ["cancel"]:
                return self._cancel(request, run)
            case "GET", ["join"]:
                return self._join(request, thread_id, run)
            case "GET", ["stream"]:
                return self._join_stream(request, run)
            case _:
                raise UnscriptedError(f"{request}: {_UNKNOWN}")

    def _join(self, request: Request, thread_id: str, run: Run | None) -> Reply:
        if run is None:
            return as_json({"__error__": GONE})
        if run.is_active:
            cancels = _is_true(request, "cancel_on_disconnect")
            return wait_reply(run, self.follow(run, cancels=cancels).outcome())
        thread = self.state.threads[thread_id]
        outcome: Any = thread.values
        if thread.interrupts:
            outcome = {"__interrupt__": thread.interrupts}
        if thread.last and thread.last.failure:
            outcome = {"__error__": thread.last.failure}
        return wait_reply(run, compact(outcome))

    def _join_stream(self, request: Request, run: Run | None) -> Reply:
        if run is None:
            return stream_reply(None, missing_stream())
        after = request.headers.get("last-event-id", "").strip()
        seam, sent = replayed(run, after, self.doubles)
        following = self.follow(run, cancels=_is_true(request, "cancel_on_disconnect"))
        modes = _modes(request.query.get("stream_mode", ""))
        return stream_reply(run, following.events(sent=sent, seam=seam, modes=modes))

    def _cancel(self, request: Request, run: Run | None) -> Reply:
        if run is None:
            return refusal(404, "No runs found to cancel.")
        if not run.is_active:
            return refusal(404, _NOT_ACTIVE)
        action = "rollback" if request.query.get("action") == "rollback" else "interrupt"
        self.state.cancel(run, action, self.clock())
        if not _is_true(request, "wait"):
            return Reply(202)
        return as_json({} if run.values is None else run.values)

    def _cancel_many(self, request: Request, body: Mapping[str, Any]) -> Reply:
        action = "rollback" if request.query.get("action") == "rollback" else "interrupt"
        wanted: Callable[[Run], bool]
        if "status" in body:
            wanted = lambda run: body["status"] in ("all", run.status)  # noqa: E731
        else:
            wanted = lambda run: (  # noqa: E731
                run.thread_id == body.get("thread_id") and run.run_id in body.get("run_ids", [])
            )
        found = [run for run in self.state.runs if run.is_active and wanted(run)]
        for run in found:
            if run.is_active:
                self.state.cancel(run, action, self.clock())
        return Reply(204) if found else refusal(404, "No runs found to cancel.")

    def _list(self, thread_id: str, query: Mapping[str, str]) -> Reply:
        thread = self.state.threads.get(thread_id)
        if thread is None:
            return refusal(404, f"Thread with ID {thread_id} not found")
        runs = list(reversed(thread.runs))
        if status := query.get("status"):
            runs = [run for run in runs if run.status == status]
        first = int(query.get("offset", 0))
        return as_json([shown.run(run) for run in runs[first : first + int(query.get("limit", 10))]])

    def _create_thread(self, body: Mapping[str, Any]) -> Reply:
        thread_id = body.get("thread_id")
        known = self.state.threads.get(str(thread_id))
        if known and body.get("if_exists") != "do_nothing":
            return refusal(409, f"Thread with ID {thread_id} already exists")
        return as_json(shown.thread(known or self.state.new_thread(thread_id, body.get("metadata"))))

    def _search(self, body: Mapping[str, Any]) -> Reply:
        wanted = dict[str, Any](body.get("metadata") or {}).items()
        found = [one for one in reversed(self.state.threads.values()) if wanted <= one.metadata.items()]
        first = body.get("offset", 0)
        return as_json([shown.thread(one) for one in found[first : first + body.get("limit", 10)]])

    def _thread(self, thread_id: str, request: Request, body: Mapping[str, Any]) -> Reply:
        thread = self.state.threads.get(thread_id)
        if thread is None:
            return refusal(404, f"Thread with ID {thread_id} not found")
        match request.method, request.segments[2:]:
            case "GET", []:
                return as_json(shown.thread(thread))
            case "DELETE", []:
                self.state.delete_thread(thread_id)
                return Reply(204)
            case "GET", ["state"]:
                return as_json(shown.state(thread, thread.ended[-1] if thread.ended else None))
            case "POST", ["history"]:
                run_id = dict[str, Any](body.get("metadata") or {}).get("run_id")
                runs = [run for run in reversed(thread.ended) if run_id in (None, run.run_id)]
                return as_json([shown.state(thread, run) for run in runs[: body.get("limit", 10)]])
            case _:
                raise UnscriptedError(f"{request}: {_UNKNOWN}")

    def _batch(self, request: Request, bodies: list[Mapping[str, Any]]) -> Reply:
        runs: list[Any] = []
        for body in bodies:
            made = self.add(request, None, body)
            if isinstance(made, Reply):
                return made
            runs.append(shown.run(made))
        return as_json(runs)


def _modes(given: str) -> list[str] | None:
    """The modes that a stream is narrowed to; None for those of the run."""
    if not given:
        return None
    return [str(mode) for mode in json.loads(given)] if given.startswith("[") else [given]


def _is_true(request: Request, name: str) -> bool:
    return request.query.get(name, "").lower() in _YES


def _wrong_id(segments: list[str]) -> Reply | None:
    """The refusal of a path whose ids are not UUIDs."""
    match segments:
        case ["threads", thread_id, *_] if thread_id != "search" and not _is_uuid(thread_id):
            return refusal(422, "Invalid thread ID: must be a UUID")
        case ["threads", _, "runs", run_id, *rest] if [run_id, *rest] not in _WAYS and not _is_uuid(run_id):
            return refusal(422, "Invalid run ID: must be a UUID")
        case _:
            return None


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
