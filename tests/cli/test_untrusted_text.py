"""Text of a server controls no terminal and is not read as markup, wherever it is printed."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from cli.commands import Done

from langgraph_runs.cli.output import as_json, safe
from langgraph_runs.testing import Fail, Interrupt, RunsServer

Command = Callable[..., Done]
EVIL = "\x1b]0;title\x07\x1b[2J\r\x9b31m\x7f\u202etxt [bold red]b[/] :smile: \u2066"
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def test_what_controls_a_terminal_is_shown_as_an_escape() -> None:
    """Line feeds, tabs, brackets and other scripts stay as they are."""
    assert r"\x1b[31m\x9b\x7f\r\u202e\ud800" == safe("\x1b[31m\x9b\x7f\r\u202e\ud800")
    assert "a\n\tb [bold] :smile: שלום 日本 é" == safe("a\n\tb [bold] :smile: שלום 日本 é")
    for printed in (safe(f"{EVIL}\ud800"), as_json(f"{EVIL}\ud800")):
        assert not CONTROL.search(printed)
        printed.encode()
    assert as_json(EVIL).isascii()
    assert as_json(EVIL).isprintable()


def message(text: str) -> Any:
    return [{"type": "AIMessageChunk", "id": "m", "content": text}, {"langgraph_node": f"no{EVIL}de"}]


def test_no_command_passes_it_on(cli: Command, server: RunsServer) -> None:
    """In tokens, names of nodes, data, errors, questions and lists; an escape that is cut across tokens, too."""
    thread_id = server.thread()
    steps: list[Any] = [
        ("messages", message("\x1b")),
        ("messages", message("[31mred" + EVIL)),
        ("custom", {EVIL: EVIL}),
        ("updates", {EVIL: {EVIL: EVIL}}),
        ("values", {EVIL: EVIL}),
    ]
    for arguments in ([], ["--json"]):
        server.run(*steps, Interrupt(EVIL))
        done = cli("stream", "agent", "--thread", thread_id, *arguments)
        assert 3 == done.status
        assert not CONTROL.search(done.out.replace("\n", ""))
        assert not CONTROL.search(done.err.replace("\n", ""))
    server.run(Fail(EVIL, EVIL))
    done = cli("wait", "agent", "--thread", thread_id)
    assert 1 == done.status
    assert "[bold red]b[/] :smile:" in done.err
    assert not CONTROL.search(done.err.replace("\n", ""))
    server.run(("values", {}))
    created = cli("create", "agent", "--thread", thread_id, "--metadata", as_json({"a": EVIL}))
    for done in (created, cli("list", thread_id, "--select", "metadata"), cli("list", thread_id, "--json")):
        assert 0 == done.status
        assert not CONTROL.search(done.out.replace("\n", "")), done.out
