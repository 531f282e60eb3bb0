"""How `peer` serves runs: with answers that show what was requested, and with a stream."""

from __future__ import annotations

import json

from servers.peer import Connection, chunk, response

STREAM = b"\r\n".join(
    (
        b"HTTP/1.1 200 OK",
        b"content-type: text/event-stream",
        b"content-location: %b",
        b"transfer-encoding: chunked",
        b"",
        b"",
    )
)
FIRST, LAST = 3, 6
"""How many parts a stream has at once, and at its end."""


def runs_server(connection: Connection) -> None:
    """Serves one connection of a server of runs.

    A GET of a run returns that run, on the thread of the path. For the run "slow", it waits for `peer.may_continue`,
    which a GET of the run "continue" sets. A stream sends some of its parts at once, and the rest then.
    """
    while (request := connection.request()) is not None:
        path = request.target.partition("?")[0].split("/")
        thread_id, run_id = path[2], path[4] if len(path) > 4 else ""
        if path[-1] == "stream":
            after = request.header("last-event-id")
            _stream(connection, f"/threads/{thread_id}/runs/r-{thread_id}", int(after[0]) if after else -1)
            continue
        if run_id == "slow":
            connection.peer.may_continue.wait(20)
        if run_id == "continue":
            connection.peer.may_continue.set()
        run = {"run_id": run_id, "thread_id": thread_id, "assistant_id": "a", "status": "success"}
        connection.send(response(json.dumps(run).encode(), 200, "content-type: application/json"))


def _stream(connection: Connection, location: str, after: int) -> None:
    run = {"run_id": location.rsplit("/", 1)[1], "attempt": 1}
    events = [b"event: metadata\r\ndata: %b\r\nid: 0\r\n\r\n" % json.dumps(run).encode()]
    events += [
        b'event: values\r\ndata: {"of": "%b", "n": %d}\r\nid: %d\r\n\r\n'
        % (location.encode(), number, number)
        for number in range(1, LAST)
    ]
    first, rest = events[after + 1 : FIRST], events[max(after + 1, FIRST) :]
    connection.send(STREAM % location.encode() + b"".join(map(chunk, first)))
    connection.peer.may_continue.wait(20)
    connection.send(b"".join(map(chunk, rest)) + chunk(b""))
