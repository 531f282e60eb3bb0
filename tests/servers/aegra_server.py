"""A stand-in of Aegra 0.11.0: threads and runs in memory, which behave on the wire as that server does."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

from servers.aegra_answers import (
    CHUNKED,
    STREAM,
    active_run,
    empty,
    encoded,
    head,
    incomplete,
    invalid,
    location,
    no_filter,
    refusal,
    refused_run,
    shown_run,
    shown_state,
    shown_thread,
    unknown_run,
    waited,
    whole,
    with_question,
)
from servers.http_request import Request
from servers.peer import Connection, chunk
from servers.scripted_graph import Event, Run, Thread
from servers.stateful_runs import ACTIVE, StatefulServer, compact, running

HEARTBEAT = b": heartbeat\r\n\r\n"
WAYS = ([], ["wait"], ["stream"])


class AegraServer(StatefulServer):
    """The stand-in."""

    usual_error = "ValueError"

    def answer(
        self, connection: Connection, request: Request, path: list[str], query: dict[str, str]
    ) -> None:
        """Answers one request."""
        match request.method, *path:
            case "POST", "threads":
                connection.send(whole(request, shown_thread(self.thread(request.json))))
            case "POST", "runs", "cancel":
                self._cancel_many(request)
                connection.send(empty(request))
            case "POST", "runs", *way if way in WAYS:
                self._create(connection, request, Thread(str(uuid4())), path[-1], is_stateless=True)
            case "POST", "threads", thread_id, "runs", *way if way in WAYS:
                thread = self.threads.get(thread_id, Thread(thread_id))
                self._create(connection, request, thread, path[-1], is_stateless=False)
            case "GET", "threads", thread_id, "runs":
                connection.send(whole(request, self._list(thread_id, query)))
            case method, "threads", _, "runs", run_id, *rest:
                self._of_a_run(connection, request, (method, *rest), run_id, query)
            case method, "threads", thread_id, *rest if thread_id in self.threads:
                connection.send(self._of_a_thread(request, (method, *rest), self.threads[thread_id]))
            case _, "threads", thread_id, *_:
                connection.send(refusal(request, 404, "not_found", f"Thread '{thread_id}' not found"))
            case _:
                connection.send(whole(request, {"detail": "Not Found"}, 404))

    def _of_a_thread(self, request: Request, wanted: tuple[str, ...], thread: Thread) -> bytes:
        match wanted:
            case "GET", "state":
                return whole(request, thread.states[0] if thread.states else {"values": {}, "tasks": []})
            case "POST", "history" if request.json.get("metadata"):
                return no_filter(request)
            case "POST", "history":
                return whole(request, thread.states[: request.json.get("limit", 10)])
            case ("DELETE",):
                self.remove(thread.thread_id)
                return whole(request, {"status": "deleted"})
        return whole(request, shown_thread(thread))

    def _of_a_run(
        self,
        connection: Connection,
        request: Request,
        wanted: tuple[str, ...],
        run_id: str,
        query: dict[str, str],
    ) -> None:
        run = self.runs.get(run_id)
        match wanted:
            case "POST", "cancel":
                self._cancel(connection, request, run, run_id, query)
            case _ if run is None:
                connection.send(unknown_run(request, run_id))
            case "GET", "stream":
                self._join_stream(connection, request, run)
            case "GET", "join":
                self._join(connection, request, run)
            case ("DELETE",) if run.status in ACTIVE:
                connection.send(active_run(request))
            case ("DELETE",):
                self.runs.pop(run_id, None)
                connection.send(empty(request))
            case _:
                connection.send(whole(request, shown_run(run)))

    def _list(self, thread_id: str, query: dict[str, str]) -> list[dict[str, Any]]:
        """The newest first."""
        status, first = query.get("status"), int(query.get("offset", 0))
        found = [run for run in self.of_thread(thread_id)[::-1] if status in (None, run.status)]
        return [shown_run(run) for run in found[first : first + int(query.get("limit", 10))]]

    def _cancel_many(self, request: Request) -> None:
        given = request.json
        for run in list(self.runs.values()):
            if run.run_id in given.get("run_ids", []) or given.get("status") in ("all", run.status):
                self._stop(run)

    def _stop(self, run: Run) -> None:
        """A run that is cancelled is interrupted at once, also one that was left by an earlier process."""
        with self.changed:
            if run.status in ACTIVE:
                self.cancel(run, "interrupt")
                run.status = "interrupted"

    def _cancel(
        self, connection: Connection, request: Request, run: Run | None, run_id: str, query: dict[str, str]
    ) -> None:
        wait, action = query.get("wait", "0"), query.get("action", "cancel")
        if wait not in ("0", "1"):
            words = "Input should be a valid integer, unable to parse string as an integer"
            connection.send(invalid(request, "int_parsing", ["query", "wait"], words, wait))
        elif action not in ("cancel", "interrupt"):
            words = "Input should be 'cancel' or 'interrupt'"
            connection.send(invalid(request, "literal_error", ["query", "action"], words, action))
        elif run is None:
            connection.send(unknown_run(request, run_id))
        else:
            self._stop(run)
            if wait == "1" and not self._is_left_behind(run):
                self.follow(connection, list, lambda: run.has_ended)
            if wait == "1" and run.run_id not in self.runs:
                connection.send(refusal(request, 500, "internal_error", "An unexpected error occurred"))
                raise ConnectionError("the server closes the connection after that")
            connection.send(whole(request, shown_run(run)))

    def _create(
        self, connection: Connection, request: Request, thread: Thread, way: str, *, is_stateless: bool
    ) -> None:
        if (refused := refused_run(request, thread, is_stateless=is_stateless)) is not None:
            connection.send(refused)
            return
        run = self.start(thread, request, is_stateless=is_stateless)
        if way == "stream":
            connection.send(head(request, 200, *STREAM, *location(run, "stream"), CHUNKED))
            if self.follow(connection, self._taker(run, 0), lambda: run.has_ended, HEARTBEAT):
                connection.send(chunk(b""))
            elif run.body.get("on_disconnect", "cancel") == "cancel":
                self._stop(run)
        elif way == "wait":
            self._join(connection, request, run)
        else:
            connection.send(whole(request, shown_run(run)))

    def _join(self, connection: Connection, request: Request, run: Run) -> None:
        is_over = run.has_ended or self._is_left_behind(run)
        places = () if is_over else location(run, "join")
        connection.send(head(request, 200, *places, "content-type: application/json", CHUNKED))
        if self._is_left_behind(run) and run.status in ACTIVE:
            connection.send(chunk(incomplete(run)) + chunk(b""))
        elif is_over or self.follow(connection, list, lambda: run.has_ended, b"\n"):
            connection.send(chunk(waited(run)) + chunk(b""))

    def _join_stream(self, connection: Connection, request: Request, run: Run) -> None:
        after = (request.header("last-event-id") or [""])[0]
        connection.send(head(request, 200, *STREAM, *location(run, "stream"), CHUNKED))
        if run.status not in ACTIVE and not after:
            last = b"event: end\ndata: %s\n\n" % compact({"status": run.status})
            connection.send(chunk(last) + chunk(b""))
            return
        number = after.removeprefix(f"{run.run_id}_event_")
        first = int(number) if number != after and number.isdigit() else 0
        is_kept = not self._is_left_behind(run)  # else heartbeats, and nothing else
        if self.follow(connection, self._taker(run, first), lambda: is_kept and run.has_ended, HEARTBEAT):
            connection.send(chunk(b""))

    def _is_left_behind(self, run: Run) -> bool:
        """Whether an earlier process had it."""
        return run.generation != self.generation

    def _taker(self, run: Run, first: int) -> Callable[[], list[bytes]]:
        """What is new for one listener, each time that it is called."""
        position = first

        def take() -> list[bytes]:
            nonlocal position
            found = [encoded(run, number) for number in range(position, len(run.events))]
            position = max(position, len(run.events))
            return found

        return take

    def at_interrupt(
        self, run: Run, state: dict[str, Any], question: Mapping[str, Any] | None
    ) -> Iterator[Event]:
        """The question, with the state; of several, each also alone."""
        asked = {"__interrupt__": [dict(question)] if question else []}
        yield "updates", asked
        if question is None:
            return
        if len(run.questions) > 1:
            yield "values", asked
        yield "values", with_question(run.show(state), question)

    def end(self, run: Run, thread: Thread) -> None:
        """A run that asks is interrupted, as one that was cancelled."""
        if run.failure is not None:
            name, _ = run.failure
            self.emit(run, "error", {"error": name, "message": f"{name}: execution failed"})
        waits = run.is_waiting and not run.action
        status = "error" if run.failure else "interrupted" if waits or run.action else "success"
        thread.states.insert(0, shown_state(run))
        run.status = status
        thread.status = "error" if run.failure else "interrupted" if waits else "idle"
        self.emit(run, "end", {"status": status})
        if run.is_stateless and run.body.get("on_completion") != "keep":
            self.remove(run.thread_id)


@contextmanager
def aegra_server(heartbeat: float = 5.0) -> Iterator[AegraServer]:
    """A stand-in on a free port, stopped afterwards."""
    with running(AegraServer(heartbeat)) as server:
        yield server
