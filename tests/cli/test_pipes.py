"""`langgraph-runs` in a pipe, with the real server."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable
from uuid import uuid4

import pytest
from cli.commands import COMMAND, SECONDS, Done, ended, environment, in_pipe, lines_until, started
from dev_server import DevServer

Command = Callable[..., Done]
SAID = '{"messages": [{"role": "user", "content": "hi there"}]}'


def test_a_stream_is_printed_as_it_comes_until_its_run_is_cancelled(
    cli: Command, live_server: DevServer
) -> None:
    """One object per part, flushed at once: the first ones are read while the run is under way."""
    url, thread_id = live_server.url, str(uuid4())
    slow = ["slow", "--thread", thread_id, "--if-not-exists", "create", "--input", '{"seconds": 60, "n": 60}']
    with started(url, "stream", *slow, "--json") as process:
        parts = [json.loads(line) for line in lines_until(process, '"tick"')]
        assert all({"event", "data", "id"} == part.keys() for part in parts)
        assert "metadata" == parts[0]["event"]
        waiting = cli("create", *slow, "--json", url=url).value["run_id"]
        done = cli("cancel-all", thread_id, "--json", url=url)
        assert waiting in done.value["cancelled"]
        assert parts[0]["data"]["run_id"] in done.value["cancelled"]
        done = ended(process)
        assert (4, "RunCancelledError") == (done.status, done.error["error"])


def test_people_see_the_tokens_the_nodes_and_the_final_state(live_server: DevServer) -> None:
    """In a pipe as plain text, without colors or control sequences, even if these are asked for elsewhere."""
    done = in_pipe(live_server.url, "stream", "chat", "--input", SAID, FORCE_COLOR="1", TERM="xterm-256color")
    text, _, state = done.out.partition("\n{")
    assert (0, "reply: You said: hi there") == (done.status, text)
    assert "You said: hi there" == json.loads("{" + state)["messages"][-1]["content"]
    begun, over = done.err.splitlines()
    assert re.fullmatch(r"Run \S+ on thread \S+ has started\.", begun)
    assert re.fullmatch(re.escape(begun.removesuffix("started.")) + r"ended after [\d.]+ s\.", over)
    assert "\x1b" not in done.out + done.err


@pytest.mark.parametrize("arguments", [[], ["--json"]], ids=["people", "json"])
def test_a_reader_that_closes_the_pipe_ends_the_command_quietly(
    live_server: DevServer, arguments: list[str]
) -> None:
    """With the status that a shell gives for SIGPIPE, as for other commands."""
    begun = re.compile(rb"^Run .* has started\.\n")
    with subprocess.Popen(
        [*COMMAND, "stream", "custom", "--input", '{"count": 300, "delay": 0.01}', *arguments],
        env=environment(live_server.url),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline()
        process.stdout.close()
        assert (141, b"") == (process.wait(timeout=SECONDS), begun.sub(b"", process.stderr.read()))
