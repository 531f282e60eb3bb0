"""Follows two calls of the sync client through the wrapper, and lists the functions that they call.

docs/architecture.md explains these functions, in this order. After a change of the wrapper, bring the page up to date:

    python tests/project/journeys.py            prints the functions of both journeys
    python tests/project/journeys.py --write    writes them to the page, and the arrows of its picture

Steps that are still there keep their text. A new step says TODO, which you replace.
"""

from __future__ import annotations

import argparse
import ast
import gc
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))  # for the script; pytest does it by itself

from project.architecture_page import PAGE, TODO, updated
from servers.http_request import Request
from servers.scripted_server import ScriptedServer, answer, scripted_server

import langgraph_runs
from langgraph_runs import RunsClient

WRAPPER = os.path.join(os.path.dirname(langgraph_runs.__file__), "")

FEWEST_LINES = 5
"""A function whose body has fewer is read where it is called, and is not listed."""

IDS = [f"179548987{second}000-0" for second in range(4)]
RUN = "/threads/t/runs/r"


def wait_for_a_run(server: ScriptedServer) -> tuple[list[str], Any]:
    """The functions that `wait` calls, and the value that it returns."""
    with RunsClient(server.url, api_key=None) as runs, recorded() as codes:
        value = runs.wait("t", "agent", input={"text": "hi"})
    return listed(codes), value


def read_a_cut_stream(server: ScriptedServer) -> tuple[list[str], Any]:
    """The functions that a loop over a stream calls, and the ids of its parts."""
    ids: list[str | None] = []
    with RunsClient(server.url, api_key=None) as runs, recorded() as codes:
        for part in runs.stream("t", "agent", input={"text": "hi"}):
            ids.append(part.id)
    return listed(codes), ids


def run_is(status: bytes) -> bytes:
    """The response to a request for the run."""
    return answer(body=b'{"run_id": "r", "thread_id": "t", "status": "%b"}' % status)


def event(name: str, number: int, data: str = "{}") -> bytes:
    return f"event: {name}\ndata: {data}\nid: {IDS[number]}\n\n".encode()


def stream_of(body: bytes, *, is_cut: bool = False) -> bytes:
    """A stream of events in one chunk, as the servers send them; if it is cut, the last chunk does not come."""
    head = [
        "HTTP/1.1 200 OK",
        "Content-Type: text/event-stream",
        f"Content-Location: {RUN}",
        "Transfer-Encoding: chunked",
        "Connection: close",
    ]
    chunks = b"%x\r\n%b\r\n" % (len(body), body) + (b"" if is_cut else b"0\r\n\r\n")
    return "\r\n".join([*head, "", ""]).encode() + chunks


METADATA, VALUES = event("metadata", 0, '{"run_id": "r", "attempt": 1}'), event("values", 1)
UPDATES, LAST_VALUES = event("updates", 2), event("values", 3)

# The title on the page, what is called, and what the server answers.
JOURNEYS: dict[str, tuple[Callable[[ScriptedServer], tuple[list[str], Any]], list[bytes]]] = {
    "Wait for a run": (
        wait_for_a_run,
        [answer(body=b'{"text": "hello"}', Content_Location=RUN), run_is(b"success")],
    ),
    "Read a stream that is cut": (
        read_a_cut_stream,
        [
            stream_of(METADATA + VALUES + UPDATES[: len(UPDATES) // 2], is_cut=True),
            stream_of(VALUES + UPDATES + LAST_VALUES),
            run_is(b"success"),
            stream_of(LAST_VALUES),
        ],
    ),
}


def journey(title: str) -> tuple[list[str], Any, list[Request]]:
    """The functions that a journey calls, the result of the call, and the requests that the server got."""
    call, answers = JOURNEYS[title]
    for _ in range(2):  # the first time, to do what is done once per process
        with scripted_server(*answers) as server:
            names, result = call(server)
    return names, result, server.requests


def journeys() -> dict[str, list[str]]:
    """The functions to list for each journey; each function once, for the first journey that calls it."""
    found: dict[str, list[str]] = {}
    for title in JOURNEYS:
        before = {name for names in found.values() for name in names}
        found[title] = [name for name in journey(title)[0] if name not in before]
    return found


@contextmanager
def recorded() -> Iterator[dict[CodeType, None]]:
    """The code of each function of the wrapper that this thread calls in this block, in order of the first call."""
    codes: dict[CodeType, None] = {}

    def profile(frame: FrameType, kind: str, _: object) -> None:
        if kind == "call" and frame.f_code.co_filename.startswith(WRAPPER):
            codes.setdefault(frame.f_code)

    gc.collect()
    gc.disable()  # what it would close belongs to other tests
    before = sys.getprofile()
    sys.setprofile(profile)
    try:
        yield codes
    finally:
        sys.setprofile(before)
        gc.enable()


def listed(codes: dict[CodeType, None]) -> list[str]:
    """The names of the functions that the page lists; "Two journeys" there states the same rule."""
    return [
        f"{code.co_filename.removeprefix(WRAPPER).replace(os.sep, '/')}: {code.co_qualname}"
        for code in codes
        if "<" not in code.co_qualname  # a lambda, or a function inside of a function
        and not code.co_name.startswith("__")
        and code.co_firstlineno in long_functions(code.co_filename)
    ]


@cache
def long_functions(file: str) -> set[int]:
    """The first lines, decorators included, of the functions in a file that are long enough and not properties."""
    found = set[int]()
    for node in ast.walk(ast.parse(Path(file).read_text("utf-8"))):
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        body = node.body[1:] if ast.get_docstring(node) is not None else node.body
        length = (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0
        is_property = any(isinstance(one, ast.Name) and one.id == "property" for one in node.decorator_list)
        if length >= FEWEST_LINES and not is_property:
            found.add(min([node.lineno, *(one.lineno for one in node.decorator_list)]))
    return found


def main() -> None:
    """Prints the functions of both journeys, or writes them to the page."""
    parser = argparse.ArgumentParser(description="Bring docs/architecture.md up to date.")
    parser.add_argument("--write", action="store_true", help="write to the page instead of printing")
    if parser.parse_args().write:
        text = updated(PAGE.read_text("utf-8"), journeys())
        PAGE.write_text(text, "utf-8")
        print(f"{PAGE}: {text.count(TODO)} new steps to explain (search for {TODO})")  # noqa: T201
        return
    for title, names in journeys().items():
        print("\n".join([f"{title}:", *(f"{number}. `{name}`" for number, name in enumerate(names, 1)), ""]))  # noqa: T201


if __name__ == "__main__":
    main()
