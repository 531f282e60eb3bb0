"""The live view, in a terminal of the kernel's (a pty). Other tests type in a real one."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import struct
import subprocess
import termios
from typing import Any

from cli.commands import COMMAND, environment

from langgraph_runs.testing import Hold, RunsServer

CSI = re.compile(rb"\x1b\[([\d;?]*)([A-Za-z])")
LIVE = re.compile(rb"reply  \d+\.\d s  \d+ events?")
"""The line with the node that works, the time and the events."""


def on_screen(server: RunsServer, *arguments: str, **more: str) -> tuple[int, bytes]:
    """The exit status of a command on a terminal of 60 columns, and all that it has written there. A run that is held
    goes on when the live line has been shown, which is drawn ten times a second."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 60, 0, 0))
    with server.listening() as url:
        process = subprocess.Popen(
            [*COMMAND, *arguments],
            env=environment(url, TERM="xterm", **more),
            stdin=slave,
            stdout=slave,
            stderr=slave,
        )
        os.close(slave)
        written = b""
        try:
            while data := os.read(master, 65536):
                written += data
                if LIVE.search(CSI.sub(b"", written)):
                    server.release()
        except OSError:  # the other end is closed
            pass
        os.close(master)
        return process.wait(), written


def message(text: str) -> Any:
    """A token, as the server sends it."""
    return ("messages", [{"type": "AIMessageChunk", "id": "m", "content": text}, {"langgraph_node": "reply"}])


def script(server: RunsServer) -> None:
    """A run whose stream is cut, and which speaks in markup and escape sequences."""
    words = [f"word{i} " for i in range(30)]
    evil = "[bold]not bold[/bold] :smile: \x1b[31m\x1b]0;title\x07\x9b2J"
    tokens = [message(text) for text in (*words, evil, "\nlast line")]
    server.run(
        ("tasks", {"id": "1", "name": "reply", "input": {}, "triggers": []}),
        *tokens,
        Hold(),
        ("updates", {"other": {"n": 1}}),
        ("values", {"done": True}),
    )
    server.drop(events=5)


def test_a_person_sees_tokens_nodes_time_reconnects_and_the_final_state() -> None:
    """Every word once. Nothing of what the server says moves the cursor, sets a color or is read as markup."""
    server = RunsServer()
    script(server)
    status, written = on_screen(server, "stream", "agent", "--thread", server.thread())
    assert 0 == status
    kept = " ".join(lines_that_stay(written))
    assert [f"word{i}" for i in range(30)] == re.findall(r"word\d+", kept)
    for shown in (
        "The connection was lost",
        "reply: word0 word1",
        "last line",
        'other: {"n": 1}',
        '"done": true',
    ):
        assert shown in kept
    assert "[bold]notbold[/bold]:smile:\\x1b[31m\\x1b]0;title\\x07\\x9b2J" in kept.replace(" ", "")
    plain = CSI.sub(b"", written).decode()
    assert LIVE.search(plain.encode())
    assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]", plain)
    assert {b"m", b"A", b"K", b"h", b"l"} >= {kind for _, kind in CSI.findall(written)}
    assert written.rindex(b"\x1b[?25h") > written.rindex(b"\x1b[?25l")  # the cursor is back


def lines_that_stay(written: bytes) -> list[str]:
    """The lines on the screen in the end: the live ones are erased by `cursor up` and `erase line`."""
    lines, row = [""], 0
    for token in re.findall(rb"\x1b\[[\d;?]*[A-Za-z]|\r|\n|[^\x1b\r\n]+", written):
        if token == b"\n":
            row += 1
            if row == len(lines):
                lines.append("")
        elif token.endswith(b"A") and token.startswith(b"\x1b"):
            row -= int(token[2:-1] or 1)
        elif token == b"\x1b[2K":
            lines[row] = ""
        elif not token.startswith(b"\x1b") and token != b"\r":
            lines[row] += token.decode()
    return lines


def test_no_color_is_respected_in_a_terminal() -> None:
    """The live line remains."""
    server = RunsServer()
    script(server)
    _, written = on_screen(server, "stream", "agent", "--thread", server.thread(), NO_COLOR="1")
    codes = {code for found, kind in CSI.findall(written) if kind == b"m" for code in found.split(b";")}
    assert not [code for code in codes if code.isdigit() and (30 <= int(code) <= 49 or int(code) >= 90)]


def test_json_is_the_same_in_a_terminal() -> None:
    """Without a live line."""
    server = RunsServer()
    server.run(("values", {"done": True}))
    status, written = on_screen(server, "wait", "agent", "--json")
    assert (0, b'{"done":true}\r\n') == (status, written)
