"""Runs that never end, and lists without end."""

from __future__ import annotations

from servers.hostile_cases.case import ANY_VALUE, End, Exchange, Sent, case
from servers.hostile_cases.parts import LOCATION, MIB, RUN, answer, head, in_turn, of_json, run, sent

from langgraph_runs import APIConnectionError, APIResponseError, InternalServerError, WaitTimeoutError

_ACTIVE = run(status="running")

_NAMED = sent(head(LOCATION), End.HANG)

"""A wait that names its run, and then says nothing."""

_UNENDING = [
    case(
        "a run that never ends",
        {"get": _ACTIVE, "join": sent(End.HANG), "wait": sent(End.HANG)},
        {"join": WaitTimeoutError, "wait": WaitTimeoutError},
    ),
    case("a join that returns while the run is active", {"get": _ACTIVE}, {"join": WaitTimeoutError}),
    case(
        "a join that is cut while the run is active",
        {"get": _ACTIVE, "join": sent(End.RESET)},
        {"join": APIConnectionError},
    ),
    case(
        "a status that flips",
        {"get": in_turn(_ACTIVE, run(status="pending"), _ACTIVE, run())},
        {"join": {"a": 1}},
    ),
    case(
        "a status that nobody knows",
        {"get": run(status="hovering")},
        {"join": ANY_VALUE, "wait": ANY_VALUE, "cancel_and_wait": None},
    ),
    case(
        "a status that is not text",
        {"get": run(status={"a": ["running"]})},
        {"join": (ANY_VALUE, APIResponseError), "get": ("run r", APIResponseError)},
    ),
    case("a status of a MiB", {"get": run(status="x" * MIB)}, {"join": ANY_VALUE, "get": "run r"}),
    case(
        "null forever",
        {"wait": answer(b"null", LOCATION), "join": answer(b"null")},
        {"wait": None, "wait_stateless": None, "join": ANY_VALUE},
    ),
    case(
        "a cancel that stops nothing", {"get": _ACTIVE}, {"cancel_and_wait": WaitTimeoutError, "cancel": None}
    ),
    case(
        "a cancel that hangs",
        {"cancel": sent(End.HANG), "wait": _NAMED},
        {"cancel_and_wait": WaitTimeoutError, "wait_and_cancel": WaitTimeoutError},
    ),
    case(
        "a cancel that is refused",
        {"cancel": of_json({"detail": "no"}, status=500), "wait": _NAMED},
        {
            "cancel": InternalServerError,
            "cancel_and_wait": InternalServerError,
            "wait_and_cancel": WaitTimeoutError,
        },
    ),
    case(
        "a thread that is busy forever",
        {"get": run(status="interrupted"), "thread": of_json({"thread_id": "t", "status": "busy"})},
        {"cancel_and_wait": WaitTimeoutError},
    ),
    case("500 for every delete", {"delete": answer(b"", status=500)}, {"delete": InternalServerError}),
    case("502 for every delete", {"delete": answer(b"", status=502)}, {"delete": InternalServerError}),
]


def _page(number: int, size: int = 100) -> bytes:
    return of_json([{**RUN, "run_id": f"r{number}-{index}"} for index in range(size)])


def _grows(exchange: Exchange) -> list[Sent]:
    return [_page(exchange.number)]


def _grows_fast(exchange: Exchange) -> list[Sent]:
    return [_page(exchange.number, 10_000)]


_LISTS = [
    case("the same page forever", {"list": _page(0)}, {"list_all": "100 yielded", "cancel_all": ANY_VALUE}),
    case(
        "pages without end",
        {"list": _grows_fast},
        {"cancel_all": APIResponseError, "list_all": "2000 yielded"},
        seconds=60.0,
        mib=128,
    ),
    case(
        "the same run a hundred times",
        {"list": of_json([RUN] * 100)},
        {"list_all": "1 yielded", "cancel_all": ["r"]},
    ),
    case(
        "runs without ids forever",
        {"list": of_json([{}] * 100)},
        {"list_all": (APIResponseError, "100 yielded"), "cancel_all": APIResponseError},
    ),
    case(
        "a page of 5,000 runs",
        {"list": answer(b"[" + b'{"run_id": "r"},' * 4_999 + b'{"run_id": "r"}]')},
        {"list": ("5000 runs", APIResponseError), "list_all": ("1 yielded", APIResponseError)},
        mib=64,
    ),
    case(
        "a lost run among a million",
        {
            "create": sent(End.RESET),
            "list": lambda _: [_head_of_runs(), *[b'{"run_id": "r"},' * 1000] * 1000, b"{}]"],
        },
        {"create": APIConnectionError},
    ),
    case(
        "a lost run, and a list that hangs",
        {"create": sent(End.RESET), "wait": sent(End.RESET), "list": sent(End.HANG)},
        {"create": APIConnectionError, "wait": (APIConnectionError, WaitTimeoutError)},
        timeout=0.5,
    ),
    case(
        "other runs in place of the lost one",
        {
            "create": sent(End.RESET),
            "list": of_json(
                [
                    {**RUN, "kwargs": {"config": kind}}
                    for kind in (
                        None,
                        7,
                        [],
                        {"configurable": 7},
                        {"configurable": {"langgraph_request_id": 7}},
                    )
                ]
            ),
        },
        {"create": APIConnectionError},
    ),
]


def _head_of_runs() -> bytes:
    return b"HTTP/1.1 200 OK\r\ncontent-length: 16000003\r\n\r\n["


CASES = [*_UNENDING, *_LISTS]
