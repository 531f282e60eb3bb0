"""The command line in a real terminal, against the real server: what a person types and sees."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from cli.batches import written
from dev_server import DevServer
from servers.cutting_proxy import cutting_proxy
from terminal.terminal import Terminal, terminal

SAID = "the quick brown fox"
TEXT = f"You said: {SAID}"
SLOW = {"assistant_id": "slow", "input": {"seconds": 1.0, "n": 2}}


@pytest.fixture
def term(unrecorded_server: DevServer, tmp_path: Path) -> Iterator[Terminal]:
    """A terminal."""
    with terminal(tmp_path, unrecorded_server.url) as one:
        yield one


def chat(delay: float, text: str = SAID) -> list[str]:
    """The command that streams a run which repeats a text, with a pause before each character."""
    given = {"messages": [{"role": "user", "content": text}], "delay": delay}
    return ["langgraph-runs", "stream", "chat", "--thread", "new", "--input", json.dumps(given)]


def replies(text: str) -> list[str]:
    """What the node `reply` says in the text of a terminal, in each command."""
    return re.findall(r"^reply: (.*)$", text, re.MULTILINE)


def test_tokens_are_shown_as_they_come_with_the_node_and_the_time(term: Terminal) -> None:
    """Below them, as long as the run works. At the end come its final values."""
    term.start(*chat(0.2))
    term.see(r"waiting +\d+\.\d s|reply +\d+\.\d s")
    seen = {
        term.see(r"^reply: (You.*)\n.* reply +\d+\.\d s +\d+ events?$"),
        term.see(rf"^reply: ({TEXT[:16]}.*)\n.* reply +\d+\.\d s +\d+ events?$"),
    }
    assert 2 == len(seen)
    assert all(TEXT.startswith(one) for one in seen)
    text = term.finish()
    assert [TEXT] == replies(text)
    assert not re.search(r"reply +\d+\.\d s", text)
    assert re.search(r"Run \S+ on thread \S+ has ended after \d+\.\d s\.\n\{\n", text)
    assert f'"content": "{TEXT}"' in text


def test_a_reconnect_is_shown_as_it_happens(unrecorded_server: DevServer, tmp_path: Path) -> None:
    """While the run works. No token is lost, and none comes twice."""
    with (
        cutting_proxy(unrecorded_server.url, Random(1), least=9_000, most=9_000) as proxy,
        terminal(tmp_path, proxy.url) as term,
    ):
        term.start(*chat(0.1))
        term.see(
            r"connection was lost[^{]* reconnecting in \d+\.\d s \(attempt 1\)[^{]* \d+\.\d s +\d+ events?$"
        )
        assert [TEXT] == replies(term.finish())
        assert proxy.cuts


def test_ctrl_c_says_what_becomes_of_the_run_and_the_command_resumes_it(term: Terminal) -> None:
    """Pasted into the terminal, it shows the rest, and only that."""
    term.start(*chat(0.3))
    term.see(rf"^reply: {TEXT[:8]}")
    term.press("C-c")
    text = term.finish()
    assert re.search(r"^Interrupted\. Run \S+ on thread \S+ continues\.$", text, re.MULTILINE)
    (first,) = replies(text) or [text]
    term.paste(term.see(r"^To resume: (.*)$"))
    term.press("Enter")
    term.see(r"To resume: .*\n(?:.*\n)*reply: ")
    assert TEXT == "".join(replies(term.finish()))
    assert TEXT != first
    term.type("echo the status is $?")
    term.press("Enter")
    term.see("^the status is 0$")
    assert "1" == term.tmux("display-message", "-p", "#{cursor_flag}").strip()


def test_an_interrupt_of_the_graph_is_answered(term: Terminal) -> None:
    """By the command that is shown, with the answer in it."""
    term.start("langgraph-runs", "stream", "interrupting", "--thread", "new", "--input", "{}")
    assert 'The graph asks: {"question": "Go on?"}' in term.finish()
    term.paste(term.see(r"^To answer: (.*)$").replace("ANSWER", "by all means"))
    term.press("Enter")
    term.see(r'"answer": "by all means"')
    term.finish()


@pytest.mark.parametrize(("environment", "has_colors"), [({}, True), ({"NO_COLOR": "1"}, False)])
def test_no_color_switches_colors_off(
    unrecorded_server: DevServer, tmp_path: Path, environment: dict[str, str], has_colors: bool
) -> None:
    """In the live view, and in the final values."""
    with terminal(tmp_path, unrecorded_server.url, **environment) as term:
        term.start(*chat(0.05))
        live = ""
        while "reply: " not in live:
            live = term.colors()
            time.sleep(0.05)
        term.finish()
        for shown in (live, term.colors()):
            assert has_colors == bool(re.search(r"\x1b\[(?:\d+;)*3[1-7]m", shown))


def test_a_narrow_terminal_and_another_size_break_nothing(
    unrecorded_server: DevServer, tmp_path: Path
) -> None:
    """The text of a model is whole, and nothing of the live view is left."""
    text = "the quick brown fox jumps over the lazy dog"
    with terminal(tmp_path, unrecorded_server.url, width=24) as term:
        term.start(*chat(0.05, text))
        said = term.finish()
        assert f"reply: You said: {text}" in " ".join(said[: said.index("has ended")].split())
        assert not re.search(r"reply +\d+\.\d s", said)
    with terminal(tmp_path, unrecorded_server.url) as term:
        term.start(*chat(0.15, text))
        term.see("^reply: You said")
        for width in (40, 24, 70):
            term.resize(width)
            seen = term.see(r"^.*reply +(\d+\.\d) s")
            term.see(rf"^.*reply +(?!{seen})\d+\.\d s")  # the next frame
        *others, last = replies(term.finish())
        assert f"You said: {text}" == last
        # A frame that the terminal has wrapped when it became narrower may remain.
        assert all(last.startswith(one) for one in others)


def test_tab_completes_commands_and_options(term: Terminal) -> None:
    """After the line that docs/command-line.md names for bash."""
    term.type('eval "$(langgraph-runs --show-completion bash)"')
    term.press("Enter")
    term.finish()
    term.type("langgraph-runs join-s")
    term.press("Tab")
    term.see(r"langgraph-runs join-stream")
    term.type(" --last")
    term.press("C-u")
    term.type("langgraph-runs batch --ski")
    term.press("Tab")
    term.see("langgraph-runs batch --skip-finished")


def test_batch_shows_a_bar_below_its_lines(term: Terminal, tmp_path: Path) -> None:
    """On stderr, so that stdout may be a file, or the same terminal."""
    written(tmp_path / "lines", [SLOW] * 6)
    term.type(f"langgraph-runs batch lines --limit 2 --name {tmp_path} > outcomes")
    term.press("Enter")
    term.see(r"━+.* (33|50|67)% [2-4] lines done, 0 failed 0:00:\d+$")
    assert re.search(r"^6 lines done, 0 failed\.$", text := term.finish(), re.MULTILINE)
    assert "━" not in text
    outcomes = (tmp_path / "outcomes").read_text().splitlines()
    assert {*range(1, 7)} == {json.loads(line)["line"] for line in outcomes}
    term.start("langgraph-runs", "batch", "lines", "--name", str(tmp_path))
    term.see(r"6 lines done, 0 failed\.\n(.*\n)*6 lines done, 0 failed\.")
    shown = [json.loads(line) for line in term.finish().splitlines() if line.startswith("{")]
    assert sorted(map(json.loads, outcomes), key=str) == sorted(shown, key=str)


def test_ctrl_c_stops_batch_and_its_command_continues(term: Terminal, tmp_path: Path) -> None:
    """The runs under way are joined by it, and only the other lines are started."""
    written(tmp_path / "lines", [SLOW] * 6)
    term.start("langgraph-runs", "batch", "lines", "--limit", "2", "--name", str(tmp_path / "stopped"))
    term.see(r"━+.* [2-4] lines done, 0 failed")
    term.press("C-c")
    text = term.finish()
    assert re.search(r"^[2-5] lines done, 0 failed; \d runs? continues?\.$", text, re.MULTILINE)
    assert "━" not in text
    term.paste(term.see(r"^To continue: (.*)$"))
    term.press("Enter")
    term.see(r"^6 lines done, 0 failed\.$")
    assert "1" == term.tmux("display-message", "-p", "#{cursor_flag}").strip()
