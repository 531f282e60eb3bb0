"""The live view draws frames in a thread of its own while lines are printed."""

from __future__ import annotations

import io
import sys

import pytest
from cli.test_terminal import lines_that_stay
from wait_until import wait_until

from langgraph_runs.cli import terminal
from langgraph_runs.cli.output import Output
from langgraph_runs.cli.transcript import Noted, Said


class Screen(io.StringIO):
    """A terminal that keeps what is written."""

    def isatty(self) -> bool:
        """It is one."""
        return True


def test_a_frame_drawn_amid_a_print_leaves_no_line_behind_and_erases_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The frame has two lines while a message grows, and one line otherwise."""
    screen = Screen()
    monkeypatch.setattr(sys, "stdout", screen)
    monkeypatch.setattr(terminal, "_SECONDS_PER_FRAME", 0.0005)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "60")
    monkeypatch.setenv("NO_COLOR", "1")
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    try:
        with terminal.TerminalView(Output(as_json=False)) as view:
            for i in range(300):
                view.say(Said("reply", f"message {i}", is_new=True))
                view.line(Noted("node", str(i)))
                view.note(f"note {i}")
            view.result({"done": True})
    finally:
        sys.setswitchinterval(before)
    printed = [line for i in range(300) for line in (f"reply: message {i}", f"node: {i}", f"note {i}")]
    assert [*printed, "{", '  "done": true', "}"] == [
        line for line in lines_that_stay(screen.getvalue().encode()) if line
    ]


def test_what_was_printed_is_not_shown_in_the_frame_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not even until the next frame: the one below a line that moves up is drawn with it."""
    screen = Screen()
    monkeypatch.setattr(sys, "stdout", screen)
    monkeypatch.setattr(terminal, "_SECONDS_PER_FRAME", 0.001)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("NO_COLOR", "1")
    with terminal.TerminalView(Output(as_json=False)) as view:
        view.say(Said("reply", "first", is_new=True))
        wait_until(lambda: "first" in screen.getvalue())
        monkeypatch.setattr(terminal, "_SECONDS_PER_FRAME", 3600.0)
        view.note("here")  # draws the frame
        view.end_line()
        lines = lines_that_stay(screen.getvalue().encode())
    assert ["here", "reply: first"] == lines[:-1]
    assert "waiting" in lines[-1]
