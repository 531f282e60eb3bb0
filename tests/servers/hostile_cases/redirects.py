"""Hostile redirects and headers."""

from __future__ import annotations

from servers.hostile_cases.case import Case, Exchange, Sent, always
from servers.hostile_cases.parts import (
    MIB,
    answer,
    endless,
    head,
    in_turn,
    of_json,
    run,
    until_closed,
)

from langgraph_runs import (
    APIConnectionError,
    APIResponseError,
    APIStatusError,
    AuthenticationError,
    InternalServerError,
    RateLimitError,
)


def _redirected_further(exchange: Exchange) -> list[Sent]:
    return [answer(b"", f"location: /further/{exchange.request.target}", status=307)]


def redirect(location: str, status: int = 307) -> bytes:
    """A redirect."""
    return answer(b"", f"location: {location}", status=status)


_REDIRECTS = [
    always("a redirect to the same URL", _redirected_further, APIResponseError),
    always("redirects without end", _redirected_further, APIResponseError),
    always("a redirect to another origin", redirect("http://127.0.0.1:9/"), APIResponseError),
    always(
        "a redirect to a URL with credentials",
        redirect("http://user:password@127.0.0.1:9/"),
        APIResponseError,
    ),
    always("a redirect to a file", redirect("file:///etc/passwd"), APIResponseError),
    always("a redirect to an invalid URL", redirect("http://[::1"), APIResponseError),
    always("a redirect to an invalid port", redirect("http://127.0.0.1:999999/"), APIResponseError),
    always("a redirect to a host of 60,000 characters", redirect(f"//{'a' * 60000}/"), APIResponseError),
    always(
        "a redirect to bytes that are not ASCII",
        redirect("/\xff\xfe\x80"),
        (APIResponseError, APIConnectionError),
    ),
    always("a redirect with a line break", redirect("/x\r\nset-cookie: a=b\r\nx: "), APIResponseError),
    always(
        "a redirect with a body without end",
        endless(head("location: http://127.0.0.1:9/", status=307), b"x"),
        APIResponseError,
    ),
    always("a redirect without a target", answer(b"", status=301), APIResponseError),
    always(
        "a redirect that turns POST into GET",
        redirect("/", 303),
        APIResponseError,
        ("wait", "create", "stream"),
    ),
    always("300", answer(b"", status=300), APIResponseError),
]

_RETRY_AFTER = [
    always(
        f"Retry-After: {value}",
        answer(b"", f"retry-after: {value}", status=503),
        InternalServerError,
        ("get", "create"),
    )
    for value in (
        "1000000000",
        "-1",
        "9" * 1000,
        "soon",
        "nan",
        "1e9",
        "Fri, 31 Dec 9999 23:59:59 GMT",
        "Mon, 99 Foo 99999",
    )
] + [
    always(
        "429 forever",
        answer(b"", "retry-after: 0", status=429),
        RateLimitError,
        ("get", "create", "wait", "stream"),
    )
]

_LOCATIONS = [
    Case(
        name=f"a Content-Location {what}",
        answers={
            "create": of_json({"run_id": "r"}, f"content-location: {value}"),
            "wait": of_json({"a": 1}, f"content-location: {value}"),
        },
        expect={"create": "run r", "wait": {"a": 1}},
    )
    for what, value in {
        "of another run": "/threads/other/runs/other",
        "that leads elsewhere": "/threads/../runs/..",
        "with encoded slashes": "/threads/..%2F..%2Fx/runs/..%2F..%2Fadmin",
        "with a query and a fragment": "/threads/t/runs/r?x=/threads/u/runs/s#/threads/v/runs/q",
        "of 60,000 characters": "/threads/t/runs/" + "r" * 60000,
        "of 30,000 slashes": "/threads" * 7000,
    }.items()
] + [
    always(
        "a Content-Location of 1 MiB",
        answer(b"{}", "content-location: /threads/t/runs/" + "r" * MIB),
        APIConnectionError,
    )
]

_OTHERS = [
    Case(
        name="cookies without end",
        answers={
            "get": in_turn(answer(b"{}", *(f"set-cookie: c{n}={'x' * 100}" for n in range(400))), run())
        },
        expect={"get": (APIResponseError, "run UNSET"), "list": ["run r"]},
    ),
    always(
        "a body on a refusal that ends with the connection",
        until_closed(b'{"detail": "no"}', status=401),
        AuthenticationError,
    ),
    always("418", answer(b"", status=418), APIStatusError),
]
CASES = [*_REDIRECTS, *_RETRY_AFTER, *_LOCATIONS, *_OTHERS]
