"""A stand-in of LangGraph.js 1.5.1: threads and runs in memory, which behave on the wire as that server does."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

from servers.http_request import Request
from servers.langgraphjs_answers import (
    BUSY,
    UNKNOWN_RUN,
    encoded,
    failed,
    head,
    invalid,
    is_uuid,
    outcome,
    refused_run,
    shown_run,
    shown_state,
    shown_thread,
    stream_head,
    told,
    whole,
    words,
)
from servers.peer import Connection, chunk
from servers.scripted_graph import Event, GraphError, Run, Thread
from servers.stateful_runs import ACTIVE, StatefulServer, compact, running

WAYS = ([], ["wait"], ["stream"])


class LangGraphJsServer(StatefulServer):
    """The stand-in. `heartbeat` is the interval of `wait`; its streams have none."""

    usual_error = "TypeError"

    def answer(
        self, connection: Connection, request: Request, path: list[str], query: dict[str, str]
    ) -> None:
        """Answers one request."""
        match request.method, *path:
            case _, "threads", str(one), *_ if not is_uuid(one):
                connection.send(invalid(["thread_id"], "Invalid uuid"))
            case "POST", "threads":
                connection.send(whole(compact(shown_thread(self.thread(request.json)))))
            case "POST", "runs", *way if way in WAYS:
                self._create(connection, request, Thread(str(uuid4())), path[-1], is_stateless=True)
            case "GET", "runs", run_id, "stream":
                self._join_stream(connection, request, self.runs.get(run_id), query)
            case "POST", "threads", thread_id, "runs", *way if way in WAYS:
                known = self.threads.get(thread_id)
                if known is None and request.json.get("if_not_exists") != "create":
                    connection.send(words(422, BUSY))
                else:
                    thread = known or Thread(thread_id)
                    self._create(connection, request, thread, path[-1], is_stateless=False)
            case method, "threads", thread_id, "runs", run_id, *rest:
                self._of_a_run(connection, request, (method, *rest), self.runs.get(run_id), query)
            case method, "threads", thread_id, *rest if thread_id in self.threads:
                connection.send(self._of_a_thread(request, (method, *rest), self.threads[thread_id], query))
            case _, "threads", thread_id, *_:
                connection.send(words(404, f"Thread with ID {thread_id} not found"))
            case _:
                connection.send(whole(b"404 Not Found", 404, "text/plain; charset=UTF-8"))

    def _of_a_thread(
        self, request: Request, wanted: tuple[str, ...], thread: Thread, query: dict[str, str]
    ) -> bytes:
        match wanted:
            case "GET", "runs":
                return whole(compact(self._list(thread, query)))
            case "GET", "state":
                return whole(compact(thread.states[0] if thread.states else {"values": {}, "tasks": []}))
            case "POST", "history":
                run_id = (request.json.get("metadata") or {}).get("run_id")
                states = [one for one in thread.states if run_id in (None, one["metadata"]["run_id"])]
                return whole(compact(states[: request.json.get("limit", 10)]))
            case ("DELETE",):
                self.remove(thread.thread_id)
                return head(204)
        return whole(compact(shown_thread(thread)))

    def _of_a_run(
        self,
        connection: Connection,
        request: Request,
        wanted: tuple[str, ...],
        run: Run | None,
        query: dict[str, str],
    ) -> None:
        action = query.get("action", "interrupt")
        match wanted:
            case "GET", "stream":
                self._join_stream(connection, request, run, query)
            case "GET", "join":
                self._join(connection, run)
            case "POST", "cancel" if action not in ("interrupt", "rollback"):
                connection.send(invalid(["action"], "Invalid enum value. Expected 'interrupt' | 'rollback'"))
            case _ if run is None:
                connection.send(words(404, "Run not found"))
            case "POST", "cancel":
                self.cancel(run, action)
                if "wait" not in query:
                    connection.send(head(202, "transfer-encoding: chunked") + chunk(b""))
                elif self._body(connection, run, len(run.events)) is not None:  # whatever the value is
                    connection.send(head(204))
            case ("DELETE",):
                self.cancel(run, "interrupt")
                self.runs.pop(run.run_id, None)
                connection.send(head(204))
            case _:
                connection.send(whole(compact(shown_run(run))))

    def _list(self, thread: Thread, query: dict[str, str]) -> list[dict[str, Any]]:
        """The oldest first, up to `limit`, where `limit` counts from the first one whatever `offset` is."""
        status = query.get("status")
        found = [run for run in self.of_thread(thread.thread_id) if status in (None, run.status)]
        return [shown_run(run) for run in found[int(query.get("offset", 0)) : int(query.get("limit", 10))]]

    def _create(
        self, connection: Connection, request: Request, thread: Thread, way: str, *, is_stateless: bool
    ) -> None:
        active = [run for run in self.of_thread(thread.thread_id) if run.status in ACTIVE]
        if (refused := refused_run(request.json, is_busy=bool(active))) is not None:
            connection.send(refused)
            return
        strategy = request.json.get("multitask_strategy")
        for run in active if strategy in ("interrupt", "rollback") else []:
            self.cancel(run, strategy)
        run = self.start(thread, request, is_stateless=is_stateless)
        place = f"{'' if run.is_stateless else f'/threads/{run.thread_id}'}/runs/{run.run_id}"
        where = f"content-location: {place}"
        if way == "stream":
            connection.send(stream_head(where))
            if self._send_events(connection, run, self._taker(run, 0)):
                connection.send(chunk(b""))
            elif run.body.get("on_disconnect") == "cancel" and not run.is_stateless:
                self.cancel(run, "interrupt")
        elif way == "wait":
            kind = "content-type: text/plain; charset=UTF-8"
            connection.send(head(200, where, kind, "Transfer-Encoding: chunked"))
            if (body := self._body(connection, run, 0, b"\n")) is not None:
                connection.send(chunk(body) + chunk(b""))
        else:
            connection.send(whole(compact(shown_run(run)), 200, "application/json", where))

    def _join(self, connection: Connection, run: Run | None) -> None:
        """The body, without even headers before the end of the run."""
        if run is None:
            connection.send(whole(compact(failed("Run not found"))))
            return
        run.is_resumable &= run.status != "pending"
        if (body := self._body(connection, run, len(run.events))) is not None:
            connection.send(whole(body))

    def _body(self, connection: Connection, run: Run, first: int, beat: bytes = b"") -> bytes | None:
        """The body of wait and join, by the events that this listener gets. None if the client has left."""
        told, take = self.threads.get(run.thread_id, Thread("")).told, self._taker(run, first)
        heard: list[int] = []

        def listen() -> list[bytes]:
            heard.extend(take())
            return []

        if not self.follow(connection, listen, lambda: run.has_ended, beat):
            return None
        return outcome(told, [run.events[number] for number in heard])

    def _send_events(self, connection: Connection, run: Run, take: Callable[[], list[int]]) -> bool:
        """Sends them to the end of the run, or until it is deleted. False if the client has left."""
        ended = lambda: run.has_ended or run.run_id not in self.runs  # noqa: E731
        if is_there := self.follow(connection, lambda: [encoded(run, one) for one in take()], ended):
            connection.send(b"" if run.has_ended else UNKNOWN_RUN)
        return is_there

    def _join_stream(
        self, connection: Connection, request: Request, run: Run | None, query: dict[str, str]
    ) -> None:
        after = (request.header("last-event-id") or [""])[0]
        place = [] if request.target.startswith("/threads/") else [f"content-location: {request.target[:-7]}"]
        connection.send(stream_head(*place))
        if run is None:
            connection.send((b"" if place else UNKNOWN_RUN) + chunk(b""))
            return
        run.is_resumable &= after != "" or run.status != "pending"
        first = int(after) + 1 if after.lstrip("-").isdigit() else len(run.events)
        if self._send_events(connection, run, self._taker(run, first)):
            connection.send(chunk(b""))
        elif query.get("cancel_on_disconnect") in ("true", "1"):
            self.cancel(run, "interrupt")

    def _taker(self, run: Run, first: int) -> Callable[[], list[int]]:
        """What is new for one listener, each time that it is called."""
        is_kept = run.is_resumable
        with self.changed:
            mine: deque[int] = deque() if is_kept else run.new_listener()
        position = min(first, len(run.events))

        def take() -> list[int]:
            nonlocal position
            if is_kept:
                mine.extend(range(position, len(run.events)))
                position = len(run.events)
            return [mine.popleft() for _ in range(len(mine))]

        return take

    def may_begin(self, run: Run) -> bool:
        """One run of a thread after the other."""
        before = [one for one in self.of_thread(run.thread_id) if one.status in ACTIVE]
        return not before or before[0] is run

    def at_interrupt(
        self, run: Run, state: dict[str, Any], question: Mapping[str, Any] | None
    ) -> Iterator[Event]:
        """The question alone, without the state."""
        if run.is_stateless and question is not None:
            raise GraphError("No checkpointer set", "GraphValueError")
        asked = {"__interrupt__": [told(question)] if question else []}
        yield "updates", asked
        yield "values", asked

    def end(self, run: Run, thread: Thread) -> None:
        """A question is a success, and a rollback an error."""
        if run.action == "rollback":
            run.failure = ("Error", "rollback")
        if run.failure is not None:
            name, message = run.failure
            self.emit(run, "error", {"error": name, "message": message})
            run.status = thread.status = "error"
        elif run.action:
            run.status, thread.status = "interrupted", "idle"
        else:
            run.status, thread.status = "success", "interrupted" if run.is_waiting else "idle"
        thread.states.insert(0, shown_state(run))
        thread.told = thread.told if run.action == "interrupt" else run.values
        if run.is_stateless and run.body.get("on_completion") != "keep":
            self.threads.pop(run.thread_id, None)


@contextmanager
def langgraphjs_server(heartbeat: float = 1.0) -> Iterator[LangGraphJsServer]:
    """A stand-in on a free port, stopped afterwards."""
    with running(LangGraphJsServer(heartbeat)) as server:
        yield server
