"""Bodies that nest too deep, or are of the wrong shape."""

from __future__ import annotations

from servers.hostile_cases.case import ALL, ANY_VALUE, METHODS, Case, End, always
from servers.hostile_cases.parts import LOCATION, MIB, answer, built_when_sent, head, of_json, run, sent

from langgraph_runs import (
    APIConnectionError,
    APIResponseError,
    BadRequestError,
    NotFoundError,
    UnprocessableEntityError,
)

_JSON = "content-type: application/json"

_DEEP = b"[" * 100_000 + b"]" * 100_000


def _many_fields() -> dict[str, dict[str, str]]:
    return {str(number): {} for number in range(200_000)}


_NESTED = [
    always("JSON that nests 100,000 deep", answer(_DEEP, LOCATION), APIResponseError, METHODS),
    always("JSON that nests without closing", answer(b'{"a":' * 100_000), APIResponseError, ("get", "wait")),
    always("a refusal that nests 100,000 deep", answer(_DEEP, status=400), BadRequestError, ALL),
    always(
        "a refusal that nests 900 deep", answer(b"[" * 900 + b"]" * 900, status=422), UnprocessableEntityError
    ),
    always(
        "a detail of 2 MiB",
        of_json({"detail": "x" * 2 * MIB}, status=404),
        NotFoundError,
        ("get", "wait", "stream"),
    ),
    always(
        "a detail that is not text",
        of_json({"detail": [{"msg": ["x"] * 10_000}]}, status=404),
        NotFoundError,
        ("get",),
    ),
    always(
        "300,000 empty lists",
        answer(b"[" + b"[]," * 300_000 + b"[]]"),
        APIResponseError,
        ("get", "list", "create"),
        mib=64,
    ),
    Case(
        name="a state of 300,000 empty objects",
        answers={"wait": answer(b"[" + b"{}," * 300_000 + b"{}]", LOCATION)},
        expect={"wait": ANY_VALUE},
        mib=64,
    ),
    Case(
        name="a run with 300,000 empty fields",
        answers={"get": built_when_sent(lambda: of_json({"run_id": "r", "metadata": _many_fields()}))},
        expect={"get": "run r"},
        mib=64,
    ),
]

_NUMBERS = [
    Case(
        name=f"values that contain {what}",
        answers={
            "wait": answer(body, LOCATION),
            "join": answer(body),
            "create": answer(body),
            "get": answer(body),
        },
        expect={
            "wait_stateless": (ANY_VALUE, APIResponseError),
            "get": APIResponseError,
            "create": APIResponseError,
        },
    )
    for what, body in {
        "NaN": b'{"a": NaN}',
        "10^400": b'{"a": 1e400}',
        "a number of 5,000 digits": b'{"a": %b}' % (b"7" * 5000),
        "a number of a million digits": b'{"a": %b}' % (b"7" * 1_000_000),
        "half a surrogate pair": b'{"a": "\\ud800"}',
        "a byte order mark": b'\xef\xbb\xbf{"a": 1}',
        "invalid UTF-8": b'{"a": "\xff\xfe"}',
        "a NUL": b'{"a": "\0"}',
        "UTF-16": '{"a": 1}'.encode("utf-16"),
    }.items()
]

_SHAPES = [
    always(
        f"{what} for everything", answer(body, LOCATION), APIResponseError, ("create", "create_batch", "get")
    )
    for what, body in {
        "null": b"null",
        "a number": b"7",
        "text": b'"run"',
        "an empty object": b"{}",
        "an empty body": b"",
        "a run without an id": b'{"status": "pending"}',
        "a run whose id is a number": b'{"run_id": 7}',
        "a run whose id leads elsewhere": b'{"run_id": ".."}',
        "a run whose id is a MiB": b'{"run_id": "%b"}' % (b"r" * MIB),
        "a run whose times are wrong": b'{"run_id": "r", "created_at": "9999999-99-99"}',
    }.items()
] + [
    Case(
        name="a page of a proxy",
        answers={"*": head("content-type: text/html", "content-length: 22") + b"<html>sign in</html>\r\n"},
        expect=dict.fromkeys(ALL, APIResponseError),
    ),
    Case(
        name="a list that is an object",
        answers={"list": of_json({"0": 1})},
        expect={"list": APIResponseError, "list_all": APIResponseError, "cancel_all": APIResponseError},
    ),
    Case(
        name="a stream in place of a value",
        answers={"*": answer(b"event: values\ndata: {}\n\n")},
        expect={"get": APIResponseError, "create": APIResponseError},
    ),
    Case(
        name="a value in place of a stream",
        answers={"*": run()},
        expect={
            "stream": APIResponseError,
            "join_stream": APIResponseError,
            "stream_stateless": APIResponseError,
        },
    ),
    always(
        "an empty body that ends with the connection",
        sent(head(_JSON), End.CLOSE),
        (APIConnectionError, APIResponseError),
        ("get",),
    ),
]
CASES = [*_NESTED, *_NUMBERS, *_SHAPES]
