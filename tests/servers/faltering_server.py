"""How `peer` serves runs when the first request fails: it is refused, or its stream is cut."""

from __future__ import annotations

import json
from collections.abc import Callable

from servers.peer import Connection, chunk, response
from servers.runs_peer import STREAM

HERE = "content-location: /threads/t/runs/r"
JSON = "content-type: application/json"
RUN = {"run_id": "r", "thread_id": "t", "assistant_id": "a", "status": "success"}
AGAIN = "/threads/again/runs/r"
"""A request for this run never fails."""

_EVENTS = [
    b'event: metadata\r\ndata: {"run_id": "r", "attempt": 1}\r\nid: 0\r\n\r\n',
    *(b'event: custom\r\ndata: {"n": %d}\r\nid: %d\r\n\r\n' % (number, number) for number in (1, 2, 3)),
]


def faltering(fault: str) -> Callable[[Connection], None]:
    """Serves a run that succeeds, and can be found by the id of the request that has started it.

    Args:
        fault: What happens to the first request: "refused" for status 429, "cut" for a stream that is cut; "" for
            nothing.
    """
    left = [fault]
    names = list[str]()

    def serve(connection: Connection) -> None:
        while (request := connection.request()) is not None:
            path = request.target.partition("?")[0]
            current = left.pop() if left and path != AGAIN else ""
            if request.method == "POST" and path.startswith("/threads/t/runs"):
                names.extend(request.header("x-request-id"))
            if current == "refused":
                connection.send(response(b"{}", 429, JSON))
            elif path.endswith("/stream"):
                after = request.header("last-event-id")
                _stream(connection, int(after[0]) + 1 if after else 0, is_cut=current == "cut")
                if current == "cut":
                    return
            else:
                connection.send(_answer(request.method, path, names))

    return serve


def _answer(method: str, path: str, names: list[str]) -> bytes:
    place = [JSON]
    if path.endswith(("/cancel", "/cancel_many")) or method == "DELETE":
        return response(b"", 204)
    if path.endswith(("/wait", "/join")):
        value: object = {"messages": []}
        place.append(HERE)
    elif path.endswith("/batch") or (method == "GET" and path.endswith("/runs")):
        configurable = {"langgraph_request_id": names[0] if names else None}  # by which a run can be found
        value = [{**RUN, "kwargs": {"config": {"configurable": configurable}}}]
    elif path.endswith(("/history", "/state")):
        value = []
    else:
        value = RUN
    return response(json.dumps(value).encode(), 200, *place)


def _stream(connection: Connection, begin: int, *, is_cut: bool) -> None:
    events = _EVENTS[:2] if is_cut else _EVENTS[begin:]
    end = b"" if is_cut else chunk(b"")
    connection.send(STREAM % b"/threads/t/runs/r" + b"".join(map(chunk, events)) + end)
