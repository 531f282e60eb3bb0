"""The commands, with the real server."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from pathlib import Path
from uuid import uuid4

import pytest
from cli.commands import Done
from dev_server import DevServer

Command = Callable[..., Done]


@pytest.fixture
def live(cli: Command, live_server: DevServer) -> Command:
    """Runs a command in this process, on the real server."""
    return partial(cli, url=live_server.url)


def test_a_run_from_its_start_to_its_deletion(live: Command, tmp_path: Path) -> None:
    """Every command for a run on a thread, with --json and for people."""
    thread_id, path = str(uuid4()), tmp_path / "input.json"
    path.write_text('{"text": "file"}')
    on_thread = ["agent", "--thread", thread_id]
    done = live("wait", *on_thread, "--if-not-exists", "create", "--input", f"@{path}", "--json")
    assert Done(0, '{"text":"Hello, file","steps":["greet","finish"]}\n', "") == done
    done = live("wait", *on_thread, "--input", "-", stdin='{"text": "stdin"}')
    assert (0, "Hello, stdin") == (done.status, done.value["text"])
    assert re.fullmatch(rf"Run \S+ on thread {thread_id} has started\.\n", done.err)

    created = live("create", *on_thread, "--input", "{}", "--stream-resumable")
    run_id = created.value["run_id"]
    assert f"To wait for it: langgraph-runs join {thread_id} {run_id}" == created.err.splitlines()[-1]
    assert "Hello" in live("join", thread_id, run_id, "--json").value["text"]
    events = live("join-stream", thread_id, run_id, "--from", "-1", "--json").values
    assert "metadata" == events[0]["event"]
    assert "success" == live("get", thread_id, run_id, "--json").value["status"]

    listed = live("list", thread_id, "--json").values
    assert (3, run_id) == (len(listed), listed[0]["run_id"])
    assert listed == live("list", thread_id, "--all", "--json").values
    shown = live("list", thread_id, "--limit", "1", "--select", "run_id", "--select", "status").out
    assert f"{run_id}  success\n" == shown
    assert Done(0, f"{run_id} cancelled\n", "") == live("cancel", thread_id, run_id)
    assert Done(0, "", "") == live("cancel-all", thread_id)
    assert [{"deleted": [run_id]}] == live("delete", thread_id, run_id, "--json").values
    assert 7 == live("get", thread_id, run_id).status


def test_a_stateless_run_is_waited_for_and_started(live: Command) -> None:
    assert "Hello, hi" == live("wait", "agent", "--input", '{"text": "hi"}', "--json").value["text"]
    assert "pending" == live("create", "agent", "--input", "{}", "--json").value["status"]


def test_people_see_what_nodes_return_and_report_and_then_the_final_state(live: Command) -> None:
    done = live("stream", "agent", "--input", '{"text": "hi"}')
    assert [
        '{"progress": "greeting"}',
        'greet: {"text": "Hello, hi", "steps": ["greet"]}',
        'finish: {"steps": ["finish"]}',
        "{",
    ] == done.out.splitlines()[:4]


def test_modes_that_are_asked_for_are_all_shown(live: Command) -> None:
    """Also the states, of which a person otherwise sees only the last one."""
    done = live("stream", "agent", "--input", '{"text": "hi"}', "--stream-mode", "values")
    assert 0 == done.status
    assert 3 == sum(line.startswith("values: {") for line in done.out.splitlines())


def test_the_thread_new_is_created_and_named(live: Command) -> None:
    """So that its graph can be answered."""
    done = live("wait", "interrupting", "--input", "{}", "--thread", "new")
    assert 3 == done.status
    (thread_id,) = re.findall(r"^The thread is (\S+)\.$", done.err, re.MULTILINE)
    answer = ["--command", '{"resume": "yes"}', "--json"]
    done = live("wait", "interrupting", "--thread", thread_id, *answer)
    assert (0, "yes") == (done.status, done.value["answer"])
    done = live("wait", "interrupting", "--input", "{}")
    assert 3 == done.status
    assert "A run without a thread cannot be answered; with --thread it can." in done.err


def test_info_says_where_the_url_and_the_key_come_from(
    live: Command, live_server: DevServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The key itself is nowhere."""
    key = "not-for-anyone"
    none = live("info")
    assert 0 == none.status
    assert f"server: {live_server.url} (from LANGGRAPH_API_URL)\n" in none.out
    assert "API key: none; LANGGRAPH_API_KEY is not set\n" in none.out
    monkeypatch.setenv("LANGSMITH_API_KEY", key)
    done = live("info")
    assert "API key: from LANGSMITH_API_KEY\n" in done.out
    found = live("info", "--url", live_server.url, "--header", f"X-Api-Key: {key}", "--json")
    assert ("--url", "--header", True) == tuple(found.value[name] for name in ("url_from", "key_from", "ok"))
    assert "version" in found.value
    place = live_server.url.removeprefix("http://")
    password = live("info", "--url", f"http://me:{key}@{place}")
    assert 0 == password.status
    assert key not in "".join(text for one in (done, found, password) for text in (one.out, one.err))
