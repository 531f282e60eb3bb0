"""States and reasons of failures that are wrong."""

from __future__ import annotations

import json
from typing import Any

from servers.hostile_cases.case import ANY_VALUE, Answering, case
from servers.hostile_cases.parts import MIB, RUN, answer, of_json, run

from langgraph_runs import APIResponseError, NotFoundError, RunCancelledError, RunFailedError


def state(value: Any) -> dict[str, Answering]:
    """The answers about a failed run with this state."""
    return {"get": run(status="error"), "history": of_json([value]), "list": of_json([])}


def reason(shown: str) -> dict[str, Answering]:
    """The answers about a run that has failed with an exception that is shown like this."""
    return state({"values": {}, "tasks": [{"error": shown}]})


def _nested() -> str:
    text = "x"
    for _ in range(10):
        text = json.dumps({"error": "E", "message": text}, separators=(",", ":"))
    return text


CASES = [
    case(f"the reason {what}", reason(shown), {"join": RunFailedError})
    for what, shown in {
        "with a number of 5,000 digits": f"ValueError({'7' * 5000})",
        "with 800,000 minus signs": f"ValueError({'-' * 800_000}1)",
        "with 800,000 parentheses": f"ValueError({'(' * 800_000}",
        "with 400,000 pairs of brackets": f"ValueError({'[' * 400_000}{']' * 400_000})",
        "with a string of 800 kB": f"ValueError('{'x' * 800_000}')",
        "with a hundred thousand strings": "ValueError(" + "'x' " * 100_000 + ")",
        "of 2 MiB": "x" * 2 * MIB,
    }.items()
] + [
    case(
        "a history of 100 MiB",
        {
            "history": lambda _: [
                b"HTTP/1.1 200 OK\r\ncontent-length: 104857600\r\n\r\n[",
                *[b"1," * 32768] * 1600,
            ],
            "get": run(status="interrupted"),
        },
        {"join": (APIResponseError, RunCancelledError)},
    ),
    case(
        "a history that is an object",
        {"history": of_json({}), "get": run(status="interrupted")},
        {"join": (APIResponseError, RunCancelledError)},
    ),
    case(
        "a history that nests 100,000 deep",
        {"history": answer(b"[" * 100_000 + b"]" * 100_000)},
        {"join": APIResponseError},
    ),
    case(
        "states of the wrong shape",
        {
            "history": of_json(
                [{"values": 7, "tasks": [7, {"interrupts": 7}, {"interrupts": [{}]}, {"error": 7}]}]
            )
        },
        {"join": ANY_VALUE},
    ),
    case(
        "a thread error of the wrong shape",
        {
            **state({"tasks": 7}),
            "list": of_json([RUN]),
            "thread": of_json({"thread_id": "t", "error": {"error": ["x"], "message": {"a": {}}}}),
        },
        {"join": RunFailedError},
    ),
    case(
        "a thread error of 3 MiB",
        {
            **state({"tasks": 7}),
            "list": of_json([RUN]),
            "thread": of_json({"thread_id": "t", "error": {"error": "x" * MIB, "message": "y" * 2 * MIB}}),
        },
        {"join": RunFailedError},
    ),
    case(
        "JSON in JSON in JSON",
        {
            **state({"tasks": 7}),
            "list": of_json([RUN]),
            "thread": of_json({"thread_id": "t", "error": {"error": "E", "message": _nested()}}),
        },
        {"join": RunFailedError},
    ),
    case(
        "another run in place of the one asked for",
        {"get": run(run_id="other")},
        {"get": ("run other", APIResponseError), "join": ANY_VALUE},
    ),
    case(
        "a run of another thread",
        {
            "create": of_json({**RUN, "thread_id": "../x"}),
            "wait": of_json({"a": 1}, "content-location: /threads/u/runs/v"),
        },
        {"create": ("run r", APIResponseError), "wait": ANY_VALUE},
    ),
    case(
        "404 for a run that was just created",
        {"get": of_json({"detail": "no"}, status=404)},
        {"join": NotFoundError, "wait": (NotFoundError, {"a": 1})},
    ),
    case(
        "a batch of another number of runs",
        {"create_batch": of_json([RUN, RUN])},
        {"create_batch": APIResponseError},
    ),
]
