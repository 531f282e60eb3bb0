"""The options of the commands are those of the client's methods."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any, Literal, TypedDict

import pytest
from cli.commands import Done

from langgraph_runs import (
    AsyncRunsClient,
    StatelessRunOptions,
    StatelessStreamOptions,
    ThreadRunOptions,
    ThreadStreamOptions,
)
from langgraph_runs.cli.options import parameters, rules_of, values
from langgraph_runs.testing import RunsServer

Command = Callable[..., Done]
NOT_ON_THE_COMMAND_LINE = {
    "retry",
    "raise_error",
    "on_run_created",
    "on_reconnect",
    "headers",
    "last_event_id",
}
METHODS = [
    ("create", AsyncRunsClient.create, (ThreadRunOptions, StatelessRunOptions)),
    ("stream", AsyncRunsClient.stream, (ThreadStreamOptions, StatelessStreamOptions)),
    ("wait", AsyncRunsClient.wait, (ThreadStreamOptions, StatelessStreamOptions)),
    ("join", AsyncRunsClient.join, ()),
    ("join-stream", AsyncRunsClient.join_stream, ()),
    ("list", AsyncRunsClient.list, ()),
    ("get", AsyncRunsClient.get, ()),
    ("cancel", AsyncRunsClient.cancel, ()),
    ("cancel-all", AsyncRunsClient.cancel_all, ()),
    ("delete", AsyncRunsClient.delete, ()),
]


@pytest.mark.parametrize(("name", "method", "kinds"), METHODS, ids=[name for name, _, _ in METHODS])
def test_every_keyword_of_a_method_is_an_option_with_its_text(
    cli: Command, name: str, method: Any, kinds: tuple[type, ...]
) -> None:
    """But for callbacks and other objects of Python. Each has a text."""
    shown = cli(name, "--help").out
    keywords = {
        one.name for one in inspect.signature(method).parameters.values() if one.kind is one.KEYWORD_ONLY
    }
    for keyword in keywords - NOT_ON_THE_COMMAND_LINE:
        assert f"  --{keyword.replace('_', '-')} " in shown, keyword
    assert all(rule.text for rule in rules_of(method, *kinds))


class _Thread(TypedDict, total=False):
    mood: Literal["good", "bad"] | None
    depth: int | None
    data: dict[str, Any] | None


class _Stateless(TypedDict, total=False):
    depth: int | None


async def _method(*, mood: Any, depth: Any, data: Any) -> None:
    """Does something.

    Args:
        mood (Literal["good", "bad"] | None): The mood, which is
            explained on two lines.
        depth (int | None): How deep.
        data (dict[str, Any] | None): The data.

    Raises:
        ValueError: Never.
    """


def test_a_new_field_reaches_the_command_line_by_itself() -> None:
    """Its name, its type, its text, and for which runs it is."""
    rules = rules_of(_method, _Thread, _Stateless)
    assert [
        ("--mood", "The mood, which is explained on two lines.", "on a thread"),
        ("--depth", "How deep.", None),
        ("--data", "The data.", "on a thread"),
    ] == [(rule.flag, rule.text, rule.where) for rule in rules]
    mood, depth, data = (one.annotation for one in parameters(rules))
    assert ["good", "bad"] == [one.value for one in mood.__args__[0].__args__[0]]
    assert int in depth.__args__[0].__args__
    assert "JSON" == data.__metadata__[0].metavar
    assert {"depth": 3, "data": {"a": 1}} == values(rules, {"depth": 3, "data": '{"a": 1}', "mood": None})


def test_what_was_given_is_sent_as_the_api_takes_it(cli: Command, server: RunsServer) -> None:
    """JSON, choices, lists, flags, numbers and headers; what was not given is not sent."""
    server.run(("values", {}))
    done = cli(
        *("wait", "agent", "--thread", server.thread(), "--input", "null", "--config", '{"tags": ["a"]}'),
        *("--stream-mode", "values", "--stream-mode", "custom", "--interrupt-before", "*"),
        *("--interrupt-after", "one", "--interrupt-after", "two", "--no-stream-subgraphs", "--after", "0.5"),
        *("--multitask-strategy", "reject", "--header", "X-Tenant: acme", "--params", '{"n": 1}'),
        *("--extra-body", '{"brand_new": true}'),
    )
    assert 0 == done.status, done.err
    request = server.requests[0]
    assert {
        "assistant_id": "agent",
        "input": None,
        "config": {"tags": ["a"]},
        "stream_mode": ["values", "custom"],
        "interrupt_before": "*",
        "interrupt_after": ["one", "two"],
        "stream_subgraphs": False,
        "after_seconds": 0.5,
        "multitask_strategy": "reject",
        "brand_new": True,
    } == {name: value for name, value in request.json.items() if name != "on_disconnect"}
    assert "acme" == request.headers["x-tenant"]
    assert "1" == str(request.query["n"][0] if isinstance(request.query["n"], list) else request.query["n"])
