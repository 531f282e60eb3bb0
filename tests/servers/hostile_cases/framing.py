"""Hostile framings, and connections that end at the wrong time."""

from __future__ import annotations

from servers.hostile_cases.case import Case, End, always
from servers.hostile_cases.parts import LOCATION, answer, endless, head, run, sent, trickled

from langgraph_runs import APIConnectionError, APITimeoutError, WaitTimeoutError

_OK = b"HTTP/1.1 200 OK\r\n"

_EVIL = run(run_id="evil")

_CHUNKED = head("content-type: application/json", "transfer-encoding: chunked", LOCATION)

_FRAMING = [
    always("two lengths", answer(b"{}", "content-length: 2"), APIConnectionError),
    always("a list of lengths", _OK + b"content-length: 2, 2\r\n\r\n{}", APIConnectionError),
    always("a length of 10^30", head(f"content-length: {10**30}"), APIConnectionError),
    always("a negative length", head("content-length: -1"), APIConnectionError),
    always("a length in hexadecimal", head("content-length: 0x2") + b"{}", APIConnectionError),
    always("a length and chunks", answer(b"0\r\n\r\n", "transfer-encoding: chunked"), APIConnectionError),
    always("chunked twice", head("transfer-encoding: chunked, chunked") + b"0\r\n\r\n", APIConnectionError),
    always("a transfer encoding of gzip", head("transfer-encoding: gzip, chunked"), APIConnectionError),
    always(
        "a chunk extension without end", endless(_CHUNKED + b"2;", b"x"), APIConnectionError, ("get", "join")
    ),
    always(
        "trailers without end",
        endless(_CHUNKED + b"2\r\n{}\r\n0\r\n", b"x: y\r\n"),
        APIConnectionError,
        ("get",),
    ),
    always("a chunk size of 10^30", _CHUNKED + b"f" * 25 + b"\r\n", APIConnectionError, ("get",)),
    always("a negative chunk size", _CHUNKED + b"-2\r\n{}\r\n", APIConnectionError, ("get",)),
    always(
        "a length longer than the body",
        sent(head("content-length: 9"), b"{", End.CLOSE),
        APIConnectionError,
        ("get",),
    ),
    Case(
        name="a length shorter than the body",
        answers={"get": run() + _EVIL, "delete": answer() + _EVIL},
        expect={"get": "run r", "delete": None, "list": ["run r"]},
    ),
    Case(
        name="a body after status 204",
        answers={"delete": head(status=204) + _EVIL},
        expect={"delete": None, "get": "run r"},
    ),
]

_CONNECTIONS = [
    always("a reset", sent(End.RESET), APIConnectionError),
    always("a reset mid-head", sent(_OK, End.RESET), APIConnectionError),
    always("a half-closed connection without an answer", sent(End.HALF_CLOSE), APIConnectionError),
    always("one byte and the end", sent(b"H", End.CLOSE), APIConnectionError),
    Case(
        name="a good answer byte by byte",
        answers={"get": sent(*(bytes([byte]) for byte in run()))},
        expect={"get": "run r"},
    ),
    Case(
        name="a body that trickles",
        answers={"*": trickled(head("content-length: 1000000", LOCATION), b" ")},
        expect={"wait": WaitTimeoutError, "join": (WaitTimeoutError, APIConnectionError)},
    ),
    Case(
        name="a body that stops",
        answers={"*": sent(head("content-length: 1000000", LOCATION), b"{", End.HANG)},
        expect={"get": APITimeoutError, "delete": APITimeoutError, "wait": WaitTimeoutError},
    ),
]
CASES = [*_FRAMING, *_CONNECTIONS]
