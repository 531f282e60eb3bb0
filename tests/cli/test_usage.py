"""What is wrong with a command is said before anything is sent: the place, and the way out."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from cli.commands import Done

from langgraph_runs.testing import RunsServer

Command = Callable[..., Done]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["wiat"], "No such command 'wiat'. Did you mean 'wait'"),
        (["wait"], "Missing argument"),
        (["wait", "agent", "--inptu", "{}"], "No such option: --inptu"),
        (["wait", "agent", "--durability", "always"], "'async', 'exit', 'sync'"),
        (
            ["wait", "agent", "--input", "{'a': 1}"],
            "--input: \"{'a': 1}\" is not valid JSON at line 1, column 2",
        ),
        (["wait", "agent", "--input", "hi"], "text needs quotation marks"),
        (["wait", "agent", "--input", "NaN"], "NaN is not a value of JSON"),
        (["wait", "agent", "--input", "@none.json"], "--input: cannot read none.json: No such file"),
        (["wait", "agent", "--config", '{"recursion_limt": 3}'], "did you mean 'recursion_limit'?"),
        (["wait", "agent", "--config", "[]"], "--config=[] must be a mapping"),
        (["wait", "agent", "--after", "tomorrow"], "--after='tomorrow' must be an ISO 8601 time"),
        (["wait", "agent", "--timeout", "-1"], "--timeout=-1.0 must be a positive number of seconds"),
        (
            ["wait", "agent", "--if-not-exists", "create"],
            "--if-not-exists is only for a run on a thread: add --thread",
        ),
        (["wait", "agent", "--thread", "t", "--on-completion", "keep"], "leave out --thread"),
        (["wait", "agent", "--header", "x-tenant"], "--header: write it as 'NAME: VALUE'"),
        (["wait", "agent", "--url", "localhost"], "must be an http(s) URL"),
        (["wait", "agent", "--thread", "a/b"], "thread_id"),
        (
            ["stream", "agent", "--save-position", "/none/at/all"],
            "--save-position: cannot write /none/at/all",
        ),
        (["stream", "agent", "--save-position", "/"], "--save-position: / is a folder"),
        (["join-stream"], "name the thread and the run, or a position by --from @FILE"),
        (["join-stream", "--from", "@none.json"], "--from: cannot read none.json"),
        (["join-stream", "--from", "{}"], "--from: this is not a position; --save-position writes one"),
        (["list", "t", "--all", "--limit", "3"], "--all and --limit exclude each other"),
        (["list", "t", "--limit", "0"], "--limit=0 must be at least 1"),
        (["cancel", "t"], "Missing argument"),
    ],
)
def test_a_wrong_command_sends_nothing_and_says_what_to_do(
    cli: Command, server: RunsServer, arguments: list[str], said: str
) -> None:
    """With --json, as one object on stderr."""
    done = cli(*arguments, "--json")
    assert (2, "", 1) == (done.status, done.out, len(done.err.splitlines()))
    assert "UsageError" == done.error["error"]
    assert said in done.error["message"]
    assert [] == list(server.requests)


def test_a_person_is_told_where_to_find_help(cli: Command) -> None:
    done = cli("wait", "agent", "--inptu", "{}")
    assert (2, "") == (done.status, done.out)
    assert ["Error: No such option: --inptu Did you mean --input?", "See: langgraph-runs wait --help"] == [
        " ".join(line.split()).replace("(Possible options: --input)", "Did you mean --input?")
        for line in done.err.splitlines()
    ]


def test_a_header_is_not_repeated_by_an_error(cli: Command) -> None:
    """It may be a key, also where the colon is missing."""
    for header in ("secret", "x-key: sec\u00e9ret", "sec ret: value"):
        done = cli("wait", "agent", "--header", header)
        assert 2 == done.status
        assert "secret" not in done.err
        assert "sec" not in done.err.replace("seconds", "")


def test_the_place_of_a_mistake_in_a_file_is_named(cli: Command, tmp_path: Path) -> None:
    """By line and column."""
    path = tmp_path / "input.json"
    path.write_text('{"text": "hi",\n "n": }\n')
    done = cli("wait", "agent", "--input", f"@{path}")
    assert f"--input: {path} is not valid JSON at line 2, column 7" in done.err
    path.write_bytes(b'{"text": "\xff"}')
    assert f"--input: {path} is not UTF-8: byte 10" in cli("wait", "agent", "--input", f"@{path}").err


def test_a_file_that_was_given_without_the_sign_is_recognized(cli: Command, tmp_path: Path) -> None:
    path = tmp_path / "input.json"
    path.write_text("{}")
    assert f"to read the file, write @{path}" in cli("wait", "agent", "--input", str(path)).err


def test_a_position_of_another_run_is_refused(cli: Command, server: RunsServer) -> None:
    """The command names a run, and the position another one."""
    position = {
        "thread_id": "t",
        "run_id": "r",
        "after": "1-0",
        "last_event_id": "1-0",
        "count": 1,
        "first": None,
        "stream_mode": None,
    }
    done = cli("join-stream", "t", "other", "--from", json.dumps(position))
    assert "--from: the position belongs to the run_id r, not to other" in done.err
    assert [] == list(server.requests)
