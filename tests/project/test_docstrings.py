"""The docstrings of the public classes: arguments, errors and endpoints are complete, and every example runs."""

from __future__ import annotations

import asyncio
import inspect
import re
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import drift
import pytest
from dev_server import DevServer
from langgraph_runs_api.api.threads import create_thread
from langgraph_runs_api.models import Thread

import langgraph_runs
from langgraph_runs import AsyncRunsClient, AsyncRunStream, RetryPolicy, RunsClient, RunStream

PATHS = drift.read(drift.SPEC)["paths"]
CLIENTS = [RunsClient, AsyncRunsClient]


def public(kind: type) -> Iterator[tuple[str, Any]]:
    """A class and its public members, by qualified name; a property as its getter."""
    yield kind.__name__, kind
    for name, member in vars(kind).items():
        if name[0] != "_" and (inspect.isfunction(member) or isinstance(member, property)):
            yield f"{kind.__name__}.{name}", getattr(member, "fget", member)


METHODS = [
    pytest.param(method, id=name)
    for kind in (*CLIENTS, RunStream, AsyncRunStream)
    for name, method in public(kind)
    if inspect.isfunction(method)
]
CALLS = [one for one in METHODS if len(inspect.signature(one.values[0]).parameters) > 1]  # type: ignore[arg-type]


def section(documented: Any, title: str) -> str:
    """A section of a docstring, without its title and its indentation; empty if there is none."""
    found = re.search(rf"^{title}:\n((?: .*\n|\n(?= ))*)", f"{inspect.getdoc(documented)}\n", re.MULTILINE)
    return textwrap.dedent(found[1]) if found else ""


def arguments(documented: Any) -> list[str]:
    """The names of the entries under "Args"."""
    return re.findall(r"^(\w+)(?: \(.*\))?: ", section(documented, "Args"), re.MULTILINE)


@pytest.mark.parametrize("method", METHODS)
def test_every_argument_has_an_entry(method: Any) -> None:
    """In the order of the signature, and there is no entry for anything else."""
    assert [name for name in inspect.signature(method).parameters if name != "self"] == arguments(method)


@pytest.mark.parametrize("kind", [*CLIENTS, RetryPolicy])
def test_every_argument_of_a_class_has_an_entry(kind: type) -> None:
    """In the docstring of the class."""
    assert list(inspect.signature(kind).parameters) == arguments(kind)


@pytest.mark.parametrize("method", CALLS)
def test_every_call_says_what_it_raises_and_what_it_sends(method: Any) -> None:
    """TypeError and ValueError before anything is sent; endpoints of openapi.yaml. `with_options` sends nothing."""
    assert section(method, "Raises").startswith("TypeError, ValueError: ")
    endpoints = re.findall(r"\b(GET|POST|DELETE)\s(/[\w/{}]+)", str(inspect.getdoc(method)))
    assert (not endpoints) == (method.__name__ == "with_options")
    for verb, path in endpoints:
        assert verb.lower() in PATHS[path]


EXAMPLES = {
    name: example
    for kind in (getattr(langgraph_runs, name) for name in langgraph_runs.__all__)
    if inspect.isclass(kind)
    for name, documented in public(kind)
    if (example := section(documented, "Example"))
}
HEAD = """\
from langgraph_runs import AsyncRunsClient, BatchRun, Position, RetryPolicy, RunsClient
from langgraph_runs_api.api.threads import get_thread_state
"""
FUNCTION = """
{kind}def example(
    runs: {client}, thread_id: str, run_id: str, position: Position, texts: list[str]
) -> None:
"""


def function(example: str) -> str:
    """The source of a function that does what an example does, with the names that examples use."""
    is_async = re.search(r"\bAsyncRun|\bawait |\basync ", example) is not None
    head = FUNCTION.format(
        kind="async " if is_async else "", client="AsyncRunsClient" if is_async else "RunsClient"
    )
    return head + textwrap.indent(example, "    ")


def test_there_are_examples_for_both_clients() -> None:
    """In the same places."""
    for asynchronous in (name for name in EXAMPLES if name.startswith("Async")):
        assert asynchronous.removeprefix("Async") in EXAMPLES
    assert 16 < len(EXAMPLES)


def test_every_example_type_checks(tmp_path: Path, mypy: Callable[..., str]) -> None:
    """As strictly as the package itself."""
    for name, example in EXAMPLES.items():
        (tmp_path / f"{name.replace('.', '_')}.py").write_text(HEAD + function(example))
    assert mypy(".", cwd=tmp_path).startswith("Success: no issues found")


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_example_runs(name: str, live_server: DevServer) -> None:
    """On a thread that has a run, whose stream was left after its first part."""
    with RunsClient(live_server.url) as runs:
        thread = create_thread.sync(client=runs.api, body={})
        assert isinstance(thread, Thread)
        with runs.stream(thread.thread_id, "agent", input={"text": "hi"}) as stream:
            next(stream)
        found: dict[str, Any] = {}
        source = (HEAD + function(EXAMPLES[name])).replace("http://localhost:2024", live_server.url)
        exec(compile(source, name, "exec"), found)
        more = thread.thread_id, stream.run_id, stream.position, ["hi", "hello"]

        async def asynchronous() -> None:
            async with AsyncRunsClient(live_server.url) as client:
                await found["example"](client, *more)

        if inspect.iscoroutinefunction(found["example"]):
            asyncio.run(asynchronous())
        else:
            found["example"](runs, *more)
