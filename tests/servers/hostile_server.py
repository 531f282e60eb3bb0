"""A server that does what the cases of the hostile-server corpus say, and answers all else as it should."""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from socket import SHUT_WR
from urllib.parse import unquote

from servers.hostile_cases.case import Answering, Case, End, Exchange, Sent
from servers.hostile_cases.parts import LOCATION, METADATA, RUN, event, of_json, run, stream
from servers.http_request import Request
from servers.peer import Connection, peer

NAME, CALL = "x-case", "x-call"
"""The headers by which a request says which case it is for, and which call it belongs to."""

_KINDS = [
    (kind, re.compile(pattern))
    for kind, pattern in {
        "wait": r"POST .*/runs/wait",
        "stream": r"POST .*/runs/stream",
        "create_batch": r"POST /runs/batch",
        "cancel_many": r"POST /runs/cancel",
        "cancel": r"POST .*/cancel",
        "history": r"POST .*/history",
        "create": r"POST .*/runs",
        "join": r"GET .*/runs/[^/]*/join",
        "join_stream": r"GET .*/runs/[^/]*/stream",
        "get": r"GET .*/runs/[^/]*",
        "list": r"GET .*/runs",
        "thread": r"GET /threads/[^/]*",
        "delete": r"DELETE .*/runs/[^/]*",
        "delete_thread": r"DELETE /threads/[^/]*",
    }.items()
]
_THREAD = re.compile(r"/threads/([^/?]+)")

_VALUES = {"a": 1}
_EVENTS = METADATA + event(b'{"a": 1}', event_id=b"2")
GOOD: dict[str, Answering] = {
    "wait": of_json(_VALUES, LOCATION),
    "stream": stream(_EVENTS),
    "create_batch": of_json([RUN]),
    "cancel_many": of_json({}),
    "cancel": of_json({}),
    "history": of_json([{"values": _VALUES, "tasks": []}]),
    "create": of_json(RUN, LOCATION),
    "join": of_json(_VALUES, LOCATION),
    "join_stream": stream(_EVENTS),
    "get": run(),
    "list": of_json([RUN]),
    "thread": of_json({"thread_id": "t", "status": "idle"}),
    "delete": of_json({}),
    "delete_thread": of_json({}),
    "": of_json({"detail": "Not Found"}, status=404),
}
"""How each kind of request is answered when nothing is wrong: the run has succeeded."""


@contextmanager
def hostile_server(cases: Sequence[Case]) -> Iterator[dict[str, str]]:
    """The URLs of the server: for the cases that have a port of their own by their names, and "" for the others."""
    with ExitStack() as stack:
        main = stack.enter_context(peer(_Server(cases).serve))
        urls = {"": main.url}
        for case in cases:
            if case.greets:
                greeting = stack.enter_context(peer(lambda connection, case=case: _greet(connection, case)))
                urls[case.name] = f"{case.scheme}://127.0.0.1:{greeting.port}"
        yield urls


class _Server:
    """Serves the connections of all cases on one port, so that one client can go through them all."""

    def __init__(self, cases: Sequence[Case]) -> None:
        self._cases = {case.name: case for case in cases}
        self._counts: Counter[tuple[str, str]] = Counter()

    def serve(self, connection: Connection) -> None:
        """Answers the requests of a connection until one of the answers ends it."""
        while (request := connection.request()) is not None:
            connection.peer.requests.clear()  # they would be kept for a test to look at
            if not _is_kept_after(connection, self._answer(request)):
                return

    def _answer(self, request: Request) -> Iterable[Sent]:
        kind = _kind(request)
        call = (request.header(CALL) or [""])[0]
        number = self._counts[call, kind]
        self._counts[call, kind] += 1
        found = self._cases.get(_name(request))
        answers = {} if found is None else found.answers
        chosen = answers.get(kind) or answers.get("*") or GOOD[kind]
        return [chosen] if isinstance(chosen, bytes) else chosen(Exchange(request, number))


def _greet(connection: Connection, case: Case) -> None:
    answering = case.answers["*"]
    exchange = Exchange(Request("", "", [], b""), 0)
    _is_kept_after(connection, [answering] if isinstance(answering, bytes) else answering(exchange))


def _is_kept_after(connection: Connection, pieces: Iterable[Sent]) -> bool:
    """Sends these pieces. Returns whether the connection may carry another request."""
    for piece in pieces:
        if isinstance(piece, bytes):
            connection.send(piece)
        elif isinstance(piece, End):
            _end(connection, piece)
            return False
        else:
            time.sleep(piece)
    return True


def _end(connection: Connection, end: End) -> None:
    if end is End.RESET:
        connection.reset()
    elif end is not End.CLOSE:
        if end is End.HALF_CLOSE:
            connection.socket.shutdown(SHUT_WR)
        connection.until_closed()


def _kind(request: Request) -> str:
    line = f"{request.method} {request.target.partition('?')[0]}"
    return next((kind for kind, pattern in _KINDS if pattern.fullmatch(line)), "")


def _name(request: Request) -> str:
    """The case: by its header, or by the thread in the path, for calls that cannot have headers of their own."""
    match = _THREAD.match(request.target)
    return (request.header(NAME) or [unquote(match[1]) if match else ""])[0]
