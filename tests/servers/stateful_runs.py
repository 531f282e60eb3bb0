"""What the stand-ins of LangGraph.js and Aegra share: threads and runs in memory, and streams of their events."""

from __future__ import annotations

import json
import select
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from time import monotonic
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from uuid import uuid4

from servers.http_request import Request
from servers.peer import Connection, Peer, chunk, peer
from servers.scripted_graph import Event, GraphError, Run, StoppedError, Thread, work

ASSISTANT = "fe096781-5601-53d2-b2f6-0d3403f7e9ca"
ACTIVE = ("pending", "running")
MODES = [
    "values",
    "updates",
    "custom",
    "messages",
    "messages-tuple",
    "debug",
    "events",
    "tasks",
    "checkpoints",
]


class StatefulServer:
    """Threads and runs in memory.

    Attributes:
        url: Its URL.
        heartbeat: The seconds between two heartbeats.
        starts_after: The seconds for which a run is pending.
        requests: The requests so far, as "GET /threads/T".
    """

    usual_error = ""

    def __init__(self, heartbeat: float) -> None:
        self.url = ""
        self.heartbeat = heartbeat
        self.starts_after = 0.02
        self.requests: list[str] = []
        self.threads: dict[str, Thread] = {}
        self.runs: dict[str, Run] = {}
        self.changed = threading.Condition()
        self.generation = 0
        self.peer: Peer | None = None

    def answer(
        self, connection: Connection, request: Request, path: list[str], query: dict[str, str]
    ) -> None:
        """Answers one request."""
        raise NotImplementedError

    def end(self, run: Run, thread: Thread) -> None:
        """Sets the status of a run that has ended and of its thread, perhaps a deleted one; sends the last events."""
        raise NotImplementedError

    def at_interrupt(
        self, run: Run, state: dict[str, Any], question: Mapping[str, Any] | None
    ) -> Iterator[Event]:
        """How a stream reports an interrupt."""
        raise NotImplementedError

    def may_begin(self, run: Run) -> bool:
        """Whether a pending run may begin now."""
        return True

    def serve(self, connection: Connection) -> None:
        """Answers all requests of a connection."""
        while (request := connection.request()) is not None:
            self.requests.append(f"{request.method} {request.target}")
            target = urlsplit(request.target)
            self.answer(connection, request, target.path.strip("/").split("/"), dict(parse_qsl(target.query)))

    def restart(self) -> None:
        """What a stop and a start leave: no connections, no events, and active runs that stay `running` for ever."""
        with self.changed:
            self.generation += 1
            for run in self.runs.values():
                run.status = "running" if run.status in ACTIVE else run.status
                run.must_stop.set()
                run.events.clear()
            self.changed.notify_all()
        assert self.peer is not None
        self.peer.close_all()

    def thread(self, given: Mapping[str, Any]) -> Thread:
        """A new thread, unless there is one with its id. The given one is returned."""
        thread = Thread(given.get("thread_id") or str(uuid4()), given.get("metadata") or {})
        self.threads.setdefault(thread.thread_id, thread)
        return thread

    def start(self, thread: Thread, request: Request, *, is_stateless: bool) -> Run:
        """A new run, which begins after a moment."""
        body = request.json
        run = Run(
            thread_id=thread.thread_id,
            body=body,
            request_id=(request.header("x-request-id") or [""])[0],
            is_stateless=is_stateless,
            is_resumable=bool(body.get("stream_resumable")),
            generation=self.generation,
        )
        with self.changed:
            self.threads[thread.thread_id] = thread
            self.runs[run.run_id] = run
            thread.status = "busy"
        threading.Thread(target=self._execute, args=(run, thread), daemon=True).start()
        return run

    def cancel(self, run: Run, action: str) -> None:
        """Stops a run, if it is active."""
        with self.changed:
            if run.status in ACTIVE:
                run.action = action
                run.must_stop.set()
                self.changed.notify_all()

    def emit(self, run: Run, name: str, data: Any) -> None:
        """Sends an event of a run to its listeners, in the modes that it has."""
        if name in (*MODES, "tools") and name not in run.modes:
            return
        with self.changed:
            if run.generation != self.generation:
                raise StoppedError
            number = len(run.events)
            run.events.append((name, data))
            if not run.is_resumable:
                # One queue, whose listeners take turns.
                (run.listeners[number % len(run.listeners)] if run.listeners else run.waiting).append(number)
            self.changed.notify_all()

    def of_thread(self, thread_id: str) -> list[Run]:
        """The runs of a thread, the oldest first."""
        return [run for run in list(self.runs.values()) if run.thread_id == thread_id]

    def remove(self, thread_id: str) -> None:
        """Deletes a thread with its runs."""
        with self.changed:
            self.threads.pop(thread_id, None)
            for run in self.of_thread(thread_id):
                self.runs.pop(run.run_id, None)

    def follow(
        self,
        connection: Connection,
        take: Callable[[], list[bytes]],
        is_over: Callable[[], bool],
        beat: bytes = b"",
    ) -> bool:
        """Sends what `take` has as chunks until it is over, with heartbeats. False if the client has left before."""
        sent, generation = monotonic(), self.generation
        while True:
            with self.changed:
                over = is_over()
                pieces = take()
                if not pieces and not over:
                    self.changed.wait(0.02)
            if beat and monotonic() - sent > self.heartbeat:
                pieces.append(beat)
                sent = monotonic()
            if has_left(connection) or self.generation != generation:
                return False
            if pieces:
                connection.send(b"".join(map(chunk, pieces)))
            elif over:
                return True

    def _execute(self, run: Run, thread: Thread) -> None:
        try:
            try:
                run.pause(self.starts_after)
                with self.changed:
                    self.changed.wait_for(lambda: run.must_stop.is_set() or self.may_begin(run))
                run.pause(0)
                run.status = "running"
                self.emit(run, "metadata", {"run_id": run.run_id, "attempt": 1})
                for name, data in work(run, thread, self.at_interrupt):
                    self.emit(run, name, data)
            except GraphError as error:
                run.failure = (error.name or self.usual_error, str(error))
            except StoppedError:
                if run.generation != self.generation:
                    return
            self.end(run, thread)
        except StoppedError:
            return
        with self.changed:
            run.has_ended = True
            self.changed.notify_all()


def has_left(connection: Connection) -> bool:
    """Whether the client has closed its end of the connection."""
    return bool(select.select([connection.socket], [], [], 0)[0])


def compact(data: Any) -> bytes:
    """As both servers write the data of an event."""
    return json.dumps(data, separators=(",", ":"), ensure_ascii=False).encode()


@contextmanager
def running(server: StatefulServer) -> Iterator[Any]:
    """The server on a free port, stopped afterwards."""
    with peer(server.serve) as made:
        server.peer, server.url = made, made.url
        try:
            yield server
        finally:
            with server.changed:
                server.generation += 1
                for run in server.runs.values():
                    run.must_stop.set()
                server.changed.notify_all()
