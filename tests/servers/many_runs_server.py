"""A server of many runs, each of which one request starts and waits for."""

from __future__ import annotations

import json
import select
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from servers.http_request import Request
from servers.peer import Connection, Peer, chunk, peer, response

JSON = "content-type: application/json"
HEAD = b"HTTP/1.1 200 OK\r\ncontent-location: %b\r\ntransfer-encoding: chunked\r\n\r\n"


class ManyRunsServer:
    """Runs by the numbers in their inputs, `{"n": 1}`.

    With `"hold": true`, a run ends when it is cancelled or released; with `"fail": true`, it fails; with `"gate": 5`,
    it ends when five runs have been active at the same time.

    Attributes:
        peer: The server.
        started: The numbers of the runs, as they were started.
        cancelled: Those that were cancelled.
        left: Those that nobody waits for any more, as the connection was closed.
        active: Those that have not ended.
        most: How many were active at the same time.
    """

    def __init__(self) -> None:
        self.peer: Peer
        self.started: list[int] = []
        self.cancelled: list[int] = []
        self.left: list[int] = []
        self.active: set[int] = set()
        self.most = 0
        self._released: set[int] = set()
        self._runs: list[dict[str, Any]] = []  # as a list of runs has them

    @property
    def url(self) -> str:
        return self.peer.url

    @property
    def waits(self) -> list[Request]:
        """The requests that started a run."""
        return [
            request for request in self.peer.requests if request.target.partition("?")[0].endswith("/wait")
        ]

    def release(self, *numbers: int) -> None:
        """Lets these runs end."""
        with self.peer.changed:
            self._released.update(numbers)
            self.peer.changed.notify_all()

    def serve(self, connection: Connection) -> None:
        """Serves one connection."""
        while (request := connection.request()) is not None:
            path = request.target.partition("?")[0].split("/")
            if path[-1] == "wait":
                thread_id, given = "t" if path[1] == "runs" else path[2], json.loads(request.body)["input"]
                self._note(request, thread_id, given["n"])
                self._run(connection, thread_id, given)
            elif path[-1] == "cancel":
                with self.peer.changed:
                    self.cancelled.append(int(path[4]))
                    self.peer.changed.notify_all()
                connection.send(response(b"{}", 202, JSON))
            elif request.method == "DELETE":
                connection.send(response(b"", 204))
            elif path[-1] == "runs":  # a caller who left before the response came looks for its run
                found = [run for run in self._runs if run["thread_id"] == path[2]]
                connection.send(response(json.dumps(found).encode(), 200, JSON))
            else:
                state = {"thread_id": path[2], "status": "idle", "assistant_id": "a"}
                if len(path) > 4:
                    is_cancelled = int(path[4]) in self.cancelled
                    state |= {"run_id": path[4], "status": "interrupted" if is_cancelled else "success"}
                connection.send(response(json.dumps(state).encode(), 200, JSON))

    def _note(self, request: Request, thread_id: str, number: int) -> None:
        names = {"langgraph_request_id": ",".join(request.header("x-request-id"))}
        run = {"run_id": str(number), "thread_id": thread_id, "status": "running"}
        self._runs.insert(0, run | {"kwargs": {"config": {"configurable": names}}})

    def _run(self, connection: Connection, thread_id: str, given: dict[str, Any]) -> None:
        number, changed = given["n"], self.peer.changed
        with changed:
            self.started.append(number)
            self.active.add(number)
            self.most = max(self.most, len(self.active))
            changed.notify_all()
        connection.send(HEAD % f"/threads/{thread_id}/runs/{number}".encode() + chunk(b"\n"))
        with changed:
            changed.wait_for(lambda: self.most >= given.get("gate", 0), timeout=20)
            while given.get("hold") and number not in [*self.cancelled, *self._released]:
                if select.select([connection.socket], [], [], 0)[0]:
                    self.left.append(number)
                    return
                changed.wait(0.02)
            self.active.discard(number)
        values = (
            {"__error__": {"error": "ValueError", "message": "boom"}} if given.get("fail") else {"n": number}
        )
        connection.send(chunk(json.dumps(values).encode()) + chunk(b""))


@contextmanager
def many_runs_server() -> Iterator[ManyRunsServer]:
    """A server on a free port, stopped afterwards."""
    server = ManyRunsServer()
    with peer(server.serve) as server.peer:
        yield server
        server.release(*server.started)
