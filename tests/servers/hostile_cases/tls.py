"""Hostile TLS, and answers that come before the request."""

from __future__ import annotations

from servers.hostile_cases.case import ANY_VALUE, Answering, Case, End
from servers.hostile_cases.parts import answer, endless, run, sent

from langgraph_runs import APIConnectionError, APITimeoutError, WaitTimeoutError


def greeting(name: str, answering: Answering, error: object, scheme: str = "http") -> Case:
    """A case whose server answers before it has read anything."""
    expect = dict.fromkeys(("get", "wait"), error)
    return Case(name=name, answers={"*": answering}, expect=expect, greets=True, scheme=scheme)


CASES = [
    greeting("an answer before the request", sent(run(), End.HANG), (ANY_VALUE, APIConnectionError)),
    greeting("plain text on a TLS port", sent(answer(), End.HANG), APIConnectionError, "https"),
    greeting(
        "random bytes on a TLS port",
        sent(b"\x16\x03\x01\xff\xff" + bytes(65535), End.HANG),
        APIConnectionError,
        "https",
    ),
    greeting(
        "bytes without end on a TLS port",
        endless(b"", b"\x17\x03\x03\x40\x00" + bytes(16384)),
        APIConnectionError,
        "https",
    ),
    greeting("a TLS alert", sent(b"\x15\x03\x03\x00\x02\x02\x28", End.CLOSE), APIConnectionError, "https"),
    greeting("a TLS port that closes", sent(End.CLOSE), APIConnectionError, "https"),
    greeting("a TLS port that says nothing", sent(End.HANG), (APITimeoutError, WaitTimeoutError), "https"),
]
