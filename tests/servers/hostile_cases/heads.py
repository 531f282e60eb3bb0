"""Hostile heads of responses."""

from __future__ import annotations

from servers.hostile_cases.case import End, always, case
from servers.hostile_cases.parts import answer, endless, head, sent, trickled

from langgraph_runs import (
    APIConnectionError,
    APIResponseError,
    APITimeoutError,
    InternalServerError,
    WaitTimeoutError,
)

# A short call ends with the client's timeout, one that has a deadline with that.
_LATE = {"get": APITimeoutError, "wait": WaitTimeoutError, "stream": WaitTimeoutError}

_OK = b"HTTP/1.1 200 OK\r\n"

CASES = [
    always("headers without end", endless(_OK, b"x: y\r\n"), APIConnectionError),
    always("a header value without end", endless(_OK + b"x: ", b"y"), APIConnectionError),
    always("a header name without end", endless(_OK, b"x"), APIConnectionError),
    always("a reason phrase without end", endless(b"HTTP/1.1 200 ", b"O"), APIConnectionError),
    always(
        "interim responses without end", endless(b"", b"HTTP/1.1 103 Early Hints\r\n\r\n"), APIConnectionError
    ),
    always("blank lines without end before the head", endless(b"", b"\r\n"), APIConnectionError),
    case(
        "interim responses that trickle",
        {"*": trickled(b"", b"HTTP/1.1 102 Processing\r\n\r\n", pause=0.05)},
        _LATE,
    ),
    case("a head that trickles", {"*": trickled(_OK, b"x: y\r\n")}, _LATE),
    case("no answer", {"*": sent(End.HANG)}, _LATE),
    always(
        "switching protocols",
        head("upgrade: websocket", "connection: upgrade", status=101),
        APIConnectionError,
    ),
    always("status 999", answer(status=999), InternalServerError),
    always("status 600 without an end of the body", endless(head(status=600), b"x"), InternalServerError),
    always("status 000", answer(status="000"), APIConnectionError),
    always("a status of four digits", answer(status=1000), APIConnectionError),
    always("status 304", head(status=304), APIResponseError),
    always("a folded header", _OK + b"x: y\r\n z\r\ncontent-length: 2\r\n\r\n{}", APIConnectionError),
    always("a NUL in a header", _OK + b"x: \0\r\ncontent-length: 2\r\n\r\n{}", APIConnectionError),
    always("HTTP/0.9", sent(b"<html>hello</html>", End.CLOSE), APIConnectionError),
    always("HTTP/2", sent(b"HTTP/2 200\r\n\r\n", End.CLOSE), APIConnectionError),
    always("an SSH banner", sent(b"SSH-2.0-OpenSSH_9.2\r\n", End.HANG), APIConnectionError),
    always("random bytes", sent(bytes(range(256)) * 64, End.CLOSE), APIConnectionError),
]
